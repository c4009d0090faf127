"""Carry out steps: Home Assistant's services and intents, each within a time limit, every error named.

The names of the reasons are those that the core's answers know. A service that takes too long is left running: it may
well succeed, the turn just does not wait for it.
"""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import probatio
from homeassistant.components.conversation import DOMAIN as CONVERSATION
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNAVAILABLE
from homeassistant.exceptions import HomeAssistantError, ServiceNotFound, ServiceNotSupported, Unauthorized
from homeassistant.helpers import intent

from .const import DOMAIN, LOGGER, STEP_SECONDS
from .special import SPECIAL, StepFailedError

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable, Mapping

    from homeassistant.core import Context, HomeAssistant

    from .core.intentions import Step

_REASONS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((TimeoutError,), "timeout"),
    ((Unauthorized,), "no_permission"),
    ((ServiceNotFound, ServiceNotSupported, intent.UnknownIntent), "not_supported"),
    ((HomeAssistantError, probatio.Invalid), "refused_by_service"),
)
_KNOWN_RESPONSE_KEYS = {"no_timer_support": "not_supported"}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, where and in which language: what every call of a turn carries along."""

    context: Context
    language: str
    device_id: str | None = None
    satellite_id: str | None = None
    agent_id: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of some steps: thing (or service, where there is no thing) → reason, and what was responded."""

    failed: Mapping[str, str] = field(default_factory=dict)
    response: Mapping[str, object] | None = None


async def async_act(hass: HomeAssistant, steps: Iterable[Step], speaker: Speaker) -> Outcome:
    """Carry out steps one after the other, on all their things at the same time."""
    failed: dict[str, str] = {}
    response: Mapping[str, object] | None = None
    for step in steps:
        outcome = await (_async_intent if step.service.startswith("intent.") else _async_service)(hass, step, speaker)
        failed |= outcome.failed
        response = outcome.response or response
    return Outcome(failed, response)


async def async_look_up(hass: HomeAssistant, step: Step, speaker: Speaker) -> Outcome:
    """Ask a service that responds."""
    if step.service.startswith("intent."):
        return await _async_intent(hass, step, speaker)
    try:
        response = await async_in_time(hass, _async_call(hass, step, list(step.entity_ids), speaker, responds=True))
    except Exception as err:  # noqa: BLE001 - whatever an integration raises has a name in the end
        reason = reason_of(err, step.service)
        return Outcome(dict.fromkeys(step.entity_ids or (step.service,), reason))
    return Outcome(response=response)


async def _async_service(hass: HomeAssistant, step: Step, speaker: Speaker) -> Outcome:
    """Call a service once for each thing, so that one that fails or hangs does not speak for the others."""
    things = step.entity_ids or (None,)
    reasons = await asyncio.gather(*(_async_on_thing(hass, step, thing, speaker) for thing in things))
    return Outcome({thing or step.service: reason for thing, reason in zip(things, reasons, strict=True) if reason})


async def _async_on_thing(hass: HomeAssistant, step: Step, entity_id: str | None, speaker: Speaker) -> str | None:
    # Home Assistant passes over what is unavailable without a word.
    if entity_id and ((state := hass.states.get(entity_id)) is None or state.state == STATE_UNAVAILABLE):
        return "unavailable"
    try:
        await async_in_time(hass, _async_call(hass, step, [entity_id] if entity_id else [], speaker))
    except Exception as err:  # noqa: BLE001 - whatever an integration raises has a name in the end
        return reason_of(err, step.service)
    return None


async def _async_call(
    hass: HomeAssistant, step: Step, entity_ids: list[str], speaker: Speaker, *, responds: bool = False
) -> Mapping[str, object] | None:
    if entity_ids and (special := SPECIAL.get(step.service)):
        await special(hass, entity_ids[0], step.data, speaker.context)
        return None
    domain, _, service = step.service.partition(".")
    data: dict[str, Any] = {**step.data, **({ATTR_ENTITY_ID: entity_ids} if entity_ids else {})}
    return await hass.services.async_call(
        domain, service, data, blocking=True, context=speaker.context, return_response=responds
    )


async def _async_intent(hass: HomeAssistant, step: Step, speaker: Speaker) -> Outcome:
    """Handle an intent of Home Assistant's as if it had been said to Home Assistant."""
    handling = intent.async_handle(
        hass,
        DOMAIN,
        step.service.removeprefix("intent."),
        {name: {"value": value} for name, value in step.data.items()},
        context=speaker.context,
        language=speaker.language,
        assistant=CONVERSATION,
        device_id=speaker.device_id,
        satellite_id=speaker.satellite_id,
        conversation_agent_id=speaker.agent_id,
    )
    try:
        response = await async_in_time(hass, handling)
    except Exception as err:  # noqa: BLE001 - whatever an integration raises has a name in the end
        return Outcome({step.service: reason_of(err, step.service)})
    return Outcome(response=dict(response.speech_slots) or None)


async def async_in_time[T](hass: HomeAssistant, work: Coroutine[Any, Any, T]) -> T:
    """Wait for work at most STEP_SECONDS. Raise TimeoutError and leave it running when it takes longer."""
    task = hass.async_create_background_task(work, f"{DOMAIN} step")
    done, _ = await asyncio.wait({task}, timeout=STEP_SECONDS)
    if not done:
        task.add_done_callback(_note_late)
        raise TimeoutError
    return task.result()


def _note_late(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()):
        LOGGER.debug("A service that was not waited for failed: %s", type(error).__name__)


def reason_of(error: Exception, service: str) -> str:
    """Return the name of an error."""
    match error:
        case StepFailedError():
            return error.reason
        case intent.IntentHandleError(response_key=str(key)):
            return _KNOWN_RESPONSE_KEYS.get(key, key)
    for kinds, reason in _REASONS:
        if isinstance(error, kinds):
            return reason
    LOGGER.warning("%s failed unexpectedly: %s", service, type(error).__name__)
    return "refused_by_service"
