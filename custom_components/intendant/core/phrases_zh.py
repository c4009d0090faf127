"""How Mandarin says names, places, times and days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .phrases import Phrases

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime


class Chinese(Phrases):
    """Mandarin in simplified characters."""

    language = "zh"
    stop, comma, gap = "。", "、", ""

    def _with_unit(self, number: str, unit: str) -> str:
        return f"{number}{unit}"

    def steps(self, parts: Sequence[str]) -> str:
        """Return what was done one after the other, finished only at the end."""
        return "，".join([*(part.removesuffix("了") for part in parts[:-1]), *parts[-1:]])

    def timed(self, text: str, *, later: bool) -> str:
        """Return a sentence about what was done (▸ goes), or the same about what will be done (会 for it, no 了)."""
        return text.replace("▸", "会").removesuffix("了") if later else text.replace("▸", "")

    def kind(self, kind: str | None, number: int) -> str:
        """Return the word for a kind of thing, which has one form."""
        _ = number
        return str(self.words["kinds"].get(kind, self.words["kinds"]["thing"])[0])

    def measure(self, kind: str | None) -> str:
        """Return the measure word of a kind of thing."""
        return str(self.words["kinds"].get(kind, self.words["kinds"]["thing"])[1])

    def clauses(self, parts: Sequence[str]) -> str:
        """Return statements one after the other."""
        return ("；" if any("，" in part for part in parts) else "，").join(parts)

    def group(self, kind: str, place: str) -> tuple[str, str]:
        """Return 厨房的灯."""
        return f"{place}的{kind}", ""

    def clock(self, moment: datetime) -> str:
        """Return a time of day as 晚上7点半."""
        part = next(str(name) for until, name in self.words["hours"] if moment.hour < until)
        hour = moment.hour if moment.hour <= 12 else moment.hour - 12
        minutes = "" if not moment.minute else "半" if moment.minute == 30 else f"{moment.minute:02}分"
        return f"{part}{hour}点{minutes}"

    def date(self, day: date, *, weekday: bool = True) -> str:
        """Return a date as 11月23日星期一."""
        return f"{day.month}月{day.day}日{self.words['weekdays'][day.weekday()] if weekday else ''}"
