"""Understand the alarm clock and reminders: "wake me at seven" is a timer that ends then, and has nothing to do with the alarm system."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .lexicon import load_words
from .quantities import find_quantities
from .text import lower
from .values import Call, ClockTime, Duration, Number, Pointer, Reading, Text

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Mark

_NOON = 12
_MORNING = range(4, 11)
"""Hours that are meant in the morning when somebody wants to be woken, whatever the time is now."""


def understand_wake(text: str, situation: Situation) -> Reading | None:
    """Return the reading of a cleaned sentence that sets an alarm clock or a reminder, or calls an alarm off; None for any other."""
    words, said = load_words(situation.language)["wake"], lower(text).strip(" .!?。！？")
    if re.fullmatch(words["cancel"], said):
        return Reading(text, situation.language, (), (Call("timer_cancel"),))
    marks = find_quantities(lower(text))
    if len(marks) != 1:
        return None
    around = f"{lower(text)[: marks[0].start]}{{time}}{lower(text)[marks[0].end :]}".strip(" .!?。！？")
    if found := next(filter(None, (re.fullmatch(way, around) for way in words["remind"])), None):
        return _remind(text, situation.language, marks[0], found["what"])
    mark = _in_the_morning(marks[0])
    if not re.fullmatch(words["set"], around):
        return None
    call = Call("timer_start", slots=(("time", Pointer(1)),))
    return Reading(text, situation.language, (mark,), (call,)) if _is_time(mark) else None


def _remind(text: str, language: str, mark: Mark, what: str) -> Reading | None:
    """Return the reading of a timer that is called after what shall not be forgotten; None for another day than today or tomorrow."""
    mark = _as_time(mark)
    clock, start = mark.quantity, lower(text).find(what)
    if (
        start < 0
        or not _is_time(mark)
        or (isinstance(clock, ClockTime) and (clock.weekday is not None or (clock.day or 0) > 1))
    ):
        return None
    slots = (("time", Pointer(1)), ("name", Text(text[start : start + len(what)])))
    return Reading(text, language, (mark,), (Call("timer_start", slots=slots),))


def _as_time(mark: Mark) -> Mark:
    """Return the mark of a bare number as an hour: "at 7"."""
    number = mark.quantity
    if isinstance(number, Number) and not number.unit and number.value in range(24):
        return replace(mark, types=("time",), quantity=ClockTime(int(number.value), fixed=number.value > _NOON))
    return mark


def _in_the_morning(mark: Mark) -> Mark:
    """Return the mark as a time, in the morning where nothing else was said."""
    mark = _as_time(mark)
    clock = mark.quantity
    if isinstance(clock, ClockTime) and not clock.fixed and clock.hour in _MORNING:
        return replace(mark, quantity=replace(clock, fixed=True))
    return mark


def _is_time(mark: Mark) -> bool:
    return isinstance(mark.quantity, ClockTime | Duration)
