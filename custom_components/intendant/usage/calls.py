"""One call of a service → which things were used, how, and to which values they were set."""

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import ATTR_AREA_ID, ATTR_ENTITY_ID, ENTITY_MATCH_ALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SERVICE: Final = re.compile(r"[a-z0-9_]{1,64}")
_MOST_THINGS: Final = 100
"""Things of one call that are looked at. Whoever moves more at once means none of them."""
_BOTH: Final[Mapping[str, Mapping[str, str]]] = {
    "turn_on": {"cover": "open_cover"}, "turn_off": {"cover": "close_cover"}, "toggle": {},
}  # fmt: skip
"""Services of Home Assistant's own that every domain has, and what they are called in some."""


@dataclass(frozen=True, slots=True)
class Value:
    """Where a service's data hold a property: the number times `factor` lies between low and high, and is rounded to `step`."""

    prop: str
    key: str
    low: float = 0
    high: float = 100
    step: float = 5
    factor: float = 1


_VALUES: Final[Mapping[str, tuple[Value, ...]]] = {
    "light.turn_on": (
        Value("brightness", "brightness_pct", low=1),
        Value("brightness", "brightness", low=1, factor=100 / 255),
        Value("color_temp", "color_temp_kelvin", 1500, 9000, 100),
    ),
    "climate.set_temperature": (Value("temperature", "temperature", 4, 110, 0.5),),
    "water_heater.set_temperature": (Value("temperature", "temperature", 20, 212, 0.5),),
    "humidifier.set_humidity": (Value("humidity", "humidity"),),
    "media_player.volume_set": (Value("volume", "volume_level", factor=100),),
    "cover.set_cover_position": (Value("position", "position"),),
    "fan.set_percentage": (Value("speed", "percentage", low=1),),
    "fan.turn_on": (Value("speed", "percentage", low=1),),
}
_FIXED: Final = {"cover.open_cover": ("position", 100.0), "cover.close_cover": ("position", 0.0)}


@dataclass(frozen=True, slots=True)
class Called:
    """A thing that was used by a service ("light.turn_on"), and what it was set to: property → value."""

    entity_id: str
    service: str
    values: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exposed:
    """The things whose use is counted: entity id → area."""

    areas: Mapping[str, str | None]

    def find(self, domain: str, data: Mapping[str, Any]) -> Iterator[str]:
        """Yield the things that a call concerns, by their ids or their area."""
        named = _listed(data.get(ATTR_ENTITY_ID))
        if ENTITY_MATCH_ALL in named:
            yield from (i for i in self.areas if i.startswith(f"{domain}."))
            return
        yield from (i for i in named if i in self.areas)
        areas = set(_listed(data.get(ATTR_AREA_ID)))
        if areas:
            yield from (i for i, area in self.areas.items() if area in areas and i.startswith(f"{domain}."))


def read_call(domain: object, service: object, data: object, exposed: Exposed) -> list[Called]:
    """Return what a call did to things that are exposed. Whatever makes no sense is nothing."""
    if not isinstance(domain, str) or not isinstance(service, str) or not _SERVICE.fullmatch(service):
        return []
    data = data if isinstance(data, dict) else {}
    if domain == "script" and f"script.{service}" in exposed.areas:
        return [Called(f"script.{service}", "script.turn_on")]
    found: list[Called] = []
    for entity_id in dict.fromkeys(exposed.find(domain, data)):
        own = entity_id.partition(".")[0]
        name = f"{own}.{service}"
        if domain == "homeassistant" and service in _BOTH:
            name = f"{own}.{_BOTH[service].get(own, service)}"
        elif domain != own:
            continue
        found.append(Called(entity_id, name, read_values(name, data)))
    return found if len(found) <= _MOST_THINGS else []


def read_values(service: str, data: Mapping[str, Any]) -> dict[str, float]:
    """Return the properties that a service sets: property → value, rounded to what people would call the same."""
    found = dict([_FIXED[service]]) if service in _FIXED else {}
    for value in _VALUES.get(service, ()):
        number = data.get(value.key)
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            continue
        if value.low <= (scaled := number * value.factor) <= value.high:
            # Small steps matter where there is little of anything.
            step = 1 if value.step == 5 and scaled < 10 else value.step
            found[value.prop] = round(round(scaled / step) * step, 1)
    return found


def _listed(value: object) -> list[str]:
    items: Iterable[object] = value if isinstance(value, list | tuple) else (value,)
    return [item for item in items if isinstance(item, str)]
