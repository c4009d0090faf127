"""What core/misread.py takes for contradictions, and what the stages after the model change, held against every way of speaking of the stock."""

from dataclasses import replace

import pytest

from intendant_core.amend import amend
from intendant_core.lean import lean_on
from intendant_core.misread import contradicts
from intendant_core.point import point
from intendant_core.unheard import name_unheard
from intendant_core.values import Mark, Pointer, Reading, Term
from training.stock import BLANK, Way, read_stock

MOST = 0.003
"""Share of right readings that may be taken for wrong ones: they are then read in the next likely way."""
FEWEST = 0.001
"""Share of right readings that may be changed."""


def reading_of(way: Way) -> Reading:
    """Return the reading of a way of speaking, its blanks left as they are, each marked."""
    blanks = list(BLANK.finditer(way.sentence))
    numbers = {blank[1]: number for number, blank in reversed(list(enumerate(blanks, 1)))}
    marks = tuple(Mark(blank.start(), blank.end(), (blank[1].rstrip("0123456789"),)) for blank in blanks)

    def put(term: Term) -> Term:
        return Pointer(numbers.get(str(term.key), 1)) if isinstance(term, Pointer) else term

    calls = tuple(
        replace(
            call,
            targets=tuple(map(put, call.targets)),
            excepts=tuple(map(put, call.excepts)),
            slots=tuple((slot, put(term)) for slot, term in call.slots),
        )
        for call in way.calls
    )
    return Reading(way.sentence, way.language, marks, calls)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_right_contradicts_nothing(language: str) -> None:
    ways = [way for way in read_stock(language, errors=[]) if way.topic != "templates"]
    wrong = [way.sentence for way in ways if contradicts(reading_of(way))]
    assert len(wrong) < MOST * len(ways), wrong


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_right_stays_as_it_is(language: str) -> None:
    ways = [way for way in read_stock(language, errors=[]) if way.topic != "templates"]
    changed = []
    for way in ways:
        reading = reading_of(way)
        before = Reading("", language, (), way.before) if way.before else None
        found = lean_on(name_unheard(amend(point(reading))), before)
        if found.calls != reading.calls:
            changed.append(way.sentence)
    assert len(changed) < FEWEST * len(ways), changed
