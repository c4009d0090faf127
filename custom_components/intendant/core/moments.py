"""Turn durations, clock times and days into seconds and dates, seen from now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .values import ClockTime, Duration, Number, Pointer, When

if TYPE_CHECKING:
    from .values import Call, Quantity, Reading, Term


def quantity_of(term: Term | None, reading: Reading) -> Quantity | None:
    """Return the value of the mark a term points to."""
    if isinstance(term, Pointer) and isinstance(term.key, int) and 0 < term.key <= len(reading.marks):
        return reading.marks[term.key - 1].quantity
    return None


def delay_of(call: Call, reading: Reading, now: datetime) -> float | None:
    """Return after how many seconds a call shall be carried out, None for at once."""
    length = quantity_of(call.slot("in"), reading)
    if isinstance(length, Duration):
        return length.seconds
    return _seconds_until(quantity_of(call.slot("at"), reading), now)


def length_of(call: Call, reading: Reading, now: datetime) -> float | None:
    """Return for how many seconds the new state shall last, None for ever."""
    length = quantity_of(call.slot("for"), reading)
    return length.seconds if isinstance(length, Duration) else _seconds_until(length, now)


def _seconds_until(moment: Quantity | None, now: datetime) -> float | None:
    if isinstance(moment, Number):
        moment = ClockTime(int(moment.value) % 24, fixed=moment.value > 12)
    return next_time(moment, now).timestamp() - now.timestamp() if isinstance(moment, ClockTime) else None


def next_time(clock: ClockTime, now: datetime) -> datetime:
    """Return the next moment a clock shows that time; without morning or evening said, whichever comes first."""
    base = now.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
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
