"""From a sentence to intentions: the one place that knows the order of the stages.

clean → (learn words | tell what can be said | offer a habit | put in what words mean here, and what is usual) →
(change the time of what was planned | repeat or spare the last turn | set an alarm clock | complete what was asked about | mark names and values → prompt → model writes calls under the grammar)
→ plan each call in the situation → (where the home has nothing of the kind: the next likely calls) → decide
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .again import repeat_or_spare
from .agree import agreement
from .amend import amend
from .by_itself import name_automation
from .complete import as_before, complete_call, complete_words, corrects
from .dates import ask_calendar
from .decide import decide, never_twice, offer_options
from .decode import encode_pieces, write_branch, write_calls
from .encode import prompt_pieces
from .follow import carry_over
from .grammar import Grammar
from .help import understand_help
from .intentions import Act, HandOver, Intention, Refuse, Reply
from .lean import lean_on
from .mend import mend
from .misread import contradicts
from .nickname import names_in
from .personal import name_own_room
from .phrasebook import find_phrase, read_phrase
from .plan import plan_calls
from .point import point
from .quantities import find_quantities
from .rest import the_rest
from .retime import retime
from .suggest import understand_habits
from .teach import understand_lesson
from .text import MAX_SENTENCE, clean, lower
from .threads import few_threads
from .unheard import name_unheard
from .usual import understand_usual
from .values import Call, Mark, Option, Reading
from .wake import understand_wake

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .bundle import Bundle
    from .house import House
    from .intentions import Situation
    from .nickname import Wanted
    from .phrasebook import Phrase

_IMPOSSIBLE = frozenset({"not_able", "none_here", "no_option", "not_supported", "no_value", "not_measured"})
"""Refusals that say the home has nothing of the kind: perhaps something else was said. An unknown name is none of them:
another thing than the one that was named must not be touched."""
_CONTRARY = ({"on", "off"}, {"open", "close"}, {"lock", "unlock"}, {"more", "less"})


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What a sentence means here and now: the reading (None when there was nothing to read) and what shall be done about it."""

    reading: Reading | None
    intentions: tuple[Intention, ...]
    corrects: bool = False
    """Whether the sentence says that the turn before did the wrong thing, which is to be taken back first."""
    retimes: bool = False
    """Whether it puts another time in place of the one that the last acting turn planned, which is to be cancelled."""
    phrase: Phrase | None = None
    """The phrase of the household that it is."""


class Interpreter:
    """Understands sentences with one bundle. Holds no state of a conversation; may be used from several threads."""

    def __init__(self, bundle: Bundle) -> None:
        """Take the bundle in service."""
        self._bundle = bundle
        self._ids: dict[str, int] = bundle.special_ids

    @few_threads()
    def read(self, text: str, house: House, language: str = "en", previous: Reading | None = None) -> Reading:
        """Return what the model reads in a cleaned sentence."""
        return next(self.readings(text, house, language, previous))

    def readings(
        self,
        text: str,
        house: House,
        language: str = "en",
        previous: Reading | None = None,
        named: tuple[Mark, ...] = (),
    ) -> Iterator[Reading]:
        """Yield what the model reads in a cleaned sentence, then what it might have read as well.

        The confidence of the latter holds if the ones before are ruled out. `named` are names that the home does not know.
        """
        low = lower(text)
        marks = tuple(house.names.find(low, [*find_quantities(low), *named]))
        prompt, places = encode_pieces(self._bundle.tokenizer, self._ids, prompt_pieces(low, marks, previous))
        grammar = Grammar(self._ids, marks, places, text)
        session = self._bundle.model.session()
        written = write_calls(session, prompt, self._ids, grammar)
        yield Reading(text, language, marks, written.calls, written.confidence, written.weakest, written.outside)
        left = 1 - written.confidence
        for branch in written.branches:
            other = write_branch(session, prompt, self._ids, grammar, branch)
            chance = min(other.confidence / max(left, other.confidence), 1.0)
            yield Reading(text, language, marks, other.calls, chance, other.weakest, written.outside)
            left -= other.confidence

    @few_threads()
    def names_in(self, text: str, wanted: Wanted, house: House, language: str) -> list[tuple[str, bool]]:
        """Return words of a sentence that may name what was wanted with it, and whether they are all of it (nickname.py)."""
        cleaned = clean(text)

        def read(mark: Mark) -> Reading:
            return next(self.readings(cleaned, house, language, None, (mark,)))

        return list(names_in(cleaned, wanted, house, language, read))

    @few_threads()
    def interpret(self, text: str, situation: Situation) -> Interpretation:
        """Return reading and intentions for a sentence as it was heard."""
        cleaned = clean(text)
        if not re.search(r"\w", cleaned):
            return Interpretation(None, (Refuse(Call("none"), "nothing_said"),))
        if len(text.strip()) > MAX_SENTENCE:
            return Interpretation(None, (Refuse(Call("none"), "too_long"),))
        if situation.memory.pending and (answer := agreement(cleaned, situation)):
            call = Call(answer)
            return Interpretation(Reading(cleaned, situation.language, (), (call,)), (Reply(call, answer),))
        if lesson := understand_lesson(cleaned, situation, lambda *said: self.interpret(*said).intentions):
            return Interpretation(Reading(cleaned, situation.language, (), (lesson.call,)), (lesson,))
        if aside := understand_help(cleaned, situation) or understand_habits(cleaned, situation):
            return Interpretation(None, (aside,))
        return self._interpret_command(cleaned, situation)

    def _interpret_command(self, cleaned: str, situation: Situation) -> Interpretation:
        phrase = find_phrase(cleaned, situation)
        cleaned = name_own_room(mend(phrase.means if phrase and phrase.means else cleaned), situation)
        cleaned = name_automation(cleaned, situation)
        if usual := understand_usual(cleaned, situation):
            return Interpretation(None, usual, corrects(cleaned, situation.language), phrase=phrase)
        retimed = None if phrase else retime(cleaned, situation)
        completed = (
            retimed
            or (None if phrase else repeat_or_spare(cleaned, situation) or understand_wake(cleaned, situation))
            or (read_phrase(phrase, cleaned, situation) if phrase else complete_call(cleaned, situation))
        )
        tries = iter([completed]) if completed else self._read_anew(cleaned, situation)
        question = situation.memory.question
        corrected = question.corrects if completed and question else corrects(cleaned, situation.language)
        # What corrects starts from how things were before they were changed in the wrong way.
        reading, intentions = first_possible(tries, as_before(situation) if corrected else situation)
        decided = decide(reading, intentions, situation, self._bundle.thresholds)
        intentions = never_twice(offer_options(decided), situation)
        return Interpretation(reading, intentions, corrected, retimed is not None, phrase)

    def _read_anew(self, cleaned: str, situation: Situation) -> Iterator[Reading]:
        """Yield what the model reads; words in which it finds nothing to do may be the words that were asked for."""
        before = situation.memory.reading
        spoken_of = frozenset(thing.partition(".")[0] for thing in situation.memory.entity_ids)
        for number, found in enumerate(self.readings(cleaned, situation.house, situation.language, before)):
            reading = carry_over(name_unheard(amend(point(found))), before)
            reading = lean_on(the_rest(ask_calendar(reading, situation), situation), before, spoken_of)
            nothing = reading.outside >= self._bundle.thresholds.outside or reading.calls[0].verb == "none"
            asked_for = complete_words(cleaned, situation) if nothing and not number else None
            yield asked_for or reading


def first_possible(readings: Iterable[Reading], situation: Situation) -> tuple[Reading, tuple[Intention, ...]]:
    """Return the first reading that this home can do something with, and what to do; the very first one if there is none.

    If the model read that one and it contradicts its own sentence, it comes back as one that nobody is sure of.
    """
    first: tuple[Reading, tuple[Intention, ...]] | None = None
    for reading in readings:
        intentions = plan_calls(reading, situation)
        first = first or (reading, intentions)
        impossible = any(isinstance(item, Refuse) and _is_impossible(item, reading) for item in intentions)
        impossible = impossible or contradicts(reading) or undoes_itself(intentions)
        aside = reading is not first[0] and any(isinstance(item, HandOver | Reply) for item in intentions)
        if not impossible and not aside:
            return reading, intentions
    assert first is not None  # noqa: S101 - there is always a first reading
    reading, intentions = first
    doubtful = reading.confidence < 1 and (contradicts(reading) or undoes_itself(intentions))
    return (replace(reading, weakest=0.0) if doubtful else reading), intentions


def undoes_itself(intentions: Iterable[Intention]) -> bool:
    """Return whether the very thing that one call switches another one of the same sentence switches back, both at once."""
    acts = [item for item in intentions if isinstance(item, Act) and item.delay is None and item.back_after is None]
    return any(
        one.call.verb != other.call.verb
        and {one.call.verb, other.call.verb} in _CONTRARY
        and set(one.entity_ids) == set(other.entity_ids)
        for number, one in enumerate(acts)
        for other in acts[number + 1 :]
        if one.entity_ids
    )


def _is_impossible(refusal: Refuse, reading: Reading) -> bool:
    """Return whether a refusal hints at a misreading: also where a choice ("Netflix") was taken for the name of a thing."""
    if refusal.key != "no_such":
        return refusal.key in _IMPOSSIBLE
    choices = [
        lower(reading.text[mark.start : mark.end]) for mark in reading.marks if isinstance(mark.quantity, Option)
    ]
    return lower(str(refusal.facts.get("name"))) in choices
