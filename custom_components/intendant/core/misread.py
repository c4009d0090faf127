"""Tell readings that contradict their own sentence, so that the next likely one is tried."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .catalog import load_catalog
from .lexicon import load_words
from .text import lower
from .values import Pointer, Text, Word

if TYPE_CHECKING:
    from .values import Call, Reading

_TIMES = frozenset({"in", "at", "for"})
_TELLING = frozenset({"quiet", "turbo", "sleep", "eco", "boost", "comfort", "performance"})
"""Values whose own word, when it is said, leaves no doubt which one is meant."""


def contradicts(reading: Reading) -> bool:
    """Return whether a reading can't be what its sentence says."""
    return names_twice(reading) or any(
        _copies_twice(call, reading) or _other_value(call, reading) for call in reading.calls
    )


def names_twice(reading: Reading) -> bool:
    """Return whether a name said once is one of several targets of one call and a target of another too.

    Of "kitchen lights off and the bedroom to 20 degrees", the bedroom belongs to one of the two.
    """
    targets = [{term for term in call.targets if isinstance(term, Pointer)} for call in reading.calls]
    return any(
        len(mine) > 1 and mine & theirs
        for i, mine in enumerate(targets)
        for j, theirs in enumerate(targets)
        if i != j and theirs != mine
    )


def forbids(reading: Reading) -> bool:
    """Return whether the sentence forbids the very thing that was read: "don't open the garage"."""
    if len(reading.calls) != 1 or any(name in _TIMES for name, _ in reading.calls[0].slots):
        return False
    words, said = load_words(reading.language), lower(reading.text).strip(" .!。！")
    return any(
        reading.calls[0].verb in verbs and re.match(words["forbids"].replace("{what}", what), said)
        for what, verbs in words["forbidding"]
    )


def _copies_twice(call: Call, reading: Reading) -> bool:
    """Return whether words said once are two items of one call: "ketchup and rice" and "rice"."""
    items = [lower(term.text) for _, term in call.slots if isinstance(term, Text)]
    text = lower(reading.text)
    return any(
        one in other and text.count(one) == 1 for i, one in enumerate(items) for j, other in enumerate(items) if i != j
    )


def _other_value(call: Call, reading: Reading) -> bool:
    """Return whether a value was read whose word is not said, while that of another one is: quiet for "turbo"."""
    words = set(re.findall(r"[a-z]+", lower(reading.text)))
    return any(
        isinstance(term, Word) and term.word not in words and (words & _TELLING & set(load_catalog().slots[slot]))
        for slot, term in call.slots
    )
