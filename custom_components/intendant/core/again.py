"""Understand sentences that only speak of the turn before: once more ("again"), or better not ("leave it on").

Both are closed sets of words, and what they mean hangs on what was done and planned, which the model does not see.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .lexicon import load_words
from .text import lower
from .values import Call, Reading

if TYPE_CHECKING:
    from .intentions import Situation

_UNREPEATED = frozenset({"none", "yes", "no", "undo", "cancel", "planned", "unlock", "disarm"})
"""What is not done once more: what lets somebody in has to be said."""
_LATER = frozenset({"in", "at"})


def repeat_or_spare(text: str, situation: Situation) -> Reading | None:
    """Return the reading of a cleaned sentence that repeats the last turn or calls off what it planned; None for any other."""
    words, low = load_words(situation.language)["again"], lower(text).strip(" .!。！")
    memory = situation.memory
    if memory.question or memory.pending:
        return None
    before = memory.reading
    if before and re.fullmatch(words["once_more"], low) and _UNREPEATED.isdisjoint(call.verb for call in before.calls):
        return before
    if memory.planned and _is_spared(memory.planned, low, words["spare"]):
        return Reading(text, situation.language, (), (Call("cancel"),))
    return None


def _is_spared(planned: Reading, text: str, patterns: dict[str, list[str]]) -> bool:
    """Return whether a sentence says not to do what was planned for later."""
    call = planned.calls[0]
    later = len(planned.calls) == 1 and any(name in _LATER for name, _ in call.slots)
    return later and any(call.verb in verbs and re.match(pattern, text) for pattern, verbs in patterns.items())
