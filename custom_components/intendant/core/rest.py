"""Find what "the rest" is the rest of: the others of the room that the speaker is in, not of the house."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .lexicon import load_words
from .text import lower
from .values import Pointer, Word

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Call, Reading

_ALL, _HERE = Word("all"), Word("here")


def the_rest(reading: Reading, situation: Situation) -> Reading:
    """Return the reading about this room, where all of a kind but some was read and only "the others" were said."""
    words, said = load_words(reading.language)["rest"], lower(reading.text)
    if situation.area_id is None or len(reading.calls) != 1:
        return reading
    [call] = reading.calls
    spared = call.kind is not None and call.targets == (_ALL,) and _all_here(call, reading, situation)
    if not spared or not re.search(words["says"], said) or re.search(words["whole"], said):
        return reading
    return replace(reading, calls=(replace(call, targets=(_HERE,)),))


def _all_here(call: Call, reading: Reading, situation: Situation) -> bool:
    """Return whether what shall be spared are things of this room, called by their names."""
    ids = [
        [ref.id for ref in reading.marks[term.key - 1].refs]
        if isinstance(term, Pointer) and isinstance(term.key, int) and 0 < term.key <= len(reading.marks)
        else []
        for term in call.excepts
    ]
    things = situation.house.entities
    return bool(ids) and all(
        any(i in things and things[i].area_id == situation.area_id for i in named) for named in ids
    )
