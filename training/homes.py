"""Make synthetic homes: areas, floors, people and things with names as people give them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from intendant_core.names import NameIndex
from intendant_core.values import Area, Entity, Floor, Home, Label

if TYPE_CHECKING:
    import random

# how many things of each domain a home may have: at most so many
_COUNTS = {"light": 9, "switch": 6, "fan": 3, "cover": 5, "valve": 2, "lock": 3, "climate": 4, "humidifier": 2, "water_heater": 1, "media_player": 4,
           "vacuum": 2, "lawn_mower": 1, "alarm_control_panel": 1, "scene": 5, "script": 4, "automation": 4, "button": 3, "siren": 1, "select": 3, "number": 3,
           "todo": 3, "calendar": 2, "person": 4, "sensor": 6, "binary_sensor": 4}  # fmt: skip
DOMAINS = frozenset(_COUNTS) - {"binary_sensor"}
BLANK_DOMAINS = {"media": "media_player", "mower": "lawn_mower", "alarm": "alarm_control_panel", "list": "todo"}
_OPTION_DOMAINS = {
    "media_player": "source",
    "light": "effect",
    "climate": "preset",
    "fan": "preset",
    "humidifier": "preset",
    "select": "select",
}
_MAKES_AREA_NAME = (
    "light",
    "switch",
    "fan",
    "cover",
    "climate",
    "media_player",
    "sensor",
    "binary_sensor",
    "lock",
    "humidifier",
    "number",
    "select",
)


@dataclass(frozen=True, slots=True)
class SyntheticHome:
    """A home with its index of names."""

    home: Home
    index: NameIndex

    def pick(self, domain: str, rng: random.Random) -> Entity | None:
        """Return any thing of the domain, None when the home has none."""
        things = [entity for entity in self.home.entities if entity.domain == domain]
        return rng.choice(things) if things else None


def make_home(names: dict[str, Any], other: dict[str, Any], rng: random.Random) -> SyntheticHome:
    """Return a home named from `names`; one thing in twenty is named from `other`, the lists of another language."""
    area_names = rng.sample(names["area"], k=rng.randint(4, 12))
    floor_names = rng.sample(names["floor"], k=rng.randint(0, 3))
    floors = tuple(Floor(f"f{i}", name) for i, name in enumerate(floor_names))
    areas = tuple(
        Area(f"a{i}", name, floor_id=rng.choice(floors).id if floors else None) for i, name in enumerate(area_names)
    )
    labels = tuple(Label(f"l{i}", name) for i, name in enumerate(rng.sample(names["label"], k=rng.randint(0, 2))))
    entities: list[Entity] = []
    for domain, most in _COUNTS.items():
        count = rng.randint(0 if rng.random() < 0.3 else 1, most)
        entities += [_make_entity(domain, n, areas, other if rng.random() < 0.05 else names, rng) for n in range(count)]
    home = Home(areas, floors, labels, tuple(entities))
    return SyntheticHome(home, NameIndex(home))


def _make_entity(
    domain: str, number: int, areas: tuple[Area, ...], names: dict[str, Any], rng: random.Random
) -> Entity:
    area = rng.choice(areas) if rng.random() < 0.85 else None
    name = rng.choice(names[_list_of(domain)])
    if area and domain in _MAKES_AREA_NAME and rng.random() < 0.3:
        name = f"{area.name} {name}" if name.isascii() or area.name.isascii() else f"{area.name}{name}"
    aliases = tuple(rng.sample(names[_list_of(domain)], k=1)) if rng.random() < 0.12 else ()
    options: tuple[str, ...] = ()
    if (kind := _OPTION_DOMAINS.get(domain)) and rng.random() < 0.8:
        options = tuple(rng.sample(names["option"][kind], k=rng.randint(1, 5)))
    return Entity(f"{domain}.{domain}_{number}", name, aliases, area.id if area else None, None, (), options)


def _list_of(domain: str) -> str:
    back = {value: key for key, value in BLANK_DOMAINS.items()}
    return "sensor" if domain == "binary_sensor" else back.get(domain, domain)
