"""Find the numbers, durations, times, days and colours that a sentence mentions.

They are marked before the model reads, so that the model only decides what they are for. Both languages are always
looked for: households mix them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from . import quantities_en, quantities_zh
from .values import ClockTime, Mark, Number, When

_BETWEEN = re.compile(r"(?:,? ?(?:at|by|around)? ?|的|,)")


if TYPE_CHECKING:
    from collections.abc import Iterator


def find_quantities(text: str) -> list[Mark]:
    """Return marks of all values in a lower-case sentence, longest first where two overlap, in order of place."""
    found = [*quantities_en.find(text), *quantities_zh.find(text)]
    found.sort(key=lambda mark: (mark.start - mark.end, mark.start))
    chosen: list[Mark] = []
    for mark in found:
        if all(mark.end <= other.start or mark.start >= other.end for other in chosen):
            chosen.append(mark)
    return list(_with_days(sorted(chosen, key=lambda mark: mark.start), text))


def _with_days(marks: list[Mark], text: str) -> Iterator[Mark]:
    """Yield the marks, a day and the time beside it made one: "tomorrow at 6", "8 in the morning on friday", 周六八点."""
    kept: Mark | None = None
    for mark in marks:
        joined = _join(kept, mark, text) if kept else None
        if kept and joined is None:
            yield kept
        kept = joined or mark
    if kept:
        yield kept


def _join(first: Mark, second: Mark, text: str) -> Mark | None:
    """Return a day and a time that stand beside each other as one time, None for anything else."""
    if not _BETWEEN.fullmatch(text[first.end : second.start]):
        return None
    when, time = (first, second) if isinstance(first.quantity, When) else (second, first)
    clock = _clock_of(time)
    if not isinstance(when.quantity, When) or clock is None or clock.day is not None or clock.weekday is not None:
        return None
    day, (start, end) = when.quantity, when.quantity.hours
    if day.first != day.last or day.first < 0:
        return None
    whole = (start, end) == (0, 24)
    late = start >= 12 and not clock.sun and not clock.fixed and clock.hour < 12
    ahead = day.first if day.weekday is None else None
    clock = replace(clock, day=ahead, weekday=day.weekday, week=day.week)
    clock = replace(clock, hour=clock.hour + 12 * late, fixed=clock.fixed or not whole)
    return Mark(first.start, second.end, ("time",), quantity=clock)


def _clock_of(mark: Mark) -> ClockTime | None:
    """Return the time of a mark; a number is one where it follows "at"."""
    if isinstance(mark.quantity, ClockTime):
        return mark.quantity
    if isinstance(mark.quantity, Number) and "time" in mark.types:
        return ClockTime(int(mark.quantity.value) % 24, fixed=mark.quantity.value > 12)
    return None
