"""Read a state back in the words of demo/HOMES.md, for the demo's printing and the benchmark's scoring."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# domain: {key in HOMES.md: attribute in Home Assistant}
ATTRIBUTES: dict[str, dict[str, str]] = {
    "light": {"brightness_pct": "brightness", "color_temp_kelvin": "color_temp_kelvin", "effect": "effect"},
    "fan": {
        "percentage": "percentage",
        "preset": "preset_mode",
        "oscillating": "oscillating",
        "direction": "direction",
    },
    "cover": {"position": "current_position", "tilt": "current_tilt_position"},
    "valve": {"position": "current_position"},
    "climate": {
        "temperature": "temperature",
        "preset": "preset_mode",
        "fan_mode": "fan_mode",
        "humidity": "humidity",
    },
    "humidifier": {"humidity": "humidity", "mode": "mode"},
    "water_heater": {"temperature": "temperature"},
    "media_player": {
        "volume": "volume_level",
        "muted": "is_volume_muted",
        "source": "source",
        "title": "media_title",
        "shuffle": "shuffle",
        "repeat": "repeat",
        "search": "search",
        "track": "media_track",
    },
    "vacuum": {"fan_speed": "fan_speed", "cleaning": "cleaning", "located": "located"},
    "script": {"runs": "runs"},
    "automation": {"runs": "runs"},
}
COLOURED = {"rgb", "hs", "xy", "rgbw", "rgbww"}


def view(entity_id: str, state: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the state and whatever attributes it has now, without those that say nothing."""
    domain = entity_id.partition(".")[0]
    seen: dict[str, Any] = {"state": state}
    for key, attribute in ATTRIBUTES.get(domain, {}).items():
        value = attributes.get(attribute)
        if value is not None:
            seen[key] = list(value) if isinstance(value, tuple | list) else value
    if "brightness_pct" in seen:
        seen["brightness_pct"] = round(seen["brightness_pct"] / 2.55)
    if attributes.get("color_mode") in COLOURED and attributes.get("rgb_color"):
        seen["color"] = list(attributes["rgb_color"])
    return seen
