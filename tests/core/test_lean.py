"""Short sentences that lean on the turn before."""

from __future__ import annotations

import pytest

from intendant_core.lean import lean_on
from intendant_core.notation import format_calls, parse_calls
from intendant_core.quantities import find_quantities
from intendant_core.text import lower
from intendant_core.values import Pointer, Reading

from .small_home import build_house, load_table

TABLE = load_table("lean")
HOUSE = build_house(TABLE["home"])


def read(language: str, said: str, notation: str) -> Reading:
    marks = tuple(HOUSE.names.find(lower(said), find_quantities(lower(said))))
    return Reading(said, language, marks, parse_calls(notation), 0.4, 0.4, 0.1)


@pytest.mark.parametrize(("language", "before", "was", "said", "notation", "meant"), TABLE["cases"])
def test_lean(language: str, before: str, was: str, said: str, notation: str, meant: str) -> None:
    earlier = read(language, before, was)
    ids = [
        ref.id
        for call in earlier.calls
        for term in call.targets
        if isinstance(term, Pointer)
        for ref in earlier.marks[int(term.key) - 1].refs
    ]
    domains = frozenset(thing.partition(".")[0] for thing in ids) or frozenset(TABLE["about"].get(was, ()))
    found = lean_on(read(language, said, notation), earlier, domains)
    assert format_calls(found.calls) == meant
    if said in TABLE["sure"]:
        assert (found.confidence, found.weakest, found.outside) == (1.0, 1.0, 0.0)


def test_nothing_leans_on_nothing() -> None:
    reading = read("en", "and the kitchen", "toggle light @1")
    assert lean_on(reading, None) is reading
