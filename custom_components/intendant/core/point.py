"""Let the words of a sentence decide where it points: "there" is not here, "the other one" is the other one, a quarter is no half."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .catalog import load_catalog
from .lexicon import load_words
from .text import lower
from .values import ClockTime, Color, Number, Pointer, Text, Word

if TYPE_CHECKING:
    from .values import Call, Reading, Term

_HERE, _THERE, _OTHER, _IT = Word("here"), Word("there"), Word("other"), Word("it")
_SHARES = frozenset(map(Word, ("min", "max", "half", "low", "medium", "high")))
_TIMES = frozenset({"in", "at", "for"})
_NEVER = frozenset({"none", "yes", "no", "undo", "cancel", "planned"})


def point(reading: Reading) -> Reading:
    """Return the reading with what its words plainly point to in place of what was read."""
    words, said = load_words(reading.language), lower(reading.text)
    calls = reading.calls
    if re.search(words["points_there"], said) and not re.search(words["points_here"], said):
        calls = tuple(replace(call, targets=tuple(map(_there, call.targets))) for call in calls)
    if len(calls) == 1 and re.search(words["points_only_other"], said) and _leaves_open(calls[0]):
        calls = (replace(calls[0], kind=None, targets=(_OTHER,)),)
    calls = (_at_sun(calls[0], reading),) if len(calls) == 1 else calls
    calls = (_without_cheer(calls[0], said, words["cheers"]),) if len(calls) == 1 else calls
    calls = (_with_color(_with_share(calls[0], reading), reading),) if len(calls) == 1 else calls
    return replace(reading, calls=calls) if calls != reading.calls else reading


def _with_share(call: Call, reading: Reading) -> Call:
    """Return the call with the one share that was said ("a quarter") in place of a word that was read for it."""
    shares = [
        number
        for number, mark in enumerate(reading.marks, 1)
        if isinstance(mark.quantity, Number) and mark.quantity.unit == "%"
    ]
    if call.verb != "set" or len(shares) != 1 or any(isinstance(term, Pointer) for _, term in call.slots):
        return call
    slots = tuple((slot, Pointer(shares[0]) if term in _SHARES else term) for slot, term in call.slots)
    return replace(call, slots=slots)


def _at_sun(call: Call, reading: Reading) -> Call:
    """Return the call put off until the sun sets or rises, where the sentence says so and it was read as something for now."""
    suns = [
        number
        for number, mark in enumerate(reading.marks, 1)
        if isinstance(mark.quantity, ClockTime) and mark.quantity.sun
    ]
    return put_time(call, "at", Pointer(suns[0])) if len(suns) == 1 else call


def put_time(call: Call, name: str, term: Term) -> Call:
    """Return the call with a time ("in", "at" or "for"), where it takes one and has none of its own."""
    order = load_catalog().verbs[call.verb]
    if name not in order or any(other in _TIMES for other, _ in call.slots):
        return call
    return replace(call, slots=tuple(sorted((*call.slots, (name, term)), key=lambda slot: order.index(slot[0]))))


def _without_cheer(call: Call, said: str, cheers: list[str]) -> Call:
    """Return the call about "it" where a word of joy was taken for a thing: "brilliant. shut it"."""
    named = call.targets[0] if len(call.targets) == 1 else None
    joyful = isinstance(named, Text) and lower(named.text).strip() in cheers
    return replace(call, targets=(_IT,)) if joyful and re.search(r"\b(?:it|them|that)\b", said) else call


def _with_color(call: Call, reading: Reading) -> Call:
    """Return the call with the one colour that was said in place of a warmth that was read for it: "a warm orange" is an orange."""
    colors = [number for number, mark in enumerate(reading.marks, 1) if isinstance(mark.quantity, Color)]
    if warmth := _white(call, reading):
        slots = ((("color_temp", Word(warmth)) if name == "color" else (name, term)) for name, term in call.slots)
        order = load_catalog().verbs["set"]
        return replace(call, slots=tuple(sorted(slots, key=lambda slot: order.index(slot[0]))))
    if call.verb != "set" or len(colors) != 1 or call.slot("color") or not isinstance(call.slot("color_temp"), Word):
        return call
    slots = ((("color", Pointer(colors[0])) if name == "color_temp" else (name, term)) for name, term in call.slots)
    order = load_catalog().verbs["set"]
    return replace(call, slots=tuple(sorted(slots, key=lambda slot: order.index(slot[0]))))


def _white(call: Call, reading: Reading) -> str | None:
    """Return the warmth of the white that was said, where a colour was read for it: "warm white"."""
    term = call.slot("color")
    if call.verb != "set" or not isinstance(term, Pointer) or not isinstance(term.key, int):
        return None
    said = lower(reading.text)
    return next(
        (warmth for warmth, pattern in load_words(reading.language)["whites"].items() if re.search(pattern, said)), None
    )


def _there(term: Term) -> Term:
    return _THERE if term == _HERE else term


def _leaves_open(call: Call) -> bool:
    """Return whether a call is about a thing and says not which one."""
    named = any(isinstance(term, Pointer) or term == _OTHER for term in call.targets)
    return not named and call.verb not in _NEVER and not call.verb.startswith("timer") and set(call.targets) <= {_IT}
