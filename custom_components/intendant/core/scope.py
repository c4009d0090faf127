"""Find the things that a call concerns: by name, place, kind, the satellite's area, the turn before, and what the states make plausible.

The result is a Scope: the things, or the reason why there are none, or the question to ask. Nothing here knows services.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .called import fits
from .catalog import load_catalog
from .likely import usual_thing
from .meant import ALL, Meant, beside, collect
from .said import said_so
from .text import lower
from .values import Pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .intentions import Situation
    from .values import Call, Entity, Reading

RELATIVES = (
    ("blind", "curtain", "shutter", "cover", "awning"), ("tv", "speaker", "media"), ("switch", "outlet"), ("humidifier", "dehumidifier"),
    ("garage", "gate", "door", "cover"), ("window", "cover"), ("climate", "fan"), ("scene", "script", "button", "automation"), ("number", "select"),
)  # fmt: skip
"""Kinds that people take for each other: when a place has none of the kind, its relatives are tried in turn."""
_ONE_OF_A_KIND = frozenset({"garage", "gate", "tv"})
"""Kinds of which a house has one or two: looked for everywhere before anything like it in the room (no lock, no speaker)."""
_NAMED_KINDS = {
    "light": r"(?<!heat )(?<!heating )(?<!uv )(?<!brooder )\b(?:light|lamp|bulb)s?\b|(?<![暖烤蚊菌])灯",
    "fan": r"\bfans?\b|风扇",
    "climate": r"\bheaters?\b|暖气|取暖",
}
_ONE_OF_SEVERAL = {
    "light": "lamp",
    "climate": "radiator|heater",
    "fan": "fan",
    "speaker": "speaker",
    "media": "speaker",
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
    meant = collect(call.targets, call, reading, situation, accepts)
    if meant.unknown is not None:
        return Scope(problem="no_such", facts={"name": meant.unknown})
    if meant.no_place:
        return Scope(problem="which_room")
    spared = collect(call.excepts, call, reading, situation, ALL)
    if call.excepts and (problem := _unclear(spared)):
        return problem
    left = _excluded(spared, call, situation)
    scope = (
        _named_scope(meant, situation, accepts, plausible)
        if meant.named
        else _instead_here(call, meant, situation, accepts, reading)
        or _kind_scope(call, meant, situation, accepts, plausible, group, reading)
    )
    if scope.problem == "which" and len(meant.named) < 2 and (usual := usual_thing(scope.candidates, call, situation)):
        scope = Scope((usual,))
    if scope.problem:
        return scope
    things = (*scope.entities, *beside(meant, situation))
    kept = tuple(entity for entity in things if entity.id not in left)
    return _without_unavailable(Scope(kept, scope.place, scope.group), situation)


def _unclear(spared: Meant) -> Scope | None:
    """Return why it is not known what shall be spared: then nothing may happen."""
    if spared.no_place:
        return Scope(problem="which_room")
    nothing = not spared.named and spared.areas is None and not spared.labels and not spared.kinds
    if spared.unknown is not None or nothing:
        return Scope(problem="no_such", facts={"name": spared.unknown or ""})
    return None


def _excluded(spared: Meant, call: Call, situation: Situation) -> set[str]:
    """Return the ids of what shall be spared."""
    ids = {entity.id for things in spared.named for entity in things}
    for area in spared.areas or () if call.excepts else ():
        ids |= {entity.id for entity in situation.house.in_area(area)}
    ids |= (
        {thing.id for thing in situation.house.home.entities if spared.labels & set(thing.labels)}
        if spared.labels
        else set()
    )
    classes = [item for kind in spared.kinds for item in load_catalog().kinds[kind]]
    return ids | {thing.id for thing in situation.house.in_domains(_domains(tuple(classes))) if fits(thing, classes)}


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


def _named_scope(meant: Meant, situation: Situation, accepts: tuple[str, ...], plausible: str | None) -> Scope:
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


def _narrow(things: list[Entity], meant: Meant, situation: Situation, plausible: str | None) -> list[Entity]:
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
    meant: Meant,
    situation: Situation,
    accepts: tuple[str, ...],
    plausible: str | None,
    group: tuple[str, ...],
    reading: Reading,
) -> Scope:
    """Look in the places that were said, else in the speaker's room, else in the whole house."""
    house = situation.house
    anywhere = meant.everywhere or bool(meant.labels) or bool(call.excepts)
    room = house.areas.get(situation.area_id or "")
    kinds = _wanted(call.kind, group or accepts)
    near = _near(meant, situation, anywhere=anywhere)
    if call.kind in _ONE_OF_A_KIND:
        near = [thing for thing in near if thing.domain != "lock"]
        own = _of_kind(call.kind, kinds[0], accepts, house.in_domains(_domains(kinds[0])))
        if own and meant.areas is None and not anywhere and not set(own) & set(near):
            # The garage is elsewhere: what is like one in this room is not meant.
            return _single(said_so(own, reading, situation), situation, plausible)
    for wanted in kinds:
        things = _of_kind(call.kind, wanted, accepts, near)
        if things := said_so(things, reading, situation) if call.kind else things:
            if len(things) > 1 and _is_one_of_several(call.kind, reading):
                return _single(things, situation, plausible)
            place = room.name if meant.areas is None and room else meant.places[0] if meant.places else None
            return Scope(tuple(things), place, group=True)
    for wanted in kinds if meant.areas is None else ():
        things = _of_kind(call.kind, wanted, accepts, house.in_domains(_domains(wanted)))
        if meant.labels:
            things = [thing for thing in things if meant.labels & set(thing.labels)]
        if things and anywhere:
            return Scope(tuple(things), None, group=True)
        if things:
            return _single(said_so(things, reading, situation), situation, plausible)
    return Scope(problem="none_here", facts={"kind": call.kind or "", "place": meant.places[0] if meant.places else ""})


def _instead_here(
    call: Call, meant: Meant, situation: Situation, accepts: tuple[str, ...], reading: Reading
) -> Scope | None:
    """Return what is meant in the speaker's room, where a place that was said for another call has nothing of the kind.

    "The bedroom to 19 degrees and close the curtains": the bedroom has none, and this room has.
    """
    others = {term for other in reading.calls if other is not call for term in other.targets}
    lent = any(isinstance(term, Pointer) and term in others for term in call.targets)
    room = situation.house.areas.get(situation.area_id or "")
    if call.kind is None or not lent or room is None:
        return None
    [own, *_] = _wanted(call.kind, accepts)
    if _of_kind(call.kind, own, accepts, _near(meant, situation, anywhere=False)):
        return None
    here = _of_kind(call.kind, own, accepts, situation.house.in_area(room.id))
    return Scope(tuple(here), room.name, group=True) if here else None


def _near(meant: Meant, situation: Situation, *, anywhere: bool) -> list[Entity]:
    """Return the things in the places that were said, else in the speaker's room."""
    house = situation.house
    if meant.areas is not None:
        return [thing for area in sorted(meant.areas) for thing in house.in_area(area)]
    room = house.areas.get(situation.area_id or "")
    return list(house.in_area(room.id)) if room and not anywhere else []


def _is_one_of_several(kind: str | None, reading: Reading) -> bool:
    """Return whether a sentence speaks of one thing of a sort of which a room may well have two ("the lamp", not "the light")."""
    words = _ONE_OF_SEVERAL.get(kind or "")
    return (
        words is not None and re.search(rf"\b(?:the|this|that|my) (?:{words})\b(?!s)", lower(reading.text)) is not None
    )


def _domains(wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return the domains of classes, and switches, which may be named like another kind of thing."""
    return tuple(dict.fromkeys((*(item.partition(".")[0] for item in wanted), "switch")))


def _wanted(kind: str | None, accepts: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the classes to look for, the kind's own first and then those of its relatives."""
    if kind is None:
        return [accepts]
    kinds = load_catalog().kinds
    relatives = [relative for group in RELATIVES if kind in group for relative in group if relative != kind]
    return [kinds[kind], *(kinds[relative] for relative in relatives)]


def _of_kind(
    kind: str | None, wanted: tuple[str, ...], accepts: tuple[str, ...], pool: Iterable[Entity]
) -> list[Entity]:
    """Return the things of a kind; a switch counts as the kind of thing that its name calls it."""
    own = kind is not None and wanted == load_catalog().kinds[kind]
    pattern = _NAMED_KINDS.get(kind or "") if own and "switch" in accepts else None
    found = [
        thing
        for thing in pool
        if (fits(thing, wanted) and fits(thing, accepts))
        or (pattern is not None and thing.domain == "switch" and re.search(pattern, thing.name, re.IGNORECASE))
    ]
    if kind == "humidifier":
        # Home Assistant has one domain for both, and they do the contrary of each other.
        return [thing for thing in found if thing.device_class != "dehumidifier"]
    return [thing for thing in found if thing.device_class == kind] or found if kind == "shutter" else found


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
