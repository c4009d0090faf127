"""How well Intendant has been doing: turns counted by week and by agent."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from homeassistant.util import dt as dt_util

from .record import Flag

if TYPE_CHECKING:
    from collections.abc import Iterable

_COUNTED: dict[str, int] = {
    "not_understood": int(Flag.NOT_UNDERSTOOD),
    "corrected": int(Flag.CORRECTED),
    "by_hand": int(Flag.BY_HAND),
    "wrong": int(Flag.WRONG),
}
_REPLY = int(Flag.REPLY)
_NOT_AT_ONCE = int(
    Flag.NOT_UNDERSTOOD | Flag.CORRECTED | Flag.BY_HAND | Flag.WRONG | Flag.UNSURE | Flag.AGAIN | Flag.ASKED
)
"""What a turn that went right on the first try has none of."""


def count_up(facts: Iterable[tuple[int, int, str, int]], since: datetime) -> dict[str, list[dict[str, Any]]]:
    """Return the weeks since then (each from its Monday, in the home's time, the empty ones too) and the agents, with their counts.

    What is no wish of its own (yes, no, undo, the answer to a question) is counted nowhere: it belongs to the turn before.
    """
    first, last = _monday(dt_util.as_local(since)), _monday(dt_util.now())
    weeks = {first + timedelta(weeks=number): _no_turns() for number in range((last - first).days // 7 + 1)}
    agents: dict[str, dict[str, int]] = {}
    for hour, flags, agent, turns in facts:
        if flags & _REPLY:
            continue
        monday = _monday(dt_util.as_local(dt_util.utc_from_timestamp(hour * 3600)))
        for found in (weeks.setdefault(monday, _no_turns()), agents.setdefault(agent, _no_turns())):
            found["turns"] += turns
            found["first_try"] += 0 if flags & _NOT_AT_ONCE else turns
            for name, flag in _COUNTED.items():
                found[name] += turns if flags & flag else 0
    return {
        "weeks": [{"start": start.isoformat(), **found} for start, found in sorted(weeks.items())],
        "by_agent": [{"agent": agent, **found} for agent, found in sorted(agents.items())],
    }


def _no_turns() -> dict[str, int]:
    return dict.fromkeys(("turns", "first_try", *_COUNTED), 0)


def _monday(at: datetime) -> date:
    return at.date() - timedelta(days=at.weekday())
