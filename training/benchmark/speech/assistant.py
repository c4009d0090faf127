"""Intendant with ears and a voice in a running Home Assistant: recordings in, what was heard, done and answered out."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from homeassistant.components import stt, tts
from homeassistant.components.assist_pipeline import (
    AudioSettings,
    PipelineEvent,
    async_get_pipelines,
    async_pipeline_from_audio_stream,
    async_update_pipeline,
)
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.const import EVENT_CALL_SERVICE, STATE_UNAVAILABLE
from homeassistant.core import Context, Event, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from demo.sound import HEARD, Sound, read_wav

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from homeassistant.core import HomeAssistant

DOMAIN = "intendant"
CHUNK = HEARD // 50 * 2
"""Bytes of a fiftieth of a second."""
PATIENCE = 180
"""Seconds that a model may take to be loaded."""


@dataclass
class Spoken:
    """What came of one recording; times are seconds from its end."""

    heard: str | None = None
    reply: str = ""
    error: str | None = None
    heard_after: float | None = None
    called_after: float | None = None
    """When the first service was called; nothing where none was."""
    sound_after: float | None = None
    """When the first byte of the spoken answer was there."""
    over_after: float = 0.0
    sound: bytes = b""
    services: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Assistant:
    """The entities of one entry."""

    hass: HomeAssistant
    entry: MockConfigEntry
    agent: str
    stt: str
    tts: str | None

    async def speak(self, sentence: str, language: str) -> Sound:
        """Return a sentence as the voice says it. Raise HomeAssistantError."""
        stream = tts.async_create_stream(self.hass, self.tts or "", language=language, options={tts.ATTR_PREFERRED_FORMAT: "wav"})  # fmt: skip
        stream.async_set_message(sentence)
        return read_wav(b"".join([chunk async for chunk in stream.async_stream_result()]))

    async def hear(self, pcm: bytes, language: str) -> str:
        """Return what the ears alone make of a recording. Raise RuntimeError where that failed."""
        entity = stt.async_get_speech_to_text_entity(self.hass, self.stt)
        assert entity is not None  # noqa: S101 - it was there when this was made
        result = await entity.internal_async_process_audio_stream(_metadata(language), _chunks(pcm))
        if result.result is not stt.SpeechResultState.SUCCESS:
            raise RuntimeError("the recording was not recognized")
        return result.text or ""

    async def converse(
        self, pcm: bytes, language: str, *, satellite: tuple[str, str] | None = None, real_time: bool = False
    ) -> Spoken:
        """Let the whole pipeline hear a recording, from a satellite (device, entity), as fast as it goes or as it is spoken.

        In real time, Home Assistant has to notice the end of the command by itself, as with a satellite; else the recording
        ends where the sound does.
        """
        spoken, context, ended = Spoken(), Context(), asyncio.Event()
        clock = _Clock()
        listening: list[asyncio.Task[None]] = []

        @callback
        def noted(event: PipelineEvent) -> None:
            data = event.data or {}
            if event.type == "run-start" and "tts_output" in data:
                listening.append(self.hass.async_create_task(self._listen(data["tts_output"]["token"], spoken, clock)))
            elif event.type == "stt-end":
                spoken.heard, spoken.heard_after = data["stt_output"]["text"], clock.now()
            elif event.type == "intent-end":
                speech = data["intent_output"]["response"]["speech"]
                spoken.reply = speech.get("plain", {}).get("speech") or ""
            elif event.type == "error":
                spoken.error = str(data["code"])

        @callback
        def called(event: Event) -> None:
            if event.context.id == context.id and event.data["domain"] not in (DOMAIN, "tts"):
                spoken.services.append(f"{event.data['domain']}.{event.data['service']}")
                spoken.called_after = spoken.called_after or clock.now()

        stop = self.hass.bus.async_listen(EVENT_CALL_SERVICE, called)
        device, entity = satellite or (None, None)
        await async_pipeline_from_audio_stream(
            self.hass,
            context=context,
            event_callback=noted,
            stt_metadata=_metadata(language),
            stt_stream=_live(pcm, clock, ended) if real_time else _marked(pcm, clock),
            device_id=device,
            satellite_id=entity,
            tts_audio_output={tts.ATTR_PREFERRED_FORMAT: "wav"},
            audio_settings=AudioSettings(is_vad_enabled=real_time),
        )
        ended.set()
        for task in listening:
            if spoken.error or not spoken.reply:
                task.cancel()
            await asyncio.wait([task])
        stop()
        spoken.over_after = clock.now()
        return spoken

    async def _listen(self, token: str, spoken: Spoken, clock: _Clock) -> None:
        stream = tts.async_get_stream(self.hass, token)
        assert stream is not None  # noqa: S101 - the run has just made it
        async for chunk in stream.async_stream_result():
            if spoken.sound_after is None:
                spoken.sound_after = clock.now()
            spoken.sound += chunk


class _Clock:
    """Seconds since the speech ended."""

    def __init__(self) -> None:
        self.end = time.perf_counter()

    def now(self) -> float:
        return time.perf_counter() - self.end


async def make_assistant(
    hass: HomeAssistant, ears: Mapping[str, Any], voice: Mapping[str, Any] | None, language: str
) -> Assistant:
    """Add Intendant with an agent, ears and a voice of these options, and put them into the preferred pipeline.

    Returns when the model that hears is loaded. Raise RuntimeError where that fails.
    """
    for domain in ("homeassistant", "assist_pipeline"):
        if not await async_setup_component(hass, domain, {}):
            raise RuntimeError(f"Home Assistant could not set {domain} up")
    options = {"conversation": {}, "stt": ears, **({"tts": voice} if voice else {})}
    subentries = [
        ConfigSubentryData(data=dict(data), subentry_type=kind, title=kind, unique_id=None)
        for kind, data in options.items()
    ]
    entry = MockConfigEntry(domain=DOMAIN, title="Intendant", subentries_data=subentries)
    entry.add_to_hass(hass)
    if not await hass.config_entries.async_setup(entry.entry_id):
        raise RuntimeError(f"Intendant does not start: {entry.reason}")
    await hass.async_block_till_done()
    registry = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    entities = {entity.domain: entity.entity_id for entity in registry}
    await _loaded(hass, entities["stt"])
    assistant = Assistant(hass, entry, entities["conversation"], entities["stt"], entities.get("tts"))
    await use_pipeline(assistant, language)
    return assistant


async def use_pipeline(assistant: Assistant, language: str) -> None:
    """Let the preferred pipeline be this assistant, in a language."""
    [pipeline, *_] = async_get_pipelines(assistant.hass)
    spoken = {"en": "en-US", "zh": "zh-CN"}.get(language.partition("-")[0], language) if assistant.tts else None
    await async_update_pipeline(
        assistant.hass,
        pipeline,
        conversation_engine=assistant.agent,
        conversation_language=language,
        language=language,
        stt_engine=assistant.stt,
        stt_language=language,
        tts_engine=assistant.tts,
        tts_language=spoken,
        tts_voice=None,
    )


async def _loaded(hass: HomeAssistant, entity_id: str) -> None:
    for _ in range(PATIENCE * 20):
        state = hass.states.get(entity_id)
        if state is not None and state.state != STATE_UNAVAILABLE:
            return
        await asyncio.sleep(0.05)
    raise RuntimeError(f"{entity_id} cannot be used after {PATIENCE} s")


def _metadata(language: str) -> stt.SpeechMetadata:
    return stt.SpeechMetadata(
        language,
        stt.AudioFormats.WAV,
        stt.AudioCodecs.PCM,
        stt.AudioBitRates.BITRATE_16,
        stt.AudioSampleRates.SAMPLERATE_16000,
        stt.AudioChannels.CHANNEL_MONO,
    )


async def _chunks(pcm: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(pcm), CHUNK):
        yield pcm[start : start + CHUNK].ljust(CHUNK, b"\0")


async def _marked(pcm: bytes, clock: _Clock) -> AsyncIterator[bytes]:
    """Yield a recording at once, and note when it was over."""
    async for chunk in _chunks(pcm):
        yield chunk
    clock.end = time.perf_counter()


async def _live(pcm: bytes, clock: _Clock, ended: asyncio.Event) -> AsyncIterator[bytes]:
    """Yield a recording as it is spoken, then silence until nobody listens any more."""
    began = time.perf_counter()
    sent = 0
    async for chunk in _chunks(pcm):
        await asyncio.sleep(max(0.0, began + sent / (2 * HEARD) - time.perf_counter()))
        yield chunk
        sent += len(chunk)
    clock.end = time.perf_counter()
    while not ended.is_set():
        await asyncio.sleep(CHUNK / (2 * HEARD))
        yield bytes(CHUNK)
