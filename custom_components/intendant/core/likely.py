"""Tell by their use which of several things is meant, where a question would have to be asked otherwise.

Usage only breaks ties, and only when the evidence is clear (usage.LEAST, usage.RATIO). Never where a wrong guess could let
somebody in, or could not be undone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .guard import ENTRANCES

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Call, Entity

_UNDOABLE = frozenset(
    {"light", "switch", "fan", "climate", "cover", "media_player", "humidifier", "water_heater", "input_boolean", "select", "input_select", "number", "input_number"}
)  # fmt: skip
_ASKING = frozenset({"state", "is", "any", "every", "which", "count", "where", "changed"})


def usual_thing(candidates: tuple[str, ...], call: Call, situation: Situation) -> Entity | None:
    """Return the one of several things that a command can only mean, as they are used; None when it has to be asked."""
    things = [situation.house.entities[i] for i in candidates if i in situation.house.entities]
    if call.verb in _ASKING or situation.ask_more or any(not _may_be_guessed(thing, situation) for thing in things):
        return None
    found = situation.usage.likeliest(candidates, situation.now)
    return situation.house.entities.get(found) if found else None


def is_sensitive(thing: Entity, situation: Situation) -> bool:
    """Return whether a thing can let somebody in, or the user set a policy for it."""
    entrance = thing.domain == "cover" and (thing.device_class in ENTRANCES)
    return entrance or thing.domain in ("lock", "alarm_control_panel", "valve") or thing.id in situation.guard.things


def _may_be_guessed(thing: Entity, situation: Situation) -> bool:
    return thing.domain in _UNDOABLE and not is_sensitive(thing, situation)
