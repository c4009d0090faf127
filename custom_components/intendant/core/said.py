"""Let the very word that was said for a kind of thing choose among things of that kind: "the radiator" is no air conditioner."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .text import lower
from .values import Text

if TYPE_CHECKING:
    from .values import Entity, Reading

_CALLED = (
    r"\b(?:radiators?|heaters?|underfloor)\b|暖气|地暖|取暖器|油汀",
    r"\b(?:ac|a/c|air ?con\w*|air conditioner)\b|空调|冷气",
    r"\blamps?\b",
    r"台灯",
    r"吊灯",
    r"顶灯",
    r"落地灯",
    r"床头灯",
    r"壁灯",
    r"夜灯",
    r"灯带",
    r"灯串|彩灯",
    r"射灯|筒灯",
    r"\b(?:radio|stereo|soundbar)s?\b|收音机|回音壁",
    r"\bspeakers?\b|音箱|音响",
    r"\b(?:telly|tv|television)s?\b|电视",
    r"\b(?:curtain|drape)s?\b|窗帘|纱帘",
    r"\bblinds?\b|百叶|卷帘",
)
"""Words for a kind of thing that a name may hold as well: who says "the radiator" does not mean the air conditioner."""


def said_so(things: list[Entity], reading: Reading) -> list[Entity]:
    """Return those of several things whose names hold the very word that was said for their kind ("the radiator").

    Words that are part of a name of something else do not count, nor what shall be spared.
    """
    said = lower(reading.text)
    for term in (term for call in reading.calls for term in (*call.targets, *call.excepts)):
        if isinstance(term, Text):
            spared = lower(term.text).strip()
            said = said.replace(spared, " " * len(spared))
    for mark in reading.marks:
        said = said[: mark.start] + " " * (mark.end - mark.start) + said[mark.end :]
    for pattern in _CALLED:
        if len(things) > 1 and re.search(pattern, said):
            things = [thing for thing in things if _is_called(thing, pattern)] or things
    return things


def _is_called(thing: Entity, pattern: str) -> bool:
    return any(re.search(pattern, lower(name)) for name in (thing.name, *thing.aliases))
