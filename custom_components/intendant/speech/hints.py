"""Choose the words of the home that a recognizer is told of, so that it hears "Lumos" and not "illuminous"."""

from typing import TYPE_CHECKING

from ..core.lexicon import common_words, kind_words, stop_words
from ..core.names import split_plain
from ..core.text import stem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..core.house import House
    from ..core.values import Area, Entity, Floor

MOST_NAMES, MOST_CHARACTERS = 80, 500
"""Whisper has room for some two hundred tokens of hints; more only slow it down."""


def hints_of(houses: Iterable[House]) -> tuple[str, ...]:
    """Return names of things, areas and floors, those that no recognizer can know first."""
    names: dict[str, None] = {}
    for house in houses:
        named: list[Area | Floor | Entity] = [*house.home.areas, *house.home.floors, *house.home.entities]
        names |= dict.fromkeys(name for thing in named for name in (thing.name, *thing.aliases))
    chosen: list[str] = []
    for name in sorted((name for name in names if _rare(name)), key=lambda name: -_rare(name))[:MOST_NAMES]:
        if sum(map(len, chosen)) + len(name) > MOST_CHARACTERS:
            break
        chosen.append(name)
    return tuple(chosen)


def _rare(name: str) -> float:
    """Return the share of a name's words that are no plain words of the language."""
    words = split_plain(name)
    plain = common_words() | kind_words() | stop_words()
    return sum(stem(word) not in plain and word not in plain for word in words) / len(words) if words else 0.0
