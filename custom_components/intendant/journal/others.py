"""What other agents in Assist did not manage: heard of through the chat logs, read in Home Assistant's traces.

The traces hold the last three sentences to any agent, whether they came from a pipeline, the app or an automation.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.conversation import ConversationInput
from homeassistant.components.conversation.chat_log import async_subscribe_chat_logs
from homeassistant.components.conversation.const import ChatLogEventType
from homeassistant.components.conversation.trace import async_get_traces
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_call_later

from ..const import DOMAIN
from ..core.digits import spoken_pin
from ..core.lexicon import LANGUAGES
from ..core.text import clean
from ..situation import area_of
from .compose import short
from .record import HIDDEN, TurnRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

_LOOKS: Final = (1, 3, 10, 30)
"""Seconds after a sentence, and after each look, at which it is looked for what became of it."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence to some agent, and the response if there is one yet."""

    id: str
    user_input: ConversationInput
    conversation_id: str | None
    response: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Missed:
    """A sentence that another agent failed at."""

    at: datetime
    user_input: ConversationInput
    conversation_id: str
    reason: str
    answer: str


class OtherAgents:
    """Watches the agents that are not Intendant's. `report` is told of what they fail at."""

    def __init__(self, hass: HomeAssistant, report: Callable[[Missed], None]) -> None:
        """Begin without having heard anything."""
        self._hass = hass
        self._report = report
        self._waiting: dict[str, Callable[[], None]] = {}
        self._seen = ""

    @callback
    def async_listen(self) -> Callable[[], None]:
        """Follow what is said; return what ends that."""
        unsubscribe = async_subscribe_chat_logs(self._hass, self._async_on_chat)

        @callback
        def end() -> None:
            unsubscribe()
            for stop in self._waiting.values():
                stop()
            self._waiting.clear()

        return end

    @callback
    def _async_on_chat(self, conversation_id: str, event: ChatLogEventType, data: dict[str, Any]) -> None:
        if event is ChatLogEventType.CONTENT_ADDED and data["content"]["role"] == "user":
            self._async_wait(conversation_id, data["content"]["created"], 0)

    @callback
    def _async_wait(self, conversation_id: str, at: datetime, look: int) -> None:
        """Look again in a while. The agent may be a language model far away that takes its time."""
        if stop := self._waiting.pop(conversation_id, None):
            stop()

        @callback
        def look_again(_now: datetime) -> None:
            self._waiting.pop(conversation_id, None)
            if not self._async_look(conversation_id, at) and look + 1 < len(_LOOKS):
                self._async_wait(conversation_id, at, look + 1)

        self._waiting[conversation_id] = async_call_later(self._hass, _LOOKS[look], look_again)

    @callback
    def _async_look(self, conversation_id: str, at: datetime) -> bool:
        """Report the sentence if it failed; return whether there is nothing more to wait for."""
        spoken = list(async_spoken())
        # What Intendant handed over is in the record of its own turn.
        ours = {said.user_input.context.id for said in spoken if _is_ours(self._hass, said.user_input.agent_id)}
        found = [said for said in spoken if said.conversation_id == conversation_id and said.response]
        if not found:
            return False
        said, response = found[0], found[0].response or {}
        if said.user_input.context.id in ours or said.id == self._seen or response.get("response_type") != "error":
            return True
        self._seen = said.id
        answer = ((response.get("speech") or {}).get("plain") or {}).get("speech") or ""
        reason = (response.get("data") or {}).get("code") or "unknown"
        self._report(Missed(at, said.user_input, conversation_id, str(reason), str(answer)))
        return True


@callback
def record_of(hass: HomeAssistant, turn_id: int, missed: Missed) -> TurnRecord:
    """Return the record of what another agent failed at."""
    user_input = missed.user_input
    language = user_input.language.replace("_", "-").split("-")[0].lower()
    # The words of a language are in the memory already, or it is one without digits to look for.
    hidden = language in LANGUAGES and spoken_pin(user_input.text, language) is not None
    return TurnRecord(
        turn_id,
        missed.at,
        user_input.agent_id,
        short(missed.conversation_id),
        language,
        area_of(hass, user_input),
        "satellite" if user_input.satellite_id else "app",
        HIDDEN if hidden else clean(user_input.text),
        decision="error",
        reason=missed.reason,
        outcome="failed",
        answer=missed.answer,
    )


def was_spoken(context_id: str) -> bool:
    """Return whether a context is that of one of the last sentences to any agent."""
    return any(said.user_input.context.id == context_id for said in async_spoken())


@callback
def async_spoken() -> Iterator[Spoken]:
    """Yield the last sentences to any agent, the newest first."""
    for trace in reversed(async_get_traces()):
        found = trace.as_dict()
        data = found["events"][0]["data"] if found["events"] else None
        if data and "text" in data:
            user_input = ConversationInput(**data)
            result = found.get("result") or {}
            yield Spoken(
                found["id"],
                user_input,
                result.get("conversation_id") or user_input.conversation_id,
                result.get("response"),
            )


def _is_ours(hass: HomeAssistant, agent_id: str | None) -> bool:
    entry = er.async_get(hass).async_get(agent_id) if agent_id else None
    return entry is not None and entry.platform == DOMAIN
