"""Read a value off another thing: "as bright as the kitchen", "the same temperature as the bedroom"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .scope import fits
from .values import Color, Number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .intentions import Situation
    from .values import Entity, Mark, Quantity, State

_ATTRIBUTES = {
    "brightness": (("light",), ("brightness",)),
    "color": (("light",), ("rgb_color",)),
    "color_temp": (("light",), ("color_temp_kelvin",)),
    "temperature": (("climate", "water_heater"), ("temperature", "current_temperature")),
    "humidity": (("humidifier",), ("humidity", "current_humidity")),
    "speed": (("fan",), ("percentage",)),
    "position": (("cover", "valve"), ("current_position",)),
    "volume": (("media_player",), ("volume_level",)),
}
"""Property → the domains that have it, and the attributes that hold it, best first."""
_PERCENT = {"brightness": 100 / 255, "volume": 100.0, "position": 1.0, "speed": 1.0, "humidity": 1.0}
_SENSED = {"temperature": "temperature", "humidity": "humidity"}


def value_like(mark: Mark, slot: str, situation: Situation) -> Quantity | None:
    """Return the value that what a mark names has of a property, None when it tells none."""
    return value_of([thing.id for thing in _things(mark, situation)], slot, situation)


def value_of(entity_ids: Iterable[str], slot: str, situation: Situation) -> Quantity | None:
    """Return the value of a property that the first of some things has which tells it, None when none does."""
    domains, attributes = _ATTRIBUTES.get(slot, ((), ()))
    things = [thing for i in entity_ids if (thing := situation.house.entities.get(i))]
    for thing in (thing for thing in things if fits(thing, domains)):
        state = situation.states(thing.id)
        if state and (found := _read(state, attributes, slot)):
            return found
    for thing in things:
        state = situation.states(thing.id)
        if state and thing.device_class == _SENSED.get(slot, "") and (number := _number(state.state)) is not None:
            return Number(number, "%" if slot == "humidity" else "")
    return None


def _things(mark: Mark, situation: Situation) -> Iterable[Entity]:
    for ref in mark.refs:
        if ref.kind == "entity":
            if thing := situation.house.entities.get(ref.id):
                yield thing
        else:
            for area in sorted(situation.house.areas_of(ref)):
                yield from situation.house.in_area(area)


def _read(state: State, attributes: tuple[str, ...], slot: str) -> Quantity | None:
    for name in attributes:
        value = state.attributes.get(name)
        if slot == "color" and isinstance(value, (list, tuple)) and len(value) == 3:
            red, green, blue = (round(part) for part in value)
            return Color("", (red, green, blue))
        if (number := _number(value)) is not None:
            return Number(round(number * _PERCENT[slot]), "%") if slot in _PERCENT else Number(number)
    return None


def _number(value: object) -> float | None:
    try:
        return None if value is None or isinstance(value, bool) else float(str(value))
    except ValueError:
        return None
