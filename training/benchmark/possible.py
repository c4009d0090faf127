"""What a piece of furniture can be: the states and attributes that a case may expect of it."""

from typing import TYPE_CHECKING, Any

from .values import COLORS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .hass import Piece

ON_OFF = {"on", "off"}
STATES: dict[str, set[str]] = {
    "light": ON_OFF,
    "switch": ON_OFF,
    "fan": ON_OFF,
    "siren": ON_OFF,
    "humidifier": ON_OFF,
    "input_boolean": ON_OFF,
    "automation": ON_OFF,
    "cover": {"open", "closed"},
    "valve": {"open", "closed"},
    "lock": {"locked", "unlocked", "open"},
    "media_player": {"off", "on", "idle", "playing", "paused"},
    "vacuum": {"docked", "cleaning", "returning", "paused", "idle"},
    "lawn_mower": {"docked", "mowing", "paused", "returning"},
    "button": {"pressed"},
    "input_button": {"pressed"},
    "scene": {"activated", "on"},
}
UNMOVED = {"sensor", "binary_sensor", "weather", "person", "calendar", "todo"}
DEFAULTS = {
    "climate": ["off", "heat"],
    "water_heater": ["off", "eco", "performance"],
    "alarm_control_panel": ["home", "away", "night"],
}


def possible(piece: Piece, keys: dict[str, Any], *, moved: bool) -> Iterator[str]:
    """Yield what this piece can never be; `moved` asks whether a sentence can bring it there."""
    if moved and piece.domain in UNMOVED:
        yield f"{piece.id}: nothing can move a {piece.domain}"
        return
    for key, value in keys.items():
        if value in ("up", "down") or (isinstance(value, str) and value[:1] in ("<", ">")):
            allowed = key == "state" or key in ATTRIBUTES.get(piece.domain, {})
        elif key == "state":
            allowed = _state(piece, str(value), moved=moved)
        elif piece.domain in UNMOVED:
            allowed = True
        else:
            rule = ATTRIBUTES.get(piece.domain, {}).get(key)
            allowed = rule is not None and rule(piece.keys, value)
        if not allowed:
            yield f"{piece.id} can never have {key} {value}"


def _state(piece: Piece, state: str, *, moved: bool) -> bool:
    """Return whether the piece can be in that state."""
    match piece.domain:
        case "climate" | "water_heater":
            return state in _modes(piece) or (moved and state == "on")
        case "alarm_control_panel":
            return state == "disarmed" or state.removeprefix("armed_") in _modes(piece)
        case "select" | "input_select":
            return state in map(str, piece.keys.get("options") or ())
        case "number" | "input_number":
            return _within(state, piece.keys.get("min", 0), piece.keys.get("max", 100))
    return (
        piece.domain not in STATES or state in STATES[piece.domain] or (not moved and state in ("opening", "closing"))
    )


def _modes(piece: Piece) -> list[str]:
    """Return the modes of a piece, also where YAML took `off` for a truth value."""
    modes = piece.keys.get("modes", DEFAULTS[piece.domain])
    return ["off" if mode is False else str(mode) for mode in modes]


def _within(value: Any, low: float, high: float) -> bool:  # noqa: ANN401 (whatever a writer wrote)
    """Return whether the value is a number in the range."""
    try:
        return float(low) <= float(value) <= float(high)
    except TypeError, ValueError:
        return False


def _one_of(options: str) -> Callable[[Any, Any], bool]:
    """Return a rule: the value is one of the piece's options."""
    return lambda keys, value: str(value) in map(str, keys.get(options) or ())


def _has(key: str) -> Callable[[Any, Any], bool]:
    """Return a rule: the piece knows this key."""
    return lambda keys, _value: key in keys


def _between(low: float, high: float) -> Callable[[Any, Any], bool]:
    """Return a rule: the value lies in the range."""
    return lambda _keys, value: _within(value, low, high)


def _mode(*modes: str) -> Callable[[Any, Any], bool]:
    """Return a rule: a light has one of these modes."""
    return lambda keys, _value: bool(set(keys.get("modes", ["brightness"])) & set(modes))


def _anything(keys: Any, value: Any) -> bool:  # noqa: ANN401, ARG001
    """Allow every value."""
    return True


ATTRIBUTES: dict[str, dict[str, Callable[[Any, Any], bool]]] = {
    "light": {
        "brightness_pct": lambda keys, value: (
            _mode("brightness", "color_temp", "rgb")(keys, value) and _within(value, 1, 100)
        ),
        "color": lambda keys, value: _mode("rgb")(keys, value) and (isinstance(value, list) or value in COLORS),
        "color_temp_kelvin": lambda keys, value: _mode("color_temp")(keys, value) and _within(value, 2000, 6500),
        "effect": _one_of("effects"),
    },
    "fan": {
        "percentage": lambda keys, value: "percentage" in keys and _within(value, 0, 100),
        "preset": _one_of("presets"),
        "oscillating": _has("oscillating"),
        "direction": _has("direction"),
    },
    "cover": {
        "position": lambda keys, value: "position" in keys and _within(value, 0, 100),
        "tilt": lambda keys, value: "tilt" in keys and _within(value, 0, 100),
    },
    "valve": {"position": lambda keys, value: "position" in keys and _within(value, 0, 100)},
    "climate": {
        "temperature": lambda keys, value: _within(value, keys.get("min", 7), keys.get("max", 35)),
        "current_temperature": _anything,
        "preset": _one_of("presets"),
        "fan_mode": _one_of("fan_modes"),
        "humidity": _has("humidity"),
    },
    "humidifier": {"humidity": _between(0, 100), "mode": _one_of("modes")},
    "water_heater": {"temperature": _between(30, 75)},
    "media_player": {
        "volume": _between(0, 1),
        "muted": _anything,
        "source": _one_of("sources"),
        "title": _anything,
        "shuffle": _anything,
        "repeat": lambda _keys, value: value in ("off", "all", "one"),
        "search": _anything,
        "track": _anything,
    },
    "vacuum": {
        "fan_speed": _one_of("fan_speeds"),
        "cleaning": lambda keys, value: set(value) <= set(keys.get("areas") or ()),
        "located": _anything,
    },
    "script": {"runs": _anything},
    "automation": {"runs": _anything},
}
