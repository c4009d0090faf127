"""Set what fans, players, vacuums, selects, numbers and alarms have."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .intentions import Refuse, Step
from .values import Duration, Number

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Entity, State
    from .wanted import Wanted

_SPEEDS = {"low": 33.0, "medium": 66.0, "high": 100.0, "half": 50.0}
_VOLUMES = {"low": 20.0, "medium": 50.0, "high": 80.0, "half": 50.0}
_SET_SPEED, _LEVELS = 1, 10


def set_fans(wanted: Wanted, things: tuple[Entity, ...], situation: Situation) -> list[Step] | Refuse:
    """Return the steps for fans: speed, preset, oscillation, direction."""
    if wanted.slot == "speed" and wanted.number and not wanted.sign and not 0 <= wanted.number.value <= 100:
        return Refuse(
            wanted.call, "out_of_range", {"name": things[0].name, "low": 0, "high": 100, "unit": "%", "what": "speed"}
        )
    steps = [
        step for thing in things if (state := situation.states(thing.id)) and (step := _set_fan(wanted, thing, state))
    ]
    return steps or Refuse(wanted.call, "not_supported", {"name": things[0].name, "what": wanted.slot})


def _set_fan(wanted: Wanted, thing: Entity, state: State) -> Step | None:
    features = state.attributes.get("supported_features", 0)
    features = features if isinstance(features, int) else 0
    match wanted.slot:
        case "oscillate":
            return Step("fan.oscillate", (thing.id,), {"oscillating": wanted.word != "off"}) if features & 2 else None
        case "direction":
            return Step("fan.set_direction", (thing.id,), {"direction": wanted.word}) if features & 4 else None
    presets = state.attributes.get("preset_modes")
    if (
        isinstance(presets, (list, tuple))
        and (wanted.word or wanted.text)
        and not (wanted.number or wanted.sign)
        and (choice := wanted.match(presets))
    ):
        return Step("fan.set_preset_mode", (thing.id,), {"preset_mode": choice})
    return _set_speed(wanted, thing, state) if features & _SET_SPEED else None


def _set_speed(wanted: Wanted, thing: Entity, state: State) -> Step | None:
    step = state.attributes.get("percentage_step")
    step = float(step) if isinstance(step, (int, float)) and step else 1.0
    current = state.attributes.get("percentage")
    current = float(current) if isinstance(current, (int, float)) and state.state == "on" else 0.0
    number = wanted.number
    if (
        number
        and not wanted.sign
        and not number.unit
        and 1 <= number.value <= min(_LEVELS, round(100 / step))
        and step > 1
    ):
        return Step("fan.set_percentage", (thing.id,), {"percentage": round(min(number.value * step, 100))})
    value = wanted.value(current, 0 if wanted.sign < 0 else step, 100, max(20.0, step), _SPEEDS)
    return Step("fan.set_percentage", (thing.id,), {"percentage": round(value)}) if value is not None else None


def set_players(wanted: Wanted, things: tuple[Entity, ...], situation: Situation) -> list[Step] | Refuse:
    """Return the steps for players: volume, source, shuffle, repeat."""
    ids = tuple(thing.id for thing in things)
    match wanted.slot:
        case "shuffle":
            return [Step("media_player.shuffle_set", ids, {"shuffle": wanted.word != "off"})]
        case "repeat":
            return [Step("media_player.repeat_set", ids, {"repeat": wanted.word or "all"})]
        case "volume":
            return _set_volume(wanted, things, situation)
    steps: list[Step] = []
    known: list[str] = []
    for thing in things:
        state = situation.states(thing.id)
        sources = state.attributes.get("source_list") if state else None
        sources = list(sources) if isinstance(sources, (list, tuple)) else list(thing.options)
        known += sources
        if choice := wanted.match(sources):
            steps.append(Step("media_player.select_source", (thing.id,), {"source": choice}))
    if steps:
        return steps
    key = "no_option" if known else "not_supported"
    return Refuse(
        wanted.call, key, {"name": things[0].name, "what": "source", "option": wanted.text or "", "options": known}
    )


def _set_volume(wanted: Wanted, things: tuple[Entity, ...], situation: Situation) -> list[Step] | Refuse:
    number = wanted.number
    if number and not wanted.sign and not 0 <= number.value <= 100:
        return Refuse(
            wanted.call, "out_of_range", {"name": things[0].name, "low": 0, "high": 100, "unit": "%", "what": "volume"}
        )
    steps = []
    for thing in things:
        state = situation.states(thing.id)
        level = state.attributes.get("volume_level") if state else None
        current = float(level) * 100 if isinstance(level, (int, float)) else None
        value = wanted.value(current, 0, 100, 10, _VOLUMES)
        if value is not None:
            steps.append(Step("media_player.volume_set", (thing.id,), {"volume_level": round(value) / 100}))
    return steps or Refuse(wanted.call, "no_value")


def set_vacuums(wanted: Wanted, things: tuple[Entity, ...], situation: Situation) -> list[Step] | Refuse:
    """Return the steps that set how hard vacuums clean."""
    thing, state = things[0], situation.states(things[0].id)
    speeds = state.attributes.get("fan_speed_list") if state else None
    if not isinstance(speeds, (list, tuple)):
        return Refuse(wanted.call, "not_supported", {"name": thing.name, "what": "speed"})
    choice = wanted.match(speeds)
    if choice:
        return [Step("vacuum.set_fan_speed", (thing.id,), {"fan_speed": choice})]
    return Refuse(
        wanted.call,
        "no_option",
        {"name": thing.name, "option": wanted.text or wanted.word or "", "options": list(map(str, speeds))},
    )


def set_selects(wanted: Wanted, things: tuple[Entity, ...], situation: Situation) -> list[Step] | Refuse:
    """Return the steps that choose an option; the first select that has it is taken."""
    known: list[str] = []
    for thing in things:
        state = situation.states(thing.id)
        options = state.attributes.get("options") if state else None
        options = list(map(str, options)) if isinstance(options, (list, tuple)) else list(thing.options)
        known += options
        if choice := wanted.match(options):
            return [Step(f"{thing.domain}.select_option", (thing.id,), {"option": choice})]
    return Refuse(
        wanted.call, "no_option", {"name": things[0].name, "option": wanted.text or wanted.word or "", "options": known}
    )


def set_numbers(wanted: Wanted, things: tuple[Entity, ...], situation: Situation) -> list[Step] | Refuse:
    """Return the steps that set or change numbers."""
    steps = []
    for thing in things:
        state = situation.states(thing.id)
        attributes = state.attributes if state else {}
        low, high, step = (
            _number(attributes.get(key), fallback) for key, fallback in (("min", 0.0), ("max", 100.0), ("step", 1.0))
        )
        change = max(step, (high - low) / 10) if wanted.sign else step
        if isinstance(wanted.quantity, Duration):
            wanted = replace(wanted, quantity=_in_unit(wanted.quantity, str(attributes.get("unit_of_measurement", ""))))
        value = wanted.value(_number(state.state if state else None, low), low, high, change)
        if value is None:
            return Refuse(wanted.call, "no_value")
        if not low <= value <= high:
            unit = attributes.get("unit_of_measurement", "")
            return Refuse(
                wanted.call,
                "out_of_range",
                {"name": thing.name, "low": low, "high": high, "unit": unit, "what": "value"},
            )
        steps.append(Step(f"{thing.domain}.set_value", (thing.id,), {"value": value}))
    return steps


def set_alarms(wanted: Wanted, things: tuple[Entity, ...], _situation: Situation) -> list[Step] | Refuse:
    """Return the steps that arm alarms in a mode; disarming goes through its own verb, and so through confirmation."""
    known = {"home": "home", "away": "away", "night": "night", "vacation": "vacation", "sleep": "night"}
    word = wanted.word or wanted.match(tuple(known)) or ""
    if word == "off":
        return [Step("alarm_control_panel.alarm_disarm", tuple(thing.id for thing in things))]
    if word not in known:
        return Refuse(
            replace(wanted.call),
            "no_option",
            {"name": things[0].name, "option": wanted.text or wanted.word or "", "options": list(known)},
        )
    return [Step(f"alarm_control_panel.alarm_arm_{known[word]}", tuple(thing.id for thing in things))]


def _in_unit(length: Duration, unit: str) -> Number:
    """Return a length in the unit of a number: s, min, h or d; in minutes where it has another one."""
    return Number(length.seconds / {"s": 1, "h": 3600, "d": 86_400}.get(unit, 60))


def _number(value: object, fallback: float) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return fallback
