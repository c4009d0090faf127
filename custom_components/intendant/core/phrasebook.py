"""What words mean in this household: phrases its people taught it, looked up before the model reads anything.

A phrase is a name for things ("the dragon"), which then may be used in every sentence, or a sentence of its own ("movie
time") that stands for a command or for another sentence. What it leads to is planned and guarded like anything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .lexicon import load_words
from .names import entity_type
from .text import clean, lower, split_words, stem
from .values import Call, Mark, Pointer, Reading, Ref

if TYPE_CHECKING:
    from .intentions import Situation

LONGEST = 80
"""Characters of a phrase; whoever says more tells a story."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words and what they stand for: the sentence `means`, or `verb` with things, or (neither) a name of things."""

    words: str
    language: str
    means: str = ""
    verb: str | None = None
    entity_ids: tuple[str, ...] = ()
    """Ids of things; of a room, with "area." before it."""

    @property
    def is_name(self) -> bool:
        """Whether the words only name things."""
        return not self.means and self.verb is None


def phrase_key(text: str, language: str) -> str:
    """Return what is the same for a phrase however it is spaced, capitalized, decorated with "please" and said twice over."""
    low = lower(clean(text))
    fillers = load_words(language)["phrase_fillers"]
    for han in (word for word in fillers if not word.isascii()):
        low = low.replace(han, " ")
    words = [stem(word) for word, _, _ in split_words(low) if word not in fillers]
    half = len(words) // 2
    return "".join(words[:half] if words[:half] == words[half:] else words)


def find_phrase(text: str, situation: Situation) -> Phrase | None:
    """Return the phrase that a sentence is, None when it is none or only a name."""
    if not situation.phrases or len(text) > LONGEST * 2:
        return None
    phrase = situation.phrases.get(phrase_key(text, situation.language))
    return None if phrase is None or phrase.is_name else phrase


def read_phrase(phrase: Phrase, text: str, situation: Situation) -> Reading | None:
    """Return the reading of a sentence that stands for a verb with things; None when none of the things is left."""
    things = [thing for thing in phrase.entity_ids if thing in situation.house.entities]
    if phrase.verb is None or not things:
        return None
    marks = tuple(Mark(0, len(text), (entity_type(thing),), (Ref("entity", thing),)) for thing in things)
    pointers = tuple(Pointer(number) for number in range(1, len(marks) + 1))
    return Reading(text, situation.language, marks, (Call(phrase.verb, None, pointers),))


def taught(text: str, language: str) -> tuple[str, str] | None:
    """Return words and what they shall mean, where a sentence teaches that: "when I say movie time, close the blinds"."""
    return _two_parts(text, load_words(language)["teaching"])


def untaught(text: str, language: str) -> str | None:
    """Return the words whose meaning a sentence says to forget: "forget what movie time means"."""
    for pattern in load_words(language)["unteaching"]:
        if found := re.fullmatch(pattern, lower(clean(text)).strip(" .!。！")):
            return _bare(found["words"])
    return None


def _two_parts(text: str, patterns: list[str]) -> tuple[str, str] | None:
    for pattern in patterns:
        if found := re.fullmatch(pattern, lower(clean(text)).strip(" .!。！")):
            words, means = _bare(found["words"]), _bare(found["means"])
            if words and means and len(words) <= LONGEST:
                return words, means
    return None


def _bare(words: str) -> str:
    return words.strip(" .,!?\"'“”「」，。！？、:：")
