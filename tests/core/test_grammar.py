"""Whatever a network scores, what is written is a reading of the catalogue about this sentence."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from intendant_core.catalog import load_catalog
from intendant_core.decode import write_calls
from intendant_core.encode import special_tokens
from intendant_core.grammar import Grammar, Place, Progress
from intendant_core.notation import format_calls, parse_calls
from intendant_core.values import Mark, Number, Ref

if TYPE_CHECKING:
    from collections.abc import Sequence

IDS = {token: i for i, token in enumerate(special_tokens(load_catalog()))}
TEXT = "set the lamp to 20 and the lamp off"


class Dice:
    """A network that scores at random."""

    def __init__(self, seed: int) -> None:
        """Throw dice of this seed."""
        self.rng = np.random.default_rng(seed)

    def feed(self, ids: Sequence[int]) -> None:
        """Take no notice."""

    def logits(self, ids: Sequence[int]) -> np.ndarray:
        """Return any scores."""
        return self.rng.normal(size=len(ids)) * 3


def make_places() -> list[Place]:
    """Take every word as a token; equal words are equal tokens."""
    places, at, words = [], 0, {}
    for word in TEXT.split():
        places.append(Place(words.setdefault(word, 1000 + len(words)), at, at + len(word)))
        at += len(word) + 1
    return places


@pytest.mark.parametrize("seed", range(300))
def test_random_scores_write_a_valid_reading(seed: int) -> None:
    """Each output parses, points to marks that exist, and copies words that stand in the sentence."""
    rng = random.Random(seed)
    marks = [Mark(8, 12, ("light",), (Ref("entity", "light.a"),)), Mark(16, 18, ("num", "time"), quantity=Number(20))][
        : rng.randint(0, 2)
    ]
    grammar = Grammar(IDS, marks, make_places(), TEXT)
    written = write_calls(Dice(seed), [0], IDS, grammar)
    text = format_calls(written.calls)
    assert format_calls(parse_calls(text)) == text
    assert all(copied in TEXT for copied in text.split('"')[1::2])
    assert all(int(part.strip("@ ")) <= len(marks) for part in text.replace("=", " ").split() if part.startswith("@"))


def test_same_words_twice_are_copied_on() -> None:
    """A word that stands twice in the sentence can be followed by either follower."""
    grammar = Grammar(IDS, [], make_places(), TEXT)
    lamp = make_places()[2].id
    progress = grammar.advance(
        grammar.advance(
            grammar.advance(grammar.advance(_begin(grammar), IDS["<on>"]), IDS['<">']), make_places()[1].id
        ),
        lamp,
    )
    assert {make_places()[3].id, make_places()[8].id, IDS['<">']} == set(grammar.allowed(progress))


def _begin(grammar: Grammar) -> Progress:
    assert grammar.allowed(Progress())
    return Progress()
