"""Replace "my room" by the name of the speaker's own room: the area that is called after the person who speaks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .lexicon import load_words
from .text import lower, split_words, stem

if TYPE_CHECKING:
    from .intentions import Situation


def name_own_room(text: str, situation: Situation) -> str:
    """Return a cleaned sentence with the speaker's own room by its name, where the home has one room of theirs."""
    pattern = str(load_words(situation.language)["own_room"])
    found = re.search(pattern, lower(text))
    room = _own_room(situation) if found else None
    return f"{text[: found.start()]}{room}{text[found.end() :]}" if found and room else text


def _own_room(situation: Situation) -> str | None:
    """Return the name of the one area that holds a name of the speaker."""
    person = situation.house.entities.get(situation.person_id or "")
    if person is None:
        return None
    names = [name for full in (person.name, *person.aliases) for name in {full, full.split(" ")[0]} if len(name) > 1]
    rooms = {
        area.id: area.name
        for area in situation.house.home.areas
        for called in (area.name, *area.aliases)
        if any(_is_called_after(called, name) for name in names)
    }
    return next(iter(rooms.values())) if len(rooms) == 1 else None


def _is_called_after(area: str, person: str) -> bool:
    if not person.isascii():
        return person in area
    words = [stem(word) for word, _, _ in split_words(lower(area))]
    return stem(lower(person)) in words
