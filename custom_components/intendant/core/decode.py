"""Let the model write its output under the grammar, and say how sure it was.

Greedy: at every place the most likely allowed token. Tokens without an alternative cost no pass of the network; they go
along with the next one. Only the rows of the head that the grammar allows are computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from .encode import END
from .grammar import MAX_TOKENS, Grammar, Place, Progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tokenizers import Tokenizer

    from .encode import Piece
    from .values import Call

LIKELY, MOST_BRANCHES = 0.08, 3
"""From which probability on another choice is worth a thought, and how many are."""


class Session(Protocol):
    """One run of the network over one prompt."""

    def feed(self, ids: Sequence[int]) -> None:
        """Take tokens in."""

    def logits(self, ids: Sequence[int]) -> np.ndarray:
        """Return the scores of the given tokens as the next one, shape (len(ids),)."""

    def rollback(self, length: int) -> None:
        """Forget all but the first `length` tokens."""


@dataclass(frozen=True, slots=True)
class Branch:
    """Where an output might have gone on otherwise: the tokens up to there with the other choice, and its chances."""

    tokens: tuple[int, ...]
    chance: float
    """Probability of all the tokens."""
    weakest: float
    """Probability of the least sure decision on the way, if what was written instead is ruled out."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the model wrote: calls, the probability of the whole, of the weakest decision, and of `none` at the start."""

    calls: tuple[Call, ...]
    confidence: float
    weakest: float
    outside: float
    tokens: int
    branches: tuple[Branch, ...] = ()
    """What it might have written as well, likeliest first."""


def encode_pieces(
    tokenizer: Tokenizer, ids: Mapping[str, int], pieces: Sequence[Piece]
) -> tuple[list[int], list[Place]]:
    """Return the prompt's token ids, and the places of the sentence's own tokens in it."""
    prompt: list[int] = []
    places: list[Place] = []
    for piece in pieces:
        if piece.special:
            prompt.append(ids[piece.text])
            continue
        encoding = tokenizer.encode(piece.text, add_special_tokens=False)
        added = 1 if piece.start == 0 and piece.text.startswith(" ") else 0
        for token, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
            prompt.append(token)
            places.append(Place(token, max(piece.start + start - added, 0), piece.start + end - added))
    return prompt, places


def write_calls(session: Session, prompt: Sequence[int], ids: Mapping[str, int], grammar: Grammar) -> Written:
    """Return what the model reads in a prompt."""
    return _write(session, list(prompt), Branch((), 1.0, 1.0), ids, grammar)


def write_branch(
    session: Session, prompt: Sequence[int], ids: Mapping[str, int], grammar: Grammar, branch: Branch
) -> Written:
    """Return what the model reads in a prompt that it has been fed, if it takes a branch."""
    session.rollback(len(prompt))
    return _write(session, list(branch.tokens), branch, ids, grammar)


def _write(session: Session, pending: list[int], begun: Branch, ids: Mapping[str, int], grammar: Grammar) -> Written:
    """Go on from the tokens begun with; `pending` has not been fed yet."""
    progress = Progress()
    for token in begun.tokens:
        progress = grammar.advance(progress, token)
    tokens, branches = list(begun.tokens), list[Branch]()
    confidence, weakest, outside = begun.chance, begun.weakest, 0.0
    while progress.phase != "done":
        allowed = grammar.allowed(progress)
        if len(tokens) >= MAX_TOKENS and ids[END] in allowed:
            allowed = [ids[END]]
        token = allowed[0]
        if len(allowed) > 1:
            session.feed(pending)
            pending = []
            chances = softmax(session.logits(allowed))
            best = int(np.argmax(chances))
            token = allowed[best]
            if not tokens:
                outside = float(chances[allowed.index(ids["<none>"])])
            branches += _branches(tokens, allowed, chances, best, confidence, weakest)
            confidence *= float(chances[best])
            weakest = min(weakest, float(chances[best]))
        pending.append(token)
        tokens.append(token)
        progress = grammar.advance(progress, token)
    branches.sort(key=lambda branch: -branch.chance)
    return Written(progress.calls, confidence, weakest, outside, len(tokens), tuple(branches[:MOST_BRANCHES]))


def _branches(
    tokens: list[int], allowed: list[int], chances: np.ndarray, best: int, confidence: float, weakest: float
) -> list[Branch]:
    """Return the other choices at one place that are likely enough."""
    rest = 1 - float(chances[best])
    return [
        Branch((*tokens, allowed[i]), confidence * float(chances[i]), min(weakest, float(chances[i]) / rest))
        for i in np.flatnonzero(chances >= LIKELY)
        if i != best
    ]


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return scores as probabilities that add up to 1."""
    shifted = np.exp(scores.astype(np.float64) - scores.max())
    return np.asarray(shifted / shifted.sum())
