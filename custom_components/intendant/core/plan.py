"""Turn one call of a reading into an intention: services to call, a question back, a refusal, or an answer.

Only this module knows which stage a verb belongs to. What must not happen on a first sentence is decided last, over the
services that would be called (guard.py).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .guard import guard
from .intentions import Act, Ask, HandOver, Intention, Refuse, Reply
from .moments import NO_SUN, delay_of, length_of
from .plan_lists import plan_list
from .plan_media import plan_play
from .plan_setting import plan_setting
from .plan_switching import plan_switching
from .plan_timers import plan_broadcast, plan_timer
from .questions import plan_question
from .triggers import waits
from .values import Mark, Pointer, Ref

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Call, Reading

_QUESTIONS = frozenset(
    {"state", "is", "any", "every", "which", "count", "where", "changed", "events", "weather", "time", "date"}
)
_FAREST = 366 * 86_400
"""Seconds ahead for which something can be planned: a year."""
_REPLIES = frozenset({"yes", "no", "undo", "cancel", "planned"})


def plan_call(call: Call, reading: Reading, situation: Situation) -> Intention:
    """Return what to do about one call."""
    if call.verb == "none":
        return HandOver(call)
    if call.verb in _REPLIES:
        return Reply(call, call.verb)
    if call.verb == "count" and call.kind == "list":
        return plan_list(replace(call, verb="read", slots=()), reading, situation)
    if call.verb in _QUESTIONS:
        return plan_question(call, reading, situation)
    return guard(_time(_plan_action(call, reading, situation), reading, situation), situation)


def plan_calls(reading: Reading, situation: Situation) -> tuple[Intention, ...]:
    """Return what to do about each call; what a later one leaves open is the thing that an earlier one is about.

    "The radio on and a bit quieter" asks for no other player.
    """
    planned: list[Intention] = []
    spoken_of: list[str] = []
    for call in reading.calls:
        intention = plan_call(call, reading, situation)
        if isinstance(intention, Ask) and intention.key == "which" and not call.targets:
            near = [thing for thing in intention.entity_ids if thing in spoken_of]
            intention = _plan_with(near[0], call, reading, situation) if len(near) == 1 else intention
        if isinstance(intention, Act):
            spoken_of += intention.entity_ids
        planned.append(intention)
    return tuple(planned)


def _plan_with(entity_id: str, call: Call, reading: Reading, situation: Situation) -> Intention:
    """Return what to do about a call that concerns a thing which its own words do not name."""
    mark = Mark(0, 0, (), (Ref("entity", entity_id),))
    marked = replace(reading, marks=(*reading.marks, mark))
    return plan_call(replace(call, kind=None, targets=(Pointer(len(marked.marks)),)), marked, situation)


def _plan_action(call: Call, reading: Reading, situation: Situation) -> Intention:
    match call.verb:
        case "set" | "more" | "less":
            return plan_setting(call, reading, situation)
        case "play":
            return plan_play(call, reading, situation)
        case "add" | "complete" | "remove" | "read":
            return plan_list(call, reading, situation)
        case "broadcast":
            return plan_broadcast(call, reading, situation)
        case verb if verb.startswith("timer_"):
            return plan_timer(call, reading, situation)
        case _:
            return plan_switching(call, reading, situation)


def _time(intention: Intention, reading: Reading, situation: Situation) -> Intention:
    if not isinstance(intention, Act):
        return intention
    if reason := waits(intention.call, reading):
        return Refuse(intention.call, reason)
    delay = delay_of(intention.call, reading, situation)
    back_after = length_of(intention.call, reading, situation)
    if any(seconds is not None and not 0 < seconds <= _FAREST for seconds in (delay, back_after)):
        return Refuse(intention.call, "no_sun" if NO_SUN in (delay, back_after) else "no_such_time")
    # What is so now may be otherwise by then.
    unchanged = () if delay else intention.unchanged
    return replace(intention, delay=delay, back_after=back_after, unchanged=unchanged)
