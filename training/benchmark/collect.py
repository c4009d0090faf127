"""Say every case to an agent in a running home and note what happened; judge nothing."""

import asyncio
import time
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from homeassistant.components import conversation
from homeassistant.components.intent.const import TIMER_DATA
from homeassistant.components.todo import DATA_COMPONENT as TODO
from homeassistant.const import EVENT_CALL_SERVICE
from homeassistant.core import Context, Event, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.async_ import get_scheduled_timer_handles
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from .cases import turns_of
from .hass import EVENT_ANNOUNCED, LANGUAGES, Running, view

if TYPE_CHECKING:
    from .cases import Case

YES = {"zh": "是的"}
QUESTION_MARKS = ("?", "？")
# Longer than anything Home Assistant schedules while it handles a sentence.
FAR = 5.0
UNTIMED = {"calendar", "person", "sensor", "binary_sensor", "weather"}

Record = dict[str, Any]


class Collector:
    """Whoever says the sentences and watches."""

    def __init__(self, running: Running, agent: str, agent_id: str) -> None:
        """Watch service calls and announcements of that home."""
        self.running, self.hass, self.house = running, running.hass, running.house
        self.agent, self.agent_id = agent, agent_id
        self.calls: list[dict[str, Any]] = []
        self.announced: list[str] = []
        self.known_handles: set[asyncio.TimerHandle] = set()
        self.user_id: str | None = None
        self.hass.bus.async_listen(EVENT_CALL_SERVICE, self._called)
        self.hass.bus.async_listen(EVENT_ANNOUNCED, self._announced)

    async def header(self) -> Record:
        """Return the home as it is before anything is said."""
        await self.reset({})
        means = [piece.id for piece in self.house.home.pieces if piece.keys.get("sets")]
        return {"home": self.house.home.name, "agent": self.agent, "initial": self.look(), "means": means}

    async def run(self, case: Case) -> list[Record]:
        """Put the home back, say the sentence or the whole conversation, and return what came of each turn."""
        await self.reset(case.data.get("before") or {})
        return await self.say(case)

    async def say(self, case: Case) -> list[Record]:
        """Say the sentence or the whole conversation in the home as it is, and return what came of each turn."""
        talk = self.talk(case)
        if "turns" in case.data:
            return [await self._turn(turn, talk) for turn in turns_of(case)]
        for sentence in case.data.get("earlier") or ():
            await talk.say(sentence)
        return [await self._turn(case, talk)]

    def talk(self, case: Case) -> Talk:
        """Begin a conversation where the case is said."""
        return Talk(self, case)

    async def _turn(self, case: Case, talk: Talk) -> Record:
        """Say one sentence and return what came of it."""
        data = case.data
        if "after" in data:
            await self.after(float(data["after"]), {})
        start, lists, timers = self.look(), self.lists(), self.timers()
        self.calls.clear()
        self.announced.clear()
        began = time.perf_counter()
        reply, asks = await talk.say(data["say"])
        record: Record = {
            "case": data,
            "where": {"home": case.home, "language": case.language, "number": case.number},
            "agent": self.agent,
            "ms": round((talk.answered - began) * 1000, 1),
            "reply": reply,
            "asks": asks,
            "calls": list(self.calls),
            "announced": sorted(set(self.announced)),
            "start": start,
            "moved": self.moved(start),
            "lists": [lists, self.lists()],
            "timers": [timers, self.timers()],
        }
        if "confirm" in data:
            record["confirmed"] = {
                "reply": (await talk.say(YES.get(case.language, "yes")))[0],
                "moved": self.moved(start),
            }
        if "later" in data:
            seconds = float(data["later"]["seconds"])
            record["soon"] = await self.after(seconds * 0.9, start)
            record["later"] = await self.after(seconds * 1.05 + 5, start)
        return record

    async def reset(self, before: dict[str, Any]) -> None:
        """Let everything that is still to come happen now, then put the home back."""
        await self._finish()
        self.house.restore()
        self.house.apply(before)
        await self.hass.async_block_till_done()

    async def after(self, seconds: float, start: Record) -> Record:
        """Move the clock forward and return what has moved since the start."""
        async_fire_time_changed(self.hass, dt_util.utcnow() + timedelta(seconds=seconds))
        for _ in range(200):
            await asyncio.sleep(0.002)
            await self.hass.async_block_till_done()
            if not any(task.get_name() == "timer assist command" for task in asyncio.all_tasks()):
                break
        return self.moved(start)

    def look(self) -> Record:
        """Return every entity of the house as it is now."""
        states = (self.hass.states.get(entity_id) for entity_id in self.house.entities)
        return {state.entity_id: view(state.entity_id, state.state, state.attributes) for state in states if state}

    def moved(self, start: Record) -> Record:
        """Return the entities that are not as they were, as they are now."""
        return {
            entity_id: now
            for entity_id, now in self.look().items()
            if now != start.get(entity_id, now) and entity_id.partition(".")[0] not in UNTIMED
        }

    def lists(self) -> dict[str, list[tuple[str, str]]]:
        """Return the items of every to-do list."""
        component = self.hass.data.get(TODO)
        if component is None:
            return {}
        return {
            entity.entity_id: [(str(item.summary), str(item.status)) for item in entity.todo_items or ()]
            for entity in component.entities
        }

    def timers(self) -> dict[str, dict[str, Any]]:
        """Return every timer that runs or is paused."""
        return {
            timer.id: {
                "name": timer.name,
                "seconds": timer.seconds_left,
                "active": timer.is_active,
                "command": timer.conversation_command,
            }
            for timer in self.hass.data[TIMER_DATA].timers.values()
        }

    async def _finish(self) -> None:
        """Cancel timers, and let delayed actions of the last case run before the home is put back."""
        manager = self.hass.data[TIMER_DATA]
        for timer_id in list(manager.timers):
            with suppress(KeyError):
                manager.cancel_timer(timer_id)
        now = self.hass.loop.time()
        handles = get_scheduled_timer_handles(self.hass.loop)
        fresh = [
            handle.when() - now for handle in handles if handle not in self.known_handles and not handle.cancelled()
        ]
        if fresh and max(fresh) > FAR:
            async_fire_time_changed(self.hass, dt_util.utcnow() + timedelta(seconds=max(fresh) + 1))
            await self.hass.async_block_till_done()
        self.known_handles = set(get_scheduled_timer_handles(self.hass.loop))

    @callback
    def _called(self, event: Event) -> None:
        """Note a service call."""
        call = event.data
        data = {key: value for key, value in call["service_data"].items() if not callable(value)}
        self.calls.append({"service": f"{call['domain']}.{call['service']}", "data": _jsonable(data)})

    @callback
    def _announced(self, event: Event) -> None:
        """Note an announcement."""
        self.announced.append(event.data["message"])


class Talk:
    """One conversation: all sentences of a case."""

    def __init__(self, collector: Collector, case: Case) -> None:
        """Stand in the case's area, or hold the phone."""
        self.collector, self.language = collector, LANGUAGES.get(case.language, case.language)
        self.device, self.satellite = collector.running.satellites[case.data.get("area") or ""]
        self.conversation: str | None = None
        self.answered = 0.0

    async def say(self, sentence: str) -> tuple[str, bool]:
        """Say one sentence; return the reply, and whether it asks something."""
        result = await conversation.async_converse(
            self.collector.hass,
            sentence,
            self.conversation,
            Context(user_id=self.collector.user_id),
            language=self.language,
            agent_id=self.collector.agent_id,
            device_id=self.device,
            satellite_id=self.satellite,
        )
        self.answered = time.perf_counter()
        await self.collector.hass.async_block_till_done()
        self.conversation = result.conversation_id
        reply = result.response.speech.get("plain", {}).get("speech") or ""
        return reply, result.continue_conversation or reply.rstrip().endswith(QUESTION_MARKS)


def _jsonable(value: Any) -> Any:  # noqa: ANN401 (whatever a service was given)
    """Return the value as JSON can hold it."""
    if isinstance(value, dict):
        return {str(key): _jsonable(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set):
        return [_jsonable(part) for part in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
