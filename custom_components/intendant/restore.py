"""Remember how things were, and put them back: for undo, and for what shall last a while only."""

import asyncio
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import TYPE_CHECKING

from homeassistant.const import ATTR_ENTITY_ID, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State, callback, split_entity_id
from homeassistant.helpers.state import async_reproduce_state

from .act import Outcome, Speaker, async_act, async_in_time, reason_of
from .core.guard import POLICIES, policy_of
from .core.intentions import Step

if TYPE_CHECKING:
    from .core.intentions import Situation

type Former = Mapping[str, tuple[str, Mapping[str, object]]]

_SERVICES: Mapping[str, Mapping[str, str]] = {
    "alarm_control_panel": {"disarmed": "alarm_disarm"},
    "lawn_mower": {"mowing": "start_mowing", "docked": "dock", "returning": "dock", "paused": "pause"},
    "lock": {"locked": "lock", "unlocked": "unlock", "open": "open"},
    "siren": {"on": "turn_on", "off": "turn_off"},
    "valve": {"open": "open_valve", "closed": "close_valve"},
}
"""Domains that Home Assistant cannot reproduce, and those whose restoring may need a yes: state → service."""
_MOMENTARY = frozenset({"button", "event", "input_button", "scene", "script", "todo"})
"""Domains whose state is no condition that one could return to."""


@callback
def async_snapshot(hass: HomeAssistant, entity_ids: Iterable[str]) -> Former:
    """Return state and attributes of things as they are now, leaving out what nobody can return to."""
    former: dict[str, tuple[str, Mapping[str, object]]] = {}
    for entity_id in entity_ids:
        state = hass.states.get(entity_id)
        if state is None or state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN) or state.domain in _MOMENTARY:
            continue
        plain = {name: value for name, kept in state.attributes.items() if (value := _plain(kept)) is not None}
        former[entity_id] = (state.state, plain)
    return former


@callback
def scene_members(hass: HomeAssistant, entity_ids: Iterable[str], situation: Situation) -> list[str]:
    """Return the exposed things that scenes among the given things change."""
    found: dict[str, None] = {}
    for entity_id in entity_ids:
        state = hass.states.get(entity_id) if entity_id.startswith("scene.") else None
        members = state.attributes.get(ATTR_ENTITY_ID) if state else None
        found |= dict.fromkeys(i for i in members or () if i in situation.house.entities)
    return list(found)


def inverse_steps(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return the steps that take back those whose effect is not in any state."""
    found = []
    for step in steps:
        match step.service:
            case "todo.add_item":
                found.append(Step("todo.remove_item", step.entity_ids, {"item": step.data["item"]}))
            case "intent.HassStartTimer":
                slots = {name if name == "name" else f"start_{name}": value for name, value in step.data.items()}
                found.append(Step("intent.HassCancelTimer", (), slots))
    return tuple(found)


def steps_that_need_a_yes(former: Former, situation: Situation) -> tuple[Step, ...]:
    """Return the steps of putting things back that would let people in, or that the user set a policy for."""
    steps = (
        _step_to(entity_id, state, attributes) or _plain_step(entity_id, state)
        for entity_id, (state, attributes) in former.items()
    )
    return tuple(step for step in steps if policy_of(step, situation) != POLICIES[0])


def _plain_step(entity_id: str, state: str) -> Step:
    """Return the nearest step to a state that no single service leads to."""
    return Step(f"homeassistant.turn_{'off' if state in ('off', 'closed', 'docked') else 'on'}", (entity_id,))


async def async_restore(hass: HomeAssistant, former: Former, speaker: Speaker) -> Outcome:
    """Put things back."""
    own = {entity_id for entity_id in former if split_entity_id(entity_id)[0] in _SERVICES}
    steps = [step for entity_id in own if (step := _step_to(entity_id, *former[entity_id]))]
    outcome = await async_act(hass, steps, speaker)
    others = [entity_id for entity_id in former if entity_id not in own]
    reasons = await asyncio.gather(
        *(_async_reproduce(hass, entity_id, *former[entity_id], speaker) for entity_id in others)
    )
    return Outcome(
        {**outcome.failed, **{thing: reason for thing, reason in zip(others, reasons, strict=True) if reason}}
    )


async def _async_reproduce(
    hass: HomeAssistant, entity_id: str, state: str, attributes: Mapping[str, object], speaker: Speaker
) -> str | None:
    now = hass.states.get(entity_id)
    if now is None or now.state == STATE_UNAVAILABLE:
        return "unavailable"
    target = State(entity_id, state, dict(attributes))
    try:
        await async_in_time(hass, async_reproduce_state(hass, target, context=speaker.context))
    except Exception as err:  # noqa: BLE001 - the other things shall be put back all the same
        return reason_of(err, f"{now.domain}.restore")
    return None


def _step_to(entity_id: str, state: str, attributes: Mapping[str, object]) -> Step | None:
    """Return the step that leads to a state, where one service does."""
    domain = split_entity_id(entity_id)[0]
    position = attributes.get("current_position")
    if domain == "cover" and (state in ("open", "opening") or (state == "closing" and position)):
        return Step("cover.open_cover", (entity_id,))
    if domain == "valve" and isinstance(position, int):
        return Step("valve.set_valve_position", (entity_id,), {"position": position})
    if domain == "alarm_control_panel" and state.startswith("armed_"):
        return Step(f"alarm_control_panel.alarm_arm_{state.removeprefix('armed_')}", (entity_id,))
    service = _SERVICES.get(domain, {}).get(state)
    return Step(f"{domain}.{service}", (entity_id,)) if service else None


def _plain(value: object) -> object:
    """Return a value as JSON can keep it, None when it cannot."""
    match value:
        case Enum():
            return _plain(value.value)
        case bool() | int() | float() | str():
            return value
        case list() | tuple() | set() | frozenset():
            return [plain for item in value if (plain := _plain(item)) is not None]
    return None
