"""Thresholds are chosen for what serves best."""

from __future__ import annotations

import pytest

from intendant_core.decide import Thresholds
from training.calibrate import choose, judge
from training.evaluate import Graded


def graded(right: bool, confidence: float, verb: str = "on", outside: float = 0.0, acted: bool = True) -> Graded:
    return Graded("en", "light", verb, right, confidence, confidence, outside, acted, "")


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        (graded(right=True, confidence=0.9), (1, 0, 0, 0)),
        (graded(right=False, confidence=0.9), (0, 1, 0, 0)),
        (graded(right=True, confidence=0.1), (0, 0, 0, 1)),
        (graded(right=True, confidence=0.9, outside=0.6), (0, 0, 0, 1)),
        (graded(right=False, confidence=0.9, verb="none"), (0, 1, 1, 0)),
        (graded(right=True, confidence=0.9, verb="none", acted=False), (1, 0, 0, 0)),
        (graded(right=False, confidence=0.1, verb="none"), (1, 0, 0, 0)),
    ],
)
def test_judge(row: Graded, outcome: tuple[float, ...]) -> None:
    found = judge([row], Thresholds(0.5, 0.5, 0.5))
    assert (found.right, found.wrong, found.meddling, found.held) == outcome


def test_choose_keeps_what_is_right_and_holds_back_what_is_not() -> None:
    rows = [graded(right=True, confidence=0.65)] * 6 + [graded(right=False, confidence=0.55)] * 4
    chosen = choose(rows)
    assert judge(rows, chosen).wrong == 0
    assert judge(rows, chosen).right == pytest.approx(0.6)
