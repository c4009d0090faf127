"""Plan timers and announcements: Home Assistant has intents for both."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .appliance import time_left_of
from .intentions import Act, Ask, Intention, Step, Tell
from .moments import next_moment, quantity_of
from .values import ClockTime, Duration, Number, Text, Word

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Call, Reading

_INTENTS = {"timer_start": "HassStartTimer", "timer_cancel": "HassCancelTimer", "timer_pause": "HassPauseTimer", "timer_resume": "HassUnpauseTimer",
            "timer_add": "HassIncreaseTimer", "timer_reduce": "HassDecreaseTimer", "timer_ask": "HassTimerStatus"}  # fmt: skip
WHICH_TIMER = "which_timer"
"""Key of the question which of several timers is meant."""
_LENGTH_NAME = re.compile(r"PT(\d+)S")
_CHANGES = frozenset({"timer_start", "timer_add", "timer_reduce"})


def plan_timer(call: Call, reading: Reading, situation: Situation) -> Intention:
    """Return the timer intent; a length is asked for when it is missing."""
    if call.verb == "timer_ask" and (sensor := time_left_of(reading, situation)):
        return Tell(call, "states", {}, (sensor.id,))
    seconds = _seconds(call, reading, situation)
    name = call.slot("name")
    slots = _which(name.text) if isinstance(name, Text) and not _is_no_name(name.text) else {}
    if call.verb in _CHANGES and not seconds:
        return Ask(call, "how_long")
    if call.verb == "timer_cancel" and call.slot("time") == Word("all"):
        return Act(call, (Step("intent.HassCancelAllTimers"),))
    if seconds:
        slots |= _split(seconds, "" if call.verb in _CHANGES else "start_")
    return Act(call, (Step(f"intent.{_INTENTS[call.verb]}", (), slots),))


def length_name(seconds: int) -> str:
    """Return what a timer without a name is called among the choices of a question: its length by ISO 8601."""
    return f"PT{seconds}S"


def length_of_name(name: str) -> int | None:
    """Return the seconds that such a name stands for, None for the name of a timer."""
    found = _LENGTH_NAME.fullmatch(name)
    return int(found[1]) if found else None


def _which(name: str) -> dict[str, object]:
    """Return the slots that tell a timer by its name, or by the length that stands in its place."""
    seconds = length_of_name(name)
    return {"name": name} if seconds is None else _split(seconds, "start_")


def _seconds(call: Call, reading: Reading, situation: Situation) -> int:
    value = quantity_of(call.slot("time"), reading)
    match value:
        case Duration(seconds):
            return round(seconds)
        case ClockTime():
            coming = next_moment(value, situation)
            return round((coming - situation.now).total_seconds()) if coming else 0
        case Number(minutes, ""):
            return round(minutes * 60)
    numbers = [mark.quantity.value for mark in reading.marks if isinstance(mark.quantity, Number)]
    # "another five": minutes are what timers count in
    return round(numbers[0] * 60) if len(numbers) == 1 and call.verb in _CHANGES else 0


def _is_no_name(text: str) -> bool:
    """Return whether words only say that it is a timer."""
    return (
        re.fullmatch(r"(?:(?:the|my|this|that) )?(?:timer|alarm|countdown)s?|计时器?|定时器?|闹钟|倒计时", text.lower())
        is not None
    )


def _split(seconds: int, prefix: str) -> dict[str, object]:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = {"hours": hours, "minutes": minutes, "seconds": rest}
    return {f"{prefix}{unit}": value for unit, value in parts.items() if value}


def plan_broadcast(call: Call, _reading: Reading, _situation: Situation) -> Intention:
    """Return the announcement of what was said."""
    message = call.slot("message")
    if not isinstance(message, Text):
        return Ask(call, "which_message")
    return Act(call, (Step("intent.HassBroadcast", (), {"message": message.text}),))
