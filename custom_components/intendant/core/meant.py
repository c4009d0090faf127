"""Collect what the terms of a call point to: things, places, labels, what was spoken of before, words that name nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .called import fits, is_plural, things_called
from .catalog import load_catalog
from .lexicon import kind_words, load_words
from .names import split_plain
from .text import lower, stem
from .values import Pointer, Text, Word

ALL = tuple(load_catalog().domains)
"""Every domain of the catalogue."""
KINDS_SAID = {
    "lamp": "light", "bulb": "light", "telly": "tv", "television": "tv", "music": "media", "radio": "media", "heating": "climate", "heater": "climate",
    "radiator": "climate", "thermostat": "climate", "ac": "climate", "plug": "outlet", "socket": "outlet", "hoover": "vacuum", "shade": "blind", "drape": "curtain",
    "灯": "light", "窗帘": "curtain", "电视": "tv", "空调": "climate", "暖气": "climate", "地暖": "climate", "风扇": "fan", "电扇": "fan", "插座": "outlet", "音响": "speaker", "音箱": "speaker",
}  # fmt: skip
"""Words that call a kind of thing and are not its name in the catalogue."""

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .intentions import Situation
    from .values import Call, Entity, Mark, Reading, Ref, Term


@dataclass(slots=True)
class Meant:
    """What the terms of a call point to, collected."""

    named: list[list[Entity]] = field(default_factory=list)
    areas: set[str] | None = None
    labels: set[str] = field(default_factory=set)
    places: list[str] = field(default_factory=list)
    everywhere: bool = False
    kinds: set[str] = field(default_factory=set)
    """Kinds of things that copied words call: what "except the lights" spares."""
    unknown: str | None = None
    no_place: bool = False


def collect(
    terms: tuple[Term, ...], call: Call, reading: Reading, situation: Situation, accepts: tuple[str, ...] = ()
) -> Meant:
    """Return what the targets or exceptions of a call point to; `accepts` are the domains that its verb can act on."""
    meant = Meant()
    for term in terms:
        match term:
            case Word("all"):
                meant.everywhere = True
            case Word("here"):
                meant.no_place = situation.area_id is None
                _add_areas(meant, {situation.area_id} if situation.area_id else set(), situation)
            case Word("it"):
                things = _of_owner(reading, situation) or _mentioned(situation, accepts, both=_says_both(reading))
                meant.named += [[thing] for thing in things]
                meant.unknown = None if things else "it"
            case Word("other"):
                others = _others(situation, accepts)
                meant.named += [others] if others else []
                meant.unknown = None if others else "it"
            case Word("there"):
                areas = ({thing.area_id for thing in things if thing.area_id} for things in _mentions(situation))
                _add_areas(meant, next(filter(None, areas), set()), situation)
            case Pointer(int(number)) if number <= len(reading.marks):
                _add_mark(meant, reading.marks[number - 1], call, reading, situation, accepts)
            case Text(text):
                _add_text(meant, text, call, situation, accepts)
    return meant


def _add_mark(
    meant: Meant, mark: Mark, call: Call, reading: Reading, situation: Situation, accepts: tuple[str, ...]
) -> None:
    """Add what a stretch of the sentence names."""
    said = reading.text[mark.start : mark.end]
    if mark.refs and all(_is_gone(ref, situation) for ref in mark.refs):
        # Exposed a moment ago, and no longer.
        meant.unknown = said or "it"
    elif things := _instead_of(mark.refs, said, call, situation, accepts):
        meant.named.append(things)
    else:
        _add_refs(meant, mark.refs, call, situation, said)


def _is_gone(ref: Ref, situation: Situation) -> bool:
    return ref.kind == "entity" and ref.id not in situation.house.entities


def _mentions(situation: Situation) -> list[list[Entity]]:
    """Return the things of the last turns that still exist, newest turn first."""
    known = situation.house.entities
    turns = (situation.memory.entity_ids, *situation.memory.earlier)
    return [things for ids in turns if (things := [known[i] for i in ids if i in known])]


def _says_both(reading: Reading) -> bool:
    """Return whether a sentence speaks of the two things that were spoken of last."""
    return re.search(load_words(reading.language)["both"], lower(reading.text)) is not None


def _of_owner(reading: Reading, situation: Situation) -> list[Entity]:
    """Return what was spoken of lately and is called after somebody whose it is said to be: "put Rob's back on"."""
    owners = re.findall(r"\b[a-z]+'s\b", lower(reading.text))
    for things in _mentions(situation):
        own = [
            thing
            for thing in things
            if any(lower(name).startswith(owner) for owner in owners for name in (thing.name, *thing.aliases))
        ]
        if own:
            return own
    return []


def _mentioned(situation: Situation, accepts: tuple[str, ...], *, both: bool = False) -> list[Entity]:
    """Return what "it" is: the things spoken of last with which this can be done, else those spoken of last.

    Of `both`, one may have been spoken of in the turn before that.
    """
    turns = _mentions(situation)
    able = [found for things in turns if (found := [thing for thing in things if fits(thing, accepts)])]
    if both and len(able) > 1 and len(able[0]) == 1:
        other = next((things for things in able[1:] if things != able[0] and _alike(things, able[0])), [])
        return [*able[0], *other]
    return able[0] if able else turns[0] if turns else []


def _alike(things: list[Entity], others: list[Entity]) -> bool:
    return len(things) == 1 and things[0].domain == others[0].domain


def _others(situation: Situation, accepts: tuple[str, ...]) -> list[Entity]:
    """Return "the other one": what was offered and not taken, else the one other thing of its sort in the room."""
    known, memory = situation.house.entities, situation.memory
    if offered := [known[i] for i in memory.others if i in known and i not in memory.entity_ids]:
        return offered
    last = next(iter(_mentions(situation)), [])
    if not last:
        return []
    near = situation.house.in_area(last[0].area_id)
    alike = [thing for thing in near if thing.domain == last[0].domain and thing not in last and fits(thing, accepts)]
    return alike if len(alike) == 1 else []


def _instead_of(
    refs: tuple[Ref, ...], said: str, call: Call, situation: Situation, accepts: tuple[str, ...]
) -> list[Entity]:
    """Return what is called like somebody or something with which this cannot be done: Tilly's radiator, when "Tilly" was said."""
    known = situation.house.entities
    able = any(fits(known[ref.id], accepts) for ref in refs if ref.kind == "entity" and ref.id in known)
    if able or call.kind is None or any(ref.kind != "entity" for ref in refs):
        return []
    return things_called(said, call.kind, accepts, situation, named=True)


def _add_text(meant: Meant, text: str, call: Call, situation: Situation, accepts: tuple[str, ...]) -> None:
    """Take words that name nothing as a whole: by sound, by part of a name, or as a kind of thing ("shopping list")."""
    words = split_plain(text)
    if refs := situation.house.names.resolve_text(text):
        _add_refs(meant, refs, call, situation, text)
    elif things := things_called(text, call.kind, accepts, situation):
        meant.named += [[thing] for thing in things] if is_plural(text) else [things]
    elif not words or any(word not in kind_words() for word in words):
        meant.unknown = text
    else:
        meant.kinds |= _kinds_called(text)


def _kinds_called(text: str) -> set[str]:
    """Return the kinds of the catalogue whose name words are."""
    words = {stem(word) for word in split_plain(text)}
    called = {kind for kind in load_catalog().kinds if stem(kind) in words}
    return called | {kind for word, kind in KINDS_SAID.items() if (word in words if word.isascii() else word in text)}


def _add_refs(meant: Meant, refs: Iterable[Ref], call: Call, situation: Situation, said: str = "") -> None:
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
    elif (
        len(things) > 1
        and is_plural(said)
        and not any(is_plural(name) for thing in things for name in (thing.name, *thing.aliases))
    ):
        meant.named += [[thing] for thing in things]
    elif things:
        meant.named.append(things)


def _add_areas(
    meant: Meant, areas: set[str], situation: Situation, *, named: bool = False, floor: bool = False
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


def beside(meant: Meant, situation: Situation) -> list[Entity]:
    """Return the things in a room that was named beside a thing elsewhere: "the living room and the bedroom thermostat to 20"."""
    named = [thing for things in meant.named for thing in things]
    if not named or not meant.areas or any(thing.area_id in meant.areas for thing in named):
        return []
    kinds = {(thing.domain, thing.device_class) for thing in named}
    return [
        thing
        for area in sorted(meant.areas)
        for thing in situation.house.in_area(area)
        if (thing.domain, thing.device_class) in kinds
    ]
