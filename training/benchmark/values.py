"""When a value counts as the one that was expected."""

import colorsys
from typing import Any, TypeGuard

COLORS = {
    "red": (255, 0, 0),
    "orange": (255, 140, 0),
    "amber": (255, 191, 0),
    "yellow": (255, 255, 0),
    "lime": (0, 255, 0),
    "green": (0, 255, 0),
    "turquoise": (64, 224, 208),
    "teal": (0, 128, 128),
    "cyan": (0, 255, 255),
    "blue": (0, 0, 255),
    "navy": (0, 0, 128),
    "indigo": (75, 0, 130),
    "purple": (128, 0, 128),
    "violet": (238, 130, 238),
    "magenta": (255, 0, 255),
    "pink": (255, 192, 203),
    "gold": (255, 215, 0),
    "lavender": (200, 160, 255),
    "white": (255, 255, 255),
}
# People call a wide range of hues by one name.
HUE_RANGE = {"pink": 45, "purple": 35, "violet": 35, "turquoise": 30, "teal": 30}
USUAL_HUE_RANGE = 25
PALE = 0.2
PERCENT = {"brightness_pct", "percentage", "position", "tilt", "humidity"}
# Some states are each other's equals for whoever asked.
ALIKE = ({"docked", "returning"},)
ON_IS_NOT_OFF = {"media_player", "climate", "water_heater"}


def matches(domain: str, key: str, wanted: Any, before: Any, after: Any) -> bool:  # noqa: ANN401
    """Return whether the value is what was wanted: up, down, >60, <40, a number, a word."""
    if _relative(wanted):
        return _compared(wanted, before, after)
    if key == "color":
        return isinstance(after, list) and _same_color(wanted, after)
    if key == "search":
        return isinstance(after, str) and str(wanted).casefold() in after.casefold()
    if key == "state":
        return _same_state(domain, str(wanted), after)
    if isinstance(wanted, list):
        return isinstance(after, list) and sorted(map(str, wanted)) == sorted(map(str, after))
    return _same_value(key, wanted, after)


def _compared(wanted: str, before: object, after: object) -> bool:
    """Compare a value with what it was, or with a limit."""
    old, new = _number(before), _number(after)
    if new is None:
        return False
    if wanted in ("up", "down"):
        # What was off has no value of its own to compare with: any value is up from nothing.
        return old is None or (new > old if wanted == "up" else new < old)
    limit = _number(wanted[1:])
    return limit is not None and (new > limit if wanted[0] == ">" else new < limit)


def _same_value(key: str, wanted: object, after: object) -> bool:
    """Compare two truth values, numbers or words."""
    if isinstance(wanted, bool) or isinstance(after, bool):
        return after is not None and bool(wanted) == bool(after)
    return _same_number(key, wanted, after) or str(wanted).casefold() == str(after).casefold()


def _relative(wanted: object) -> TypeGuard[str]:
    """Return whether the value is given by comparison: up, down, >60, <40."""
    return isinstance(wanted, str) and (
        wanted in ("up", "down") or (wanted[:1] in ("<", ">") and _number(wanted[1:]) is not None)
    )


def same(left: Any, right: Any) -> bool:  # noqa: ANN401
    """Return whether nothing moved: equal, or a rounding apart."""
    if left == right:
        return True
    if isinstance(left, bool) or isinstance(right, bool):
        return False
    old, new = _number(left), _number(right)
    return old is not None and new is not None and abs(old - new) < 1e-6


def _same_state(domain: str, wanted: str, after: object) -> bool:
    """Compare two states; numbers by value."""
    state = str(after)
    if wanted == "on" and domain in ON_IS_NOT_OFF:
        return state not in ("off", "unavailable", "unknown", "None")
    if any({wanted, state} <= alike for alike in ALIKE):
        return True
    return wanted.casefold() == state.casefold() or _same_number("state", wanted, after)


def _same_number(key: str, wanted: object, after: object) -> bool:
    """Compare two numbers: within one per cent, or one point where the value is a percentage."""
    target, value = _number(wanted), _number(after)
    if target is None or value is None:
        return False
    slack = 1.0 if key in PERCENT else max(0.01 * abs(target), 0.01)
    return abs(target - value) <= slack + 1e-9


def _number(value: object) -> float | None:
    """Return the value as a number, if it is one."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(str(value))
    except ValueError:
        return None


def _same_color(wanted: str | list[int], after: list[int]) -> bool:
    """Compare two colours by hue; a pale one is white whatever its hue."""
    name = wanted.casefold().replace(" ", "") if isinstance(wanted, str) else ""
    target = COLORS.get(name) if isinstance(wanted, str) else tuple(wanted)
    if target is None:
        return False
    hue, pale = _hue(target)
    other_hue, other_pale = _hue(tuple(after))
    if pale or other_pale:
        return pale == other_pale or name == "pink"
    distance = abs(hue - other_hue)
    return min(distance, 360 - distance) <= HUE_RANGE.get(name, USUAL_HUE_RANGE)


def _hue(rgb: tuple[int, ...]) -> tuple[float, bool]:
    """Return the hue in degrees, and whether there is hardly any."""
    hue, saturation, _ = colorsys.rgb_to_hsv(*(part / 255 for part in rgb[:3]))
    return hue * 360, saturation < PALE
