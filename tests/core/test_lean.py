"""Short sentences that lean on the turn before."""

from __future__ import annotations

import pytest

from intendant_core.lean import lean_on
from intendant_core.notation import format_calls, parse_calls
from intendant_core.quantities import find_quantities
from intendant_core.text import lower
from intendant_core.values import Reading

from .small_home import build_house, load_table

TABLE = load_table("lean")
HOUSE = build_house(TABLE["home"])


def read(language: str, said: str, notation: str) -> Reading:
    marks = tuple(HOUSE.names.find(lower(said), find_quantities(lower(said))))
    return Reading(said, language, marks, parse_calls(notation), 0.4, 0.4, 0.1)


@pytest.mark.parametrize(("language", "before", "was", "said", "notation", "meant"), TABLE["cases"])
def test_lean(language: str, before: str, was: str, said: str, notation: str, meant: str) -> None:
    found = lean_on(read(language, said, notation), read(language, before, was))
    assert format_calls(found.calls) == meant
    if said in TABLE["sure"]:
        assert (found.confidence, found.weakest, found.outside) == (1.0, 1.0, 0.0)


def test_nothing_leans_on_nothing() -> None:
    reading = read("en", "and the kitchen", "toggle light @1")
    assert lean_on(reading, None) is reading
