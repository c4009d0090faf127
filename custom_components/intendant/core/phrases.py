"""How each language says names, numbers, lengths of time, clock times, days and lists.

The words lie in data/answers; what needs grammar lies here, one class per language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from .catalog import DATA

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

_MOST_NAMES = 8
"""Names that are said one by one; of more only the first ones and how many there are besides."""

_TO_THE_HALF = 600
"""Seconds up to which half a minute is told too."""


class Phrases:
    """What both languages share: templates filled with words."""

    language = "en"
    stop, comma, gap = ".", ", ", " "

    def __init__(self) -> None:
        """Load the words of the language."""
        self.words: dict[str, Any] = yaml.safe_load(
            (DATA / "answers" / f"{self.language}.yaml").read_text(encoding="utf-8")
        )

    def has(self, section: str, key: str | None) -> bool:
        """Return whether a section of the words has a key."""
        return key in self.words[section]

    def word(self, section: str, key: str | None) -> str:
        """Return the word for a key, the key itself when there is none."""
        found = self.words[section].get(key)
        return str(found) if found is not None else str(key or "").replace("_", " ")

    def fill(self, section: str, key: str, **facts: object) -> str:
        """Return a sentence of the words with its gaps filled."""
        return str(self.words[section][key]).format(**facts)

    def vary(self, sentence: str, before: str) -> str:
        """Return the sentence in other words if the answer before had the same ones, and there are others."""
        ways = next((ways for ways in self.words["variants"] if sentence in ways), [sentence])
        said = next((number for number, way in enumerate(ways) if way in before), None)
        return sentence if said is None else str(ways[(said + 1) % len(ways)])

    def number(self, value: float) -> str:
        """Return a number with at most one decimal, the way it is spoken."""
        rounded = round(value, 1) if abs(value) >= 1 else round(value, 2)
        return str(int(rounded)) if rounded == int(rounded) else str(rounded)

    def amount(self, value: object, unit: str = "") -> str:
        """Return a value with its unit as it is spoken; a word as it is."""
        if not isinstance(value, (int, float)):
            return self.word("options", str(value))
        number = self.number(value)
        spoken = self.words["units"].get(unit, unit)
        if isinstance(spoken, list):
            spoken = spoken[0 if number == "1" else 1]
        return f"{number}{spoken}" if not spoken or spoken == "%" else self._with_unit(number, str(spoken))

    def _with_unit(self, number: str, unit: str) -> str:
        return f"{number} {unit}"

    def some(self, names: Sequence[str]) -> str:
        """Return names joined, the first few and the number of the rest when there are too many."""
        if len(names) <= _MOST_NAMES:
            return self.join(names)
        return self.join([*names[: _MOST_NAMES - 1], self.fill("misc", "more", n=len(names) - _MOST_NAMES + 1)])

    def join(self, parts: Sequence[str], last: str = "and") -> str:
        """Return parts as a list in a sentence; `last` is and, or."""
        *front, end = parts or [""]
        return f"{self.comma.join(front)}{self.words['misc'][last]}{end}" if front else end

    def clauses(self, parts: Sequence[str]) -> str:
        """Return statements one after the other; those that hold commas themselves are kept apart."""
        return "; ".join(parts) if len(parts) > 1 and any(", " in part for part in parts) else self.join(parts)

    def the(self, name: str) -> str:
        """Return a thing's name inside a sentence."""
        return name

    def place(self, name: str) -> str:
        """Return where something is, in a sentence."""
        return name

    def be(self, names: Sequence[str]) -> str:
        """Return the verb between things and what they are."""
        _ = names
        return ""

    def kind(self, kind: str | None, number: int) -> str:
        """Return the word for a kind of thing."""
        one, many = self.words["kinds"].get(kind, self.words["kinds"]["thing"])
        return str(one if number == 1 else many)

    def definite(self, text: str) -> str:
        """Return a kind of thing with an article."""
        return text

    def steps(self, parts: Sequence[str]) -> str:
        """Return what was done to one thing after the other."""
        return " ".join(parts)

    def timed(self, text: str, *, later: bool) -> str:
        """Return a sentence about what was done, or about what will be done."""
        _ = later
        return text

    def measure(self, kind: str | None) -> str:
        """Return the word between a number and a kind of thing."""
        _ = kind
        return ""

    def bare(self, name: str) -> str:
        """Return a name in telegram style."""
        return name

    def group(self, kind: str, place: str) -> tuple[str, str]:
        """Return what a group in a place is called, and where it is when that is said apart."""
        return f"{place}{kind}", ""

    def sentence(self, text: str) -> str:
        """Return the text as a sentence."""
        text = text.strip()
        return text if text.endswith((".", "?", "!", "。", "？", "！")) else text + self.stop

    def duration(self, seconds: float) -> str:
        """Return a length of time in at most two units."""
        total = round(seconds)
        if total >= 120 and (total % 30 or total > _TO_THE_HALF):
            total = round(seconds / 60) * 60
        parts, units = [], (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
        for unit, size in units:
            count, total = divmod(total, size)
            if count:
                one, many = self.words["lengths"][unit]
                parts.append(f"{count}{self.gap}{one if count == 1 else many}")
        return self.join(parts[:2]) if parts else f"0{self.gap}{self.words['lengths']['second'][1]}"

    def length_adjective(self, seconds: float) -> str:
        """Return a length of time in front of what it is the length of: "10 minute"."""
        return self.duration(seconds)

    def clock(self, moment: dt.datetime) -> str:
        """Return a time of day."""
        raise NotImplementedError

    def date(self, day: dt.date, *, weekday: bool = True) -> str:
        """Return a date in full."""
        raise NotImplementedError

    def day(self, day: dt.date, today: dt.date) -> str:
        """Return a day as it is called today: tomorrow, on Saturday, on November 28."""
        ahead = (day - today).days
        if str(ahead) in self.words["days"]:
            return str(self.words["days"][str(ahead)])
        if 0 < ahead < 7:
            return self.fill("misc", "on_day", day=self.words["weekdays"][day.weekday()])
        return self.fill("misc", "on_date", day=self.date(day, weekday=False))
