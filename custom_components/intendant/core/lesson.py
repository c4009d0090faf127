"""Learn from a correction at once: what was said first stands for what was said then.

"Turn on the dragon." "There's no dragon." "I mean the floor lamp." From then on the dragon is the floor lamp. A sentence of
plain words, which may well mean something else tomorrow, has to be corrected in the same way twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .intentions import Act, HandOver, LookUp, Refuse, Tell
from .lexicon import common_words, kind_words, stop_words
from .phrasebook import LONGEST, Phrase
from .quantities import find_quantities
from .text import lower, split_words, stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .intentions import Result
    from .values import Reading

_MOST_WORDS = 6
_NOT_UNDERSTOOD = frozenset({"not_sure", "no_such"})


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn, as far as the next one may teach something about it."""

    text: str
    reading: Reading | None
    unknown: str = ""
    """The name in it that nothing has."""
    understood: bool = False


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a correction teaches; what is not `sure` has to be taught twice."""

    phrase: Phrase
    sure: bool


def note_heard(text: str, reading: Reading | None, results: Sequence[Result]) -> Heard:
    """Return a turn as the next one needs it."""
    refusals = [result.intention for result in results if isinstance(result.intention, Refuse)]
    names = [str(refusal.facts.get("name") or "") for refusal in refusals if refusal.key == "no_such"]
    understood = any(isinstance(result.intention, Act | LookUp | Tell) for result in results)
    aside = any(isinstance(result.intention, HandOver) for result in results)
    missed = any(refusal.key in _NOT_UNDERSTOOD for refusal in refusals)
    return Heard(text, reading, names[0] if len(names) == 1 else "", understood and not aside and not missed)


def lesson_of(before: Heard, reading: Reading, results: Sequence[Result], *, corrects: bool) -> Lesson | None:
    """Return what a turn teaches about the one before; None for most turns."""
    act = results[0].intention if len(results) == 1 and not results[0].failed else None
    if not isinstance(act, Act) or act.confirm or not _names_all(act, reading):
        return None
    if before.unknown and len(act.entity_ids) == 1:
        same = before.reading is not None and before.reading.calls[0].verb == act.call.verb
        name = Phrase(before.unknown, reading.language, entity_ids=act.entity_ids)
        return Lesson(name, sure=corrects) if corrects or same else None
    if not corrects or act.call.slots or not _is_short(before.text):
        return None
    phrase = Phrase(before.text, reading.language, verb=act.call.verb, entity_ids=act.entity_ids)
    return Lesson(phrase, sure=not before.understood or _holds_own_words(before))


def lesson_by_hand(text: str, thing: str, language: str) -> Lesson | None:
    """Return what it teaches that a scene or script was run by hand after a sentence: to be taught twice. None for a long one."""
    return Lesson(Phrase(text, language, verb="run", entity_ids=(thing,)), sure=False) if _is_short(text) else None


def _names_all(act: Act, reading: Reading) -> bool:
    """Return whether everything that was done was done with things called by their names."""
    named = {ref.id for mark in reading.marks for ref in mark.refs if ref.kind == "entity"}
    return bool(act.entity_ids) and named.issuperset(act.entity_ids)


def _is_short(text: str) -> bool:
    words = [word for word in split_words(text) if word[0].isascii()] or split_words(text)[::2]
    asks = text.rstrip().endswith(("?", "？"))
    return not asks and len(words) <= _MOST_WORDS and len(text) <= LONGEST and not find_quantities(lower(text))


def _holds_own_words(heard: Heard) -> bool:
    """Return whether a sentence holds a word that is neither plain language nor a name of the home."""
    low = lower(heard.text)
    for mark in heard.reading.marks if heard.reading else ():
        low = low[: mark.start] + " " * (mark.end - mark.start) + low[mark.end :]
    plain = common_words() | kind_words() | stop_words()
    words = [word for word, _, _ in split_words(low) if word.isascii()]
    return any(word not in plain and stem(word) not in plain for word in words)
