"""Find the things whose names hold the words that were said, where no name as a whole was: "her radiator", "the keys"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .catalog import load_catalog
from .lexicon import kind_words, stop_words
from .names import split_plain
from .text import stem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .intentions import Situation
    from .values import Entity

_ROUTINES = frozenset({"scene", "script", "automation", "button", "input_button"})
"""Nobody means one of these by half a name, unless only they can be meant."""
_LITTLE = 3
"""Longest of the common words that say nothing of a thing ("the", "my"); longer ones may ("back", "left")."""


def fits(entity: Entity, wanted: Iterable[str]) -> bool:
    """Return whether a thing is of one of the domains ("cover") or classes ("cover.blind")."""
    return any(item in (entity.domain, f"{entity.domain}.{entity.device_class}") for item in wanted)


def things_called(
    said: str, kind: str | None, accepts: tuple[str, ...], situation: Situation, *, named: bool = False
) -> list[Entity]:
    """Return the things that a verb can act on whose name, or whose area's name, holds all the words said.

    `named` says that the words named something else for certain. A word that is common everywhere ("back") counts only
    where it singles one thing out.
    """
    words = [word for word in map(stem, split_plain(said)) if len(word) > _LITTLE or word not in stop_words()]
    if not words or all(word in kind_words() for word in words):
        return []
    routines = () if accepts[:1] and accepts[0] in _ROUTINES else _ROUTINES
    wanted = load_catalog().kinds[kind] if kind else [item for item in accepts if item not in routines]
    domains = dict.fromkeys(item.partition(".")[0] for item in wanted)
    found = [
        thing
        for thing in situation.house.in_domains(domains)
        if fits(thing, wanted) and fits(thing, accepts) and _holds(thing, words, situation)
    ]
    common = all(word in stop_words() or word in kind_words() for word in words)
    return [] if common and not named and len(found) != 1 else found


def _holds(thing: Entity, words: list[str], situation: Situation) -> bool:
    area = situation.house.areas.get(thing.area_id or "")
    names = [thing.name, *thing.aliases, *((area.name, *area.aliases) if area else ())]
    if not words[0].isascii():
        said = "".join(words)
        return any(said in name.lower().replace(" ", "") for name in names)
    known = {stem(word) for name in names for word in split_plain(name)}
    return known.issuperset(words)


def is_plural(said: str) -> bool:
    """Return whether English words speak of several things."""
    words = split_plain(said)
    return bool(words) and words[-1].isascii() and words[-1] != stem(words[-1]) and "'" not in words[-1]
