"""A home made ready for questions: things by id, area, floor, label, domain, and the index of names.

Built once whenever the home changes; read by every turn.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from .names import NameIndex
from .values import AREA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .values import Area, Entity, Floor, Home, Label, Ref


class House:
    """One home with its look-up tables."""

    def __init__(self, home: Home) -> None:
        """Build the tables from a home."""
        self.home = home
        self.names = NameIndex(home)
        self.areas: dict[str, Area] = {area.id: area for area in home.areas}
        self.floors: dict[str, Floor] = {floor.id: floor for floor in home.floors}
        self.labels: dict[str, Label] = {label.id: label for label in home.labels}
        self.entities: dict[str, Entity] = {entity.id: entity for entity in home.entities}
        self._by_domain: dict[str, list[Entity]] = defaultdict(list)
        self._by_area: dict[str | None, list[Entity]] = defaultdict(list)
        for entity in home.entities:
            self._by_domain[entity.domain].append(entity)
            self._by_area[entity.area_id].append(entity)

    def name(self, entity_id: str) -> str:
        """Return the name people use for a thing or (by "area." and its id) for a room, the id itself when unknown."""
        known = self.entities.get(entity_id) or self.areas.get(entity_id.removeprefix(AREA))
        return known.name if known else entity_id

    def in_domains(self, domains: Iterable[str]) -> list[Entity]:
        """Return the things of the domains."""
        return [entity for domain in domains for entity in self._by_domain.get(domain, ())]

    def in_area(self, area_id: str | None) -> list[Entity]:
        """Return the things in an area."""
        return self._by_area.get(area_id, [])

    def areas_of(self, ref: Ref) -> set[str]:
        """Return the ids of the areas that an area or a floor stands for."""
        if ref.kind == "area":
            return {ref.id}
        return {area.id for area in self.home.areas if ref.kind == "floor" and area.floor_id == ref.id}

    def place_name(self, ref: Ref) -> str:
        """Return the name of an area, floor or label."""
        places: dict[str, Mapping[str, Area | Floor | Label]] = {
            "area": self.areas,
            "floor": self.floors,
            "label": self.labels,
        }
        place = places.get(ref.kind, {}).get(ref.id)
        return place.name if place else ref.id
