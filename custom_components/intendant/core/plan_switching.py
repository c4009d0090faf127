"""Plan the verbs without a value: on, off, open, close, lock, pause, start, run and their like."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from .catalog import DATA
from .intentions import Act, Ask, Intention, Refuse, Step
from .scope import Scope, find_scope, is_on
from .text import lower
from .values import Pointer, Text, Word
from .wanted import Wanted

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Call, Entity, Reading

PLAUSIBLE = {
    "on": "off",
    "off": "on",
    "open": "off",
    "close": "on",
    "pause": "playing",
    "next": "playing",
    "previous": "playing",
    "mute": "playing",
    "play": "paused",
    "stop": "on",
    "lock": "on",
    "unlock": "off",
    "dock": "on",
    "start": "off",
}
"""The state that things are in when the verb makes sense for them."""
_HEATS = re.compile(r"\b(?:heat\w*|warm\w*|radiators?|furnace)\b|暖|热")
_COOLS = re.compile(r"\b(?:ac|a/c|air ?con\w*|cool\w*|air conditioning)\b|空调|冷")
_COLD_ROOM = 18.0
"""Below this temperature an air conditioner that is switched on without a word about its mode shall heat."""
_CHOICES = {
    "media_player": ("media_player.select_source", "source"),
    "select": ("select.select_option", "option"),
    "input_select": ("input_select.select_option", "option"),
}
_PLAY = 16384
_ARM_VACATION = 32
_PLAYING_FIRST = frozenset({"pause", "next", "previous", "mute", "unmute", "stop", "play"})
_WORKING = {
    "cover": ("opening", "closing"),
    "valve": ("opening", "closing"),
    "media_player": ("playing",),
    "vacuum": ("cleaning",),
    "lawn_mower": ("mowing",),
}
"""Domain → states in which a thing may be told to stop."""


@cache
def load_services() -> dict[str, Any]:
    """Return verb → {things: {domain: service}, group: [domain]}."""
    loaded: dict[str, Any] = yaml.safe_load((DATA / "services.yaml").read_text(encoding="utf-8"))
    return loaded


def problem(call: Call, scope: Scope) -> Intention:
    """Return the refusal or the question for a scope without things."""
    if scope.problem == "which":
        return Ask(call, "which", scope.choices, scope.candidates)
    if scope.problem == "which_room":
        return Ask(call, "which_room")
    return Refuse(call, scope.problem or "none_here", scope.facts)


def plan_switching(call: Call, reading: Reading, situation: Situation) -> Intention:
    """Return the services for a verb without a value."""
    verb = call.verb
    if verb == "toggle":
        return _plan_toggle(call, reading, situation)
    table = load_services()[verb]
    things = table["things"]
    group = _at_work(call, situation) or tuple(table["group"])
    scope = find_scope(call, reading, situation, tuple(things), PLAUSIBLE.get(verb), group)
    if scope.problem == "no_such" and verb in ("on", "run", "play") and (choice := _choice_called(call, situation)):
        return _choose_option(call, *choice)
    if scope.problem:
        return problem(call, scope)
    entities = _narrow_active(scope, verb, situation)
    if refusal := _unable(call, entities, situation):
        return refusal
    steps = _steps(call, reading, entities, things, situation)
    unchanged = tuple(thing.id for thing in entities if _already(verb, thing, situation))
    ids = tuple(thing.id for thing in entities)
    return Act(call, steps, ids, scope.place if scope.group else None, unchanged=unchanged, left_out=scope.left_out)


def _at_work(call: Call, situation: Situation) -> tuple[str, ...]:
    """Return the domain of what a bare "stop" is about: what moves near the speaker before what plays, before who cleans; none for any other."""
    if call.verb != "stop" or call.kind or call.targets or call.excepts:
        return ()
    for domain, working in _WORKING.items():
        things = situation.house.in_domains((domain,))
        near = [thing for thing in things if thing.area_id == situation.area_id] if situation.area_id else things
        if any((state := situation.states(thing.id)) and state.state in working for thing in near):
            return (domain,)
    return ()


def _choice_called(call: Call, situation: Situation) -> tuple[Entity, str] | None:
    """Return the thing that has a choice called like the unknown name ("put Netflix on"), and the choice; None when several have."""
    said = next((term.text for term in call.targets if isinstance(term, Text)), "")
    things = situation.house.in_domains(tuple(_CHOICES)) if said and not call.kind else []
    found = [(thing, choice) for thing in things if (choice := Wanted(call, "option", text=said).match(thing.options))]
    near = [pair for pair in found if pair[0].area_id == situation.area_id]
    found = near or found
    return found[0] if len(found) == 1 else None


def _choose_option(call: Call, thing: Entity, choice: str) -> Intention:
    service, field = _CHOICES[thing.domain]
    return Act(call, (Step(service, (thing.id,), {field: choice}),), (thing.id,))


def _plan_toggle(call: Call, reading: Reading, situation: Situation) -> Intention:
    """Bare nouns and "toggle": off when anything is on, else on; a bare scene runs, a bare sensor is asked elsewhere."""
    from dataclasses import replace  # noqa: PLC0415 - keeps the module's own names few

    both = load_services()
    accepts = tuple(dict.fromkeys((*both["on"]["things"], *both["open"]["things"], "lock")))
    scope = find_scope(call, reading, situation, accepts, None, ("light",))
    if scope.problem:
        return problem(call, scope)
    active = any(is_on(thing.id, situation) for thing in scope.entities)
    domain = scope.entities[0].domain
    verb = {"cover": ("close", "open"), "valve": ("close", "open"), "lock": ("lock", "unlock"), "vacuum": ("dock", "start"), "lawn_mower": ("dock", "start"),
            "scene": ("run", "run"), "script": ("run", "run"), "button": ("run", "run"), "input_button": ("run", "run")}.get(domain, ("off", "on"))[0 if active else 1]  # fmt: skip
    return plan_switching(replace(call, verb=verb), reading, situation)


def _narrow_active(scope: Scope, verb: str, situation: Situation) -> tuple[Entity, ...]:
    """Of several players meant as a group, take those that play, so that a pause does not wake the others."""
    if not scope.group or verb not in _PLAYING_FIRST or len(scope.entities) == 1:
        return scope.entities
    for wanted in (("playing",), ("paused",), ("on", "idle", "buffering")):
        active = tuple(
            thing
            for thing in scope.entities
            if (state := situation.states(thing.id)) and (thing.domain != "media_player" or state.state in wanted)
        )
        if active:
            return active if verb not in ("next", "previous") else active[:1]
    return scope.entities


def _unable(call: Call, entities: tuple[Entity, ...], situation: Situation) -> Refuse | None:
    """Refuse to open a lock that can only be unlocked: unlock it instead happens in _steps; and to stop what can't be stopped."""
    if (
        call.verb == "stop"
        and len(entities) == 1
        and entities[0].domain == "cover"
        and not feature(entities[0].id, 8, situation)
    ):
        return Refuse(call, "not_supported", {"name": entities[0].name, "what": "stop"})
    return None


def feature(entity_id: str, bit: int, situation: Situation) -> bool:
    """Return whether a thing has one of Home Assistant's supported_features bits."""
    state = situation.states(entity_id)
    value = state.attributes.get("supported_features", 0) if state else 0
    return bool(value & bit) if isinstance(value, int) else False


def _steps(
    call: Call, reading: Reading, entities: tuple[Entity, ...], things: dict[str, str], situation: Situation
) -> tuple[Step, ...]:
    by_service: dict[str, list[str]] = {}
    for thing in entities:
        by_service.setdefault(_service(call, thing, things, situation), []).append(thing.id)
    data: dict[str, object] = {}
    if call.verb in ("mute", "unmute"):
        data["is_volume_muted"] = call.verb == "mute"
    rooms = _rooms(call, reading, situation)
    if rooms and "vacuum.start" in by_service:
        by_service["vacuum.clean_area"] = by_service.pop("vacuum.start")
        data["cleaning_area_id"] = rooms
    climates = by_service.pop("climate.turn_on", [])
    steps = [Step(service, tuple(ids), dict(data)) for service, ids in by_service.items()]
    return (*steps, *(_wake_climate(thing_id, lower(reading.text), situation) for thing_id in climates))


def _service(call: Call, thing: Entity, things: dict[str, str], situation: Situation) -> str:
    """Return the service for one thing, with the few that depend on what it can do."""
    if call.verb == "arm":
        term = call.slot("mode")
        word = term.word if isinstance(term, Word) else "away"
        known = {
            "home": "home",
            "away": "away",
            "night": "night",
            "vacation": "vacation",
            "custom": "custom_bypass",
            "sleep": "night",
        }
        mode = known.get(word, "away")
        # Who leaves for a fortnight wants the alarm armed, also where it knows no holidays.
        mode = "away" if mode == "vacation" and not feature(thing.id, _ARM_VACATION, situation) else mode
        return f"alarm_control_panel.alarm_arm_{mode}"
    service = things[thing.domain]
    if service == "media_player.turn_on" and _rests(thing, situation) and feature(thing.id, _PLAY, situation):
        return "media_player.media_play"
    if service == "lock.open" and not feature(thing.id, 1, situation):
        return "lock.unlock"
    if service == "media_player.media_stop" and not feature(thing.id, 4096, situation):
        return "media_player.media_pause"
    return service


def _rests(thing: Entity, situation: Situation) -> bool:
    """Return whether a player is on and silent: who puts the radio on wants to hear it."""
    state = situation.states(thing.id)
    return thing.domain == "media_player" and state is not None and state.state in ("paused", "idle")


def _wake_climate(thing_id: str, text: str, situation: Situation) -> Step:
    """Switch a thermostat or air conditioner on, in the mode that the words or the temperature speak for."""
    state = situation.states(thing_id)
    attributes = state.attributes if state else {}
    listed = attributes.get("hvac_modes")
    modes = [str(mode) for mode in listed] if isinstance(listed, (list, tuple)) else []
    wanted = "heat" if _HEATS.search(text) else "cool" if _COOLS.search(text) else None
    if (
        wanted == "cool"
        and "空调" in text
        and isinstance(now := attributes.get("current_temperature"), (int, float))
        and now < _COLD_ROOM
    ):
        wanted = "heat"
    if wanted in modes:
        return Step("climate.set_hvac_mode", (thing_id,), {"hvac_mode": wanted})
    if feature(thing_id, 256, situation) or not modes:
        return Step("climate.turn_on", (thing_id,))
    mode = next((mode for mode in ("heat_cool", "auto", "heat", "cool") if mode in modes), modes[-1])
    return Step("climate.set_hvac_mode", (thing_id,), {"hvac_mode": mode})


def _rooms(call: Call, reading: Reading, situation: Situation) -> list[str]:
    """Return the areas a vacuum is sent to."""
    found: set[str] = set()
    for slot, term in call.slots:
        if (
            slot == "room"
            and isinstance(term, Pointer)
            and isinstance(term.key, int)
            and term.key <= len(reading.marks)
        ):
            for ref in reading.marks[term.key - 1].refs:
                found |= situation.house.areas_of(ref)
    return sorted(found)


def _already(verb: str, thing: Entity, situation: Situation) -> bool:
    state = situation.states(thing.id)
    wanted = {
        "on": thing.domain not in ("scene", "script", "button", "input_button", "automation"),
        "open": True,
        "close": False,
        "off": False,
    }.get(verb)
    if state is None or thing.domain in ("scene", "script", "button", "input_button"):
        return False
    if verb in ("lock", "unlock"):
        return state.state == verb + "ed"
    if wanted is None:
        return False
    if wanted and _rests(thing, situation):
        return False
    on = is_on(thing.id, situation)
    partly = thing.domain in ("cover", "valve") and wanted and state.attributes.get("current_position", 100) != 100
    return on == wanted and not partly
