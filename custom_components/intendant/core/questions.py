"""Plan the questions: what something is, whether, which, how many, where, since when; weather, events, time and date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .intentions import Intention, Refuse

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Call, Reading


def plan_question(call: Call, reading: Reading, situation: Situation) -> Intention:
    """Return the answer to a question, or what to look up for it."""
    _ = reading, situation
    return Refuse(call, "nothing")
