"""Find out which of the choices of a question a person means: by name, by part of a name, by room, by number, or all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from .lexicon import load_words
from .text import lower, sound, split_words, stem

if TYPE_CHECKING:
    from .intentions import Question, Situation

_ALIKE, _ALIKE_HAN = 80, 85


def choose(text: str, question: Question, situation: Situation) -> tuple[str, ...]:
    """Return the ids that a sentence chooses; none when it is no answer or fits several alike."""
    words = load_words(situation.language)["choosing"]
    low = lower(text).strip(" .!?,。！？，")
    ids = question.entity_ids
    if re.fullmatch(words["all"], low):
        return ids
    for number, pattern in enumerate(words["ordinals"]):
        if number < len(ids) and re.fullmatch(pattern, low):
            return (ids[number],)
    if re.fullmatch(words["last"], low):
        return ids[-1:]
    chosen: list[str] = []
    for part in re.split(words["and"], low):
        if not plain_words(part, situation.language):
            continue
        found = _choose_by_name(part, ids, situation)
        if found is None:
            return ()
        chosen.append(found)
    return tuple(dict.fromkeys(chosen))


def plain_words(text: str, language: str) -> list[str]:
    """Return the words of an answer that carry meaning, without politeness and little words."""
    fillers = load_words(language)["choosing"]["fillers"]
    for han in sorted((word for word in fillers if not word.isascii()), key=len, reverse=True):
        text = text.replace(han, " ")
    return [stem(word) for word, _, _ in split_words(text) if word not in fillers]


def _choose_by_name(text: str, ids: tuple[str, ...], situation: Situation) -> str | None:
    words = plain_words(text, situation.language)
    fitting = [i for i in ids if _fits(words, _ways(i, situation))]
    if len(fitting) > 1:
        # "the lamp" is the one thing that is called just that.
        fitting = [i for i in fitting if any("".join(words) == "".join(way) for way in _ways(i, situation))]
    return fitting[0] if len(fitting) == 1 else None


def _ways(entity_id: str, situation: Situation) -> list[list[str]]:
    """Return the words of every name of a thing, and of its area."""
    entity = situation.house.entities.get(entity_id)
    if entity is None:
        return []
    area = situation.house.areas.get(entity.area_id or "")
    names = [entity.name, *entity.aliases, *((area.name, *area.aliases) if area else ())]
    return [[stem(word) for word, _, _ in split_words(lower(name))] for name in names]


def _fits(words: list[str], ways: list[list[str]]) -> bool:
    """Return whether every word said is a word of the thing's names, or nearly so."""
    if any(not word.isascii() for word in words):
        said = sound("".join(words))
        return any(fuzz.partial_ratio(said, sound("".join(way))) >= _ALIKE_HAN and len(way) >= 1 for way in ways)
    known = {word for way in ways for word in way}
    return all(any(fuzz.ratio(word, other) >= _ALIKE for other in known) for word in words)
