"""Write a sentence as the model's prompt and a reading as its output. Training and Home Assistant both use this.

    prompt   <prev><off><light><area><say> and the bedroom<@1><area><do>
    output   <off><light><@1><end>

Every name and value found in the sentence is followed by its number and type, so the model points and never spells.
Free words (a to-do item, music, a message, an unknown name) are copied between two <"> tokens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .catalog import MARK_VALUES
from .values import Call, Mark, Pointer, Reading, Term, Text, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .catalog import Catalog

FORMAT = 1
"""Version of prompt and output; a bundle of another format is refused."""

SAY, DO, END, AND, QUOTE, PREV, EXCEPT, COPIED = "<say>", "<do>", "<end>", "<;>", '<">', "<prev>", "<except>", "<text>"
MAX_MARKS = 24
MAX_PREVIOUS_CALLS = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the prompt: a special token (`text` is its name), or words with their place in the sentence."""

    text: str
    start: int = -1

    @property
    def special(self) -> bool:
        """Whether this is one token of our own."""
        return self.start < 0


def special_tokens(catalog: Catalog) -> list[str]:
    """Return every token of our own, in a fixed order without duplicates."""
    words = [
        *catalog.verbs,
        *catalog.kinds,
        *catalog.targets,
        *catalog.words,
        "area",
        "floor",
        "label",
        "entity",
        *sorted(MARK_VALUES),
    ]
    tokens = [SAY, DO, END, AND, QUOTE, PREV, EXCEPT, COPIED]
    tokens += [f"<{word}>" for word in dict.fromkeys(words)]
    tokens += [f"<{slot}=>" for slot in catalog.slots]
    tokens += [f"<@{number}>" for number in range(1, MAX_MARKS + 1)]
    return tokens


def prompt_pieces(text: str, marks: Sequence[Mark], previous: Reading | None = None) -> list[Piece]:
    """Return the prompt for a cleaned, lower-case sentence as pieces; a space precedes it so that its first word has its usual token."""
    pieces = [Piece(token) for token in _previous_tokens(previous)] if previous else []
    pieces.append(Piece(SAY))
    place = 0
    for index, mark in enumerate(marks[:MAX_MARKS], 1):
        pieces.append(Piece(text[place : mark.end], place))
        pieces += [Piece(f"<@{index}>"), *(Piece(f"<{kind}>") for kind in mark.types)]
        place = mark.end
    if place < len(text):
        pieces.append(Piece(text[place:], place))
    pieces.append(Piece(DO))
    first = next((i for i, piece in enumerate(pieces) if piece.start == 0), None)
    if first is not None and text[:1].isascii():
        pieces[first] = Piece(" " + pieces[first].text, 0)
    return pieces


def write_prompt(text: str, marks: Sequence[Mark], previous: Reading | None = None) -> str:
    """Return the prompt as one string, for data sets."""
    return "".join(piece.text for piece in prompt_pieces(text, marks, previous))


def write_previous(previous: Reading) -> str:
    """Return what a prompt says of the turn before, for records of turns."""
    return "".join(_previous_tokens(previous))


def write_output(calls: Iterable[Call]) -> str:
    """Return the output for calls whose pointers are numbers of marks (from 1)."""
    return AND.join("".join(call_tokens(call)) for call in calls) + END


def call_tokens(call: Call) -> list[str]:
    """Return the tokens of one call; copied words stand between quotes as they stand in the prompt (see copy_words)."""
    tokens = [f"<{call.verb}>", *([f"<{call.kind}>"] if call.kind else [])]
    tokens += [token for term in call.targets for token in _term_tokens(term)]
    if call.excepts:
        tokens += [EXCEPT, *(token for term in call.excepts for token in _term_tokens(term))]
    for slot, term in call.slots:
        tokens += [f"<{slot}=>", *_term_tokens(term)]
    return tokens


def copy_words(text: str, start: int, end: int) -> Text:
    """Return a stretch of a sentence as the model copies it: with the space before it, if the prompt has one there."""
    spaced = text[start : start + 1].isascii() and (start == 0 or text[start - 1] == " ")
    return Text((" " if spaced else "") + text[start:end])


def _term_tokens(term: Term) -> list[str]:
    match term:
        case Pointer(key):
            return [f"<@{key}>"]
        case Word(word):
            return [f"<{word}>"]
        case Text(text):
            return [QUOTE, text, QUOTE]


def _previous_tokens(reading: Reading) -> list[str]:
    """Return the turn before as tokens: its calls, with the type of each name or value in place of the pointer."""
    tokens: list[str] = []
    for call in reading.calls[-MAX_PREVIOUS_CALLS:]:
        plain: list[str] = []
        for token in call_tokens(call):
            if found := re.fullmatch(r"<@(\d+)>", token):
                number = int(found[1])
                plain.append(f"<{reading.marks[number - 1].types[0]}>" if number <= len(reading.marks) else COPIED)
            elif token == QUOTE:
                plain.append(COPIED)
            elif token.startswith("<"):
                plain.append(token)
        tokens += [PREV, *_without_repeats(plain)]
    return tokens


def _without_repeats(tokens: list[str]) -> list[str]:
    return [token for token, before in zip(tokens, ["", *tokens], strict=False) if token != before]


def make_previous(calls: Sequence[Call], types: dict[int | str, str], language: str = "en") -> Reading:
    """Return a reading of a turn before, for data sets: pointers by name, each with the type of its mark."""
    keys = list(types)
    marks = tuple(Mark(0, 0, (types[key],)) for key in keys)

    def renumber(term: Term) -> Term:
        return Pointer(keys.index(term.key) + 1) if isinstance(term, Pointer) else term

    renumbered = tuple(
        Call(
            call.verb,
            call.kind,
            tuple(map(renumber, call.targets)),
            tuple(map(renumber, call.excepts)),
            tuple((slot, renumber(term)) for slot, term in call.slots),
        )
        for call in calls
    )
    return Reading("", language, marks, renumbered)
