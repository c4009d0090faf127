"""Read a property of a thing out of its state: where each domain keeps it, in which unit people say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .lexicon import load_colors
from .truth import as_number

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Entity, State

ATTRIBUTES: dict[str, dict[str, tuple[str, ...]]] = {
    "temperature": {"climate": ("current_temperature",), "water_heater": ("current_temperature",), "weather": ("temperature",), "humidifier": ("current_temperature",)},
    "humidity": {"humidifier": ("current_humidity",), "climate": ("current_humidity",), "weather": ("humidity",)},
    "target": {"climate": ("temperature",), "water_heater": ("temperature",), "humidifier": ("humidity",)},
    "brightness": {"light": ("brightness",)},
    "color": {"light": ("rgb_color",)},
    "volume": {"media_player": ("volume_level",)},
    "position": {"cover": ("current_position",), "valve": ("current_position",)},
    "tilt": {"cover": ("current_tilt_position",)},
    "speed": {"fan": ("percentage", "preset_mode"), "vacuum": ("fan_speed",), "climate": ("fan_mode",)},
    "mode": {"climate": ("state",), "humidifier": ("mode",), "water_heater": ("operation_mode", "state"), "fan": ("preset_mode",), "alarm_control_panel": ("state",), "light": ("effect",),
             "select": ("state",), "input_select": ("state",), "vacuum": ("fan_speed",)},
    "source": {"media_player": ("source", "app_name")},
    "title": {"media_player": ("media_title",)},
    "battery": {"vacuum": ("battery_level",), "lawn_mower": ("battery_level",), "lock": ("battery_level",), "device_tracker": ("battery_level",)},
    "power": {"switch": ("current_power_w",), "light": ("current_power_w",)},
    "wind": {"weather": ("wind_speed",)},
    "pressure": {"weather": ("pressure",)},
    "value": {"sensor": ("state",), "number": ("state",), "input_number": ("state",), "select": ("state",), "input_select": ("state",), "input_text": ("state",)},
}  # fmt: skip
"""Property → domain → the attributes that hold it, best first; "state" is the state itself."""

CLASSES: dict[str, tuple[str, ...]] = {
    "temperature": ("temperature",), "humidity": ("humidity", "moisture"), "battery": ("battery",), "power": ("power", "apparent_power"), "energy": ("energy", "energy_storage"),
    "illuminance": ("illuminance",), "brightness": ("illuminance",), "co2": ("carbon_dioxide",), "pressure": ("atmospheric_pressure", "pressure"), "wind": ("wind_speed",),
    "air_quality": ("aqi", "pm25", "pm10", "pm1", "volatile_organic_compounds", "volatile_organic_compounds_parts", "carbon_dioxide"),
    "rain": ("precipitation", "precipitation_intensity"), "volume": (),
}  # fmt: skip
"""Property → the classes of sensors that measure it."""

_UNITS = {
    "humidity": "%",
    "brightness": "%",
    "volume": "%",
    "position": "%",
    "tilt": "%",
    "speed": "%",
    "battery": "%",
    "temperature": "°",
    "target": "°",
    "power": "W",
}
_FACTORS = {"brightness": 1 / 2.55, "volume": 100.0}


@dataclass(frozen=True, slots=True)
class Value:
    """A property of one thing, with its unit as Home Assistant writes it ("" for a word)."""

    entity_id: str
    value: float | str
    unit: str = ""


def read_property(thing: Entity, prop: str, situation: Situation) -> Value | None:
    """Return a property of a thing, None when it has it not or not now."""
    state = situation.states(thing.id)
    if state is None or state.state in ("unavailable", "unknown"):
        return None
    if thing.domain == "sensor" and (prop == "value" or thing.device_class in CLASSES.get(prop, ())):
        return _told(thing, prop, state.state, state)
    if thing.domain == "light" and prop == "color":
        return _color(thing, state)
    for attribute in ATTRIBUTES.get(prop, {}).get(thing.domain, ()):
        held = state.state if attribute == "state" else state.attributes.get(attribute)
        if held is not None and held != "" and not (thing.domain == "light" and state.state == "off"):
            return _told(thing, prop, held, state)
    return _range(thing, state) if prop == "target" and thing.domain == "climate" else None


def _told(thing: Entity, prop: str, held: object, state: State) -> Value:
    number = as_number(held)
    if number is None:
        return Value(thing.id, str(held))
    factor = _FACTORS.get(prop, 1.0) if thing.domain != "sensor" else 1.0
    return Value(thing.id, number * factor if factor == 1.0 else round(number * factor), _unit(thing, prop, state))


def _unit(thing: Entity, prop: str, state: State) -> str:
    if thing.domain in ("sensor", "number", "input_number"):
        return str(state.attributes.get("unit_of_measurement") or "")
    if thing.domain == "weather" and prop in ("wind", "pressure"):
        return str(state.attributes.get(f"{'wind_speed' if prop == 'wind' else prop}_unit") or "")
    if thing.domain == "humidifier":
        return "%" if prop in ("target", "humidity") else "°"
    return _UNITS.get(prop, "")


def _range(thing: Entity, state: State) -> Value | None:
    low, high = as_number(state.attributes.get("target_temp_low")), as_number(state.attributes.get("target_temp_high"))
    return Value(thing.id, f"{low:g}-{high:g}", "°") if low is not None and high is not None else None


def _color(thing: Entity, state: State) -> Value | None:
    """Return the name of the colour nearest to that of a light, or its white in kelvin."""
    rgb, kelvin = state.attributes.get("rgb_color"), as_number(state.attributes.get("color_temp_kelvin"))
    if state.state != "on":
        return None
    if state.attributes.get("color_mode") == "color_temp" and kelvin:
        return Value(thing.id, kelvin, "K")
    if not isinstance(rgb, (list, tuple)) or len(rgb) != 3:
        return Value(thing.id, kelvin, "K") if kelvin else None
    colors = {color.name: color.rgb for color in load_colors().values()}
    return Value(
        thing.id, min(colors, key=lambda name: sum((a - b) ** 2 for a, b in zip(colors[name], rgb, strict=True)))
    )
