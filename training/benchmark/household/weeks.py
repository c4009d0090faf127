"""What the household says, week by week (training/household), and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import yaml

from training.benchmark.cases import Case, _plain

if TYPE_CHECKING:
    from collections.abc import Iterable

HOUSEHOLD = Path(__file__).parents[2] / "household"
HOME = HOUSEHOLD / "home.yaml"
ZONE = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 1, 5, tzinfo=ZONE)
"""The first day of week 1."""
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ALL = 8
"""Weeks there are."""
_OF_CASE = ("say", "before", "earlier", "expect", "either", "timer", "later", "todo", "broadcast", "confirm")


@dataclass(frozen=True, slots=True)
class Turn:
    """One sentence of somebody, and what should come of it."""

    week: int
    number: int
    data: dict[str, Any]

    @property
    def who(self) -> str:
        """Return who says it."""
        return str(self.data["who"])

    @property
    def say(self) -> str:
        """Return what is said."""
        return str(self.data["say"])

    @property
    def language(self) -> str:
        """Return what the satellite is set to."""
        return str(self.data["language"])

    @property
    def is_question(self) -> bool:
        """Return whether an answer is all that is wanted."""
        return bool(self.data.get("answer"))

    @property
    def at(self) -> datetime:
        """Return when it is said."""
        day, _, clock = str(self.data["at"]).partition(" ")
        hour, minute = map(int, clock.split(":"))
        return MONDAY + timedelta(weeks=self.week - 1, days=DAYS.index(day), hours=hour, minutes=minute)

    @property
    def case(self) -> Case:
        """Return it as the benchmark takes it; what a reply must hold is judged elsewhere (answers.py)."""
        data = {key: self.data[key] for key in _OF_CASE if key in self.data}
        if "from" in self.data:
            data["area"] = self.data["from"]
        if self.data.get("nothing"):
            data["chat"] = True
        return Case("household", self.language, self.number, data)


def load_week(week: int, most: int | None = None) -> list[Turn]:
    """Return the turns of a week in their order; `most` of them, spread evenly over the week, where that is given."""
    entries = yaml.safe_load((HOUSEHOLD / f"weeks/week{week}.yaml").read_text(encoding="utf-8"))
    turns = [Turn(week, number, _plain(entry)) for number, entry in enumerate(entries, 1)]
    if most is None or most >= len(turns):
        return turns
    return [turns[place * len(turns) // most] for place in range(most)]


def end_of(week: int) -> datetime:
    """Return when everybody has gone to bed on a Sunday."""
    return MONDAY + timedelta(weeks=week, minutes=-15)


def said_before(week: int) -> set[tuple[str, str]]:
    """Return who has said what, word for word, in the weeks before."""
    return {spoken(turn) for earlier in range(1, week) for turn in load_week(earlier)}


def spoken(turn: Turn) -> tuple[str, str]:
    """Return who says what."""
    return turn.who, turn.say.casefold()


def mark_repeats(turns: Iterable[Turn], before: set[tuple[str, str]]) -> dict[int, bool]:
    """Return of each turn, by number, whether the same person has said the very same before."""
    seen = set(before)
    found = {}
    for turn in turns:
        found[turn.number] = spoken(turn) in seen
        seen.add(spoken(turn))
    return found
