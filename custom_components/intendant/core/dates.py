"""Ask the calendar when something is: "when's the dentist" is about no thing of the house and no person, but about an event."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .lexicon import load_words
from .misread import without_names
from .values import Call

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Reading

_ELSEWHERE = frozenset({"none", "where", "events", "read"})
"""What such a question is read as, where it is about nothing that the house has."""


def ask_calendar(reading: Reading, situation: Situation) -> Reading:
    """Return the reading that looks an event up, where the sentence asks when something is and the home has a calendar."""
    verb = reading.calls[0].verb
    if len(reading.calls) != 1 or verb not in _ELSEWHERE or not situation.house.in_domains(("calendar",)):
        return reading
    if not asks_when(reading) or (verb == "events" and reading.calls[0].slots):
        return reading
    targets = reading.calls[0].targets if verb == "events" else ()
    return replace(reading, calls=(Call("events", targets=targets),), confidence=1.0, weakest=1.0, outside=0.0)


def asks_for_one(reading: Reading) -> bool:
    """Return whether it is a certain event that is asked for, and not just whichever comes next."""
    words = load_words(reading.language)["asks_when"]
    return asks_when(reading) and not re.search(words["any"], without_names(reading))


def asks_when(reading: Reading) -> bool:
    """Return whether the words ask on which day or at what time something will be."""
    words = load_words(reading.language)["asks_when"]
    said = without_names(reading).strip(" .!?。！？")
    return re.search(words["says"], said) is not None and not re.search(words["unless"], said)
