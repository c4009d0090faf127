"""Find the place or thing that a sentence names and the home lacks, where the model read a mere kind: "the light in the shed".

Without that, the speaker's own room would stand in for the shed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .lexicon import load_words
from .text import lower
from .values import Text, Word

if TYPE_CHECKING:
    from .values import Reading

_OPEN = frozenset(map(Word, ("here", "all")))


def name_unheard(reading: Reading) -> Reading:
    """Return the reading with the unknown place or thing that its sentence names, where it was read without any."""
    if len(reading.calls) != 1:
        return reading
    [call] = reading.calls
    words = load_words(reading.language)["unheard"]
    if call.kind not in words["kinds"] or not set(call.targets) <= _OPEN or call.excepts:
        return reading
    said = _without_marks(reading)
    if place := _search(words["places"], said):
        return replace(reading, calls=(replace(call, targets=(Text(place),)),))
    pattern = words["thing"].replace("{kind}", words["kinds"][call.kind])
    if (thing := _search(pattern, said)) and not re.search(words["plain"], thing):
        return replace(reading, calls=(replace(call, kind=None, targets=(Text(thing),)),))
    return reading


def _search(pattern: str, said: str) -> str:
    found = re.search(pattern, said)
    return next(filter(None, found.groups()), "") if found else ""


def _without_marks(reading: Reading) -> str:
    """Return the sentence in lower case with a sign in place of every name and value that was found."""
    said = lower(reading.text)
    for mark in reversed(reading.marks):
        said = f"{said[: mark.start]}#{said[mark.end :]}"
    return said
