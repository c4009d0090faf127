"""Set what lights have: brightness, colour, white, effects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .intentions import Refuse, Step

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Entity
    from .wanted import Wanted

_DIMS = frozenset({"brightness", "color_temp", "hs", "rgb", "rgbw", "rgbww", "xy", "white"})
_COLORS = frozenset({"hs", "rgb", "rgbw", "rgbww", "xy"})
_WHITES = {"warm": 2700.0, "neutral": 4000.0, "cool": 6000.0}
_BRIGHT = {"low": 20.0, "medium": 50.0, "high": 85.0, "half": 50.0}
_STEP, _KELVIN_STEP = 20.0, 700.0


def set_lights(wanted: Wanted, lights: tuple[Entity, ...], situation: Situation) -> list[Step] | Refuse:
    """Return the steps that give lights what is wanted."""
    match wanted.slot:
        case "brightness":
            return _set_brightness(wanted, lights, situation)
        case "color":
            return _set_color(wanted, lights, situation)
        case "color_temp":
            return _set_white(wanted, lights, situation)
    return _set_effect(wanted, lights, situation)


def _modes(light: Entity, situation: Situation) -> set[str]:
    state = situation.states(light.id)
    modes = state.attributes.get("supported_color_modes", ()) if state else ()
    return {str(mode) for mode in modes} if isinstance(modes, (list, tuple, set, frozenset)) else set()


def _brightness(light: Entity, situation: Situation) -> float | None:
    """Return brightness in percent, None when the light is off or does not tell."""
    state = situation.states(light.id)
    value = state.attributes.get("brightness") if state and state.state == "on" else None
    return float(value) / 2.55 if isinstance(value, (int, float)) else None


def _set_brightness(wanted: Wanted, lights: tuple[Entity, ...], situation: Situation) -> list[Step] | Refuse:
    number = wanted.number
    if number and not wanted.sign and not 0 <= number.value <= 100:
        return Refuse(
            wanted.call,
            "out_of_range",
            {"name": lights[0].name, "low": 0, "high": 100, "unit": "%", "what": "brightness"},
        )
    dims = tuple(light for light in lights if _modes(light, situation) & _DIMS)
    if wanted.sign:
        return _change_brightness(wanted, lights, dims, situation)
    if number and number.value == 0:
        return [Step("light.turn_off", tuple(light.id for light in lights))]
    if not dims:
        return Refuse(wanted.call, "not_supported", {"name": lights[0].name, "what": "brightness"})
    value = wanted.value(None, 1, 100, _STEP, _BRIGHT)
    if value is None:
        return Refuse(wanted.call, "no_value")
    return [Step("light.turn_on", tuple(light.id for light in dims), {"brightness_pct": round(value)})]


def _change_brightness(
    wanted: Wanted, lights: tuple[Entity, ...], dims: tuple[Entity, ...], situation: Situation
) -> list[Step] | Refuse:
    """Brighten or darken the lights that are on; where none is on, more light means switching them on."""
    lit = [light for light in dims if _brightness(light, situation) is not None]
    steps = []
    for light in lit:
        current = _brightness(light, situation) or 0.0
        value = wanted.value(current, 1, 100, _STEP)
        if value and round(value) != round(current):
            steps.append(Step("light.turn_on", (light.id,), {"brightness_pct": round(value)}))
    if steps:
        return steps
    dark = [light for light in lights if (state := situation.states(light.id)) and state.state == "off"]
    if wanted.sign > 0 and dark:
        return [Step("light.turn_on", tuple(light.id for light in dark))]
    if wanted.sign < 0 and (on := [light for light in lights if light not in dark and light not in dims]):
        return [Step("light.turn_off", tuple(light.id for light in on))]
    darkest = "is_off" if len(dark) == len(lights) else "already_darkest"
    return Refuse(wanted.call, "already_brightest" if wanted.sign > 0 else darkest, {"name": lights[0].name})


def _set_color(wanted: Wanted, lights: tuple[Entity, ...], situation: Situation) -> list[Step] | Refuse:
    color = wanted.color
    if color is None:
        return Refuse(wanted.call, "no_value")
    able = tuple(light.id for light in lights if _modes(light, situation) & _COLORS)
    whites = tuple(
        light.id
        for light in lights
        if color.name == "white" and light.id not in able and "color_temp" in _modes(light, situation)
    )
    steps = [Step("light.turn_on", able, {"rgb_color": list(color.rgb)})] if able else []
    steps += [Step("light.turn_on", whites, {"color_temp_kelvin": 4000})] if whites else []
    return steps or Refuse(wanted.call, "not_supported", {"name": lights[0].name, "what": "color"})


def _set_white(wanted: Wanted, lights: tuple[Entity, ...], situation: Situation) -> list[Step] | Refuse:
    steps = []
    for light in lights:
        state = situation.states(light.id)
        if state is None or "color_temp" not in _modes(light, situation):
            continue
        low, high = (
            _kelvin(state.attributes.get("min_color_temp_kelvin"), 2000.0),
            _kelvin(state.attributes.get("max_color_temp_kelvin"), 6500.0),
        )
        # warmer light has fewer kelvin, so a wish for "more" warmth lowers the number
        current = _kelvin(state.attributes.get("color_temp_kelvin"), 4000.0)
        value = (
            low + high - wanted_warmth(wanted, low, high, current)
            if wanted.sign
            else wanted.value(None, low, high, _KELVIN_STEP, _WHITES)
        )
        if value is None:
            return Refuse(wanted.call, "no_value")
        if wanted.number and not wanted.sign and not 1000 <= value <= 10000:
            return Refuse(
                wanted.call,
                "out_of_range",
                {"name": light.name, "low": round(low), "high": round(high), "unit": "K", "what": "color_temp"},
            )
        steps.append(Step("light.turn_on", (light.id,), {"color_temp_kelvin": round(min(max(value, low), high))}))
    return steps or Refuse(wanted.call, "not_supported", {"name": lights[0].name, "what": "color_temp"})


def wanted_warmth(wanted: Wanted, low: float, high: float, current: float) -> float:
    """Return the new warmth on a scale that runs the other way than kelvin."""
    return wanted.value(low + high - current, low, high, _KELVIN_STEP) or current


def _kelvin(value: object, fallback: float) -> float:
    return float(value) if isinstance(value, (int, float)) else fallback


def _set_effect(wanted: Wanted, lights: tuple[Entity, ...], situation: Situation) -> list[Step] | Refuse:
    steps, known = [], []
    for light in lights:
        state = situation.states(light.id)
        effects = state.attributes.get("effect_list") if state else None
        known += list(effects) if isinstance(effects, (list, tuple)) else []
        choice = wanted.match(effects) if isinstance(effects, (list, tuple)) else None
        if choice:
            steps.append(Step("light.turn_on", (light.id,), {"effect": choice}))
    if steps:
        return steps
    if not known:
        return Refuse(wanted.call, "not_supported", {"name": lights[0].name, "what": "effect"})
    return Refuse(
        wanted.call,
        "no_option",
        {"name": lights[0].name, "option": wanted.text or wanted.word or "", "options": list(map(str, known))},
    )
