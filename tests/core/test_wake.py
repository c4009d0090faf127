"""The alarm clock: what sets it and calls it off, and what is about something else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from intendant_core.house import House
from intendant_core.intentions import Act, Situation
from intendant_core.plan_timers import plan_timer
from intendant_core.values import Home
from intendant_core.wake import understand_wake

from .small_home import load_table

if TYPE_CHECKING:
    from collections.abc import Mapping

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


def situation(language: str) -> Situation:
    return Situation(House(Home((), (), (), ())), lambda _: None, NOON, language=language)


def minutes(data: Mapping[str, object]) -> int:
    """Return the length of a timer in minutes."""
    return int(str(data.get("hours", 0))) * 60 + int(str(data.get("minutes", 0)))


@pytest.mark.parametrize(("language", "said", "after"), load_table("wake")["set"])
def test_set(language: str, said: str, after: int) -> None:
    reading = understand_wake(said, situation(language))
    assert reading is not None
    planned = plan_timer(reading.calls[0], reading, situation(language))
    assert isinstance(planned, Act)
    assert minutes(planned.steps[0].data) == after


@pytest.mark.parametrize(("language", "said", "after", "name"), load_table("wake")["remind"])
def test_remind(language: str, said: str, after: int, name: str) -> None:
    reading = understand_wake(said, situation(language))
    assert reading is not None
    planned = plan_timer(reading.calls[0], reading, situation(language))
    assert isinstance(planned, Act)
    length = planned.steps[0].data
    assert (minutes(length), length["name"]) == (after, name)


@pytest.mark.parametrize(("language", "said"), load_table("wake")["cancel"])
def test_cancel(language: str, said: str) -> None:
    reading = understand_wake(said, situation(language))
    assert reading is not None
    assert reading.calls[0].verb == "timer_cancel"


@pytest.mark.parametrize(("language", "said"), load_table("wake")["other"])
def test_other(language: str, said: str) -> None:
    assert understand_wake(said, situation(language)) is None
