"""Find the things that a call concerns: by name, place, kind, the satellite's area, the turn before, and what the states make plausible.

The result is a Scope: the things, or the reason why there are none, or the question to ask. Nothing here knows services.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .catalog import load_catalog
from .values import Pointer, Ref, Text, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .intentions import Situation
    from .values import Call, Entity, Reading, Term

RELATIVES = (
    {"blind", "curtain", "shutter", "cover", "awning"}, {"tv", "speaker", "media"}, {"switch", "outlet"}, {"humidifier", "dehumidifier"},
    {"garage", "gate", "door", "cover"}, {"window", "cover"}, {"climate", "fan"}, {"scene", "script", "button", "automation"}, {"number", "select"},
)  # fmt: skip
"""Kinds that people take for each other: when a place has none of the kind, its relatives are tried in turn."""
_NAMED_KINDS = {
    "light": r"\b(?:light|lamp|bulb)s?\b|灯",
    "fan": r"\bfans?\b|风扇",
    "climate": r"\bheaters?\b|暖气|取暖",
}
_ON = frozenset(
    {
        "on",
        "playing",
        "paused",
        "idle",
        "buffering",
        "open",
        "opening",
        "heat",
        "cool",
        "heat_cool",
        "auto",
        "dry",
        "fan_only",
        "cleaning",
        "mowing",
        "unlocked",
    }
)
_OFF = frozenset({"off", "standby", "closed", "docked", "locked", "unavailable", "unknown"})


@dataclass(frozen=True, slots=True)
class Scope:
    """The things of a call. `problem` is the key of a refusal or question when there are none; `facts` go into its wording."""

    entities: tuple[Entity, ...] = ()
    place: str | None = None
    group: bool = False
    """Whether the things were meant as a group and not by their names."""
    problem: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    """Names to choose from, when several things fit."""
    candidates: tuple[str, ...] = ()
    """Ids of the things that fit, when several do."""
    left_out: tuple[str, ...] = ()


def all_things(scope: Scope, situation: Situation) -> list[Entity]:
    """Return the things of a scope: all that fit where a question back would have to choose one."""
    found = [situation.house.entities[i] for i in scope.candidates]
    return found if scope.problem == "which" else list(scope.entities)


@dataclass(slots=True)
class _Meant:
    """What the terms of a call point to, collected."""

    named: list[list[Entity]] = field(default_factory=list)
    areas: set[str] | None = None
    labels: set[str] = field(default_factory=set)
    places: list[str] = field(default_factory=list)
    everywhere: bool = False
    unknown: str | None = None
    no_place: bool = False


def find_scope(
    call: Call,
    reading: Reading,
    situation: Situation,
    accepts: tuple[str, ...],
    plausible: str | None = None,
    group: tuple[str, ...] = (),
) -> Scope:
    """Return the things that a call concerns.

    `accepts` are the domains ("light") or classes ("cover.garage") that the verb can act on, best first; `plausible` is
    "on", "off" or a state when the verb makes sense only for things that are so (it only breaks ties); `group` are the
    domains meant when a place is named but no kind of thing (all that are accepted, when empty).
    """
    meant = _collect(call.targets, call, reading, situation, accepts)
    if meant.unknown is not None:
        return Scope(problem="no_such", facts={"name": meant.unknown})
    if meant.no_place:
        return Scope(problem="which_room")
    left = _excluded(call, reading, situation)
    scope = (
        _named_scope(meant, situation, accepts, plausible)
        if meant.named
        else _kind_scope(call, meant, situation, accepts, plausible, group)
    )
    if scope.problem:
        return scope
    kept = tuple(entity for entity in scope.entities if entity.id not in left)
    return _without_unavailable(Scope(kept, scope.place, scope.group), situation)


def _collect(
    terms: tuple[Term, ...], call: Call, reading: Reading, situation: Situation, accepts: tuple[str, ...] = ()
) -> _Meant:
    meant = _Meant()
    for term in terms:
        match term:
            case Word("all"):
                meant.everywhere = True
            case Word("here"):
                meant.no_place = situation.area_id is None
                _add_areas(meant, {situation.area_id} if situation.area_id else set(), situation)
            case Word("it"):
                things = _mentioned(situation, accepts)
                meant.named += [[thing] for thing in things]
                meant.unknown = None if things else "it"
            case Word("other"):
                others = [situation.house.entities[i] for i in situation.memory.others if i in situation.house.entities]
                meant.named += [others] if others else []
            case Word("there"):
                areas = ({thing.area_id for thing in things if thing.area_id} for things in _mentions(situation))
                _add_areas(meant, next(filter(None, areas), set()), situation)
            case Pointer(int(number)) if number <= len(reading.marks):
                _add_refs(meant, reading.marks[number - 1].refs, call, situation)
            case Text(text):
                _add_text(meant, text, call, situation)
    return meant


def _mentions(situation: Situation) -> list[list[Entity]]:
    """Return the things of the last turns that still exist, newest turn first."""
    known = situation.house.entities
    turns = (situation.memory.entity_ids, *situation.memory.earlier)
    return [things for ids in turns if (things := [known[i] for i in ids if i in known])]


def _mentioned(situation: Situation, accepts: tuple[str, ...]) -> list[Entity]:
    """Return what "it" is: the things spoken of last with which this can be done, else those spoken of last."""
    turns = _mentions(situation)
    able = ([thing for thing in things if fits(thing, accepts)] for things in turns)
    return next(filter(None, able), turns[0] if turns else [])


def _add_text(meant: _Meant, text: str, call: Call, situation: Situation) -> None:
    refs = situation.house.names.resolve_text(text)
    if refs:
        _add_refs(meant, refs, call, situation)
    else:
        meant.unknown = text


def _add_refs(meant: _Meant, refs: Iterable[Ref], call: Call, situation: Situation) -> None:
    """Take places, or things; a name that is both is a place when the call speaks of a kind of thing."""
    refs = tuple(refs)
    things = [
        situation.house.entities[ref.id] for ref in refs if ref.kind == "entity" and ref.id in situation.house.entities
    ]
    places = [ref for ref in refs if ref.kind != "entity"]
    if places and (call.kind or not things or call.verb in ("state", "any", "every", "which", "count")):
        for ref in places:
            meant.places.append(situation.house.place_name(ref))
            if ref.kind == "label":
                meant.labels.add(ref.id)
            else:
                _add_areas(meant, situation.house.areas_of(ref), situation, named=True, floor=ref.kind == "floor")
    elif things:
        meant.named.append(things)


def _add_areas(
    meant: _Meant, areas: set[str], situation: Situation, *, named: bool = False, floor: bool = False
) -> None:
    """Join areas; a floor together with an area on it narrows nothing and widens nothing."""
    if not named:
        meant.places += [situation.house.areas[area].name for area in sorted(areas) if area in situation.house.areas]
    if meant.areas is None:
        meant.areas = set(areas)
    elif (floor and meant.areas <= areas) or (not floor and areas <= meant.areas and len(meant.areas) > 1):
        meant.areas = meant.areas if floor else set(areas)
    else:
        meant.areas |= areas


def _excluded(call: Call, reading: Reading, situation: Situation) -> set[str]:
    if not call.excepts:
        return set()
    meant = _collect(call.excepts, call, reading, situation)
    ids = {entity.id for things in meant.named for entity in things}
    for area in meant.areas or ():
        ids |= {entity.id for entity in situation.house.in_area(area)}
    return ids


def fits(entity: Entity, wanted: Iterable[str]) -> bool:
    """Return whether a thing is of one of the domains ("cover") or classes ("cover.blind")."""
    return any(item in (entity.domain, f"{entity.domain}.{entity.device_class}") for item in wanted)


def is_on(entity_id: str, situation: Situation) -> bool | None:
    """Return whether a thing is on, open, playing or at work; None when its state says neither."""
    state = situation.states(entity_id)
    return None if state is None else True if state.state in _ON else False if state.state in _OFF else None


def is_plausible(entity_id: str, wanted: str, situation: Situation) -> bool:
    """Return whether a thing is on, off, or in the very state that a verb presupposes."""
    if wanted in ("on", "off"):
        return is_on(entity_id, situation) == (wanted == "on")
    state = situation.states(entity_id)
    return state is not None and state.state == wanted


def _named_scope(meant: _Meant, situation: Situation, accepts: tuple[str, ...], plausible: str | None) -> Scope:
    chosen: list[Entity] = []
    for things in meant.named:
        able = [thing for thing in things if fits(thing, accepts)]
        if not able:
            return Scope(problem="not_able", facts={"name": things[0].name, "id": things[0].id})
        if len(able) > 1:
            able = _narrow(able, meant, situation, plausible)
        if len(able) > 1 and len({_best(thing, accepts) for thing in able}) > 1:
            first = min(_best(thing, accepts) for thing in able)
            able = [thing for thing in able if _best(thing, accepts) == first]
        if len(able) > 1:
            return Scope(
                problem="which", choices=_distinct_names(able, situation), candidates=tuple(thing.id for thing in able)
            )
        chosen += able
    place = meant.places[0] if meant.places else None
    return Scope(tuple(dict.fromkeys(chosen)), place)


def _best(entity: Entity, accepts: tuple[str, ...]) -> int:
    return next(i for i, item in enumerate(accepts) if fits(entity, (item,)))


def _narrow(things: list[Entity], meant: _Meant, situation: Situation, plausible: str | None) -> list[Entity]:
    """Narrow namesakes down by place, by the satellite's area, by what is available and by what is plausible."""
    tests: list[Callable[[Entity], bool]] = [
        lambda thing: meant.areas is None or thing.area_id in meant.areas,
        lambda thing: thing.area_id == situation.area_id,
        lambda thing: (state := situation.states(thing.id)) is not None and state.state != "unavailable",
        lambda thing: plausible is not None and is_plausible(thing.id, plausible, situation),
    ]
    for test in tests:
        if len(things) > 1:
            things = [thing for thing in things if test(thing)] or things
    return things


def _distinct_names(things: list[Entity], situation: Situation) -> tuple[str, ...]:
    """Return names to choose from; namesakes are told apart by their area."""
    names = [thing.name for thing in things]
    area_names = [
        situation.house.areas[thing.area_id].name if thing.area_id in situation.house.areas else "" for thing in things
    ]
    return tuple(
        f"{name} ({area})" if names.count(name) > 1 and area else name
        for name, area in zip(names, area_names, strict=True)
    )


def _kind_scope(
    call: Call,
    meant: _Meant,
    situation: Situation,
    accepts: tuple[str, ...],
    plausible: str | None,
    group: tuple[str, ...],
) -> Scope:
    """Look in the places that were said, else in the speaker's room, else in the whole house."""
    house = situation.house
    anywhere = meant.everywhere or bool(meant.labels) or bool(call.excepts)
    for wanted in _wanted(call.kind, group or accepts):
        if meant.areas is not None:
            pool = [thing for area in sorted(meant.areas) for thing in house.in_area(area)]
            things = _of_kind(call.kind, wanted, accepts, pool)
            place = meant.places[0] if meant.places else None
        else:
            room = house.areas.get(situation.area_id or "")
            things = _of_kind(call.kind, wanted, accepts, house.in_area(room.id)) if room and not anywhere else []
            place = room.name if room and things else None
        if things:
            return Scope(tuple(things), place, group=True)
        if meant.areas is None:
            things = _of_kind(call.kind, wanted, accepts, house.in_domains(_domains(wanted)))
            if meant.labels:
                things = [thing for thing in things if meant.labels & set(thing.labels)]
            if things:
                return Scope(tuple(things), None, group=True) if anywhere else _single(things, situation, plausible)
    return Scope(problem="none_here", facts={"kind": call.kind or "", "place": meant.places[0] if meant.places else ""})


def _domains(wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return the domains of classes, and switches, which may be named like another kind of thing."""
    return tuple(dict.fromkeys((*(item.partition(".")[0] for item in wanted), "switch")))


def _wanted(kind: str | None, accepts: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the classes to look for, the kind's own first and then those of its relatives."""
    if kind is None:
        return [accepts]
    kinds = load_catalog().kinds
    relatives = [relative for group in RELATIVES if kind in group for relative in sorted(group) if relative != kind]
    return [kinds[kind], *(kinds[relative] for relative in relatives)]


def _of_kind(
    kind: str | None, wanted: tuple[str, ...], accepts: tuple[str, ...], pool: Iterable[Entity]
) -> list[Entity]:
    """Return the things of a kind; a switch counts as the kind of thing that its name calls it."""
    own = kind is not None and wanted == load_catalog().kinds[kind]
    pattern = _NAMED_KINDS.get(kind or "") if own and "switch" in accepts else None
    return [
        thing
        for thing in pool
        if (fits(thing, wanted) and fits(thing, accepts))
        or (pattern is not None and thing.domain == "switch" and re.search(pattern, thing.name, re.IGNORECASE))
    ]


def _single(things: list[Entity], situation: Situation, plausible: str | None) -> Scope:
    """Choose among things of the whole house when no place was said and the speaker's room has none."""
    if not things:
        return Scope(problem="none_here")
    usable = [
        thing for thing in things if (state := situation.states(thing.id)) and state.state != "unavailable"
    ] or things
    if len(usable) > 1 and plausible:
        usable = [thing for thing in usable if is_plausible(thing.id, plausible, situation)] or usable
    if len(usable) == 1:
        return Scope(tuple(usable))
    return Scope(
        problem="which", choices=_distinct_names(usable, situation), candidates=tuple(thing.id for thing in usable)
    )


def _without_unavailable(scope: Scope, situation: Situation) -> Scope:
    away = [
        thing
        for thing in scope.entities
        if (state := situation.states(thing.id)) is None or state.state == "unavailable"
    ]
    kept = tuple(thing for thing in scope.entities if thing not in away)
    if away and not kept:
        return Scope(problem="unavailable", facts={"name": away[0].name, "names": [thing.name for thing in away]})
    if not kept:
        return Scope(problem="none_here")
    return Scope(kept, scope.place, scope.group, left_out=tuple(thing.id for thing in away))
