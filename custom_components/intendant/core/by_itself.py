"""Find the automation behind what happens by itself: "stop the porch light coming on every time it gets dark" is about no lamp, but about a rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .lexicon import load_words, stop_words
from .text import lower, split_words, stem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .intentions import Situation
    from .values import Entity


def name_automation(text: str, situation: Situation) -> str:
    """Return a cleaned sentence that stops (or brings back) what happens by itself with the one automation by its name."""
    words = load_words(situation.language)["by_itself"]
    said = lower(text)
    for way in ("stop", "resume"):
        if re.search(words[way], said) and (found := _automation(said, situation)):
            return str(words[f"{way}_it"]).replace("{name}", found.name)
    return text


def _automation(said: str, situation: Situation) -> Entity | None:
    """Return the automation that shares more words with a sentence than all others; None where none or several do."""
    mine = set(_parts(said))
    shared = {
        thing.id: max(len(mine & set(_parts(lower(name)))) for name in (thing.name, *thing.aliases))
        for thing in situation.house.in_domains(("automation",))
    }
    most = max(shared.values(), default=0)
    best = [thing for thing in situation.house.in_domains(("automation",)) if shared[thing.id] == most]
    return best[0] if most and len(best) == 1 else None


def _parts(text: str) -> Iterator[str]:
    """Yield the stems of English words that say something, and pairs of Chinese characters."""
    words = [word for word, _, _ in split_words(text)]
    for one, other in zip(words, [*words[1:], ""], strict=True):
        if one.isascii():
            if one not in stop_words() and len(one) > 2:
                yield stem(one)
        elif other and not other.isascii():
            yield one + other
