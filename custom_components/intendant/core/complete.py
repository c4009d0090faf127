"""Complete what a question was asked about with the answer to it: "which one?" – "the left one", "how long?" – "ten minutes".

What is no answer (a new command, small talk) is left to the model. Free words (an item, a message) are taken only where
the model found nothing to do in them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from .catalog import load_catalog
from .choose import choose, count_out, plain_words
from .lexicon import load_words
from .names import entity_type
from .plan_timers import length_of_name
from .quantities import find_quantities
from .text import clean, lower
from .values import Color, Duration, Mark, Number, Option, Pointer, Reading, Ref, State, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from .intentions import Question, Situation
    from .values import Call, Term

_VALUES = Number | Duration | Color | Option
_TIMES = frozenset({"in", "at", "for"})
_FREE = {"which_item": "item", "which_message": "message", "which_query": "query"}
_ALIKE = 80
"""How alike a choice and what was said must be, of 100."""
_MOST_WORDS = 12
"""Longer sentences are no answers to "what shall go on the list?"."""


def complete_call(text: str, situation: Situation) -> Reading | None:
    """Return the reading that a cleaned sentence makes of the call that was asked about, None when it is no answer."""
    question = situation.memory.question
    if question is None:
        return None
    complete = _COMPLETE.get(question.key)
    return complete(question, text, situation) if complete else None


def complete_words(text: str, situation: Situation) -> Reading | None:
    """Return the reading with the words themselves as what was missing, None when free words were not asked for."""
    question = situation.memory.question
    slot = _FREE.get(question.key) if question else None
    if question is None or slot is None or len(text.split()) > _MOST_WORDS:
        return None
    call = replace(question.call, slots=(*question.call.slots, (slot, Text(text.strip(" .!?。！？")))))
    return replace(question.reading, calls=(call,), confidence=1.0, weakest=1.0, outside=0.0)


def _answered(question: Question, call: Call, marks: tuple[Mark, ...], said: str = "") -> Reading:
    """Return the reading of the question with a completed call; marks lie in `said`, which follows the words of before."""
    before = question.reading
    shift = len(before.text) + 1
    moved = tuple(replace(mark, start=mark.start + shift, end=mark.end + shift) for mark in marks)
    text = f"{before.text} {said}" if said else before.text
    return Reading(text, before.language, (*before.marks, *moved), (call,))


def _with_things(question: Question, text: str, situation: Situation) -> Reading | None:
    ids = choose(text, question, situation)
    if not ids:
        return None
    first = len(question.reading.marks) + 1
    marks = tuple(Mark(0, 0, (entity_type(i),), (Ref("entity", i),)) for i in ids)
    chosen: tuple[Term, ...] = tuple(Pointer(first + offset) for offset in range(len(ids)))
    others = tuple(term for term in question.call.targets if _is_clear(term, question))
    return _answered(question, replace(question.call, kind=None, targets=(*others, *chosen), excepts=()), marks)


def _is_clear(term: Term, question: Question) -> bool:
    """Return whether a target names a thing that the question was not about."""
    if not isinstance(term, Pointer) or not isinstance(term.key, int):
        return False
    refs = question.reading.marks[term.key - 1].refs
    return bool(refs) and all(ref.kind == "entity" and ref.id not in question.entity_ids for ref in refs)


def _with_timer(question: Question, text: str, situation: Situation) -> Reading | None:
    """Return the call about the timer chosen: by number, by a word of its name, by its length, or all of them."""
    words = load_words(situation.language)["choosing"]
    low = lower(text).strip(" .!?,。！？，")
    call, choices = question.call, question.choices
    if re.search(words["new_timer"], low):
        return None
    if re.fullmatch(words["all"], low):
        calls = (replace(call, slots=(*call.slots, ("name", Text(choice)))) for choice in choices)
        return replace(_answered(question, call, ()), calls=tuple(calls))
    fitting = count_out(low, choices, situation.language) or tuple(
        choice for choice in choices if _is_called(low, choice, situation.language)
    )
    if len(fitting) != 1:
        return None
    slots = (*(pair for pair in call.slots if pair[0] != "name"), ("name", Text(fitting[0])))
    return _answered(question, replace(call, slots=slots), ())


def _is_called(text: str, choice: str, language: str) -> bool:
    """Return whether a text says the name or the length of a timer and nothing else."""
    seconds = length_of_name(choice)
    marks = [mark for mark in find_quantities(text) if isinstance(mark.quantity, Duration)]
    if seconds is not None:
        said = [mark.quantity.seconds for mark in marks if isinstance(mark.quantity, Duration)]
        return said == [seconds] and not plain_words(_without(text, marks), language)
    words, name = plain_words(text, language), plain_words(lower(choice), language)
    return bool(words) and all(
        any(word == other or (not word.isascii() and word in other) for other in name) for word in words
    )


def _with_option(question: Question, text: str, situation: Situation) -> Reading | None:
    """Return the call with the choice that was named, or counted: "the second one"."""
    low = lower(text).strip(" .!?,。！？，")
    said = plain_words(low, situation.language)
    fitting = count_out(low, question.choices, situation.language) or tuple(
        choice
        for choice in question.choices
        if said and fuzz.ratio("".join(said), "".join(plain_words(lower(choice), situation.language))) >= _ALIKE
    )
    if len(fitting) != 1:
        return None
    call = question.call
    slot = next((name for name, _ in call.slots if name not in _TIMES), "option")
    slots = dict(call.slots) | {slot: Text(fitting[0])}
    return _answered(question, replace(call, slots=tuple(slots.items())), ())


def _with_place(question: Question, text: str, situation: Situation) -> Reading | None:
    low = lower(text)
    marks = [mark for mark in situation.house.names.find(low) if any(ref.kind != "entity" for ref in mark.refs)]
    if not marks or plain_words(_without(low, marks), situation.language):
        return None
    first = len(question.reading.marks) + 1
    targets: tuple[Term, ...] = tuple(Pointer(first + offset) for offset in range(len(marks)))
    return _answered(question, replace(question.call, targets=targets), tuple(marks), text)


def _with_value(question: Question, text: str, situation: Situation) -> Reading | None:
    low = lower(text)
    marks = [
        mark for mark in situation.house.names.find(low, find_quantities(low)) if isinstance(mark.quantity, _VALUES)
    ]
    if len(marks) != 1 or (isinstance(marks[0].quantity, Duration) and question.key != "how_long"):
        return None
    if plain_words(_without(low, marks), situation.language):
        return None
    number = len(question.reading.marks) + 1
    slot = _slot_for(question, marks[0])
    kept = tuple(pair for pair in question.call.slots if pair[0] != slot)
    order = load_catalog().verbs[question.call.verb]
    if slot not in order:
        return None
    slots = sorted((*kept, (slot, Pointer(number))), key=lambda pair: order.index(pair[0]))
    call = replace(question.call, slots=tuple(slots))
    return _answered(question, call, tuple(marks), text)


def _slot_for(question: Question, mark: Mark) -> str:
    """Return the slot whose value was missing; by the value itself, when the sentence had named no property."""
    if question.key == "how_long":
        return "time"
    named = [slot for slot, _ in question.call.slots if slot not in _TIMES]
    own = {Color: "color", Option: "option"}
    return named[0] if named else own.get(type(mark.quantity), "value")


def _without(text: str, marks: list[Mark]) -> str:
    """Return the text with marks blanked out."""
    for mark in marks:
        text = text[: mark.start] + " " * (mark.end - mark.start) + text[mark.end :]
    return text


def corrects(text: str, language: str) -> bool:
    """Return whether a sentence says that the turn before did the wrong thing ("no, I meant the bedroom")."""
    return re.search(load_words(language)["correction"], lower(clean(text))) is not None


def as_before(situation: Situation) -> Situation:
    """Return the situation with the things of the turn before as they were before it: "no, two degrees" counts from there."""
    former, states = situation.memory.former, situation.states
    if not situation.memory.acted:
        return situation
    return replace(situation, states=lambda thing: State(*former[thing]) if thing in former else states(thing))


_COMPLETE: dict[str, Callable[[Question, str, Situation], Reading | None]] = {
    "which": _with_things,
    "which_room": _with_place,
    "which_timer": _with_timer,
    "which_option": _with_option,
    "how_long": _with_value,
    "which_value": _with_value,
}
