"""What is kept of the use of things: counts that fade, the values that were chosen, habits, and what was decided about these.

No time of any single use is kept, and nobody's name.
"""

from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Self

from ..core.routines import OFFERED, Routine
from ..core.usage import Usage
from .mine import LEAST_DAYS, mine

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from .tally import Tally

HALF_LIFE: Final = 21
"""Days after which a use counts half."""
_GONE: Final = 0.05
"""Days of use below which nothing is kept."""
_MOST_VALUES: Final = 20
"""Values that are kept of one property in one part of the day."""


@dataclass(slots=True)
class Kept:
    """Counts, values, habits and decisions."""

    since: int | None = None
    """The first day that was counted."""
    until: int = 0
    """The last day that was counted."""
    counts: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    """Entity → service → 48 numbers (core.usage.Usage.counts)."""
    values: dict[str, dict[str, dict[str, dict[float, float]]]] = field(default_factory=dict)
    routines: list[Routine] = field(default_factory=list)
    decisions: dict[str, str] = field(default_factory=dict)
    """Id of a habit → never or allowed."""

    def take(self, tally: Tally, today: int) -> None:
        """Count the days before today that have not been counted yet, and look for habits in all of them."""
        if tally.first is None:
            # An empty history may only be late.
            return
        self._fade(today)
        last = self.until
        self._count(tally, today, lambda day: last < day < today)
        self.since, self.until = self.since or tally.first, max(today - 1, last)
        if today - 1 - tally.first >= min(LEAST_DAYS.values()):
            # A shorter history says nothing about habits that were found before.
            self.routines = mine(tally, today)

    def take_earlier(self, tally: Tally, today: int) -> None:
        """Count the days before the first one that was counted: those of another house, or from before."""
        first = self.since if self.since is not None else today
        self._count(tally, today, lambda day: day < first)
        if tally.first is not None:
            self.since = min(first, tally.first)
            self.until = max(self.until, first - 1)

    def usage(self) -> Usage:
        """Return what the core may know."""
        counts = {
            entity_id: tuple(map(sum, zip(*services.values(), strict=True)))
            for entity_id, services in self.counts.items()
            if services
        }
        routines = tuple(replace(routine, state=self.decisions.get(routine.id, OFFERED)) for routine in self.routines)
        return Usage(allowed=True, counts=counts, values=self.values, routines=routines)

    def limit(self, exposed: Container[str]) -> None:
        """Drop what is exposed no more."""
        self.counts = {key: kept for key, kept in self.counts.items() if key in exposed}
        self.values = {key: kept for key, kept in self.values.items() if key in exposed}
        self.routines = [routine for routine in self.routines if routine.entity_id in exposed]

    def as_json(self) -> dict[str, Any]:
        """Return it for the disk."""
        values = {
            entity_id: {
                prop: {part: {str(value): round(n, 3) for value, n in kept.items()} for part, kept in parts.items()}
                for prop, parts in props.items()
            }
            for entity_id, props in self.values.items()
        }
        counts = {
            entity_id: {service: [round(n, 3) for n in hours] for service, hours in services.items()}
            for entity_id, services in self.counts.items()
        }
        return {
            "since": self.since, "until": self.until, "counts": counts, "values": values,
            "routines": [asdict(routine) for routine in self.routines], "decisions": self.decisions,
        }  # fmt: skip

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        """Return what was on disk. Raise KeyError, TypeError, ValueError or AttributeError when it is something else."""
        values = {
            entity_id: {
                prop: {part: {float(value): n for value, n in kept.items()} for part, kept in parts.items()}
                for prop, parts in props.items()
            }
            for entity_id, props in raw["values"].items()
        }
        routines = [Routine(**routine) for routine in raw["routines"]]
        return cls(raw["since"], raw["until"], raw["counts"], values, routines, dict(raw["decisions"]))

    def _fade(self, today: int) -> None:
        """Let what was counted count less, now that it is longer ago."""
        factor = 0.5 ** (max(today - 1 - self.until, 0) / HALF_LIFE) if self.until else 1.0
        for services in self.counts.values():
            for service, hours in list(services.items()):
                services[service] = [n * factor for n in hours]
                if max(services[service]) < _GONE:
                    del services[service]
        for props in self.values.values():
            for parts in props.values():
                for part, kept in parts.items():
                    faded = {value: n * factor for value, n in kept.items() if n * factor >= _GONE}
                    parts[part] = dict(Counter(faded).most_common(_MOST_VALUES))

    def _count(self, tally: Tally, today: int, wanted: Callable[[int], bool]) -> None:
        for (entity_id, service), uses in tally.hours.items():
            for day, hour, weekend in uses:
                if wanted(day):
                    hours = self.counts.setdefault(entity_id, {}).setdefault(service, [0.0] * 48)
                    hours[hour + (24 if weekend else 0)] += _weight(day, today)
        for (entity_id, prop, part), chosen in tally.values.items():
            for day, value in chosen.items():
                if wanted(day):
                    kept = self.values.setdefault(entity_id, {}).setdefault(prop, {}).setdefault(part, {})
                    kept[value] = kept.get(value, 0.0) + _weight(day, today)


def _weight(day: int, today: int) -> float:
    """Return what one use counts."""
    return float(0.5 ** (max(today - 1 - day, 0) / HALF_LIFE))
