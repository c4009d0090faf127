"""Plan `set`, `more` and `less`: find the property that is meant and the things that have it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from . import set_climate, set_cover, set_light, set_other
from .intentions import Act, Ask, Intention, Refuse
from .likeness import value_like, value_of
from .plan_switching import plan_switching, problem
from .scope import Scope, find_scope
from .text import lower
from .values import Call, Number, Option, Pointer, Text, Word
from .wanted import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from .intentions import Situation, Step
    from .values import Entity, Reading, Term

    type_setter = Callable[[Wanted, tuple[Entity, ...], Situation], "list[Step] | Refuse"]

ACCEPTS: dict[str, tuple[str, ...]] = {
    "brightness": ("light", "number", "input_number"), "color": ("light",), "color_temp": ("light",), "effect": ("light",),
    "temperature": ("climate", "water_heater", "number", "input_number"), "humidity": ("humidifier", "climate", "number", "input_number"),
    "mode": ("climate", "humidifier", "water_heater", "fan", "vacuum", "select", "input_select", "light", "alarm_control_panel", "media_player"),
    "speed": ("fan", "climate", "vacuum", "number", "input_number"), "oscillate": ("fan", "climate"), "direction": ("fan",),
    "position": ("cover", "valve", "number", "input_number"), "tilt": ("cover",), "volume": ("media_player", "number", "input_number"), "source": ("media_player",),
    "shuffle": ("media_player",), "repeat": ("media_player",), "option": ("select", "input_select", "media_player", "light", "climate", "fan", "humidifier"),
    "value": ("number", "input_number", "select", "input_select", "light", "fan", "climate", "humidifier", "media_player", "cover", "water_heater", "valve"),
}  # fmt: skip
"""Which domains have a property, best first."""
_GROUP: dict[str, tuple[str, ...]] = {"temperature": ("climate",), "humidity": ("humidifier",), "mode": ("climate",), "speed": ("fan",), "position": ("cover",), "volume": ("media_player",),
                                      "brightness": ("light",), "option": ("select", "input_select"), "value": ("number", "input_number"), "oscillate": ("fan",)}  # fmt: skip
_PROPERTY_OF_VALUE = {
    "light": "brightness",
    "fan": "speed",
    "climate": "temperature",
    "humidifier": "humidity",
    "media_player": "volume",
    "cover": "position",
    "valve": "position",
    "water_heater": "temperature",
}
_TIMES = frozenset({"in", "at", "for"})
_CHOICES = frozenset({"effect", "mode", "option", "source"})
_CHOSEN_BY = {
    "light": "effect",
    "climate": "mode",
    "fan": "mode",
    "humidifier": "mode",
    "water_heater": "mode",
    "media_player": "source",
    "select": "option",
    "input_select": "option",
}
"""Domain → the slot by which its choices are chosen."""


def plan_setting(call: Call, reading: Reading, situation: Situation) -> Intention:
    """Return the services that set or change the properties a call names."""
    made = _plan(call, reading, situation)
    return Ask(call, "which_value") if isinstance(made, Refuse) and made.key == "no_value" else made


def _plan(call: Call, reading: Reading, situation: Situation) -> Intention:
    slots = [(slot, term) for slot, term in call.slots if slot not in _TIMES]
    if not slots:
        return Refuse(call, "no_value")
    accepts = (
        tuple(domain for domain in ACCEPTS[slots[0][0]] if all(domain in ACCEPTS[slot] for slot, _ in slots))
        or ACCEPTS[slots[0][0]]
    )
    scope = find_scope(
        call,
        reading,
        situation,
        accepts,
        "on" if slots[0][0] in ("volume", "source", "shuffle", "repeat") else None,
        _GROUP.get(slots[0][0], accepts),
    )
    if scope.problem in ("none_here", "not_able") and (instead := _instead(call, slots[0][0], reading, situation)):
        return instead
    if scope.problem in ("which", "none_here") and slots[0][0] in ("source", "option", "effect", "mode"):
        scope = _scope_by_option(scope, slots[0], accepts, reading, situation)
    if scope.problem == "which":
        scope = _scope_by_ability(call, slots, scope, reading, situation)
    if scope.problem:
        return _of_its_own(call, slots, scope, reading, situation) or problem(call, scope)
    made = _set_all(call, slots, scope, reading, situation)
    if isinstance(made, Refuse) and made.key in ("no_option", "not_supported") and not _names_its_things(call):
        return _who_has_it(call, slots, reading, situation) or made
    return made


def _names_its_things(call: Call) -> bool:
    """Return whether a call names its things."""
    return any(isinstance(term, (Pointer, Text)) for term in call.targets)


def _who_has_it(call: Call, slots: list[tuple[str, Term]], reading: Reading, situation: Situation) -> Intention | None:
    """Set a choice that the obvious thing lacks and just one other thing has: "disco" is an effect of the lamp, no channel."""
    [(slot, term), *others] = slots
    choice = Wanted.from_term(call, slot, term, reading).quantity
    if others or slot not in _CHOICES or not isinstance(choice, Option):
        return None
    able = [
        thing for thing in situation.house.home.entities if choice.name in thing.options and thing.domain in _CHOSEN_BY
    ]
    able = [thing for thing in able if thing.area_id == situation.area_id] or able
    if len(able) != 1:
        return None
    slot = _CHOSEN_BY[able[0].domain]
    made = _set_all(replace(call, kind=None), [(slot, term)], Scope((able[0],)), reading, situation)
    return made if isinstance(made, Act) else None


def _scope_by_ability(
    call: Call, slots: list[tuple[str, Term]], scope: Scope, reading: Reading, situation: Situation
) -> Scope:
    """Choose the only one of several things that can do what is wanted: of three fans, the one that swings."""
    things = [situation.house.entities[i] for i in scope.candidates]
    able = [
        thing for thing in things if not isinstance(_set_all(call, slots, Scope((thing,)), reading, situation), Refuse)
    ]
    return replace(scope, entities=tuple(able), problem=None, group=False) if len(able) == 1 else scope


def _of_its_own(
    call: Call, slots: list[tuple[str, Term]], scope: Scope, reading: Reading, situation: Situation
) -> Intention | None:
    """Set a choice of a select that is called after the thing that was named: "the pool pump to high" by "Pool pump speed"."""
    name = str(scope.facts.get("name") or "")
    [(slot, term), *others] = slots
    if scope.problem != "not_able" or not name or others or slot not in _CHOICES:
        return None
    wanted = Wanted.from_term(call, slot, term, reading)
    able = [
        thing
        for thing in situation.house.in_domains(("select", "input_select"))
        if lower(thing.name).startswith(lower(name)) and wanted.match(thing.options)
    ]
    if len(able) != 1:
        return None
    made = _set_all(replace(call, kind=None), [("option", term)], Scope((able[0],)), reading, situation)
    return made if isinstance(made, Act) else None


def _set_all(
    call: Call, slots: list[tuple[str, Term]], scope: Scope, reading: Reading, situation: Situation
) -> Intention:
    entities = _players_at_work(scope, slots[0][0], situation)
    steps: list[Step] = []
    for slot, term in slots:
        wanted = _wanted(call, slot, term, reading, situation, entities[0].domain)
        for domain in dict.fromkeys(thing.domain for thing in entities):
            things = tuple(thing for thing in entities if thing.domain == domain)
            made = SETTERS[domain](wanted, things, situation)
            if isinstance(made, Refuse):
                return made
            steps += made
    ids = tuple(dict.fromkeys(i for step in steps for i in step.entity_ids))
    return Act(
        call, tuple(_merged(steps)), ids, scope.place if scope.group and len(ids) > 1 else None, left_out=scope.left_out
    )


def _players_at_work(scope: Scope, slot: str, situation: Situation) -> tuple[Entity, ...]:
    if slot != "volume" or not scope.group or len(scope.entities) == 1:
        return scope.entities
    playing = tuple(
        thing
        for thing in scope.entities
        if (state := situation.states(thing.id)) and state.state in ("playing", "paused", "on", "buffering")
    )
    return playing or scope.entities


def _wanted(call: Call, slot: str, term: Term, reading: Reading, situation: Situation, domain: str) -> Wanted:
    """Return what is wanted, with the value of the turn before where the sentence refers to it."""
    if slot in ("value", "option"):
        slot = _PROPERTY_OF_VALUE.get(domain, slot)
    before = situation.memory.reading
    if term == Word("same") and before:
        for earlier in reversed(before.calls):
            if (old := earlier.slot(slot)) is not None and old != Word("same"):
                return Wanted.from_term(call, slot, old, before)
        return Wanted(call, slot, quantity=value_of(situation.memory.entity_ids, slot, situation))
    if isinstance(term, Pointer) and isinstance(term.key, int) and (mark := reading.marks[term.key - 1]).refs:
        return Wanted(call, slot, quantity=value_like(mark, slot, situation))
    return Wanted.from_term(call, slot, term, reading)


def _merged(steps: list[Step]) -> list[Step]:
    """Join steps that call the same service for the same things, so that a light gets its colour and brightness at once."""
    from .intentions import Step  # noqa: PLC0415 - a value needed at run time only here

    joined: dict[tuple[str, tuple[str, ...]], dict[str, object]] = {}
    for step in steps:
        joined.setdefault((step.service, step.entity_ids), {}).update(step.data)
    return [Step(service, ids, data) for (service, ids), data in joined.items()]


def _scope_by_option(
    scope: Scope, slot: tuple[str, Term], accepts: tuple[str, ...], reading: Reading, situation: Situation
) -> Scope:
    """Choose the things that have the wanted choice, when no thing was named."""
    wanted = Wanted.from_term(Call("set"), slot[0], slot[1], reading)
    several = scope.problem == "which"
    pool = [situation.house.entities[i] for i in scope.candidates] if several else situation.house.in_domains(accepts)
    able = [thing for thing in pool if wanted.match(thing.options)]
    here = [thing for thing in able if thing.area_id == situation.area_id]
    able = here or able
    return replace(scope, entities=tuple(able), problem=None, group=False) if len(able) == 1 else scope


def _instead(call: Call, slot: str, reading: Reading, situation: Situation) -> Intention | None:
    """Do what serves the wish when the place lacks the obvious thing: a fan where nothing cools, a switched light where nothing dims."""
    if slot == "temperature" and call.verb == "less":
        made = plan_switching(replace(call, verb="on", kind="fan", slots=()), reading, situation)
        return made if isinstance(made, Act) else None
    return None


SETTERS = {
    "light": set_light.set_lights, "climate": set_climate.set_climates, "water_heater": set_climate.set_water_heaters, "humidifier": set_climate.set_humidifiers,
    "cover": set_cover.set_covers, "valve": set_cover.set_covers, "fan": set_other.set_fans, "media_player": set_other.set_players, "vacuum": set_other.set_vacuums,
    "select": set_other.set_selects, "input_select": set_other.set_selects, "number": set_other.set_numbers, "input_number": set_other.set_numbers,
    "alarm_control_panel": set_other.set_alarms,
}  # fmt: skip

__all__ = ["SETTERS", "Number", "Pointer", "Text", "plan_setting"]
