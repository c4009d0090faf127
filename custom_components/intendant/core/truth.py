"""Decide whether a thing is what a question asks for: open, on, home, low, cleaning, at twenty degrees.

True and False are verdicts; None means that the thing has nothing to say about it (a lock knows no "open").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .catalog import load_catalog
from .values import Call, Number, Option
from .wanted import Wanted

if TYPE_CHECKING:
    from .values import Entity, Quantity, State

LOW_BATTERY, HIGH_BATTERY = 20.0, 80.0
"""Percent below which a battery is low, and from which it is full."""
OPENINGS = frozenset({"door", "window", "opening", "garage_door"})
"""Classes of binary sensors that are on while something is open."""
DEFAULTS = {"motion": "on", "smoke": "on", "leak": "on", "battery": "low"}
"""What is asked of a kind when no value is said: whether there is any."""
STRICT = frozenset({"off", "closed", "locked", "docked", "disarmed", "armed", "away", "high"})
"""Values that a group has only when each of its things has it; of the others one thing is enough."""

_NO_CALL = Call("none")
ALL_DOMAINS = (
    *load_catalog().domains,
    "weather",
    "input_text",
    "text",
    "event",
    "sun",
    "update",
    "camera",
    "image",
    "zone",
)
"""Everything that may be asked about."""
_BINARY = ("light", "switch", "input_boolean", "fan", "media_player", "climate", "humidifier", "water_heater", "siren")
KINDLESS: dict[str, tuple[str, ...]] = {
    "on": _BINARY, "off": _BINARY, "running": (*_BINARY, "vacuum", "lawn_mower"),
    "open": ("cover", "valve", *(f"binary_sensor.{item}" for item in sorted(OPENINGS))),
    "closed": ("cover", "valve", *(f"binary_sensor.{item}" for item in sorted(OPENINGS))),
    "locked": ("lock", "binary_sensor.lock"), "unlocked": ("lock", "binary_sensor.lock"),
    "playing": ("media_player",), "paused": ("media_player", "vacuum", "lawn_mower"),
    "home": ("person",), "away": ("person",), "low": ("sensor.battery", "binary_sensor.battery"), "high": ("sensor.battery",),
    "cleaning": ("vacuum", "lawn_mower"), "docked": ("vacuum", "lawn_mower"), "armed": ("alarm_control_panel",), "disarmed": ("alarm_control_panel",),
    "heating": ("climate", "water_heater"), "cooling": ("climate",), "charging": ("binary_sensor.battery_charging", "sensor", "vacuum", "lawn_mower"),
}  # fmt: skip
"""What is meant when a value is asked for and no kind of thing ("is anything open")."""

_YES: dict[str, dict[str, frozenset[str]]] = {
    "cover": {"open": frozenset({"open", "opening"}), "closed": frozenset({"closed", "closing"})},
    "lock": {"locked": frozenset({"locked", "locking"}), "unlocked": frozenset({"unlocked", "unlocking", "open", "opening"}), "closed": frozenset({"locked"})},
    "media_player": {"playing": frozenset({"playing", "buffering"}), "paused": frozenset({"paused"}), "off": frozenset({"off", "standby"})},
    "vacuum": {"cleaning": frozenset({"cleaning"}), "running": frozenset({"cleaning"}), "on": frozenset({"cleaning"}), "docked": frozenset({"docked"}),
               "paused": frozenset({"paused"}), "off": frozenset({"docked", "idle"})},
    "lawn_mower": {"cleaning": frozenset({"mowing"}), "running": frozenset({"mowing"}), "on": frozenset({"mowing"}), "docked": frozenset({"docked"}),
                   "paused": frozenset({"paused"}), "off": frozenset({"docked"})},
    "person": {"home": frozenset({"home"})},
    "alarm_control_panel": {"disarmed": frozenset({"disarmed"}), "off": frozenset({"disarmed"})},
}  # fmt: skip
"""Which states of a domain answer a value with yes; any other state answers it with no."""
_ALIKE = {"valve": "cover", "device_tracker": "person"}
_WORKING = frozenset({"on", "running", "run", "in_use", "active", "washing", "drying", "printing"})


def holds(thing: Entity, state: State, value: str) -> bool | None:  # noqa: PLR0911 - one return per domain
    """Return whether a thing is in the state that a word of the catalogue names."""
    if state.state in ("unavailable", "unknown"):
        return None
    domain = _ALIKE.get(thing.domain, thing.domain)
    if domain in ("sensor", "binary_sensor"):
        return _sensor_holds(thing, state, value)
    if yes := _YES.get(domain, {}).get(value):
        return None if domain == "lock" and value == "closed" and state.state not in yes else state.state in yes
    special = {"lock": _lock_holds, "climate": _climate_holds, "water_heater": _climate_holds, "person": _person_holds, "alarm_control_panel": _alarm_holds, "cover": _cover_holds,
               "media_player": _player_holds}.get(domain)  # fmt: skip
    if special:
        return special(state, value)
    if value == "charging" and domain in ("vacuum", "lawn_mower"):
        return state.state == "docked" and _below(state.attributes.get("battery_level"), 100.0) is not False
    if value in ("low", "high") and "battery_level" in state.attributes:
        return _battery_holds(state.attributes["battery_level"], value)
    return _plain_holds(state, value)


def _plain_holds(state: State, value: str) -> bool | None:
    if value in ("on", "running", "off") and state.state in ("on", "off"):
        return (state.state == "on") == (value != "off")
    return None


def _lock_holds(state: State, value: str) -> bool | None:
    """Tell open from locked; a lock that is merely unlocked does not know whether its door is open."""
    if value == "open":
        return True if state.state in ("open", "opening") else False if state.state == "locked" else None
    return None


def _cover_holds(state: State, value: str) -> bool | None:
    if value in ("on", "off"):
        return (state.state in ("open", "opening")) == (value == "on")
    return None


def _climate_holds(state: State, value: str) -> bool | None:
    if value in ("on", "running", "off"):
        return (state.state != "off") == (value != "off")
    if value in ("heating", "cooling"):
        action = state.attributes.get("hvac_action")
        return action == value if isinstance(action, str) else state.state == value.removesuffix("ing")
    return state.attributes.get("preset_mode") == value if value in ("home", "away") else None


def _person_holds(state: State, value: str) -> bool | None:
    return state.state != "home" if value == "away" else None


def _alarm_holds(state: State, value: str) -> bool | None:
    if value in ("armed", "on"):
        return state.state.startswith("armed") or state.state in ("triggered", "pending")
    return state.state == f"armed_{value}" if value in ("home", "away") else None


def _player_holds(state: State, value: str) -> bool | None:
    return state.state not in ("off", "standby") if value in ("on", "running") else None


def _sensor_holds(thing: Entity, state: State, value: str) -> bool | None:
    kind = thing.device_class or ""
    if thing.domain == "binary_sensor":
        return _binary_holds(kind, state, value)
    if kind == "battery" and value in ("low", "high"):
        return _battery_holds(state.state, value)
    if value == "charging":
        return (
            state.state.lower() == "charging"
            if state.state.lower() in ("charging", "discharging", "not_charging", "full")
            else None
        )
    if value in ("on", "running", "off"):
        number = as_number(state.state)
        working = (
            number > 0
            if number is not None and kind in ("duration", "power")
            else state.state.lower() in _WORKING
            if number is None
            else None
        )
        return None if working is None else working == (value != "off")
    return None


def _binary_holds(kind: str, state: State, value: str) -> bool | None:
    on = state.state == "on"
    meaning = {"open": ("closed",), "unlocked": ("locked",), "on": ("off",)}
    known = (
        "open"
        if kind in OPENINGS
        else "unlocked"
        if kind == "lock"
        else "low"
        if kind == "battery"
        else "charging"
        if kind == "battery_charging"
        else "on"
    )
    if value == known or (value in ("on", "running") and known not in ("low", "charging")):
        return on
    if value in meaning.get(known, ()) or value == "off":
        return not on
    return None


def _battery_holds(level: object, value: str) -> bool | None:
    below = _below(level, LOW_BATTERY if value == "low" else HIGH_BATTERY)
    return None if below is None else below == (value == "low")


def _below(level: object, limit: float) -> bool | None:
    number = as_number(level)
    return None if number is None else number < limit


def as_number(value: object) -> float | None:
    """Return a state or attribute as a number, None when it is none."""
    try:
        return float(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else None
    except ValueError:
        return None


_MAIN = {"light": "brightness", "climate": "temperature", "water_heater": "temperature", "humidifier": "humidity", "media_player": "volume_level", "cover": "current_position",
         "valve": "current_position", "fan": "percentage"}  # fmt: skip
_CHOICES = (
    "preset_mode",
    "mode",
    "fan_mode",
    "source",
    "app_name",
    "effect",
    "fan_speed",
    "operation_mode",
    "hvac_mode",
)


def matches(thing: Entity, state: State, quantity: Quantity | None, text: str | None) -> bool | None:
    """Return whether a thing's value or choice is the one said ("is the thermostat at 21", "is the telly on Netflix")."""
    if isinstance(quantity, Number):
        value = (
            as_number(state.attributes.get(_MAIN[thing.domain])) if thing.domain in _MAIN else as_number(state.state)
        )
        factor = {"light": 1 / 2.55, "media_player": 100.0}.get(thing.domain, 1.0)
        return None if value is None else round(value * factor) == round(quantity.value)
    name = quantity.name if isinstance(quantity, Option) else text
    if not name:
        return None
    said = [state.state, *(str(state.attributes[key]) for key in _CHOICES if state.attributes.get(key))]
    return Wanted(_NO_CALL, "option", text=name).match(said) is not None
