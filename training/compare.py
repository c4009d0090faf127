"""Compare two bundles on the same examples: differences with their intervals (paired bootstrap)."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .calibrate import judge
from .reread import read_again, reread_prompt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intendant_core.bundle import Bundle
    from intendant_core.decide import Thresholds

    from .evaluate import Graded

WARM_UP = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure before and after, their difference and its interval; shares between 0 and 1."""

    before: float
    after: float
    difference: float
    low: float
    high: float
    count: int


def difference(
    before: Sequence[float], after: Sequence[float], groups: Sequence[int], recipe: dict[str, Any]
) -> Difference:
    """Return the mean difference of paired figures, with the interval that drawing whole groups again and again gives.

    Examples of one group (fills of one way of speaking) are not independent: so groups are drawn, not examples
    (Efron and Tibshirani, An Introduction to the Bootstrap, 1993).
    """
    if not before:
        return Difference(0.0, 0.0, 0.0, 0.0, 0.0, 0)
    one, other = np.asarray(before, float), np.asarray(after, float)
    _, number = np.unique(np.asarray(groups), return_inverse=True)
    sums = np.bincount(number, other - one)
    sizes = np.bincount(number).astype(float)
    chance = np.random.default_rng(recipe.get("seed", 0))
    drawn = chance.integers(0, len(sums), (recipe["draws"], len(sums)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    tail = (1 - recipe["confidence"]) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return Difference(one.mean(), other.mean(), float((other - one).mean()), float(low), float(high), len(one))


def compare_right(
    before: Sequence[Graded], after: Sequence[Graded], groups: Sequence[int], recipe: dict[str, Any]
) -> Difference:
    """Compare how often the whole reading is right."""
    return difference([row.right for row in before], [row.right for row in after], groups, recipe)


def compare_wrong(
    sides: tuple[tuple[Sequence[Graded], Thresholds], tuple[Sequence[Graded], Thresholds]],
    groups: Sequence[int],
    recipe: dict[str, Any],
) -> Difference:
    """Compare how often something wrong is done, each bundle with its own thresholds."""
    before, after = ([judge([row], thresholds).wrong for row in rows] for rows, thresholds in sides)
    return difference(before, after, groups, recipe)


def time_both(before: Bundle, after: Bundle, examples: Sequence[dict[str, Any]]) -> tuple[float, float, float]:
    """Return the median milliseconds of a reading before and after, and the median of their ratios.

    Both read the same sentence right after each other, each first in turn: what else the machine does hits both.
    """
    taken: list[tuple[float, float]] = []
    for number, example in enumerate(examples):
        reread = reread_prompt(example["prompt"])
        order = (before, after) if number % 2 else (after, before)
        seconds = {}
        for bundle in order:
            began = time.perf_counter()
            read_again(bundle, reread)
            seconds[id(bundle)] = time.perf_counter() - began
        if number >= WARM_UP:
            taken.append((seconds[id(before)], seconds[id(after)]))
    if not taken:
        return 0.0, 0.0, 1.0
    one, other = (1000 * statistics.median(pair[side] for pair in taken) for side in (0, 1))
    return one, other, statistics.median(pair[1] / pair[0] for pair in taken)
