"""How English says names, places, times and days."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from .phrases import Phrases
from .text import lower

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime


class English(Phrases):
    """English."""

    def the(self, name: str) -> str:
        """Return the name with an article where people use one: "the desk lamp", but "Rosie" and "Tilly's radiator"."""
        words = name.split()
        if not words or not name.isascii():
            return name
        first = lower(words[0])
        if first in ("the", "our", "my", "your", "his", "her", "their"):
            return " ".join([first, *map(self._plain, words[1:])])
        if first.endswith(("'s", "s'")) or first in self.words["prepositions"]:
            return " ".join([words[0], *map(self._plain, words[1:])])
        return "the " + " ".join(map(self._plain, words)) if self._common(self._head(words)) else name

    def _head(self, words: list[str]) -> str:
        """Return the word that says what it is: the last one before "over the table"."""
        end = next((i for i, word in enumerate(words) if i and lower(word) in self.words["prepositions"]), len(words))
        return next((word for word in reversed(words[:end]) if not word.isdecimal()), words[0])

    def _common(self, word: str) -> bool:
        word = lower(word)
        return word in self.nouns or word.removesuffix("s") in self.nouns or word.removesuffix("es") in self.nouns

    def _plain(self, word: str) -> str:
        if word.isupper() and len(word) > 1:
            return word
        return lower(word) if self._common(word) or lower(word) in self.words["prepositions"] else word

    @cached_property
    def nouns(self) -> frozenset[str]:
        """Words of the household that take an article."""
        return frozenset(f"{self.words['nouns']} {self.words['adjectives']}".split())

    def place(self, name: str) -> str:
        """Return the place with its preposition: "in the kitchen", "on the ground floor", "upstairs"."""
        words = lower(name).split()
        if words and (
            words[0] in self.words["prepositions"] or words[-1] in ("upstairs", "downstairs", "outside", "outdoors")
        ):
            return lower(name)
        on = words and words[-1] in ("floor", "landing", "balcony", "terrace", "patio", "porch", "deck", "level")
        return f"{'on' if on else 'in'} {self.the(name)}"

    def be(self, names: Sequence[str]) -> str:
        """Return is or are."""
        return "are" if len(names) > 1 or (names and self.many(names[0])) else "is"

    def bare(self, name: str) -> str:
        """Return a name without its article."""
        return self.the(name).removeprefix("the ")

    def group(self, kind: str, place: str) -> tuple[str, str]:
        """Return "kitchen lights", or "everything" and " in the kitchen"."""
        words = lower(place).split()
        if kind == self.words["misc"]["everything"] or (words and words[0] in self.words["prepositions"]):
            return kind, self.gap + self.place(place)
        return f"{self.bare(place)} {kind}", ""

    def definite(self, text: str) -> str:
        """Return "the lights"; what has an article already stays."""
        return (
            text
            if text.startswith(("all ", "every", "our ")) or "'s " in text or text[:1].isdecimal()
            else f"the {text}"
        )

    def many(self, name: str) -> bool:
        """Return whether a name is in the plural ("fairy lights")."""
        words = name.split()
        last = lower(self._head(words)) if words else ""
        return (
            last.endswith("s")
            and not last.endswith(("ss", "'s", "s'", "us", "is"))
            and last.removesuffix("s") in self.nouns
        )

    def length_adjective(self, seconds: float) -> str:
        """Return a length without its plural: "10 minute"."""
        return self.duration(seconds).replace("s ", " ").removesuffix("s")

    def sentence(self, text: str) -> str:
        """Return the text with a capital and a full stop."""
        text = super().sentence(text)
        return text[:1].upper() + text[1:]

    def clock(self, moment: datetime) -> str:
        """Return a time of day by the twelve-hour clock."""
        hour = moment.hour % 12 or 12
        minutes = f":{moment.minute:02}" if moment.minute else ""
        return f"{hour}{minutes} {'am' if moment.hour < 12 else 'pm'}"

    def date(self, day: date, *, weekday: bool = True) -> str:
        """Return a date as "Monday, November 23"."""
        text = f"{self.words['months'][day.month - 1]} {day.day}"
        return f"{self.words['weekdays'][day.weekday()]}, {text}" if weekday else text
