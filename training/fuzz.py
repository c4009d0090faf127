"""Check the grammar with chance: whatever a network scores, what is written is a reading of the catalogue about this sentence.

tests/core/test_grammar.py runs some hundred turns of it, scripts/bench a hundred thousand.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np

from intendant_core.catalog import load_catalog
from intendant_core.decode import write_calls
from intendant_core.encode import special_tokens
from intendant_core.grammar import Grammar, Place
from intendant_core.notation import format_calls, parse_calls
from intendant_core.values import Mark, Number, Pointer, Ref, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from intendant_core.decode import Written
    from intendant_core.values import Call, Term

IDS = {token: i for i, token in enumerate(special_tokens(load_catalog()))}
_WORDS = [
    "set",
    "the",
    "lamp",
    "to",
    "20",
    "and",
    "kitchen",
    "off",
    "please",
    "at",
    "seven",
    "把",
    "灯",
    "关",
    "了",
    "吧",
    "it's",
    "naïve",
    "don't",
    "ok",
    "12%",
    "ü",
    "😀",
    "a",
    "a",
    "a",
]
_NAMED = ("light", "area", "switch", "floor", "label", "sensor", "media", "person")
_VALUED = ("num", "dur", "time", "when", "color", "option")
_GARBAGE = ("\u0000", "\u0007", "\u200b", "\u202e", "\ufeff", "\ud7ff", "😀", "👩‍👩‍👧", "🏳️‍🌈", "é", "e\u0301", "ﬁ", "Ⅷ", "א", "ب", "क", "한", "灯", "開", "、", "。", "!", "?",
            '"', "'", "<", ">", "<off>", "<end>", "<@1>", '<">', "\n", "\t", " ", "0", "99999999999999999999", "½", "-", "_", "%", "°", "turn", "off", "light", "kitchen")  # fmt: skip


class Dice:
    """A network that scores at random."""

    def __init__(self, seed: int) -> None:
        """Throw dice of this seed."""
        self._chance = np.random.default_rng(seed)

    def feed(self, ids: Sequence[int]) -> None:
        """Take no notice."""

    def rollback(self, length: int) -> None:
        """Take no notice."""

    def logits(self, ids: Sequence[int]) -> np.ndarray:
        """Return any scores."""
        return self._chance.normal(size=len(ids)) * 3


def place_words(text: str) -> list[Place]:
    """Take every word as a token; equal words are equal tokens."""
    places, at, words = [], 0, dict[str, int]()
    for word in text.split(" "):
        if word:
            places.append(Place(words.setdefault(word, 1000 + len(words)), at, at + len(word)))
        at += len(word) + 1
    return places


def random_turn(seed: int) -> tuple[str, list[Mark], Written]:
    """Return a random sentence, random marks in it, and what dice write about it."""
    chance = random.Random(seed)
    text = " ".join(chance.choices(_WORDS, k=chance.randint(0, 14)))
    places = place_words(text)
    marks = []
    for place in places:
        if chance.random() < 0.3:
            named = chance.random() < 0.6
            types = tuple(chance.sample(_NAMED if named else _VALUED, k=chance.randint(1, 2)))
            marks.append(
                Mark(
                    place.start,
                    place.end,
                    types,
                    (Ref("entity", "light.a"),) if named else (),
                    None if named else Number(20),
                )
            )
    return text, marks, write_calls(Dice(seed), [0], IDS, Grammar(IDS, marks, places, text))


def complaint(text: str, marks: Sequence[Mark], written: Written) -> str | None:
    """Return what is wrong with an output: it must parse, point to marks that exist and copy words of the sentence."""
    said = format_calls(written.calls)
    if '"' not in text and format_calls(parse_calls(said)) != said:
        return f"does not parse: {said}"
    for call in written.calls:
        for term in _terms(call):
            if isinstance(term, Pointer) and not 1 <= int(term.key) <= len(marks):
                return f"points to no mark: {said}"
            if isinstance(term, Text) and (not term.text or term.text not in text):
                return f"copies what was not said: {said}"
    return None


def garbage(seed: int) -> str:
    """Return what no person says: emoji, control characters, mixed scripts, our own tokens, sometimes 10,000 characters."""
    chance = random.Random(seed)
    count = 10_000 if chance.random() < 0.05 else chance.randint(1, 60)
    if chance.random() < 0.1:
        return "".join(
            chr(chance.choice((chance.randint(1, 0xD7FF), chance.randint(0xE000, 0x1FFFF)))) for _ in range(count)
        )
    return chance.choice(("", " ")).join(chance.choices(_GARBAGE, k=count))


def _terms(call: Call) -> Iterator[Term]:
    yield from call.targets
    yield from call.excepts
    yield from (term for _, term in call.slots)
