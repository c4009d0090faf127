"""How this household uses its things: how often at which hour, to which values, and what of it is a habit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from .routines import Routine

LEAST = 3.0
"""Days of use around this hour, counted down with their age, below which nothing is concluded."""
RATIO = 4.0
"""How many times more the thing must be used than the one that is used second most."""
LEAST_VALUE = 2.5
"""Days on which a value must have been chosen, counted down with their age, to be called usual."""
SHARE = 0.5
"""Smallest share of all choices that the usual value has."""
_NEXT_HOUR = 0.5
"""What a use in the hour before or after counts."""
_OTHER_DAYS = 0.25
"""What a use on a working day counts on a weekend, and the other way round."""
_UNUSED = 0.25
"""What is added to every thing's days of use, so that one use is no certainty."""
_PARTS = ((4, "morning"), (12, "afternoon"), (17, "evening"), (23, "night"))


def part_of(hour: int) -> str:
    """Return the part of the day that an hour (0 to 23) belongs to; the night ends at four."""
    return next((part for start, part in reversed(_PARTS) if hour >= start), "night")


@dataclass(frozen=True, slots=True)
class Usage:
    """What is known of the use of things. Empty where nobody allowed it to be counted."""

    allowed: bool = False
    counts: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """Entity id → 48 numbers: on how many days people used it in each hour of a working day, then of a weekend day. Days count the
    less the longer ago they are."""
    values: Mapping[str, Mapping[str, Mapping[str, Mapping[float, float]]]] = field(default_factory=dict)
    """Entity id → property → part of the day → value → days on which it was chosen, counted down alike."""
    routines: tuple[Routine, ...] = ()

    def weight(self, entity_id: str, now: datetime) -> float:
        """Return on how many days a thing was used around this hour."""
        counts = self.counts.get(entity_id)
        if counts is None:
            return 0.0
        own = 24 if now.weekday() > 4 else 0
        return _around(counts, own, now.hour) + _OTHER_DAYS * _around(counts, 24 - own, now.hour)

    def probabilities(self, entity_ids: Iterable[str], now: datetime) -> dict[str, float]:
        """Return how likely each of some things is the one that is meant at this hour, given that one of them is."""
        weights = {entity_id: self.weight(entity_id, now) + _UNUSED for entity_id in entity_ids}
        total = sum(weights.values())
        return {entity_id: weight / total for entity_id, weight in weights.items()}

    def likeliest(self, entity_ids: Iterable[str], now: datetime) -> str | None:
        """Return the thing that is meant by all evidence, None when there is not enough (LEAST) or it is not clear (RATIO)."""
        weights = sorted(((self.weight(i, now), i) for i in dict.fromkeys(entity_ids)), reverse=True)
        if not weights or weights[0][0] < LEAST:
            return None
        second = weights[1][0] if len(weights) > 1 else 0.0
        return weights[0][1] if weights[0][0] >= RATIO * second else None

    def usual(self, entity_id: str, prop: str, now: datetime) -> float | None:
        """Return the value that is usually chosen at this time of day; else at any time, if it is always the same one."""
        parts = self.values.get(entity_id, {}).get(prop, {})
        found = _choice(parts.get(part_of(now.hour), {}))
        if found is not None:
            return found
        whole: dict[float, float] = {}
        for part in parts.values():
            for value, weight in part.items():
                whole[value] = whole.get(value, 0.0) + weight
        return _choice(whole)

    def properties(self, entity_id: str) -> tuple[str, ...]:
        """Return the properties of which a thing's values are known."""
        return tuple(self.values.get(entity_id, ()))


def _around(counts: tuple[float, ...], first: int, hour: int) -> float:
    beside = counts[first + (hour - 1) % 24] + counts[first + (hour + 1) % 24]
    return counts[first + hour] + _NEXT_HOUR * beside


def _choice(weights: Mapping[float, float]) -> float | None:
    """Return the value that was chosen most, None when that was too seldom or other values were chosen as much."""
    best = max(weights, key=lambda value: weights[value], default=None)
    if best is None or weights[best] < LEAST_VALUE or weights[best] < SHARE * sum(weights.values()):
        return None
    return best
