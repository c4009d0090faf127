"""Find the sensor that tells how long an appliance still takes: "how long has the washing got left"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .lexicon import kind_words, load_words, stop_words
from .text import lower, split_words, stem

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Entity, Reading

_CLASSES = frozenset({"duration", "timestamp"})
_SHORT = 3


def time_left_of(reading: Reading, situation: Situation) -> Entity | None:
    """Return the sensor of a remaining time that a question speaks of by a word of its name; None when none or several fit."""
    plain = {stem(word) for word in load_words("en")["time_left"]} | stop_words() | kind_words()
    sensors = [thing for thing in situation.house.in_domains(("sensor",)) if thing.device_class in _CLASSES]
    said = lower(reading.text)
    words = {stem(word) for word, _, _ in split_words(said)}
    fitting = [
        thing for thing in sensors if any(_shares(name, said, words, plain) for name in (thing.name, *thing.aliases))
    ]
    return fitting[0] if len(fitting) == 1 else None


def _shares(name: str, said: str, words: set[str], plain: set[str] | frozenset[str]) -> bool:
    """Return whether a sentence holds a word of a name that tells it from other remaining times."""
    low = lower(name)
    own = {stem(word) for word, _, _ in split_words(low) if word.isascii() and len(word) > _SHORT} - plain
    han = re.sub(load_words("zh")["time_left"], "", low) if not low.isascii() else ""
    return bool(own & words) or (len(han) > 1 and any(han[i : i + 2] in said for i in range(len(han) - 1)))
