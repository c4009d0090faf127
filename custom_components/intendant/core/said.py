"""Let the very word that was said for a kind of thing choose among things of that kind: "the radiator" is no air conditioner."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .text import lower
from .values import Text

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Entity, Reading

_CALLED = (
    ("climate", r"\b(?:radiators?|heaters?|underfloor)\b|暖气|地暖|取暖器|油汀"),
    ("climate", r"\b(?:ac|a/c|air ?con\w*|air conditioner)\b|空调|冷气"),
    ("light", r"\blamps?\b"),
    ("light", r"台灯"),
    ("light", r"吊灯"),
    ("light", r"顶灯"),
    ("light", r"落地灯"),
    ("light", r"床头灯"),
    ("light", r"壁灯"),
    ("light", r"夜灯"),
    ("light", r"灯带"),
    ("light", r"灯串|彩灯"),
    ("light", r"射灯|筒灯"),
    ("media_player", r"\b(?:radio|stereo|soundbar)s?\b|收音机|回音壁"),
    ("media_player", r"\bspeakers?\b|音箱|音响"),
    ("media_player", r"\b(?:telly|tv|television)s?\b|电视"),
    ("cover", r"\b(?:curtain|drape)s?\b|窗帘|纱帘"),
    ("cover", r"\bblinds?\b|百叶|卷帘"),
)
"""Domain → words for a kind of its things that a name may hold as well: who says "the radiator" does not mean the air conditioner,
and "the TV off and the lights" is not about the light behind the TV."""


_HEATS = r"\b(?:heating|heat|radiators?|heaters?)\b|暖气|供暖|地暖|采暖"
_COOLS = r"\b(?:ac|a/c|air ?con\w*|air conditioner|cooling)\b|冷气|空调"
_DOES = ((_HEATS, ("heat", "heat_cool")), (_COOLS, ("cool", "heat_cool")))


def said_so(things: list[Entity], reading: Reading, situation: Situation) -> list[Entity]:
    """Return those of several things whose names hold the very word that was said for their kind ("the radiator").

    Words that are part of a name of something else do not count, nor what shall be spared. Of thermostats, those
    that can heat are meant where the heating was said.
    """
    said = lower(reading.text)
    for term in (term for call in reading.calls for term in (*call.targets, *call.excepts)):
        if isinstance(term, Text):
            spared = lower(term.text).strip()
            said = said.replace(spared, " " * len(spared))
    for mark in reading.marks:
        said = said[: mark.start] + " " * (mark.end - mark.start) + said[mark.end :]
    for domain, pattern in _CALLED:
        if len(things) > 1 and re.search(pattern, said) and all(thing.domain == domain for thing in things):
            things = [thing for thing in things if _is_called(thing, pattern)] or things
    return _that_can(things, said, situation)


def _that_can(things: list[Entity], said: str, situation: Situation) -> list[Entity]:
    """Return those of several thermostats that heat, where heating was said, or cool; all of them where none is known to."""
    for pattern, modes in _DOES:
        if len(things) > 1 and re.search(pattern, said) and all(thing.domain == "climate" for thing in things):
            things = [thing for thing in things if set(modes) & set(_modes(thing, situation))] or things
    return things


def _modes(thing: Entity, situation: Situation) -> list[str]:
    state = situation.states(thing.id)
    modes = state.attributes.get("hvac_modes") if state else None
    return list(map(str, modes)) if isinstance(modes, (list, tuple)) else []


def _is_called(thing: Entity, pattern: str) -> bool:
    return any(re.search(pattern, lower(name)) for name in (thing.name, *thing.aliases))
