"""Decide how sure is sure enough: act, ask, or hand over.

The thresholds are chosen on validation data and written in the bundle's card; the user may prefer more questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .intentions import Act, HandOver, Intention, Refuse
from .values import Call

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Reading


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
    """Return the intentions to carry out; acts the model is not sure of become a refusal that says so."""
    if reading.outside >= thresholds.outside and not any(isinstance(item, HandOver) for item in intentions):
        return (HandOver(Call("none")),)
    more = thresholds.careful if situation.ask_more else 0.0
    unsure = reading.confidence < thresholds.act + more or reading.weakest < thresholds.weakest + more
    if unsure and any(isinstance(item, Act) for item in intentions):
        return (Refuse(reading.calls[0], "not_sure"),)
    return intentions
