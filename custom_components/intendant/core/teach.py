"""Understand sentences that teach the household's own words: "when I say movie time, close the blinds".

Only what the home can do may be meant; what is risky is guarded when it is said, not when it is taught.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .intentions import Act, Learn, LookUp, Memory, Refuse, Tell
from .phrasebook import Phrase, phrase_key, taught, untaught
from .text import lower
from .values import AREA, Call

if TYPE_CHECKING:
    from collections.abc import Callable

    from .intentions import Intention, Situation

_SOMETHING = (Act, LookUp, Tell)


def understand_lesson(
    text: str, situation: Situation, interpret: Callable[[str, Situation], tuple[Intention, ...]]
) -> Intention | None:
    """Return what a sentence teaches or has forgotten; None when it does neither.

    `interpret` returns what shall be done about a sentence in a situation.
    """
    if forgotten := untaught(text, situation.language):
        known = situation.phrases.get(phrase_key(forgotten, situation.language))
        return Learn(Call("none"), known, forget=True) if known else None
    found = taught(text, situation.language)
    if found is None or not phrase_key(found[0], situation.language):
        return None
    words, means = found
    if thing := _named(means, situation):
        return Learn(Call("none"), Phrase(words, situation.language, entity_ids=(thing,)))
    # What was talked about before has no part in what the words will mean later.
    plain = replace(situation, memory=Memory(), phrases={})
    if all(isinstance(intention, _SOMETHING) for intention in interpret(means, plain)):
        return Learn(Call("none"), Phrase(words, situation.language, means))
    # "If I say no, it means no" teaches nothing; what is plainly a lesson gets told why not.
    return Refuse(Call("none"), "cannot_learn") if _is_plain_lesson(text, words) else None


def _named(means: str, situation: Situation) -> str | None:
    """Return the one thing or room that words name, if they are its name and nothing else."""
    low = lower(means)
    marks = situation.house.names.find(low)
    if len(marks) != 1 or len(marks[0].refs) != 1 or marks[0].refs[0].kind not in ("entity", "area"):
        return None
    left = low[: marks[0].start] + low[marks[0].end :]
    ref = marks[0].refs[0]
    thing = ref.id if ref.kind == "entity" else AREA + ref.id
    return thing if not phrase_key(left, situation.language) and not thing.startswith(("scene.", "script.")) else None


def _is_plain_lesson(text: str, words: str) -> bool:
    """Return whether a sentence speaks of saying words before it speaks of anything else."""
    before = lower(text).partition(words)[0]
    return any(word in before for word in ("say", "说", "讲", "喊"))
