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


class Session(Protocol):
    """One run of the network over one prompt."""

    def feed(self, ids: Sequence[int]) -> None:
        """Take tokens in."""

    def logits(self, ids: Sequence[int]) -> np.ndarray:
        """Return the scores of the given tokens as the next one, shape (len(ids),)."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the model wrote: calls, the probability of the whole, of the weakest decision, and of `none` at the start."""

    calls: tuple[Call, ...]
    confidence: float
    weakest: float
    outside: float
    tokens: int


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
    progress, pending = Progress(), list(prompt)
    confidence, weakest, outside, count = 1.0, 1.0, 0.0, 0
    while progress.phase != "done":
        allowed = grammar.allowed(progress)
        if count >= MAX_TOKENS and ids[END] in allowed:
            allowed = [ids[END]]
        token = allowed[0]
        if len(allowed) > 1:
            session.feed(pending)
            pending = []
            chances = softmax(session.logits(allowed))
            best = int(np.argmax(chances))
            token = allowed[best]
            if count == 0:
                outside = float(chances[allowed.index(ids["<none>"])])
            confidence *= float(chances[best])
            weakest = min(weakest, float(chances[best]))
        pending.append(token)
        progress = grammar.advance(progress, token)
        count += 1
    return Written(progress.calls, confidence, weakest, outside, count)


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return scores as probabilities that add up to 1."""
    shifted = np.exp(scores.astype(np.float64) - scores.max())
    return np.asarray(shifted / shifted.sum())
