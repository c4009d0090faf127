"""A made home as the core knows it, without Home Assistant."""

from typing import TYPE_CHECKING, Any

from intendant_core.house import House
from intendant_core.intentions import Situation
from intendant_core.values import Area, Entity, Floor, Home, State

if TYPE_CHECKING:
    from datetime import datetime


def situation_of(home: dict[str, Any], now: datetime) -> Situation:
    """Return a situation in a home that a home file describes; every thing is off."""
    floors = tuple(Floor(floor["id"], floor["name"], (), floor["level"]) for floor in home["floors"])
    areas = tuple(Area(area["id"], area["name"], (), area["floor"]) for area in home["areas"])
    things = tuple(
        Entity(thing["id"], thing["name"], (), thing["area"], thing.get("device_class")) for thing in home["entities"]
    )

    def states(entity_id: str) -> State | None:
        return State("off") if entity_id in house.entities else None

    house = House(Home(areas, floors, (), things))
    return Situation(house, states, now, area_id=areas[0].id)
