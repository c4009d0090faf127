"""What follows from the use of things: which of several is meant, what is usual, what is suggested and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from intendant_core.answer import word_answer
from intendant_core.house import House
from intendant_core.intentions import Act, Ask, Decide, Guard, Intention, Memory, Refuse, Result, Situation, Step
from intendant_core.plan import plan_call
from intendant_core.routines import Routine
from intendant_core.suggest import understand_habits
from intendant_core.usage import Usage, part_of
from intendant_core.usual import understand_usual
from intendant_core.values import Home

from .small_home import build_house, build_states, load_table, read_row

TABLE = load_table("usage")
HOUSE, STATES = build_house(TABLE["home"]), build_states(TABLE["home"])


def _counts(hours: dict[int, list[float]]) -> tuple[float, ...]:
    return tuple(hours.get(hour, [0, 0])[days] for days in (0, 1) for hour in range(24))


USAGE = Usage(
    True,
    {key: _counts(hours) for key, hours in TABLE["counts"].items()},
    TABLE["values"],
    tuple(Routine(**row) for row in TABLE["routines"]),
)


def _house(row: dict[str, Any]) -> House:
    """Return the home, with the bedroom called as the row says."""
    if "area_name" not in row:
        return HOUSE
    areas = tuple(
        replace(area, aliases=(row["area_name"],)) if area.id == "bedroom" else area for area in HOUSE.home.areas
    )
    return House(Home(areas, HOUSE.home.floors, (), HOUSE.home.entities))


def _situation(row: dict[str, Any]) -> Situation:
    hour, minute = map(int, row["at"].split(":"))
    now = datetime(2026, 11, row.get("day", 25), hour, minute, tzinfo=UTC)
    memory = Memory(entity_ids=tuple(row.get("it", ())), suggested=tuple(row.get("suggested", ())))
    guard = Guard(things={row["own"]: "confirm"} if "own" in row else {})
    usage = USAGE if row.get("allowed", True) else Usage()
    return Situation(
        _house(row), STATES.get, now, row.get("language", "en"), row.get("from"), None, memory,
        ask_more=row.get("careful", False), guard=guard, usage=usage,
    )  # fmt: skip


def _describe(intention: Intention | None) -> dict[str, Any]:
    match intention:
        case Act(routine=Routine() as routine):
            assert intention.confirm
            return {"offers": routine.id}
        case Act():
            return {"steps": [_step(step) for step in intention.steps]}
        case Ask() | Refuse():
            return {type(intention).__name__.lower(): intention.key}
        case Decide():
            assert intention.decision == "never"
            return {"never": intention.routine_id}
    return {}


def _step(step: Step) -> str:
    data = yaml.safe_dump(dict(step.data), default_flow_style=True, width=999).strip()
    return " ".join([step.service, *step.entity_ids, *([data] if step.data else [])])


def _expected(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key in ("steps", "ask", "refuse", "offers", "never")}


@pytest.mark.parametrize("row", TABLE["ties"], ids=str)
def test_ties(row: dict[str, Any]) -> None:
    situation = _situation(row)
    reading = read_row(HOUSE, {"text": row["say"], "call": row["read"]})
    assert _describe(plan_call(reading.calls[0], reading, situation)) == _expected(row)


@pytest.mark.parametrize("row", TABLE["usual"], ids=str)
def test_usual(row: dict[str, Any]) -> None:
    found = understand_usual(row["say"], _situation(row))
    assert _describe(found[0] if found else None) == _expected(row)


@pytest.mark.parametrize("row", TABLE["habits"], ids=str)
def test_habits(row: dict[str, Any]) -> None:
    assert _describe(understand_habits(row["say"], _situation(row))) == _expected(row)


@pytest.mark.parametrize("row", TABLE["answers"], ids=str)
def test_answers(row: dict[str, Any]) -> None:
    situation = _situation(row)
    habit = understand_habits(row["say"], situation)
    intentions = (habit,) if habit else understand_usual(row["say"], situation) or ()
    assert word_answer([Result(intention) for intention in intentions], situation).text == row["answer"]


def test_probabilities() -> None:
    now = datetime(2026, 11, 25, 22, 10, tzinfo=UTC)
    found = USAGE.probabilities(["fan.bedroom", "fan.office", "fan.unknown"], now)
    assert sum(found.values()) == pytest.approx(1)
    assert found["fan.bedroom"] > 0.8 > found["fan.office"] > found["fan.unknown"] > 0


def test_thresholds() -> None:
    """Three days of use, four times as many as of the next one: neither less nor more."""
    now = datetime(2026, 11, 25, 22, 10, tzinfo=UTC)

    def likeliest(first: float, second: float) -> str | None:
        counts = {"a": _counts({22: [first, 0]}), "b": _counts({22: [second, 0]})}
        return Usage(True, counts).likeliest(["a", "b"], now)

    assert likeliest(3, 0.75) == "a"
    assert likeliest(2.9, 0) is None
    assert likeliest(3, 0.8) is None
    assert Usage().likeliest([], now) is None


@pytest.mark.parametrize(
    ("hour", "part"), [(3, "night"), (4, "morning"), (12, "afternoon"), (17, "evening"), (23, "night")]
)
def test_parts_of_the_day(hour: int, part: str) -> None:
    assert part_of(hour) == part
