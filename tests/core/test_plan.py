"""Sentences with their readings, planned in a small home: which services would be called."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from intendant_core.house import House
from intendant_core.intentions import Act, Ask, HandOver, Intention, Refuse, Situation, Step
from intendant_core.notation import parse_calls
from intendant_core.plan import plan_call
from intendant_core.quantities import find_quantities
from intendant_core.values import Area, Entity, Floor, Home, Reading, State

TABLE = yaml.safe_load((Path(__file__).parent / "tables" / "plan.yaml").read_text(encoding="utf-8"))
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
_OPTIONS = ("source_list", "effect_list", "preset_modes", "fan_modes", "options")


def build_house(home: dict[str, Any]) -> tuple[House, dict[str, State]]:
    """Build a home and its states from a table."""
    floors = tuple(Floor(floor["id"], floor["name"]) for floor in home["floors"])
    areas = tuple(Area(a["id"], a["name"], tuple(a.get("aliases", ())), a["floor"]) for a in home["areas"])
    entities, states = [], {}
    for entity_id, spec in home["entities"].items():
        attributes = {key: value for key, value in spec.items() if key not in ("name", "area", "class", "state")}
        options = tuple(option for key in _OPTIONS for option in spec.get(key, ()))
        entities.append(Entity(entity_id, spec["name"], (), spec.get("area"), spec.get("class"), (), options))
        states[entity_id] = State(spec["state"], attributes)
    return House(Home(areas, floors, (), tuple(entities))), states


HOUSE, STATES = build_house(TABLE["home"])


def describe(intention: Intention) -> dict[str, Any]:
    """Say what an intention would do, in the words of the table."""
    match intention:
        case Act():
            steps = [describe_step(step) for step in intention.steps]
            told: dict[str, Any] = {"confirm" if intention.confirm else "steps": steps}
            return told | ({"delay": intention.delay} if intention.delay else {})
        case Ask(key=key):
            return {"ask": key}
        case Refuse(key=key):
            return {"refuse": key}
        case HandOver():
            return {"hand_over": True}
    return {"other": type(intention).__name__}


def describe_step(step: Step) -> str:
    """Write a step as the table does: service, things, data."""
    data = yaml.safe_dump(dict(step.data), default_flow_style=True, sort_keys=False, width=999).strip()
    return " ".join([step.service, *step.entity_ids, *([data] if step.data else [])])


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: f"{case['say']} @{case.get('area')}")
def test_plan(case: dict[str, Any]) -> None:
    """A reading becomes the services, question or refusal of the table."""
    marks = tuple(HOUSE.names.find(case["say"], find_quantities(case["say"])))
    reading = Reading(case["say"], "en", marks, parse_calls(case["read"]))
    situation = Situation(HOUSE, STATES.get, NOW, "en", case.get("area"))
    told = describe(plan_call(reading.calls[0], reading, situation))
    assert told == {key: value for key, value in case.items() if key not in ("say", "read", "area")}
