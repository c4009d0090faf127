"""Many uses, day by day, as they are counted up. Lives only while history is read; what is kept of it, kept.py says."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from ..core.usage import part_of

if TYPE_CHECKING:
    from .calls import Called

type Times = dict[tuple[str, str], dict[int, list[int]]]
"""Entity and service → day → minutes since the day began."""

DAWN: Final = 4
"""The hour at which a day begins: what is done after midnight belongs to the evening before."""
_MOST_TIMES: Final = 48
"""Times of one day that are kept of one thing and service."""


def day_of(at: datetime) -> int:
    """Return the number of the day that a local time belongs to."""
    return (at - timedelta(hours=DAWN)).toordinal()


@dataclass(slots=True)
class Tally:
    """Uses by people, and by automations."""

    hours: dict[tuple[str, str], set[tuple[int, int, bool]]] = field(default_factory=lambda: defaultdict(set))
    """Entity and service → days and hours of use by people, and whether that was on a weekend."""
    times: Times = field(default_factory=lambda: defaultdict(dict))
    automatic: Times = field(default_factory=lambda: defaultdict(dict))
    values: dict[tuple[str, str, str], dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    """Entity, property and part of the day → day → the value that was chosen last."""
    first: int | None = None
    """The first day of which anything is known."""

    def note_day(self, at: datetime) -> None:
        """Note that something is known of a day."""
        day = day_of(at)
        self.first = day if self.first is None else min(day, self.first)

    def add(self, at: datetime, called: Called, *, automatic: bool = False) -> None:
        """Count a use at a local time."""
        self.note_day(at)
        key, day = (called.entity_id, called.service), day_of(at)
        minutes = (self.automatic if automatic else self.times)[key].setdefault(day, [])
        if len(minutes) < _MOST_TIMES:
            minutes.append(((at.hour - DAWN) % 24) * 60 + at.minute)
        if automatic:
            return
        self.hours[key].add((day, at.hour, at.weekday() > 4))
        for prop, value in called.values.items():
            self.values[called.entity_id, prop, part_of(at.hour)][day] = value
