"""Say what must not happen on a first sentence, and what it takes: nothing, a yes, a PIN, or no words at all.

Judged over the services that would be called, whatever way the sentence took to them: commands at once, delayed ones, undo.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .intentions import Act, Refuse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .intentions import Guard, Intention, Situation, Step
    from .values import Entity

POLICIES = ("allow", "confirm", "pin", "refuse")
"""From the mildest to the strictest."""
KINDS = ("lock", "entrance", "alarm", "valve")
ENTRANCES = frozenset({"door", "garage", "gate"})
_LETS_IN = {
    "lock.unlock": "lock",
    "lock.open": "lock",
    "alarm_control_panel.alarm_disarm": "alarm",
    "valve.open_valve": "valve",
    "valve.set_valve_position": "valve",
    "valve.toggle": "valve",
}
_OPENING = frozenset({"cover.open_cover", "cover.set_cover_position", "cover.toggle"})
_ONE_WAY = frozenset({"lock", "cover", "alarm_control_panel", "valve"})
"""Domains of which only one direction is risky: nobody needs a PIN to lock a door."""


def guard(intention: Intention, situation: Situation) -> Intention:
    """Return an act marked with what it needs before it may happen, or the refusal of it; anything else as it is."""
    if not isinstance(intention, Act):
        return intention
    match strictest(intention.steps, situation):
        case "refuse":
            return Refuse(intention.call, "not_allowed", {"name": _name(intention, situation)})
        case "pin":
            return replace(intention, confirm=True, pin=True)
        case "confirm":
            return replace(intention, confirm=True)
    return intention


def strictest(steps: Iterable[Step], situation: Situation) -> str:
    """Return the strictest policy that any of the steps falls under."""
    return max((policy_of(step, situation) for step in steps), key=POLICIES.index, default=POLICIES[0])


def policy_of(step: Step, situation: Situation) -> str:
    """Return what a step takes."""
    things = [thing for i in step.entity_ids if (thing := situation.house.entities.get(i))]
    policies = [_policy_of_thing(step, thing, situation.guard) for thing in things]
    if step.service in _OPENING and len(things) < len(step.entity_ids):
        # A cover of which nothing is known may be a door.
        policies.append(situation.guard.policy if "entrance" in situation.guard.kinds else POLICIES[0])
    if not things and (kind := _LETS_IN.get(step.service)) in situation.guard.kinds and kind:
        policies.append(situation.guard.policy)
    return max(policies, key=POLICIES.index, default=POLICIES[0])


def _policy_of_thing(step: Step, thing: Entity, guarded: Guard) -> str:
    kind = _risk(step, thing)
    own = guarded.things.get(thing.id)
    if own is not None:
        return own if kind or thing.domain not in _ONE_WAY else POLICIES[0]
    return guarded.policy if kind in guarded.kinds else POLICIES[0]


def _risk(step: Step, thing: Entity) -> str | None:
    """Return the kind of risk of a step for a thing, None when there is none."""
    if step.service == "valve.set_valve_position" and step.data.get("position") == 0:
        return None
    if kind := _LETS_IN.get(step.service):
        return kind
    opens = step.service in _OPENING and step.data.get("position", 100) != 0
    if opens and thing.domain == "cover":
        return "entrance" if thing.device_class in ENTRANCES else "cover"
    return None


def _name(act: Act, situation: Situation) -> str:
    return next((situation.house.name(i) for i in act.entity_ids), "")
