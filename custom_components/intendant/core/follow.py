"""Carry over from the turn before what a sentence leaves out: "on the kitchen speaker" still wants the music asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .values import Pointer

if TYPE_CHECKING:
    from .values import Call, Mark, Reading, Term

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


def carry_over(reading: Reading, before: Reading | None) -> Reading:
    """Return the reading with the needed slot of a call taken from the same verb of the turn before, where it is missing."""
    if before is None or len(reading.calls) != 1:
        return reading
    call = reading.calls[0]
    earlier = next((old for old in reversed(before.calls) if old.verb == call.verb), None)
    slot = _NEEDED.get(call.verb)
    if earlier is None or slot is None or call.slot(slot) is not None or (not call.targets and call.verb != "weather"):
        return reading
    term = earlier.slot(slot)
    return _with_slot(reading, call, slot, term, before.marks) if term is not None else reading


def _with_slot(reading: Reading, call: Call, slot: str, term: Term, marks: tuple[Mark, ...]) -> Reading:
    """Add a slot; a value that a mark of the turn before holds comes along as a mark behind the sentence's own."""
    own = reading.marks
    if isinstance(term, Pointer) and isinstance(term.key, int):
        own = (*own, marks[term.key - 1])
        term = Pointer(len(own))
    return replace(reading, marks=own, calls=(replace(call, slots=(*call.slots, (slot, term))),))
