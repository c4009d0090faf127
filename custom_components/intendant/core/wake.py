"""Understand the alarm clock: "wake me at seven" is a timer that ends then, and has nothing to do with the alarm system."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .lexicon import load_words
from .quantities import find_quantities
from .text import lower
from .values import Call, ClockTime, Duration, Number, Pointer, Reading

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Mark

_NOON = 12
_MORNING = range(4, 11)
"""Hours that are meant in the morning when somebody wants to be woken, whatever the time is now."""


def understand_wake(text: str, situation: Situation) -> Reading | None:
    """Return the reading of a cleaned sentence that sets an alarm clock or calls it off; None for any other."""
    words, said = load_words(situation.language)["wake"], lower(text).strip(" .!?。！？")
    if re.fullmatch(words["cancel"], said):
        return Reading(text, situation.language, (), (Call("timer_cancel"),))
    marks = find_quantities(lower(text))
    if len(marks) != 1:
        return None
    mark = _in_the_morning(marks[0])
    around = f"{lower(text)[: mark.start]}{{time}}{lower(text)[mark.end :]}".strip(" .!?。！？")
    if not re.fullmatch(words["set"], around):
        return None
    call = Call("timer_start", slots=(("time", Pointer(1)),))
    return Reading(text, situation.language, (mark,), (call,)) if _is_time(mark) else None


def _in_the_morning(mark: Mark) -> Mark:
    """Return the mark as a time, in the morning where nothing else was said; a bare number is an hour: "at 7"."""
    clock = mark.quantity
    if isinstance(clock, Number) and not clock.unit and clock.value in range(24):
        clock = ClockTime(int(clock.value), fixed=clock.value > _NOON)
    if isinstance(clock, ClockTime) and not clock.fixed and clock.hour in _MORNING:
        clock = replace(clock, fixed=True)
    return mark if clock == mark.quantity else replace(mark, types=("time",), quantity=clock)


def _is_time(mark: Mark) -> bool:
    return isinstance(mark.quantity, ClockTime | Duration)
