"""The journal as lines of JSON, for the user and for training: first what the home is called, then one turn a line."""

from typing import TYPE_CHECKING, Any

import orjson
from homeassistant.util import dt as dt_util

from .record import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..core.values import Home
    from .record import TurnRecord


def header(homes: Iterable[Home], bundle: str) -> str:
    """Return the first line: version, time, bundle in service, and the names of the home that the turns are about."""
    return _line(
        {
            "intendant_journal": VERSION,
            "made": dt_util.utcnow().isoformat(timespec="seconds"),
            "bundle": bundle,
            "home": describe(homes),
        }
    )


def line(record: TurnRecord) -> str:
    """Return a turn as one line."""
    return _line(record.to_json())


def describe(homes: Iterable[Home]) -> dict[str, list[dict[str, Any]]]:
    """Return areas, floors, labels and exposed things of some homes, each once."""
    areas: dict[str, dict[str, Any]] = {}
    floors: dict[str, dict[str, Any]] = {}
    labels: dict[str, dict[str, Any]] = {}
    entities: dict[str, dict[str, Any]] = {}
    for home in homes:
        for area in home.areas:
            areas[area.id] = {"id": area.id, "name": area.name, "aliases": area.aliases, "floor_id": area.floor_id}
        for floor in home.floors:
            floors[floor.id] = {"id": floor.id, "name": floor.name, "aliases": floor.aliases, "level": floor.level}
        for label in home.labels:
            labels[label.id] = {"id": label.id, "name": label.name}
        for thing in home.entities:
            entities[thing.id] = {
                "id": thing.id,
                "name": thing.name,
                "aliases": thing.aliases,
                "area_id": thing.area_id,
                "device_class": thing.device_class,
                "labels": thing.labels,
                "options": thing.options,
            }
    found = {"areas": areas, "floors": floors, "labels": labels, "entities": entities}
    return {kind: list(items.values()) for kind, items in found.items()}


def _line(plain: dict[str, Any]) -> str:
    return orjson.dumps(plain, default=str).decode() + "\n"
