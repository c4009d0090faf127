"""Offer habits by voice, at their time, where the user allowed that for the single habit.

It only ever asks: what waits for a yes is put into the conversation of the satellite, as if its question had been answered to
somebody there, and goes the same way through the guards.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from homeassistant.components.conversation import ConversationInput
from homeassistant.const import ATTR_ENTITY_ID, ATTR_SUPPORTED_FEATURES, STATE_HOME
from homeassistant.core import Context, HomeAssistant, State, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from ..act import Speaker
from ..const import LOGGER
from ..core.routines import ALLOWED, Routine, is_to_do, offer
from ..situation import async_situation, spoken_language
from ..turn import Turn, async_do_or_ask
from .tally import day_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeassistant.components.assist_pipeline import Pipeline

    from ..core.intentions import Result
    from ..runtime import IntendantConfigEntry

SATELLITE: Final = "assist_satellite"
EVERY: Final = timedelta(minutes=2)
_ANNOUNCE, _START_CONVERSATION = 1, 2
_LATE: Final = 10
"""Minutes after its usual time in which a habit is still offered."""


class Offers:
    """Watches the clock for habits that may be offered."""

    def __init__(self, hass: HomeAssistant, entry: IntendantConfigEntry) -> None:
        """Begin without having offered any."""
        self._hass = hass
        self._entry = entry
        self._offered: dict[str, int] = {}
        self._speaking = False

    @callback
    def async_start(self) -> Callable[[], None]:
        """Watch; return what ends that."""
        return async_track_time_interval(self._hass, self.async_offer, EVERY)

    async def async_offer(self, _now: datetime | None = None) -> None:
        """Offer one habit whose time it is. Once a day, and only while it is not done yet and somebody is at home."""
        now = dt_util.now()
        due = [routine for routine in self._entry.runtime_data.usage.routines if self._is_due(routine, now)]
        if not due or self._speaking or not self._somebody_home():
            return
        self._speaking = True
        try:
            for routine in due:
                if await self._async_offer(routine):
                    self._offered[routine.id] = day_of(now)
                    return
        finally:
            self._speaking = False

    def _is_due(self, routine: Routine, now: datetime) -> bool:
        """Return whether it is late enough that it may have been forgotten."""
        half = (routine.middle - routine.first) % 1440
        fresh = self._offered.get(routine.id) != day_of(now)
        return routine.state == ALLOWED and fresh and routine.is_due(now, early=-half, late=_LATE)

    def _somebody_home(self) -> bool:
        people = self._hass.states.async_all("person")
        return not people or any(person.state == STATE_HOME for person in people)

    async def _async_offer(self, routine: Routine) -> bool:
        """Offer a habit at the satellite nearest to the thing; return whether that was possible."""
        for satellite in self._satellites(routine.entity_id):
            pipeline = self._pipeline(satellite.entity_id)
            agent = pipeline and self._agent(pipeline.conversation_engine)
            if pipeline and agent:
                language = pipeline.conversation_language or pipeline.language
                return await self._async_ask(routine, satellite, agent, language)
        return False

    async def _async_ask(self, routine: Routine, satellite: State, agent: er.RegistryEntry, language: str) -> bool:
        runtime = self._entry.runtime_data
        own = agent.config_subentry_id or ""
        spoken = ConversationInput("", Context(), None, None, satellite.entity_id, language, agent.entity_id)
        options = self._entry.subentries[own].data
        core = spoken_language(language, runtime.engine.languages, options)
        dialogue = runtime.dialogues.async_get(f"{own} {satellite.entity_id}", f"{own} {satellite.entity_id}", None)
        if dialogue.pending or dialogue.memory.question:
            # Somebody is in the middle of something there.
            return False
        house = await runtime.houses[own].async_house()
        phrases = runtime.phrasebook.in_language(core)
        situation = async_situation(self._hass, house, spoken, core, dialogue.memory, options, phrases)
        if not is_to_do(routine, situation):
            return False
        speaker = Speaker(spoken.context, language, None, satellite.entity_id, agent.entity_id)
        turn = Turn(
            self._hass, runtime.schedule, dialogue, speaker, situation, runtime.pins[own], runtime.phrasebook,
            runtime.usage,
        )  # fmt: skip
        result = await async_do_or_ask(turn, offer(routine))
        if not dialogue.pending:
            # It may not be done there, or not by voice: then nobody wants to be asked.
            return False
        dialogue.suggested += (routine.id,)
        if await self._async_say(satellite, turn, result):
            dialogue.touched = dt_util.utcnow()
            return True
        dialogue.pending = ()
        return False

    async def _async_say(self, satellite: State, turn: Turn, result: Result) -> bool:
        """Say the question, and listen for the answer where the satellite can."""
        answer = await self._entry.runtime_data.engine.async_word([result], turn.situation)
        starts = _features(satellite) & _START_CONVERSATION
        service, key = ("start_conversation", "start_message") if starts else ("announce", "message")
        data = {ATTR_ENTITY_ID: satellite.entity_id, key: answer.text}
        try:
            await self._hass.services.async_call(SATELLITE, service, data, blocking=True, context=turn.speaker.context)
        except HomeAssistantError as err:
            LOGGER.debug("A habit could not be offered: %s", type(err).__name__)
            return False
        turn.dialogue.said = answer.text
        return True

    def _satellites(self, entity_id: str) -> list[State]:
        """Return the satellites that are idle and can speak, those in the thing's room first."""
        entities = er.async_get(self._hass)

        def area(of: str) -> str | None:
            entry = entities.async_get(of)
            return er.async_get_effective_area_id(self._hass, entry) if entry else None

        room = area(entity_id)
        able = [
            state
            for state in self._hass.states.async_all(SATELLITE)
            if state.state == "idle" and _features(state) & (_ANNOUNCE | _START_CONVERSATION)
        ]
        return sorted(able, key=lambda state: (room is None or area(state.entity_id) != room, state.entity_id))

    def _pipeline(self, satellite_id: str) -> Pipeline | None:
        """Return the assistant that a satellite talks to."""
        # Only where there are satellites: their integration may not be loaded.
        from homeassistant.components.assist_pipeline import (  # noqa: PLC0415
            PipelineNotFound,
            async_get_pipeline,
            async_get_pipelines,
        )
        from homeassistant.components.assist_satellite.const import DATA_COMPONENT  # noqa: PLC0415

        component = self._hass.data.get(DATA_COMPONENT)
        entity = component.get_entity(satellite_id) if component else None
        if entity is None:
            return None
        chosen = self._hass.states.get(entity.pipeline_entity_id) if entity.pipeline_entity_id else None
        name = chosen.state if chosen else "preferred"
        named = [pipeline for pipeline in async_get_pipelines(self._hass) if pipeline.name == name]
        try:
            return named[0] if named else async_get_pipeline(self._hass)
        except PipelineNotFound:
            return None

    def _agent(self, entity_id: str | None) -> er.RegistryEntry | None:
        """Return our own agent of that id, None when it is somebody else's."""
        entry = er.async_get(self._hass).async_get(entity_id) if entity_id else None
        if entry is None or entry.config_entry_id != self._entry.entry_id:
            return None
        return entry if entry.config_subentry_id in self._entry.runtime_data.houses else None


def _features(satellite: State) -> int:
    features = satellite.attributes.get(ATTR_SUPPORTED_FEATURES)
    return features if isinstance(features, int) else 0
