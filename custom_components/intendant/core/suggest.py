"""Understand what is said about habits: "any suggestions?", and "never suggest that again"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .intentions import Decide, Intention, Refuse
from .routines import NEVER, due_routines, offer
from .text import clean, lower
from .usual import usual_words
from .values import Call

if TYPE_CHECKING:
    from .intentions import Situation


def understand_habits(text: str, situation: Situation) -> Intention | None:
    """Return what a sentence about habits asks for; None when it is about none."""
    words = usual_words(situation.language)
    said = lower(clean(text)).strip(" .,!?。，！？")
    if situation.memory.suggested and re.fullmatch(words["never"], said):
        return Decide(Call("no"), situation.memory.suggested[-1], NEVER)
    if not any(re.fullmatch(pattern, said) for pattern in words["suggestions"]):
        return None
    if not situation.usage.allowed:
        return Refuse(Call("none"), "usage_not_allowed")
    found = due_routines(situation, situation.memory.suggested)
    if found:
        return offer(found[0])
    return Refuse(Call("none"), "no_more_suggestions" if situation.memory.suggested else "no_suggestions")
