"""A home out of a table of tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from intendant_core.house import House
from intendant_core.intentions import Memory, Situation
from intendant_core.notation import parse_calls
from intendant_core.quantities import find_quantities
from intendant_core.values import Area, Entity, Floor, Home, Reading, State

NOW = datetime(2026, 11, 23, 15, 5, tzinfo=UTC)
_OWN = frozenset({"name", "area", "class", "state", "aliases", "ago", "unit"})


def load_table(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(
        (Path(__file__).parent / "tables" / f"{name}.yaml").read_text(encoding="utf-8")
    )
    return loaded


def build_house(spec: dict[str, Any]) -> House:
    floors = [Floor(key, name, tuple(aliases)) for key, (name, *aliases) in spec["floors"].items()]
    areas = [Area(key, name, tuple(aliases), floor) for key, (name, floor, *aliases) in spec["areas"].items()]
    entities = [
        Entity(key, keys["name"], tuple(keys.get("aliases", ())), keys.get("area"), keys.get("class"))
        for key, keys in spec["entities"].items()
    ]
    return House(Home(tuple(areas), tuple(floors), (), tuple(entities)))


def build_states(spec: dict[str, Any]) -> dict[str, State]:
    states = {}
    for key, keys in spec["entities"].items():
        attributes = {name: value for name, value in keys.items() if name not in _OWN}
        if "unit" in keys:
            attributes["unit_of_measurement"] = keys["unit"]
        changed = NOW - timedelta(seconds=keys["ago"]) if "ago" in keys else None
        states[key] = State(keys["state"], attributes, changed)
    return states


def build_situation(house: House, states: dict[str, State], row: dict[str, Any]) -> Situation:
    memory = Memory(entity_ids=tuple(row.get("it", ())))
    return Situation(house, states.get, NOW, row.get("language", "en"), row.get("from"), memory=memory)


def read_row(house: House, row: dict[str, Any]) -> Reading:
    low = row["text"].lower()
    marks = tuple(house.names.find(low, find_quantities(low)))
    return Reading(row["text"], row.get("language", "en"), marks, parse_calls(row["call"]))
