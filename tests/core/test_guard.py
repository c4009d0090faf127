"""What is risky and what it takes; the digits of a PIN."""

from __future__ import annotations

from typing import Any

import pytest

from intendant_core.digits import spoken_pin
from intendant_core.guard import guard, strictest
from intendant_core.intentions import Act, Guard, Refuse, Situation, Step
from intendant_core.values import Call

from .small_home import NOW, build_house, load_table

TABLE = load_table("guard")
HOUSE = build_house(TABLE["home"])
PINS = [(language, said, pin) for language, rows in TABLE["pins"].items() for said, pin in rows.items()]


@pytest.mark.parametrize("case", TABLE["cases"], ids=str)
def test_guard(case: dict[str, Any]) -> None:
    spec = case.get("guard", {})
    guarded = Guard(
        spec.get("policy", "confirm"), frozenset(spec.get("kinds", Guard().kinds)), dict(spec.get("things", {}))
    )
    situation = Situation(HOUSE, lambda _: None, NOW, guard=guarded)
    service, *ids = case["step"].split()
    step = Step(service, tuple(ids), case.get("data", {}))
    assert strictest([step], situation) == case["takes"]
    marked = guard(Act(Call("on"), (step,), tuple(ids)), situation)
    assert isinstance(marked, Refuse) == (case["takes"] == "refuse")
    if isinstance(marked, Act):
        assert (marked.confirm, marked.pin) == (case["takes"] in ("confirm", "pin"), case["takes"] == "pin")


@pytest.mark.parametrize(("language", "said", "pin"), PINS)
def test_pin(language: str, said: str, pin: str | None) -> None:
    assert spoken_pin(said, language) == pin
