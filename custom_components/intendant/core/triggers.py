"""Tell sentences that make a deed wait for something to happen, or that want it again and again: automations, which are nobody's to improvise.

Carrying such a deed out at once would be wrong ("close the skylight if it rains"), and so would be doing it once only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .lexicon import load_words
from .text import lower

if TYPE_CHECKING:
    from .values import Call, Reading


def waits(call: Call, reading: Reading) -> str | None:
    """Return the key of the refusal of a deed that shall wait for an event or happen regularly, None for any other."""
    words, said = load_words(reading.language)["triggers"], lower(reading.text)
    if call.slot("at") and re.search(words["regularly"], said) and not re.search(words["once"], said):
        return "not_regularly"
    if not call.slot("at") and re.search(words["event"], said) and not re.search(words["now"], said):
        return "no_event"
    return None
