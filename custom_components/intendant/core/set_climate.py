"""Set what thermostats, water heaters and humidifiers have: temperature, humidity, modes, presets, fan and swing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .intentions import Refuse, Step
from .values import Call, Number
from .wanted import Wanted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .intentions import Situation
    from .values import Entity, State

_FAHRENHEIT_FROM = 59.0
"""A thermostat that ends below this counts in degrees Celsius."""
_GENTLE_TO_STRONG = ("min", "quiet", "low", "medium", "high", "max", "turbo")


def set_climates(wanted: Wanted, things: tuple[Entity, ...], situation: Situation) -> list[Step] | Refuse:
    """Return the steps for thermostats and air conditioners."""
    steps: list[Step] = []
    refusal: Refuse | None = None
    for thing in things:
        state = situation.states(thing.id)
        if state is None:
            continue
        made = _set_climate(wanted, thing, state)
        if isinstance(made, Refuse):
            refusal = made
        else:
            steps += made
    return steps or refusal or Refuse(wanted.call, "no_value")


def _set_climate(wanted: Wanted, thing: Entity, state: State) -> list[Step] | Refuse:
    match wanted.slot:
        case "temperature":
            return _set_temperature(wanted, thing, state)
        case "humidity":
            value = wanted.value(_float(state.attributes.get("humidity")), 30, 90, 5)
            return (
                [Step("climate.set_humidity", (thing.id,), {"humidity": round(value)})]
                if value is not None and "humidity" in state.attributes
                else _unsupported(wanted, thing)
            )
        case "speed":
            return _choose(wanted, thing, state, [("fan_modes", "climate.set_fan_mode", "fan_mode")])
        case "oscillate":
            return _set_swing(wanted, thing, state)
    return _choose(
        wanted,
        thing,
        state,
        [
            ("hvac_modes", "climate.set_hvac_mode", "hvac_mode"),
            ("preset_modes", "climate.set_preset_mode", "preset_mode"),
            ("fan_modes", "climate.set_fan_mode", "fan_mode"),
        ],
    )


def _set_temperature(wanted: Wanted, thing: Entity, state: State) -> list[Step] | Refuse:
    low, high = _float(state.attributes.get("min_temp"), 7.0), _float(state.attributes.get("max_temp"), 35.0)
    assert low is not None  # noqa: S101 - fallbacks given
    assert high is not None  # noqa: S101 - fallbacks given
    current = _float(state.attributes.get("temperature"), _float(state.attributes.get("current_temperature"), 20.0))
    value = wanted.value(current, low, high, 1.0)
    if value is None:
        return Refuse(wanted.call, "no_value")
    value = _celsius(value, wanted, high)
    if not low <= value <= high:
        return Refuse(
            wanted.call,
            "out_of_range",
            {"name": thing.name, "low": low, "high": high, "unit": "°", "what": "temperature"},
        )
    data: dict[str, object] = {"temperature": round(value * 2) / 2 if wanted.sign else value}
    if state.state == "off" and (mode := _mode_for(value, wanted.sign, state)):
        data["hvac_mode"] = mode
    return [Step("climate.set_temperature", (thing.id,), data)]


def _celsius(value: float, wanted: Wanted, high: float) -> float:
    """Take degrees Fahrenheit for what they are, where they were said."""
    said = wanted.number.unit if isinstance(wanted.number, Number) else ""
    if not wanted.sign and said == "°F" and high < _FAHRENHEIT_FROM:
        return round((value - 32) / 1.8 * 2) / 2
    return value


def _mode_for(value: float, sign: int, state: State) -> str | None:
    """Return the mode to switch a sleeping thermostat to, so that the wish comes true; None when it has none for it."""
    modes = state.attributes.get("hvac_modes")
    modes = list(modes) if isinstance(modes, (list, tuple)) else []
    now = _float(state.attributes.get("current_temperature"))
    warmer = sign > 0 or (sign == 0 and (now is None or value >= now))
    order = ("heat", "heat_cool", "auto") if warmer else ("cool", "heat_cool", "auto")
    return next((mode for mode in order if mode in modes), None)


def _set_swing(wanted: Wanted, thing: Entity, state: State) -> list[Step] | Refuse:
    modes = state.attributes.get("swing_modes")
    modes = [str(mode) for mode in modes] if isinstance(modes, (list, tuple)) else []
    choice = next((mode for mode in modes if (mode == "off") == (wanted.word == "off")), None)
    return (
        [Step("climate.set_swing_mode", (thing.id,), {"swing_mode": choice})] if choice else _unsupported(wanted, thing)
    )


def _choose(wanted: Wanted, thing: Entity, state: State, places: list[tuple[str, str, str]]) -> list[Step] | Refuse:
    """Look a choice up among several lists of a device; `off` switches it off."""
    known: list[str] = []
    for attribute, service, field in places:
        options = state.attributes.get(attribute)
        if not isinstance(options, (list, tuple)):
            continue
        known += map(str, options)
        if choice := wanted.match(options) or _next_choice(wanted, options, state.attributes.get(field)):
            return [Step(service, (thing.id,), {field: choice})]
    if wanted.word == "off":
        return [Step(f"{thing.domain}.turn_off", (thing.id,))]
    if not known:
        return _unsupported(wanted, thing)
    return Refuse(
        wanted.call, "no_option", {"name": thing.name, "option": wanted.text or wanted.word or "", "options": known}
    )


def _next_choice(wanted: Wanted, options: Sequence[str], current: object) -> str | None:
    """Return the next gentler or stronger of a device's own choices, None when nothing relative was said."""
    if not wanted.sign:
        return None
    ranked = [
        choice for word in _GENTLE_TO_STRONG if (choice := Wanted(Call("set"), wanted.slot, word=word).match(options))
    ]
    ranked = list(dict.fromkeys(ranked))
    if not ranked:
        return None
    if current not in ranked:
        return ranked[-1] if wanted.sign > 0 else ranked[0]
    place = ranked.index(str(current)) + wanted.sign
    return ranked[min(max(place, 0), len(ranked) - 1)]


def set_water_heaters(wanted: Wanted, things: tuple[Entity, ...], situation: Situation) -> list[Step] | Refuse:
    """Return the steps for water heaters."""
    thing, state = things[0], situation.states(things[0].id)
    if state is None:
        return _unsupported(wanted, thing)
    if wanted.slot == "temperature":
        low, high = (
            _float(state.attributes.get("min_temp"), 30.0) or 30.0,
            _float(state.attributes.get("max_temp"), 70.0) or 70.0,
        )
        value = wanted.value(_float(state.attributes.get("temperature")), low, high, 5.0)
        if value is None:
            return Refuse(wanted.call, "no_value")
        if not low <= value <= high:
            return Refuse(
                wanted.call,
                "out_of_range",
                {"name": thing.name, "low": low, "high": high, "unit": "°", "what": "temperature"},
            )
        return [Step("water_heater.set_temperature", (thing.id,), {"temperature": value})]
    return _choose(wanted, thing, state, [("operation_list", "water_heater.set_operation_mode", "operation_mode")])


def set_humidifiers(wanted: Wanted, things: tuple[Entity, ...], situation: Situation) -> list[Step] | Refuse:
    """Return the steps for humidifiers and dehumidifiers; a new target switches them on."""
    steps: list[Step] = []
    for thing in things:
        state = situation.states(thing.id)
        if state is None:
            continue
        if wanted.slot != "humidity":
            made = _choose(wanted, thing, state, [("available_modes", "humidifier.set_mode", "mode")])
            if isinstance(made, Refuse):
                return made
            steps += made
            continue
        low, high = (
            _float(state.attributes.get("min_humidity"), 0.0) or 0.0,
            _float(state.attributes.get("max_humidity"), 100.0) or 100.0,
        )
        value = wanted.value(_float(state.attributes.get("humidity")), low, high, 5.0)
        if value is None:
            return Refuse(wanted.call, "no_value")
        if not low <= value <= high:
            return Refuse(
                wanted.call,
                "out_of_range",
                {"name": thing.name, "low": low, "high": high, "unit": "%", "what": "humidity"},
            )
        if state.state == "off" and wanted.sign:
            steps.append(Step("humidifier.turn_on", (thing.id,)))
        else:
            steps.append(Step("humidifier.set_humidity", (thing.id,), {"humidity": round(value)}))
    return steps or Refuse(wanted.call, "no_value")


def _unsupported(wanted: Wanted, thing: Entity) -> Refuse:
    return Refuse(wanted.call, "not_supported", {"name": thing.name, "what": wanted.slot})


def _float(value: object, fallback: float | None = None) -> float | None:
    return float(value) if isinstance(value, (int, float)) else fallback
