"""Find the place or thing that a sentence names and the home lacks, where the model read a mere kind: "the light in the shed".

Without that, the speaker's own room would stand in for the shed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .lexicon import kind_words, load_words, stop_words
from .text import lower, stem
from .values import Pointer, Text, Word

if TYPE_CHECKING:
    from .values import Reading, Term

_OPEN = frozenset(map(Word, ("here", "all", "it")))


def name_unheard(reading: Reading) -> Reading:
    """Return the reading with the unknown place or thing that its sentence names, where it was read without any."""
    if len(reading.calls) != 1:
        return reading
    [call] = reading.calls
    words = load_words(reading.language)["unheard"]
    if not call.kind or call.excepts or not all(term in _OPEN or _is_place(term, reading) for term in call.targets):
        return reading
    said = _without_marks(reading)
    if (
        not any(isinstance(term, Pointer) for term in call.targets)
        and call.kind in words["kinds"]
        and (place := _search(words["places"], said))
    ):
        return replace(reading, calls=(replace(call, targets=(Text(place),)),))
    if thing := _thing(call.kind, said, reading.language):
        return replace(reading, calls=(replace(call, kind=None, targets=(Text(thing),)),))
    return reading


def _is_place(term: Term, reading: Reading) -> bool:
    """Return whether a target is a place that the sentence names."""
    mark = reading.marks[term.key - 1] if isinstance(term, Pointer) and isinstance(term.key, int) else None
    return mark is not None and all(kind in ("area", "floor") for kind in mark.types)


def _thing(kind: str, said: str, language: str) -> str:
    """Return the thing that a sentence names: with the word for its kind ("the aquarium light"), or by a word for no kind ("the sauna")."""
    words = load_words(language)
    if called := words["unheard"]["kinds"].get(kind):
        thing = _search(words["unheard"]["thing"].replace("{kind}", called), said)
        if thing and not re.search(words["unheard"]["plain"], thing):
            return thing
    alone = _search(words.get("names_thing", "(?!)"), said)
    known = kind_words() | stop_words() | set(words["unheard"].get("kinds_too", ()))
    return "" if alone in known or stem(alone) in known else alone


def _search(pattern: str, said: str) -> str:
    found = re.search(pattern, said)
    return next(filter(None, found.groups()), "") if found else ""


def _without_marks(reading: Reading) -> str:
    """Return the sentence in lower case with a sign in place of every name and value that was found."""
    said = lower(reading.text)
    for mark in reversed(reading.marks):
        said = f"{said[: mark.start]}#{said[mark.end :]}"
    return said
