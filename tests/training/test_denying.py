"""What core/misread.py takes for contradictions, held against every way of speaking of the stock."""

import pytest

from intendant_core.misread import contradicts
from intendant_core.values import Mark, Pointer, Reading
from training.stock import BLANK, Way, read_stock

MOST = 0.003
"""Share of right readings that may be taken for wrong ones: they are then read in the next likely way."""


def reading_of(way: Way) -> Reading:
    """Return the reading of a way of speaking, its blanks left as they are, each marked."""
    marks, numbers = [], {}
    for number, found in enumerate(BLANK.finditer(way.sentence), 1):
        marks.append(Mark(found.start(), found.end(), (found[1].rstrip("0123456789"),)))
        numbers.setdefault(found[1], number)

    def put(term: object) -> object:
        return Pointer(numbers.get(str(term.key), 1)) if isinstance(term, Pointer) else term

    calls = tuple(
        type(call)(
            call.verb,
            call.kind,
            tuple(map(put, call.targets)),  # type: ignore[arg-type]
            tuple(map(put, call.excepts)),  # type: ignore[arg-type]
            tuple((slot, put(term)) for slot, term in call.slots),  # type: ignore[misc]
        )
        for call in way.calls
    )
    return Reading(way.sentence, way.language, tuple(marks), calls)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_right_contradicts_nothing(language: str) -> None:
    ways = [way for way in read_stock(language, errors=[]) if way.topic != "templates"]
    wrong = [way.sentence for way in ways if contradicts(reading_of(way))]
    assert len(wrong) < MOST * len(ways), wrong
