"""What a sentence is said in: where, by whom, in which language, and how things stand."""

from typing import TYPE_CHECKING, Any

from homeassistant.components.person import DOMAIN as PERSON
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import (
    BREVITIES,
    CONF_APP_POLICY,
    CONF_BREVITY,
    CONF_FALLBACK_LANGUAGE,
    CONF_GUARDED,
    CONF_PIN_HASH,
    CONF_SENSITIVE,
    CONF_STRICTNESS,
    CONF_THINGS,
    CONF_VOICE_POLICY,
    DOMAIN,
    STRICTNESS_ASK,
)
from .core.intentions import Guard, Memory, Situation
from .core.values import State

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from homeassistant.components.conversation import ConversationInput

    from .core.house import House
    from .core.phrasebook import Phrase

SINCE: HassKey[datetime] = HassKey(f"{DOMAIN}_since")
"""When this Home Assistant started, about: things that changed by then may have done so long before."""


def spoken_language(language: str, known: list[str], options: Mapping[str, Any]) -> str:
    """Return the language of the core for a language of Home Assistant's ("zh-Hans" is "zh")."""
    base = language.replace("_", "-").split("-")[0].lower()
    fallback: str = options.get(CONF_FALLBACK_LANGUAGE) or known[0]
    return base if base in known else fallback


@callback
def async_situation(
    hass: HomeAssistant,
    house: House,
    user_input: ConversationInput,
    language: str,
    memory: Memory,
    options: Mapping[str, Any],
    phrases: Mapping[str, Phrase],
) -> Situation:
    """Return the situation of a sentence. States are read when they are asked for, in whatever thread that is."""

    def states(entity_id: str) -> State | None:
        state = hass.states.get(entity_id)
        return State(state.state, state.attributes, state.last_changed) if state else None

    return Situation(
        house,
        states,
        dt_util.now(),
        language,
        area_of(hass, user_input),
        _person_of(hass, user_input.context.user_id),
        memory,
        options.get(CONF_STRICTNESS) == STRICTNESS_ASK,
        options.get(CONF_BREVITY, BREVITIES[0]),
        guard_of(options, known=user_input.context.user_id is not None and user_input.satellite_id is None),
        phrases,
        since=hass.data.get(SINCE),
    )


def guard_of(options: Mapping[str, Any], *, known: bool) -> Guard:
    """Return what a speaker needs for what is risky: somebody at a satellite, or a `known` user of the app.

    Where no PIN was set, a yes has to do.
    """
    chosen = options.get(CONF_SENSITIVE) or {}
    has_pin = CONF_PIN_HASH in options

    def possible(policy: str) -> str:
        return "confirm" if policy == "pin" and not has_pin else policy

    own = {thing: possible(policy) for policy, key in CONF_THINGS.items() for thing in chosen.get(key) or ()}
    default = Guard()
    policy = chosen.get(CONF_APP_POLICY, default.policy) if known else chosen.get(CONF_VOICE_POLICY, "pin")
    return Guard(possible(policy), frozenset(chosen.get(CONF_GUARDED, default.kinds)), own)


def area_of(hass: HomeAssistant, user_input: ConversationInput) -> str | None:
    """Return the area of the satellite that heard it, or of its device."""
    entry = er.async_get(hass).async_get(user_input.satellite_id) if user_input.satellite_id else None
    if entry and (area_id := er.async_get_effective_area_id(hass, entry)):
        return area_id
    device = dr.async_get(hass).async_get(user_input.device_id) if user_input.device_id else None
    return dr.async_get_effective_area_id(hass, device) if device else None


def _person_of(hass: HomeAssistant, user_id: str | None) -> str | None:
    if user_id is None:
        return None
    people = hass.states.async_all(PERSON)
    return next((person.entity_id for person in people if person.attributes.get("user_id") == user_id), None)
