"""Read the prompts of a data set back into sentence and marks, so that the real decoder can be run on them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intendant_core.catalog import MARK_VALUES
from intendant_core.decode import encode_pieces, write_calls
from intendant_core.encode import DO, SAY, Piece, write_output
from intendant_core.grammar import Grammar
from intendant_core.values import Mark, Ref

if TYPE_CHECKING:
    from intendant_core.bundle import Bundle
    from intendant_core.decode import Written
    from intendant_core.values import Call

_TOKEN = re.compile(r'(<(?:[a-z_0-9@]+=?>|">|;>))')


@dataclass(frozen=True, slots=True)
class Reread:
    """A prompt taken apart: its pieces, the sentence, and its marks (types only; what they stand for is not in a prompt)."""

    pieces: tuple[Piece, ...]
    text: str
    marks: tuple[Mark, ...]


def reread_prompt(prompt: str) -> Reread:
    """Take a prompt apart; the inverse of encode.prompt_pieces up to what marks stand for."""
    before, _, sentence = prompt.partition(SAY)
    pieces = [Piece(token) for token in _TOKEN.findall(before)] + [Piece(SAY)]
    spaced = sentence.startswith(" ")
    text, start = "", 0
    marks: list[tuple[int, int, list[str]]] = []
    for part in _TOKEN.split(sentence.removesuffix(DO)):
        if not part:
            continue
        if not _TOKEN.fullmatch(part):
            plain = part[1:] if spaced and not text else part
            pieces.append(Piece(part, len(text)))
            start, text = len(text), text + plain
        elif part.startswith("<@"):
            marks.append((start, len(text), []))
            pieces.append(Piece(part))
        else:
            marks[-1][2].append(part[1:-1])
            pieces.append(Piece(part))
    pieces.append(Piece(DO))
    return Reread(tuple(pieces), text, tuple(_mark(first, last, kinds) for first, last, kinds in marks))


def _mark(start: int, end: int, kinds: list[str]) -> Mark:
    named = any(kind not in MARK_VALUES for kind in kinds)
    return Mark(start, end, tuple(kinds), (Ref("entity", "any.thing"),) if named else ())


def read_again(bundle: Bundle, reread: Reread) -> Written:
    """Let a bundle read a prompt under the grammar, as Home Assistant does."""
    prompt, places = encode_pieces(bundle.tokenizer, bundle.special_ids, reread.pieces)
    grammar = Grammar(bundle.special_ids, reread.marks, places, reread.text)
    return write_calls(bundle.model.session(), prompt, bundle.special_ids, grammar)


def same_output(calls: tuple[Call, ...], output: str) -> bool:
    """Return whether calls say the same as an output of the data set; spaces at the edges of copied words do not count."""
    return _flat(write_output(calls)) == _flat(output)


def _flat(output: str) -> str:
    return re.sub(r'<">\s*(.*?)\s*<">', r'<">\1<">', output)
