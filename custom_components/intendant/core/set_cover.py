"""Set how far covers and valves are open, and how their slats are tilted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .intentions import Refuse, Step

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Entity
    from .wanted import Wanted

_SET_POSITION, _SET_TILT = 4, 128
_STEP, _HALF_WAY = 20.0, 50.0


def set_covers(wanted: Wanted, things: tuple[Entity, ...], situation: Situation) -> list[Step] | Refuse:
    """Return the steps that bring covers or valves to a position or tilt; those without positions only open and close."""
    number = wanted.number
    if number and not wanted.sign and not 0 <= number.value <= 100:
        return Refuse(
            wanted.call,
            "out_of_range",
            {"name": things[0].name, "low": 0, "high": 100, "unit": "%", "what": wanted.slot},
        )
    steps = [step for thing in things if (step := _set_cover(wanted, thing, situation))]
    return steps or Refuse(wanted.call, "not_supported", {"name": things[0].name, "what": wanted.slot})


def _set_cover(wanted: Wanted, thing: Entity, situation: Situation) -> Step | None:
    state = situation.states(thing.id)
    attributes = state.attributes if state else {}
    features = attributes.get("supported_features", 0)
    features = features if isinstance(features, int) else 0
    if wanted.slot == "tilt":
        value = wanted.value(_known(attributes.get("current_tilt_position"), 50.0), 0, 100, _STEP)
        able = features & _SET_TILT and value is not None
        return (
            Step("cover.set_cover_tilt_position", (thing.id,), {"tilt_position": round(value or 0)}) if able else None
        )
    closed = state is not None and state.state == "closed"
    # Half of the way, wherever it is now: a blind that is shut has no half of its opening.
    step = _HALF_WAY if wanted.word == "half" and wanted.sign else _STEP
    value = (wanted if step == _STEP else replace(wanted, word="some")).value(
        _known(attributes.get("current_position"), 0.0 if closed else 100.0), 0, 100, step
    )
    if value is not None and features & _SET_POSITION and (wanted.sign or value not in (0, 100)):
        service = "cover.set_cover_position" if thing.domain == "cover" else "valve.set_valve_position"
        return Step(service, (thing.id,), {"position": round(value)})
    if value is None or not (wanted.sign or value in (0, 100)):
        return None
    opens = wanted.sign > 0 or (not wanted.sign and value == 100)
    return Step(f"{thing.domain}.{'open' if opens else 'close'}_{thing.domain}", (thing.id,))


def _known(value: object, fallback: float) -> float:
    return float(value) if isinstance(value, (int, float)) else fallback
