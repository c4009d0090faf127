"""Write down as a reading what somebody chose on the page: a verb and things, found again in the sentence."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from intendant_core.catalog import load_catalog
from intendant_core.grammar import WITHOUT_TARGET
from intendant_core.values import Call, Pointer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intendant_core.values import Home, Term

    from .turns import Turn

_NEEDS_VALUE = frozenset({"set", "more", "less", "play", "add", "complete", "remove", "broadcast"})


def reading_of_meant(turn: Turn, home: Home) -> tuple[Call, ...] | None:
    """Return the one reading of the sentence that is what was meant, None where it is open how the sentence says it."""
    meant = turn.meant
    if meant is None:
        return None
    if meant.verb in WITHOUT_TARGET:
        return (Call(meant.verb),) if not meant.entity_ids else None
    slots = _slots_kept(turn, meant.verb)
    if slots is None or not meant.entity_ids:
        return None
    things = frozenset(meant.entity_ids)
    named = _by_name(turn, things)
    if named:
        return (Call(meant.verb, None, named, (), slots),)
    kind = _kind_of(things, home)
    if kind is None:
        return None
    places = _by_place(turn, things, kind, home)
    return None if places is None else (Call(meant.verb, kind, places, (), slots),)


def _slots_kept(turn: Turn, verb: str) -> tuple[tuple[str, Term], ...] | None:
    """Return the values of what was read, None where the verb can not take them or needs some that nobody read."""
    if len(turn.calls) > 1:
        return None
    slots = turn.calls[0].slots if turn.calls else ()
    held = {term.key for _, term in slots if isinstance(term, Pointer)}
    values = {number for number, mark in enumerate(turn.marks, 1) if not mark.refs}
    fits = all(slot in load_catalog().verbs[verb] for slot, _ in slots)
    if not fits or values - held or (verb in _NEEDS_VALUE and not slots):
        return None
    return slots


def _by_name(turn: Turn, things: frozenset[str]) -> tuple[Pointer, ...] | None:
    """Return pointers to the names of the things in the sentence, None unless all of them are named."""
    found: dict[int, set[str]] = {}
    for number, mark in enumerate(turn.marks, 1):
        named = {ref.id for ref in mark.refs if ref.kind == "entity"}
        if named & things:
            found[number] = named & things
    covered = set().union(*found.values()) if found else set()
    one_each = len(found) == len(things) or len(found) == 1
    return tuple(Pointer(number) for number in sorted(found)) if covered == things and one_each else None


def _kind_of(things: Iterable[str], home: Home) -> str | None:
    """Return the kind that all the things are of."""
    classes = {entity.id: entity.device_class for entity in home.entities}
    kinds = load_catalog().kinds
    found = set()
    for thing in things:
        domain = thing.partition(".")[0]
        precise = f"{domain}.{classes.get(thing)}"
        found.add(next((kind for kind, items in kinds.items() if items[0] == precise), None) or _plain_kind(domain))
    return found.pop() if len(found) == 1 else None


def _plain_kind(domain: str) -> str | None:
    return next((kind for kind, items in load_catalog().kinds.items() if items[0] == domain), None)


def _by_place(turn: Turn, things: frozenset[str], kind: str, home: Home) -> tuple[Pointer, ...] | None:
    """Return pointers to the rooms whose things of the kind are just these; () for the speaker's own room; None for neither."""
    by_area: dict[str | None, set[str]] = defaultdict(set)
    for entity in home.entities:
        if _kind_of([entity.id], home) == kind:
            by_area[entity.area_id].add(entity.id)
    said = {number: ref.id for number, mark in enumerate(turn.marks, 1) for ref in mark.refs if ref.kind == "area"}
    if said:
        there = set().union(*(by_area.get(area, set()) for area in said.values()))
        return tuple(Pointer(number) for number in sorted(said)) if there == things else None
    anything_named = any(mark.refs for mark in turn.marks)
    return () if not anything_named and turn.area and by_area[turn.area] == set(things) else None
