"""Set how far covers and valves are open, and how their slats are tilted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .intentions import Refuse, Step

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Entity
    from .wanted import Wanted

_SET_POSITION, _SET_TILT = 4, 128
_STEP = 20.0


def set_covers(wanted: Wanted, things: tuple[Entity, ...], situation: Situation) -> list[Step] | Refuse:
    """Return the steps that bring covers or valves to a position or tilt; those without positions only open and close."""
    number = wanted.number
    if number and not wanted.sign and not 0 <= number.value <= 100:  # noqa: PLR2004 - percent
        return Refuse(wanted.call, "out_of_range", {"name": things[0].name, "low": 0, "high": 100, "unit": "%", "what": wanted.slot})
    steps = [step for thing in things if (step := _set_cover(wanted, thing, situation))]
    return steps or Refuse(wanted.call, "not_supported", {"name": things[0].name, "what": wanted.slot})


def _set_cover(wanted: Wanted, thing: Entity, situation: Situation) -> Step | None:
    state = situation.states(thing.id)
    features = state.attributes.get("supported_features", 0) if state else 0
    features = features if isinstance(features, int) else 0
    tilt = wanted.slot == "tilt"
    current = state.attributes.get("current_tilt_position" if tilt else "current_position") if state else None
    if tilt and not features & _SET_TILT:
        return None
    known = float(current) if isinstance(current, (int, float)) else (0.0 if state and state.state == "closed" else 100.0)
    value = wanted.value(known, 0, 100, _STEP)
    if value is None:
        return None
    if tilt:
        return Step("cover.set_cover_tilt_position", (thing.id,), {"tilt_position": round(value)})
    if value in (0, 100) and not wanted.sign:
        return Step(f"{thing.domain}.{'open' if value else 'close'}_{thing.domain}", (thing.id,))
    if features & _SET_POSITION:
        return Step("cover.set_cover_position" if thing.domain == "cover" else "valve.set_valve_position", (thing.id,), {"position": round(value)})
    if wanted.sign:
        return Step(f"{thing.domain}.{'open' if wanted.sign > 0 else 'close'}_{thing.domain}", (thing.id,))
    return None
