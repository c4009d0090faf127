"""Decide how sure is sure enough: act, ask, or hand over.

The thresholds are chosen on validation data and written in the bundle's card; the user may prefer more questions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .intentions import Act, Ask, HandOver, Intention, Refuse, Reply
from .lexicon import entrance_words
from .misread import forbids
from .text import lower
from .values import Call

if TYPE_CHECKING:
    from .intentions import Question, Situation
    from .values import Reading


_WORTH_ASKING, _MOST_ASKED = 0.15, 2
"""From which probability on it is asked whether a reading is right, and for how many acts at most: the rest is a guess."""
_MOST_OFFERED = 6
"""Choices that are offered in a question; of more, what there is instead is only told."""
_GUARDED = frozenset({"lock", "alarm_control_panel", "valve"})
_ENTRANCES = frozenset({"door", "garage", "gate"})


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Smallest probabilities of a reading for which something is done."""

    act: float = 0.30
    """Whole reading: below it nothing is done."""
    weakest: float = 0.35
    """Weakest single decision."""
    outside: float = 0.35
    """From this probability of `none` on, the sentence is taken as not for the house."""
    careful: float = 0.25
    """Added to `act` and `weakest` when the user prefers questions."""


def decide(
    reading: Reading, intentions: tuple[Intention, ...], situation: Situation, thresholds: Thresholds
) -> tuple[Intention, ...]:
    """Return the intentions to carry out; acts the model is not sure of become a question, or a refusal that says so."""
    outside = any(isinstance(item, HandOver) for item in intentions) or forbids(reading)
    if outside or reading.outside >= thresholds.outside:
        return (Refuse(Call("none"), "not_sure") if mentions_entrance(reading, situation) else HandOver(Call("none")),)
    # What waits for a yes got none: a yes with something else in it, read by the model, is asked about.
    if situation.memory.pending and any(isinstance(item, Reply) and item.key == "yes" for item in intentions):
        return (Ask(reading.calls[0], "yes_or_no", (), situation.memory.pending),)
    more = thresholds.careful if situation.ask_more else 0.0
    # Of several calls, each has to be as sure as a single one.
    each = reading.confidence ** (1 / max(len(reading.calls), 1))
    unsure = each < thresholds.act + more or reading.weakest < thresholds.weakest + more
    acts = [item for item in intentions if isinstance(item, Act)]
    if not unsure or not any(isinstance(item, Act | Ask) for item in intentions):
        return intentions
    if len(acts) == len(intentions) <= _MOST_ASKED and reading.confidence >= _WORTH_ASKING:
        return tuple(replace(act, confirm=True, doubtful=True) for act in acts)
    return (Refuse(reading.calls[0], "not_sure"),)


def offer_options(intentions: tuple[Intention, ...]) -> tuple[Intention, ...]:
    """Return the intentions with the refusal of a choice that a thing doesn't have made the question which one it shall be."""
    return tuple(
        Ask(item.call, "which_option", tuple(map(str, options)))
        if isinstance(item, Refuse)
        and item.key == "no_option"
        and isinstance(options := item.facts.get("options"), (list, tuple))
        and 1 < len(options) <= _MOST_OFFERED
        else item
        for item in intentions
    )


def never_twice(intentions: tuple[Intention, ...], situation: Situation) -> tuple[Intention, ...]:
    """Return the intentions with a question that was asked just before made a statement of what is missing."""
    asked = situation.memory.question
    return tuple(
        Refuse(item.call, f"{item.key}_again", {"options": item.choices})
        if asked and isinstance(item, Ask) and _same(item, asked)
        else item
        for item in intentions
    )


def _same(ask: Ask, asked: Question) -> bool:
    return (ask.key, ask.entity_ids, ask.call.verb, ask.call.kind) == (
        asked.key,
        asked.entity_ids,
        asked.call.verb,
        asked.call.kind,
    )


def mentions_entrance(reading: Reading, situation: Situation) -> bool:
    """Return whether a sentence may be about locks, entrances or alarms.

    Such a sentence is never handed over: another agent might carry it out without the yes that is demanded here.
    """
    if any(re.search(pattern, lower(reading.text)) for pattern in entrance_words()):
        return True
    ids = [ref.id for mark in reading.marks for ref in mark.refs if ref.kind == "entity"]
    things = [thing for entity_id in ids if (thing := situation.house.entities.get(entity_id))]
    return any(
        thing.domain in _GUARDED or thing.device_class in _ENTRANCES or thing.id in situation.guard.things
        for thing in things
    )
