"""Turn durations, clock times and days into seconds and dates, seen from now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .values import ClockTime, Duration, Number, Pointer, When

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Call, Quantity, Reading, Term

NO_SUN = -1.0
"""In place of the seconds to a sunset of which nobody knows."""
_SUN = "sun.sun"
_SUN_ATTRIBUTES = {"sunset": "next_setting", "sunrise": "next_rising"}


def quantity_of(term: Term | None, reading: Reading) -> Quantity | None:
    """Return the value of the mark a term points to."""
    if isinstance(term, Pointer) and isinstance(term.key, int) and 0 < term.key <= len(reading.marks):
        return reading.marks[term.key - 1].quantity
    return None


def delay_of(call: Call, reading: Reading, situation: Situation) -> float | None:
    """Return after how many seconds a call shall be carried out, None for at once, below zero for a time that can't be told."""
    length = quantity_of(call.slot("in"), reading)
    if isinstance(length, Duration):
        return length.seconds
    return _seconds_until(quantity_of(call.slot("at"), reading), situation)


def length_of(call: Call, reading: Reading, situation: Situation) -> float | None:
    """Return for how many seconds the new state shall last, None for ever, below zero for a time that can't be told."""
    length = quantity_of(call.slot("for"), reading)
    return length.seconds if isinstance(length, Duration) else _seconds_until(length, situation)


def _seconds_until(moment: Quantity | None, situation: Situation) -> float | None:
    if isinstance(moment, Number):
        moment = ClockTime(int(moment.value) % 24, fixed=moment.value > 12)
    if not isinstance(moment, ClockTime):
        return None
    coming = next_moment(moment, situation)
    return coming.timestamp() - situation.now.timestamp() if coming else NO_SUN


def next_moment(clock: ClockTime, situation: Situation) -> datetime | None:
    """Return when a clock shows that time next, or the sun sets or rises; None where nobody knows about the sun.

    Home Assistant's sun integration tells of the next time; other days' differ by minutes.
    """
    if not clock.sun:
        return next_time(clock, situation.now)
    state = situation.states(_SUN)
    said = state.attributes.get(_SUN_ATTRIBUTES[clock.sun]) if state else None
    if isinstance(said, str):
        said = datetime.fromisoformat(said)
    if not isinstance(said, datetime):
        return None
    days = (clock.day or 0) - (said.astimezone(situation.now.tzinfo).date() - situation.now.date()).days
    return said + timedelta(days=max(days, 0), seconds=clock.offset)


def next_time(clock: ClockTime, now: datetime) -> datetime:
    """Return the next moment a clock shows that time; without morning or evening said, whichever comes first."""
    base = now.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    if clock.weekday is not None:
        ahead = (clock.weekday - now.weekday()) % 7
        day = base + timedelta(days=ahead + 7 * clock.week)
        return day if day > now else day + timedelta(days=7)
    if clock.day:
        return base + timedelta(days=clock.day)
    choices = [base] if clock.fixed or clock.hour >= 12 else [base, base + timedelta(hours=12)]
    coming = [choice for choice in choices if choice > now]
    return min(coming) if coming else base + timedelta(days=1)


def period_of(when: When | None, now: datetime) -> tuple[datetime, datetime]:
    """Return start and end of the days or hours meant; today when nothing was said."""
    when = when or When()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    first, last = when.first, when.last
    if when.weekday is not None:
        ahead = (when.weekday - now.weekday()) % 7 + 7 * when.week
        first, last = first + ahead, last + ahead
    start = midnight + timedelta(days=first, hours=when.hours[0])
    return start, midnight + timedelta(days=last, hours=when.hours[1])
