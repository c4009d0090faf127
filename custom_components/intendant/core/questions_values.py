"""Plan the questions for a property: find what tells it, a thing itself, a sensor beside it, or the best source of a room."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .intentions import Intention, Refuse, Tell
from .moments import quantity_of
from .names import split_plain
from .plan_switching import problem
from .properties import ATTRIBUTES, CLASSES, Value, read_property
from .questions_outside import is_outdoors, outdoors, plan_weather
from .scope import Scope, all_things, find_scope, fits
from .text import lower
from .truth import ALL_DOMAINS
from .values import Text, When, Word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .intentions import Situation
    from .values import Call, Entity, Reading

_WEATHER = frozenset({"rain", "wind", "pressure"})
_HOUSEWIDE = frozenset({"power", "energy", "battery", "value"})
"""Properties that are asked of the whole house when no place is said."""
_TOTAL = re.compile(r"house|home|total|whole|grid|mains|flat|总|全屋|家|今日", re.IGNORECASE)
_PLAIN = frozenset(
    "temperature humidity sensor air room climate thermostat indoor inside quality co2 carbon dioxide level power energy battery light illuminance brightness the of in".split()  # noqa: SIM905
)
_PLAIN_HAN = re.compile(r"温度|湿度|传感器|温湿度|室内|空气|质量|二氧化碳|浓度|功率|用电|电量|光照|亮度|计|的")


def plan_value(call: Call, prop: str, reading: Reading, situation: Situation) -> Intention:
    """Tell a property of a thing, a room or the house."""
    if _is_weather(call, prop, reading, situation):
        return _ask_weather(call, prop, reading, situation)
    if call.kind not in (None, "sensor", "battery"):
        return _plan_of_things(call, prop, find_scope(call, reading, situation, ALL_DOMAINS), situation)
    ordered = tuple(
        dict.fromkeys((*ATTRIBUTES.get(prop, {}), *(f"sensor.{item}" for item in CLASSES.get(prop, ())), *ALL_DOMAINS))
    )
    named = (
        find_scope(replace(call, kind=None), reading, situation, ordered, None, _sources(prop))
        if call.targets
        else None
    )
    if named and (
        named.problem in ("no_such", "unavailable", "which_room")
        or (named.entities and not named.group)
        or named.problem == "which"
    ):
        return _plan_of_things(call, prop, named, situation)
    return _plan_of_place(call, prop, named or _around(call, prop, reading, situation), reading, situation)


def _is_weather(call: Call, prop: str, reading: Reading, situation: Situation) -> bool:
    if outdoors(call) and not situation.house.names.resolve_text(
        next(term.text for term in call.targets if isinstance(term, Text))
    ):
        return True
    later = call.slot("when") not in (None, Word("now"))
    if prop in ("temperature", "humidity") and later and not call.targets:
        return bool(situation.house.in_domains(("weather",))) and isinstance(
            quantity_of(call.slot("when"), reading), When
        )
    return prop in _WEATHER and not call.targets and not _things_measuring(prop, situation)


def _ask_weather(call: Call, prop: str, reading: Reading, situation: Situation) -> Intention:
    slots = tuple((slot, term) for slot, term in call.slots if slot == "when")
    known = prop if prop in ("rain", "temperature", "wind", "humidity", "pressure") else None
    return plan_weather(
        replace(call, verb="weather", kind=None, targets=(), slots=((("prop", Word(known)),) if known else ()) + slots),
        reading,
        situation,
    )


def _things_measuring(prop: str, situation: Situation) -> list[Entity]:
    return [thing for thing in situation.house.in_domains(("sensor",)) if thing.device_class in CLASSES.get(prop, ())]


def _sources(prop: str) -> tuple[str, ...]:
    """Return what can tell a property of a room: sensors of its classes, and the things that have it."""
    things = (
        ("climate",)
        if prop == "temperature"
        else ("humidifier", "climate")
        if prop == "humidity"
        else tuple(ATTRIBUTES.get(prop, {}))
    )
    return (
        *(f"sensor.{item}" for item in CLASSES.get(prop, ())),
        *(thing for thing in things if thing != "weather"),
    )


def _around(call: Call, prop: str, reading: Reading, situation: Situation) -> Scope:
    """Look in the speaker's room, or in the whole house for what is asked of houses."""
    sources = _sources(prop)
    if prop in _HOUSEWIDE:
        things = tuple(
            thing
            for thing in situation.house.in_domains(dict.fromkeys(item.partition(".")[0] for item in sources))
            if fits(thing, sources)
        )
        total = tuple(
            thing for thing in things if prop != "battery" and (_TOTAL.search(thing.name) or thing.area_id is None)
        )
        return Scope(total if len(total) == 1 else things, None, group=True, problem=None if things else "none_here")
    return find_scope(replace(call, kind=None), reading, situation, sources, None, sources)


def _plan_of_things(call: Call, prop: str, scope: Scope, situation: Situation) -> Intention:
    """Tell the property of named things, or of all things of a kind."""
    things = all_things(scope, situation)
    if not things:
        return problem(call, scope)
    values = [
        value for thing in things if (value := read_property(thing, prop, situation) or _beside(thing, prop, situation))
    ]
    if values:
        return _tell(call, prop, values, scope.place if scope.group else None, situation, named=True)
    if (
        any(prop in CLASSES and not ATTRIBUTES.get(prop, {}).get(thing.domain) for thing in things)
        and len(things) == 1
        and things[0].domain != "sensor"
    ):
        return Refuse(call, "not_measured", {"name": things[0].name, "what": prop})
    if any(thing.domain in ATTRIBUTES.get(prop, {}) or thing.domain in ("sensor", "binary_sensor") for thing in things):
        return Tell(
            call,
            "states",
            {"place": scope.place if scope.group else None, "kind": call.kind},
            tuple(thing.id for thing in things),
        )
    return Refuse(call, "not_measured", {"name": things[0].name, "what": prop})


def _beside(thing: Entity, prop: str, situation: Situation) -> Value | None:
    """Return what a sensor tells whose name holds the thing's name ("Rosie battery" for Rosie)."""
    own = set(split_plain(thing.name))
    for sensor in _things_measuring(prop, situation):
        words = split_plain(sensor.name)
        if own <= set(words) and (value := read_property(sensor, prop, situation)):
            return Value(sensor.id, value.value, value.unit)
    return None


def _plan_of_place(call: Call, prop: str, scope: Scope, reading: Reading, situation: Situation) -> Intention:
    """Tell the property of a room from its best source, or of several rooms."""
    best = _best_sources(all_things(scope, situation), prop, situation)
    if best:
        return _tell(call, prop, best, scope.place, situation, named=False)
    if prop in ("temperature", "humidity") and scope.problem == "none_here":
        place = str(scope.facts.get("place") or "")
        if (not call.targets or is_outdoors(place)) and situation.house.in_domains(("weather",)):
            return _ask_weather(call, prop, reading, situation)
    return Refuse(call, "not_measured", {"what": prop, "place": str(scope.facts.get("place") or scope.place or "")})


def _best_sources(things: Iterable[Entity], prop: str, situation: Situation) -> list[Value]:
    """Return one value per room where something measures just the room, else all that is measured there."""
    rooms: dict[str | None, list[tuple[int, Value]]] = {}
    for thing in things:
        if value := read_property(thing, prop, situation):
            room = thing.area_id if prop not in _HOUSEWIDE else thing.id
            rooms.setdefault(room, []).append((_fitness(thing, situation), value))
    chosen: list[Value] = []
    for room, found in rooms.items():
        best = max(rank for rank, _ in found)
        fitting = [value for rank, value in found if rank == best]
        chosen += fitting[:1] if best and room is not None else fitting
    return chosen


def _fitness(thing: Entity, situation: Situation) -> int:
    """Return 2 for a sensor named just like its room or what it measures, 1 for a thermostat, 0 for what measures something in the room."""
    if thing.domain != "sensor":
        return 1
    return 2 if is_plain(thing, situation) else 0


def is_plain(thing: Entity, situation: Situation) -> bool:
    """Return whether a sensor's name says nothing but its room and what it measures."""
    area = situation.house.areas.get(thing.area_id or "")
    name = lower(thing.name)
    for alias in (area.name, *area.aliases) if area else ():
        name = name.replace(lower(alias), " ")
    name = _PLAIN_HAN.sub(" ", name)
    return area is not None and not [word for word in split_plain(name) if word not in _PLAIN and not word.isdecimal()]


def _tell(call: Call, prop: str, values: list[Value], place: str | None, situation: Situation, *, named: bool) -> Tell:
    items = [_item(value, situation, named=named) for value in values]
    ids = tuple(value.entity_id for value in values)
    if len(items) == 1:
        return Tell(call, "value", {"prop": prop, **items[0]}, ids)
    return Tell(call, "values", {"prop": prop, "items": items, "place": place}, ids)


def tell_extreme_room(call: Call, prop: str, situation: Situation, *, highest: bool) -> Intention:
    """Tell which room has the highest or lowest temperature or humidity; rooms alone count that something measures."""
    sources = _sources(prop)
    things = [thing for thing in situation.house.home.entities if thing.area_id and fits(thing, sources)]
    values = [
        (number, value)
        for value in _best_sources(things, prop, situation)
        if isinstance(number := value.value, float) and not _is_outside(value.entity_id, situation)
    ]
    if not values:
        return Refuse(call, "not_measured", {"what": prop})
    _, found = (max if highest else min)(values, key=lambda pair: pair[0])
    return _tell(call, prop, [found], None, situation, named=False)


def _is_outside(entity_id: str, situation: Situation) -> bool:
    area = situation.house.areas.get(situation.house.entities[entity_id].area_id or "")
    return area is not None and is_outdoors(area.name)


def _item(value: Value, situation: Situation, *, named: bool) -> dict[str, object]:
    """Return a value with the name it is told by: the room's when it stands for the room, else the thing's."""
    thing = situation.house.entities[value.entity_id]
    area = situation.house.areas.get(thing.area_id or "")
    plain = not named and (thing.domain in ("climate", "humidifier") or is_plain(thing, situation)) and area is not None
    return {
        "value": value.value,
        "unit": value.unit,
        "name": None if plain else thing.name,
        "place": area.name if area and plain else None,
    }


def value_of_place(call: Call, prop: str, reading: Reading, situation: Situation) -> tuple[float, str] | None:
    """Return a room's temperature or humidity with its unit, for a summary of the room."""
    scope = find_scope(replace(call, kind=None, slots=()), reading, situation, _sources(prop), None, _sources(prop))
    values = _best_sources(
        [thing for thing in scope.entities if thing.domain != "sensor" or is_plain(thing, situation)], prop, situation
    )
    value = values[0].value if values else None
    return (value, values[0].unit) if isinstance(value, float) else None
