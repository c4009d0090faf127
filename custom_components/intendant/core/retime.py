"""Understand sentences that only change the time of what was just planned: "make that twenty", "no, at nine", "改成半小时"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .catalog import load_catalog
from .lexicon import load_words
from .quantities import find_quantities
from .text import lower, split_words
from .values import ClockTime, Duration, Mark, Number, Pointer, Reading, Word

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Quantity

_NOON = 12
_TIMES = ("in", "at", "for", "time")
_LEANING = frozenset({Word("it"), Word("other"), Word("there")})


def retime(text: str, situation: Situation) -> Reading | None:
    """Return the reading of the turn before with another time, None when the cleaned sentence says anything else.

    The last turn that did something must have planned it, and nothing else: later, for a while, or a timer. Questions may
    have been asked since.
    """
    before = situation.memory.planned
    if before is None or not _is_open(before, situation):
        return None
    [call] = before.calls
    found = _new_time(text, before, situation)
    order = load_catalog().verbs[call.verb]
    if found is None or found[0] not in order:
        return None
    name, value, said = found
    shift = len(before.text) + 1
    kind = "dur" if isinstance(value, Duration) else "time"
    mark = Mark(said.start + shift, said.end + shift, (kind,), (), value)
    kept = [pair for pair in call.slots if pair[0] not in _replaced(name)]
    slots = sorted([*kept, (name, Pointer(len(before.marks) + 1))], key=lambda pair: order.index(pair[0]))
    changed = replace(call, slots=tuple(slots))
    return Reading(f"{before.text} {text}", before.language, (*before.marks, mark), (changed,))


def _is_open(before: Reading, situation: Situation) -> bool:
    """Return whether another time may be put in place of what a reading planned."""
    memory = situation.memory
    if len(before.calls) != 1 or memory.question or memory.pending:
        return False
    # Later on, "it" is another thing.
    return memory.reading == before or not any(term in _LEANING for term in before.calls[0].targets)


def _new_time(text: str, before: Reading, situation: Situation) -> tuple[str, Duration | ClockTime, Mark] | None:
    """Return the slot, the time and its place in a sentence that says nothing else."""
    slot = next((name for name, _ in before.calls[0].slots if name in _TIMES), None)
    if slot is None or (slot == "time" and before.calls[0].verb != "timer_start"):
        return None
    low = lower(text)
    marks = find_quantities(low)
    if len(marks) != 1 or not _only_retimes(low, marks[0], situation.language):
        return None
    if isinstance(marks[0].quantity, Number) and _asked_for_number(situation.memory.reading, before):
        return None
    said_at = re.search(load_words(situation.language)["retiming_at"], low) is not None
    value = _as_time(marks[0].quantity, before, said_at=said_at)
    name = _slot_for(value, slot, low, situation.language) if value else None
    return (name, value, marks[0]) if value and name else None


def _asked_for_number(last: Reading | None, before: Reading) -> bool:
    """Return whether a question since then was about something that a number alone may change: "how warm is it?"."""
    return last is not None and last != before and any(call.verb == "state" for call in last.calls)


def _only_retimes(text: str, mark: Mark, language: str) -> bool:
    """Return whether everything but the time is words like "make that", "no", "rather"."""
    fillers = load_words(language)["retiming"]
    rest = text[: mark.start] + " " + text[mark.end :]
    for han in sorted((word for word in fillers if not word.isascii()), key=len, reverse=True):
        rest = rest.replace(han, " ")
    return all(word in fillers for word, _, _ in split_words(rest))


def _as_time(value: Quantity | None, before: Reading, *, said_at: bool) -> Duration | ClockTime | None:
    """Return the time that was said; a number alone is an hour, or counts in the unit of the length before."""
    if isinstance(value, (Duration, ClockTime)):
        return value
    marks = [
        _hour(mark.quantity) if number == _hour_of(before) else mark.quantity
        for number, mark in enumerate(before.marks, 1)
    ]
    old = next((mark for mark in reversed(marks) if isinstance(mark, (Duration, ClockTime))), None)
    if not isinstance(value, Number) or value.unit or any(isinstance(mark, Number) for mark in marks):
        return None
    if isinstance(old, ClockTime) and old.fixed and not old.sun and 0 < value.value <= _NOON:
        # "At 6 am" – "make it 7" stays in the morning.
        return ClockTime(
            int(value.value) % _NOON + _NOON * (old.hour >= _NOON),
            fixed=True,
            day=old.day,
            weekday=old.weekday,
            week=old.week,
        )
    if isinstance(old, ClockTime) or (old and said_at):
        return ClockTime(int(value.value) % 24, fixed=value.value > _NOON)
    return Duration(value.value * next(size for size in (3600, 60, 1) if old.seconds % size == 0)) if old else None


def _hour_of(before: Reading) -> int | None:
    """Return the number of the mark that a reading takes for a time of day."""
    term = before.calls[0].slot("at")
    return term.key if isinstance(term, Pointer) and isinstance(term.key, int) else None


def _hour(value: Quantity | None) -> Quantity | None:
    """Return a bare number as the hour that it was taken for: "at 10"."""
    bare = isinstance(value, Number) and not value.unit
    return ClockTime(int(value.value) % 24, fixed=value.value > 12) if bare and isinstance(value, Number) else value


def _slot_for(value: Duration | ClockTime, slot: str, text: str, language: str) -> str | None:
    """Return which slot the time goes to: a timer's length stays one, "for" and "at" speak for themselves."""
    if slot == "time":
        return "time" if isinstance(value, Duration) else None
    if isinstance(value, ClockTime):
        return "for" if slot == "for" else "at"
    if re.search(load_words(language)["retiming_for"], text):
        return "for"
    return "for" if slot == "for" else "in"


def _replaced(name: str) -> tuple[str, ...]:
    return ("in", "at") if name in ("in", "at") else (name,)
