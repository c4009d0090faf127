"""Find out which of the choices of a question a person means: by name, by part of a name, by room, by number, or all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz

from .lexicon import load_words
from .text import lower, sound, split_words, stem

if TYPE_CHECKING:
    from .intentions import Question, Situation

_ALIKE, _ALIKE_HAN, _LONG = 80, 85, 6


def choose(text: str, question: Question, situation: Situation) -> tuple[str, ...]:
    """Return the ids that a sentence chooses; none when it is no answer or fits several alike."""
    words = load_words(situation.language)["choosing"]
    low = lower(text).strip(" .!?,。！？，")
    ids = question.entity_ids
    if re.fullmatch(words["all"], low) or _says_all_with_verb(low, words, question.call.verb):
        return ids
    if counted := count_out(low, ids, situation.language):
        return counted
    chosen: list[str] = []
    for part in re.split(words["and"], low):
        if not plain_words(part, situation.language):
            continue
        found = _choose_by_name(part, ids, situation)
        if found is None:
            return ()
        chosen.append(found)
    return tuple(dict.fromkeys(chosen))


def count_out(text: str, choices: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Return the choice that a lower-case sentence counts ("the second one", "the last"), none when it counts none."""
    words = load_words(language)["choosing"]
    for choice, pattern in zip(choices, words["ordinals"], strict=False):
        if re.fullmatch(pattern, text):
            return (choice,)
    return choices[-1:] if re.fullmatch(words["last"], text) else ()


def _says_all_with_verb(text: str, words: dict[str, Any], verb: str) -> bool:
    """Return whether a Chinese sentence says to do it with all ("都关了"), with the verb that was asked about."""
    spoken = words.get("verbs", {}).get(verb)
    return spoken is not None and re.fullmatch(words["all_with"].replace("{verb}", spoken), text) is not None


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
        # "The snug one" is the one that is called so rather than another in that room.
        own = [i for i in fitting if _fits(words, _ways(i, situation, rooms=False))]
        fitting = own if len(own) == 1 else fitting
    if len(fitting) > 1:
        # "the lamp" is the one thing that is called just that.
        fitting = [i for i in fitting if any("".join(words) == "".join(way) for way in _ways(i, situation))]
    return fitting[0] if len(fitting) == 1 else None


def _ways(entity_id: str, situation: Situation, *, rooms: bool = True) -> list[list[str]]:
    """Return the words of every name of a thing, and of its area."""
    entity = situation.house.entities.get(entity_id)
    if entity is None:
        return []
    area = situation.house.areas.get(entity.area_id or "") if rooms else None
    names = [entity.name, *entity.aliases, *((area.name, *area.aliases) if area else ())]
    if area and not entity.name.isascii():
        names.append(area.name + entity.name)
    return [[stem(word) for word, _, _ in split_words(lower(name))] for name in names]


def _fits(words: list[str], ways: list[list[str]]) -> bool:
    """Return whether every word said is a word of the thing's names, or nearly so; Chinese must be a part of one name."""
    if any(not word.isascii() for word in words):
        said = sound("".join(words))
        return any(said in sound("".join(way)) or fuzz.ratio(said, sound("".join(way))) >= _ALIKE_HAN for way in ways)
    known = {word for way in ways for word in way}
    return all(any(_is_alike(word, other) for other in known) for word in words)


def _is_alike(word: str, other: str) -> bool:
    return word == other if min(len(word), len(other)) < _LONG else fuzz.ratio(word, other) >= _ALIKE
