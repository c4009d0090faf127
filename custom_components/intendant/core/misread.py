"""Tell readings that contradict their own sentence, so that the next likely one is tried."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .catalog import load_catalog
from .lexicon import common_words, kind_words, load_words, stop_words
from .text import lower, stem
from .values import Pointer, Text, Word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .values import Call, Reading

_TIMES = frozenset({"in", "at", "for"})
_SPARING = frozenset({"on", "off", "open", "close", "lock", "stop", "pause"})
_TELLING = frozenset({"quiet", "turbo", "sleep", "eco", "boost", "comfort", "performance"})
"""Values whose own word, when it is said, leaves no doubt which one is meant."""


def contradicts(reading: Reading) -> bool:
    """Return whether a reading can't be what its sentence says."""
    return (
        names_twice(reading)
        or denies(reading)
        or passes_over(reading)
        or invents_value(reading)
        or drops_exception(reading)
        or invents_exception(reading)
        or _dims_unasked(reading)
        or any(_copies_twice(call, reading) or _other_value(call, reading) for call in reading.calls)
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


def denies(reading: Reading) -> bool:
    """Return whether the words of a sentence rule the verb of its one call out: "porch light on" for `off`."""
    said = without_names(reading)
    if any(
        call.verb in verbs for verbs in _denied(said, reading.language, among_others=True) for call in reading.calls
    ):
        return True
    if len(reading.calls) != 1 or any(name in _TIMES for name, _ in reading.calls[0].slots):
        return False
    return any(reading.calls[0].verb in verbs for verbs in _denied(said, reading.language))


def invents_value(reading: Reading) -> bool:
    """Return whether a value was read where the sentence only says that something shall change: "change the volume"."""
    words, call = load_words(reading.language), reading.calls[0]
    if len(reading.calls) != 1 or call.verb not in ("set", "more", "less", "play", "state"):
        return False
    if any(isinstance(term, Text) and lower(term.text).strip() in words["no_choice"] for _, term in call.slots):
        return True
    changes = re.fullmatch(words["only_changes"], without_names(reading)) is not None
    return changes and (call.verb == "state" or any(isinstance(term, Word) for _, term in call.slots))


def passes_over(reading: Reading) -> bool:
    """Return whether the thing of the turn before was read where the sentence names one that nobody knows: "turn the straighteners off"."""
    call = reading.calls[0]
    pattern = load_words(reading.language).get("names_thing")
    if pattern is None or len(reading.calls) != 1 or call.kind or call.targets != (Word("it"),):
        return False
    found = re.search(pattern, without_names(reading))
    word = stem(next(filter(None, found.groups()), "")) if found else ""
    return bool(word) and word not in common_words() | kind_words() | stop_words()


def drops_exception(reading: Reading) -> bool:
    """Return whether a sentence spares something by words that the reading has nothing for: "the lights but not the Hue"."""
    if len(reading.calls) != 1 or reading.calls[0].excepts or reading.calls[0].verb not in _SPARING:
        return False
    return re.search(load_words(reading.language)["spares"], without_names(reading)) is not None


def invents_exception(reading: Reading) -> bool:
    """Return whether something is spared that a sentence of one clause has no word for: "close all the blinds upstairs"."""
    if len(reading.calls) != 1 or not reading.calls[0].excepts:
        return False
    return re.search(load_words(reading.language)["may_spare"], lower(reading.text)) is None


def _dims_unasked(reading: Reading) -> bool:
    """Return whether lights are made brighter or darker beside something else, in words that say neither: "the TV off and all the lights"."""
    pattern = load_words(reading.language).get("dims")
    changed = any(call.verb in ("more", "less") and call.kind == "light" for call in reading.calls)
    return pattern is not None and changed and len(reading.calls) > 1 and not re.search(pattern, lower(reading.text))


def _denied(said: str, language: str, *, among_others: bool = False) -> Iterator[frozenset[str]]:
    """Yield verbs that a sentence rules out, whose names and values are {type}; those alone that it rules out `among_others`."""
    words = load_words(language)
    if re.search(words["nots"], said):
        return
    for rule in words["denying"]:
        if among_others and not rule.get("among_others"):
            continue
        if re.search(rule["says"], said) and not re.search(rule["unless"], said):
            yield frozenset(rule["verbs"])


def without_names(reading: Reading) -> str:
    """Return the sentence in lower case with the type of every name and value in its place; "'s" stays."""
    said = lower(reading.text)
    for mark in reversed(reading.marks):
        own = "'s" if said[: mark.end].endswith("'s") and mark.refs else ""
        said = f"{said[: mark.start]}{{{mark.types[0]}}}{own}{said[mark.end :]}" if mark.types else said
    return said


def forbids(reading: Reading) -> bool:
    """Return whether the sentence forbids the very thing that was read, or tells that somebody will do it.

    "Don't open the garage", "Tom's gonna turn the decks off".
    """
    if len(reading.calls) != 1 or any(name in _TIMES for name, _ in reading.calls[0].slots):
        return False
    words, said = load_words(reading.language), lower(reading.text).strip(" .!。！")
    if re.match(words["reports"], without_names(reading)):
        return True
    return any(
        reading.calls[0].verb in verbs and re.match(words["forbids"].replace("{what}", what), said)
        for what, verbs in words["forbidding"]
    )


def _points_elsewhere(reading: Reading) -> bool:
    """Return whether "the other" was read where the sentence points at no other one."""
    pointed = {term.word for call in reading.calls for term in call.targets if isinstance(term, Word)}
    words = load_words(reading.language)
    return "other" in pointed and not re.search(words["points_other"], lower(reading.text))


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
