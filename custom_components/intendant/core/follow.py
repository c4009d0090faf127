"""Carry over from the turn before what a sentence leaves out: "on the kitchen speaker" still wants the music asked for."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .text import lower
from .values import Call, Pointer, Text, Word

if TYPE_CHECKING:
    from .values import Mark, Reading, Term

_NEEDED = {
    "add": "item",
    "complete": "item",
    "remove": "item",
    "play": "query",
    "broadcast": "message",
    "timer_start": "time",
    "weather": "prop",
}
"""The slot without which a verb's sentence leans on the turn before."""


_PRONOUNS = frozenset(
    {
        "it",
        "them",
        "that",
        "those",
        "this",
        "these",
        "that one",
        "both",
        "它",
        "它们",
        "那个",
        "这个",
        "那些",
        "这些",
        "这俩",
        "那俩",
    }
)
"""Items that are those of the turn before."""
_TIMER_VERBS = {
    "pause": "timer_pause",
    "stop": "timer_cancel",
    "off": "timer_cancel",
    "cancel": "timer_cancel",
    "play": "timer_resume",
    "start": "timer_resume",
}
"""What verbs without a target mean right after a timer was spoken of."""
_LISTING = frozenset({"add", "complete", "remove", "read"})
_PUT_ON = re.compile(
    r"(?:(?:and|then|ok|oh|right|actually),? )*(?:put|stick|pop|bung|chuck) .+ on(?: it| there)?(?: instead| too| as well| please)*[ .!]*"
)
_OF_LIGHT = frozenset({"color", "color_temp", "brightness", "effect"})
_ONLY_BRIGHTER = re.compile(
    r"(?:(?:and|now|just|ok|nah|no|then) )*(?:a )?(?:tiny |little |wee )?(?:bit |touch |tad |smidge |notch |little |lot |way )?(?:dimmer|brighter|darker|lighter)(?: please| pls| though| then| now)?"
    r"|(?:再|稍微|还要?)?(?:调)?(?:亮|暗)(?:一|那么一)?[点些丢]+(?:吧|嘛|呗)?"
)
"""Words that ask for more or less light of what was spoken of."""
_ONLY_MORE = re.compile(
    r"(?:(?:and|just|yes|ok) )*(?:(?:a|one) )?(?:(?:tiny|little|wee|small) )*(?:bit|touch|tad|smidge|little|notch)? ?(?:more|further|again)(?: than that)?(?: please| still)?"
    r"|(?:还要?)?再(?:来|多)?(?:一|那么一)?[点丢]+[点儿丢]*(?:吧|嘛|呗)?"
)
"""Words that go on in the direction of the turn before, whichever that was."""


def carry_over(reading: Reading, before: Reading | None) -> Reading:
    """Return the reading with what its only call leaves out taken from the turn before.

    The slot that its verb needs, the timer that "pause it" is about, the direction of "a bit more".
    """
    if before is None or len(reading.calls) != 1:
        return reading
    call = reading.calls[0]
    changed = (
        _about_timer(call, before)
        or _same_direction(call, reading.text, before)
        or _same_items(call, before)
        or _same_light(call, reading.text, before)
        or _onto_list(call, reading.text, before)
    )
    if changed:
        return replace(reading, calls=(changed,))
    earlier = next((old for old in reversed(before.calls) if old.verb == call.verb), None)
    slot = _NEEDED.get(call.verb)
    if earlier is None or slot is None or call.slot(slot) is not None or (not call.targets and call.verb != "weather"):
        return reading
    term = earlier.slot(slot)
    return _with_slot(reading, call, slot, term, before.marks) if term is not None else reading


def _about_timer(call: Call, before: Reading) -> Call | None:
    """Return the call made one about the timer that was spoken of just before; None when it is about something else."""
    verb = _TIMER_VERBS.get(call.verb)
    spoken_of = any(old.verb.startswith("timer_") for old in before.calls)
    plain = call.kind is None and not call.slots and all(term == Word("it") for term in call.targets)
    return replace(call, verb=verb, targets=()) if verb and spoken_of and plain else None


def _same_direction(call: Call, text: str, before: Reading) -> Call | None:
    """Return the call turned into the direction of the turn before, when the sentence only says to go on."""
    old = before.calls[-1]
    if {call.verb, old.verb} != {"more", "less"} or not _ONLY_MORE.fullmatch(lower(text).strip(" .!,。！，")):
        return None
    slots = call.slots or old.slots
    return (
        replace(call, verb=old.verb, slots=tuple((old.slots[0][0], term) for _, term in slots[:1]))
        if old.slots
        else None
    )


def _same_light(call: Call, text: str, before: Reading) -> Call | None:
    """Return the call about the light of the turn before, where only more or less of it is wanted: "bit dimmer"."""
    old = before.calls[-1]
    shines = old.kind == "light" or any(name in _OF_LIGHT for name, _ in old.slots)
    bare = call.kind in (None, "light") and call.targets in ((), (Word("here"),)) and call.slot("brightness")
    if call.verb not in ("more", "less") or not shines or not bare or old.targets in ((), (Word("here"),)):
        return None
    only = _ONLY_BRIGHTER.fullmatch(lower(text).strip(" .!,。！，"))
    return replace(call, kind=None, targets=(Word("it"),)) if only else None


def _same_items(call: Call, before: Reading) -> Call | None:
    """Return the call about the items of the turn before: "tick them off" after "are there eggs on the list"."""
    items = [(slot, term) for old in before.calls for slot, term in old.slots if slot == "item"]
    said = [lower(term.text) for slot, term in call.slots if slot == "item" and isinstance(term, Text)]
    leans = all(word in _PRONOUNS for word in said) and (said or call.targets == (Word("it"),))
    if call.verb not in ("add", "complete", "remove") or not items or not leans:
        return None
    kept = tuple(pair for pair in call.slots if pair[0] != "item")
    targets = tuple(term for term in call.targets if term != Word("it"))
    return replace(call, targets=targets, slots=(*items, *kept))


def _onto_list(call: Call, text: str, before: Reading) -> Call | None:
    """Return the call that adds to the list which was spoken of just before: "put halloumi on instead" is no music then."""
    listed = next((old for old in before.calls if old.verb in _LISTING), None)
    query = call.slot("query")
    if listed is None or call.verb != "play" or not isinstance(query, Text) or not _PUT_ON.fullmatch(lower(text)):
        return None
    return Call("add", "list" if listed.kind == "list" else None, (), (), (("item", query),))


def _with_slot(reading: Reading, call: Call, slot: str, term: Term, marks: tuple[Mark, ...]) -> Reading:
    """Add a slot; a value that a mark of the turn before holds comes along as a mark behind the sentence's own."""
    own = reading.marks
    if isinstance(term, Pointer) and isinstance(term.key, int):
        own = (*own, marks[term.key - 1])
        term = Pointer(len(own))
    return replace(reading, marks=own, calls=(replace(call, slots=(*call.slots, (slot, term))),))
