"""What became of the timers between two moments."""

from typing import Any

# A timer loses seconds by itself while a sentence is handled.
SLACK = 5

Timers = dict[str, dict[str, Any]]


def happened(before: Timers, after: Timers) -> tuple[list[dict[str, Any]], list[str]]:
    """Return what happened to timers, and the commands that were put off."""
    events, commands = [], []
    for key, timer in after.items():
        old = before.get(key)
        if old is None and timer["command"]:
            commands.append(timer["command"])
        elif old is None:
            events.append(_event("started", timer, timer["seconds"]))
        else:
            events += _changed(old, timer)
    # A delayed command that was called off is judged by what does not happen, however an agent keeps it.
    events += [_event("cancelled", old, 0) for key, old in before.items() if key not in after and not old["command"]]
    return events, commands


def _changed(old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what happened to one timer that is still there."""
    if old["active"] != new["active"]:
        return [_event("resumed" if new["active"] else "paused", new, new["seconds"])]
    difference = new["seconds"] - old["seconds"]
    if difference > 0:
        return [_event("added", new, difference)]
    if difference < -SLACK:
        return [_event("removed", new, -difference)]
    return []


def _event(kind: str, timer: dict[str, Any], seconds: float) -> dict[str, Any]:
    return {"kind": kind, "name": timer["name"], "seconds": seconds}
