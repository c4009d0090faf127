"""Tell Home Assistant what a turn did: the chat log's tool calls, and the response with the things it concerned.

Tools are named as Home Assistant names its own (domain__service), so that a language model that reads the log later on,
because the conversation was handed over to it, meets nothing its provider refuses.
"""

from typing import TYPE_CHECKING

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import intent, llm

from .core.intentions import Act, LookUp, Refuse, Reply, Result, Step, Tell

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from homeassistant.components.conversation import AssistantContentDeltaDict, ToolResultContentDeltaDict

    from .core.answer import Answer
    from .core.house import House

_NOT_UNDERSTOOD = frozenset({"not_sure", "nothing_said", "too_long"})


async def async_deltas(
    results: Sequence[Result], answer: Answer
) -> AsyncGenerator[AssistantContentDeltaDict | ToolResultContentDeltaDict]:
    """Stream what was done, then the answer piece by piece."""
    for step, result in _steps_done(results):
        tool = llm.ToolInput(
            tool_name=step.service.replace(".", "__"),
            tool_args={**step.data, **({ATTR_ENTITY_ID: list(step.entity_ids)} if step.entity_ids else {})},
            external=True,
        )
        yield {"role": "assistant", "tool_calls": [tool]}
        failed = {thing: reason for thing, reason in result.failed.items() if thing in (*step.entity_ids, step.service)}
        yield {
            "role": "tool_result",
            "tool_call_id": tool.id,
            "tool_name": tool.tool_name,
            "result": llm.ToolResult(data={"failed": dict(failed)}, error=bool(failed)),
        }
    yield {"role": "assistant", "content": ""}
    for piece in answer.text.splitlines(keepends=True):
        yield {"content": piece}


@callback
def async_response(
    hass: HomeAssistant, house: House, language: str, results: Sequence[Result], answer: Answer
) -> intent.IntentResponse:
    """Return the response to a turn."""
    response = intent.IntentResponse(language)
    response.async_set_speech(answer.text)
    done = [(step, result) for step, result in _steps_done(results) if not isinstance(result.intention, LookUp)]
    failed = {thing: None for _, result in done for thing in result.failed if thing in house.entities}
    success = {thing: None for step, _ in done for thing in step.entity_ids if thing not in failed}
    success |= {thing: None for thing in _undone(results) if thing not in failed}
    told = [thing for result in results if isinstance(result.intention, Tell) for thing in result.intention.entity_ids]
    response.async_set_results(
        [_target(house, thing) for thing in success], [_target(house, thing) for thing in failed]
    )
    response.async_set_states([state for thing in (*success, *told) if (state := hass.states.get(thing))])
    if results and not done and all(isinstance(result.intention, Tell | LookUp) for result in results):
        response.response_type = intent.IntentResponseType.QUERY_ANSWER
    if code := _error_code(results, success):
        response.async_set_error(code, answer.text)
    return response


def _steps_done(results: Sequence[Result]) -> list[tuple[Step, Result]]:
    """Return the steps that were carried out, each with its result."""
    found: list[tuple[Step, Result]] = []
    for result in results:
        match result.intention:
            case Act(confirm=False, delay=delay, steps=steps) if not delay:
                found += [(step, result) for step in steps]
            case LookUp(step=step):
                found.append((step, result))
    return found


def _undone(results: Sequence[Result]) -> list[str]:
    found: list[str] = []
    for result in results:
        things = (result.response or {}).get("entity_ids", ()) if isinstance(result.intention, Reply) else ()
        if isinstance(things, tuple):
            found += [thing for thing in things if thing not in result.failed]
    return found


def _target(house: House, entity_id: str) -> intent.IntentResponseTarget:
    return intent.IntentResponseTarget(house.name(entity_id), intent.IntentResponseTargetType.ENTITY, entity_id)


def _error_code(results: Sequence[Result], success: dict[str, None]) -> intent.IntentResponseErrorCode | None:
    refusals = [result.intention.key for result in results if isinstance(result.intention, Refuse)]
    if refusals and len(refusals) == len(results):
        understood = _NOT_UNDERSTOOD.isdisjoint(refusals)
        codes = intent.IntentResponseErrorCode
        return codes.NO_VALID_TARGETS if understood else codes.NO_INTENT_MATCH
    if results and not success and all(result.failed for result in results):
        return intent.IntentResponseErrorCode.FAILED_TO_HANDLE
    return None
