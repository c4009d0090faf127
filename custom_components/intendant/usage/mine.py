"""Find habits: what people do on most days at about the same time.

A habit needs support (LEAST_HITS days), confidence (CONFIDENCE of the last days) and lift (it must be done then much more
than a thing that is used all day long would be by chance), and must not be done by an automation already.
"""

import math
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from ..core.routines import Routine, is_habitual
from .tally import DAWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .tally import Tally, Times

LONGEST: Final = 60
"""Minutes within which it must be done every time."""
CONFIDENCE: Final = 0.7
LIFT: Final = 2.0
LOOKED_AT: Final = {"all": 10, "weekdays": 10, "weekend": 4}
"""So many of the last days are looked at."""
LEAST_DAYS: Final = {"all": 7, "weekdays": 5, "weekend": 3}
"""So many of them must be known."""
LEAST_HITS: Final = {"all": 5, "weekdays": 4, "weekend": 3}
_SURER: Final = 0.15
"""By so much more must it be done on working days, or on weekends, to be a habit of theirs."""
_AWAKE: Final = 16
"""Hours over which the uses of a day spread."""
_NEAR: Final = 30
"""Minutes around a habit in which an automation that does it makes it none."""
_MOST_WINDOWS: Final = 3
_MOST: Final = 50
"""Habits that are kept, the most regular ones."""


@dataclass(frozen=True, slots=True)
class _Window:
    first: int
    last: int
    days: frozenset[int]


def mine(tally: Tally, today: int) -> list[Routine]:
    """Return the habits, the most regular first. `today` is not over and does not count."""
    if tally.first is None:
        return []
    known = range(tally.first + 1, today)
    found: dict[str, Routine] = {}
    for (entity_id, service), times in tally.times.items():
        if not is_habitual(service):
            continue
        for routine in _habits(entity_id, service, times, known):
            if not _is_automatic(routine, tally.automatic, known):
                found.setdefault(routine.id, routine)
    ranked = sorted(found.values(), key=lambda routine: (-routine.hits / routine.of, -routine.hits, routine.id))
    return ranked[:_MOST]


def _habits(entity_id: str, service: str, times: dict[int, list[int]], known: range) -> Iterable[Routine]:
    """Yield the habits of one thing and service. One of all days makes those of some days needless, unless these are surer."""
    by_days = {
        days: {
            routine.id: routine
            for window in _windows(times, chosen, days)
            for routine in [_routine(entity_id, service, days, window, len(chosen))]
        }
        for days in LOOKED_AT
        if len(chosen := _chosen(known, days)) >= LEAST_DAYS[days]
    }
    always = by_days.pop("all", {})
    partly = [routine for routines in by_days.values() for routine in routines.values()]
    for routine in always.values():
        surer = [other for other in partly if other.part == routine.part and _share(other) >= _share(routine) + _SURER]
        if not surer:
            yield routine
    for routine in partly:
        covered = [other for other in always.values() if other.part == routine.part]
        if all(_share(routine) >= _share(other) + _SURER for other in covered):
            yield routine


def _share(routine: Routine) -> float:
    return routine.hits / routine.of


def _chosen(known: range, days: str) -> list[int]:
    """Return the last days of a kind. An ordinal of 1 is a Monday."""
    fitting = [day for day in known if days == "all" or ((day - 1) % 7 > 4) == (days == "weekend")]
    return fitting[-LOOKED_AT[days] :]


def _windows(times: dict[int, list[int]], chosen: Sequence[int], days: str) -> Iterable[_Window]:
    """Yield the stretches of the day in which it is done on most days, the most regular first."""
    points = sorted((minute, day) for day in chosen for minute in times.get(day, ()))
    by_chance = 1 - math.exp(-len(points) / len(chosen) / _AWAKE * (LONGEST / 60))
    for _ in range(_MOST_WINDOWS):
        window = _best(points)
        if window is None or len(window.days) < max(LEAST_HITS[days], CONFIDENCE * len(chosen)):
            return
        if len(window.days) / len(chosen) >= LIFT * by_chance:
            yield window
        points = [point for point in points if not window.first - LONGEST <= point[0] <= window.last + LONGEST]


def _best(points: Sequence[tuple[int, int]]) -> _Window | None:
    """Return the stretch of at most LONGEST minutes with the most days, the shortest of several."""
    best: _Window | None = None
    inside: Counter[int] = Counter()
    start = 0
    for minute, day in points:
        inside[day] += 1
        while points[start][0] < minute - LONGEST:
            inside[points[start][1]] -= 1
            start += 1
        # What comes first may be done again later in the stretch.
        while inside[points[start][1]] > 1:
            inside[points[start][1]] -= 1
            start += 1
        days = frozenset(+inside)
        window = _Window(points[start][0], minute, days)
        if best is None or (len(days), best.last - best.first) > (len(best.days), window.last - window.first):
            best = window
    return best


def _routine(entity_id: str, service: str, days: str, window: _Window, of: int) -> Routine:
    shift = DAWN * 60
    first, last = (window.first + shift) % 1440, (window.last + shift) % 1440
    routine = Routine("", entity_id, service, days, first, last, len(window.days), of)
    # The same habit a little later, or on some days only, is still the one that was decided about.
    name = "|".join((entity_id, service, routine.part, "weekend" if days == "weekend" else ""))
    return Routine(
        sha256(name.encode()).hexdigest()[:12], entity_id, service, days, first, last, routine.hits, routine.of
    )


def _is_automatic(routine: Routine, automatic: Times, known: range) -> bool:
    """Return whether automations do it at that time on at least half as many of the days."""
    begin = (routine.first - DAWN * 60) % 1440 - _NEAR
    end = (routine.last - DAWN * 60) % 1440 + _NEAR
    times = automatic.get((routine.entity_id, routine.service), {})
    days = [day for day in _chosen(known, routine.days) if any(begin <= minute <= end for minute in times.get(day, ()))]
    return 2 * len(days) >= routine.hits
