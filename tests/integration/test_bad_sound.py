"""Bad input through a whole voice pipeline: every run ends, with an error that has a name or with nothing heard."""

import asyncio
import io
import wave
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from aiohttp import ClientTimeout, web
from aiohttp.test_utils import TestServer
from homeassistant.components import tts
from homeassistant.components.assist_pipeline import (
    AudioSettings,
    PipelineEvent,
    PipelineEventType,
    async_get_pipelines,
    async_pipeline_from_audio_stream,
)
from homeassistant.components.stt import (
    AudioBitRates,
    AudioChannels,
    AudioCodecs,
    AudioFormats,
    AudioSampleRates,
    SpeechMetadata,
)
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import Context
from homeassistant.setup import async_setup_component

from custom_components.intendant.assistant import async_make_assistant
from custom_components.intendant.speech.audio import RATE, to_wav
from custom_components.intendant.speech.errors import SpeechError
from custom_components.intendant.speech.espeak import speak

from .fakes import act

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator

    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from custom_components.furnished.entity import House

    from .fakes import FakeInterpreter

SPEECH = SpeechMetadata(
    "en",
    AudioFormats.WAV,
    AudioCodecs.PCM,
    AudioBitRates.BITRATE_16,
    AudioSampleRates.SAMPLERATE_16000,
    AudioChannels.CHANNEL_MONO,
)
LIMIT = 60
"""Seconds after which a run counts as hanging: far more than any takes, on a machine that is busy."""


def samples(values: np.ndarray) -> bytes:
    return (values * 20_000).astype(np.int16).tobytes()


@cache
def said() -> bytes:
    """Return a spoken sentence."""
    sound = speak("Turn on the lights.", "en-us", 0.9)
    found = np.frombuffer(sound.pcm, np.int16) / 32_768
    places = np.arange(int(len(found) * RATE / sound.rate)) * sound.rate / RATE
    return samples(np.interp(places, np.arange(len(found)), found))


def silence() -> bytes:
    return bytes(RATE * 4)


def noise() -> bytes:
    return samples(np.random.default_rng(1).standard_normal(RATE * 3) * 0.2)


def music() -> bytes:
    """Return four chords with overtones, each dying away, and a beat under them."""
    time = np.arange(RATE) / RATE
    chords = ((262, 330, 392), (220, 262, 330), (175, 220, 262), (196, 247, 294))
    tone = [sum(np.sin(2 * np.pi * note * k * time) / k**2 for note in chord for k in (1, 2, 3)) for chord in chords]
    beat = np.sin(2 * np.pi * 60 * time) * np.exp(-8 * (time % 0.5))
    return samples(np.concatenate([np.exp(-2 * time) * each / 6 + beat / 4 for each in tone]))


def ten_minutes() -> bytes:
    return said() * (600 * RATE * 2 // len(said()))


def other_rate() -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setframerate(8000)
        file.setsampwidth(2)
        file.setnchannels(1)
        file.writeframes(said())
    return buffer.getvalue()


class Server:
    """Transcribes and speaks as the test says."""

    def __init__(self) -> None:
        self.hears: Callable[[], web.StreamResponse] = lambda: web.json_response({"text": "Turn on the lights."})
        self.speaks: Callable[[], web.StreamResponse] = lambda: web.Response(body=to_wav(b"\1\2" * 100))
        self.away = False
        self.slow = False
        self.recordings = 0
        self._over = asyncio.Event()

    async def transcribe(self, request: web.Request) -> web.StreamResponse:
        self.recordings += 1
        return await self._answer(request, self.hears)

    async def speech(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, self.speaks)

    async def _answer(self, request: web.Request, answer: Callable[[], web.StreamResponse]) -> web.StreamResponse:
        await request.read()
        if self.away and request.transport:
            request.transport.abort()
        if self.slow:
            # The answer begins, and then nothing comes.
            response = web.StreamResponse()
            await response.prepare(request)
            await self._over.wait()
        return answer()

    def stop(self) -> None:
        self._over.set()


@pytest.fixture
async def server(socket_enabled: None) -> AsyncIterator[tuple[Server, str]]:  # noqa: ARG001 - opens sockets
    """Return a server for both, and its address."""
    found = Server()
    app = web.Application()
    app.router.add_post("/v1/audio/transcriptions", found.transcribe)
    app.router.add_post("/v1/audio/speech", found.speech)
    async with TestServer(app) as running:
        yield found, str(running.make_url("/v1"))
        found.stop()


@pytest.fixture(autouse=True)
async def _pipeline(
    hass: HomeAssistant,
    agent: str,
    entry: MockConfigEntry,
    interpreter: FakeInterpreter,
    server: tuple[Server, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Make an assistant of the agent, and ears and a voice on the server, as a user would."""
    assert agent
    assert await async_setup_component(hass, "assist_pipeline", {})
    interpreter.meanings["Turn on the lights."] = (act("light.turn_on", "light.b"),)
    monkeypatch.setattr("custom_components.intendant.speech.openai_api._TIMEOUT", ClientTimeout(total=1))
    for kind in ("stt", "tts"):
        data = MappingProxyType({"engine": "server", "url": server[1], "voice": "nova"})
        subentry = ConfigSubentry(data=data, subentry_type=kind, title="Voice", unique_id=None)
        hass.config_entries.async_add_subentry(entry, subentry)
        await hass.async_block_till_done(wait_background_tasks=True)
    await async_make_assistant(hass, entry)


async def run(hass: HomeAssistant, pcm: bytes) -> list[PipelineEvent]:
    """Return what happens when a satellite sends this."""
    events: list[PipelineEvent] = []

    async def stream() -> AsyncIterable[bytes]:
        for start in range(0, len(pcm), 320):
            yield pcm[start : start + 320]

    [pipeline] = [each for each in async_get_pipelines(hass) if each.name == "Intendant"]
    async with asyncio.timeout(LIMIT):
        await async_pipeline_from_audio_stream(
            hass,
            context=Context(),
            event_callback=events.append,
            stt_metadata=SPEECH,
            stt_stream=stream(),
            pipeline_id=pipeline.id,
            # What comes is what the voice makes: nothing turns it into another format.
            tts_audio_output={tts.ATTR_PREFERRED_FORMAT: "wav"},
            audio_settings=AudioSettings(is_vad_enabled=False),
        )
    assert events[-1].type is PipelineEventType.RUN_END
    return events


def data_of(events: list[PipelineEvent], kind: PipelineEventType) -> dict[str, Any]:
    """Return the data of an event, nothing where it did not happen."""
    return next((event.data or {} for event in events if event.type is kind), {})


async def test_from_sound_to_sound(hass: HomeAssistant, house: House) -> None:
    events = await run(hass, said())
    assert data_of(events, PipelineEventType.STT_END)["stt_output"] == {"text": "Turn on the lights."}
    state = hass.states.get("light.b")
    assert state is not None
    assert (house is not None, state.state) == (True, "on")
    assert len(await spoken(hass, events)) > 44


async def spoken(hass: HomeAssistant, events: list[PipelineEvent]) -> bytes:
    """Return the sound of the answer."""
    token = data_of(events, PipelineEventType.RUN_START)["tts_output"]["token"]
    stream = tts.async_get_stream(hass, token)
    assert stream is not None
    async with asyncio.timeout(LIMIT):
        return b"".join([chunk async for chunk in stream.async_stream_result()])


@pytest.mark.parametrize(
    ("sound", "code", "reason"),
    [
        (bytes, "stt-stream-failed", "no_audio"),
        (lambda: b"\1", "stt-stream-failed", "no_audio"),
        (ten_minutes, "stt-stream-failed", "audio_too_long"),
        (other_rate, "stt-stream-failed", "wrong_audio"),
        (lambda: to_wav(b""), "stt-stream-failed", "no_audio"),
        (silence, "stt-no-text-recognized", None),
        (noise, "stt-no-text-recognized", None),
        (music, "stt-no-text-recognized", None),
    ],
    ids=["nothing", "half a sample", "ten minutes", "another rate", "an empty wav", "silence", "noise", "music"],
)
async def test_sound_that_is_no_command(
    hass: HomeAssistant,
    server: tuple[Server, str],
    caplog: pytest.LogCaptureFixture,
    sound: Callable[[], bytes],
    code: str,
    reason: str | None,
) -> None:
    events = await run(hass, sound())
    assert data_of(events, PipelineEventType.ERROR)["code"] == code
    assert (f"Speech was not recognized: {reason}" in caplog.text) == bool(reason)
    assert server[0].recordings == 0


@pytest.mark.parametrize("cut", [44, 30_000, 30_001], ids=["never finished", "cut off", "in the midst of a sample"])
async def test_a_wav_that_is_cut_off_is_heard_as_far_as_it_goes(hass: HomeAssistant, cut: int) -> None:
    whole = to_wav(said())
    events = await run(hass, whole[:cut] if cut > 44 else whole[:4] + bytes(4) + whole[8:40] + bytes(4) + whole[44:])
    assert data_of(events, PipelineEventType.STT_END)["stt_output"] == {"text": "Turn on the lights."}


def states() -> Iterator[Any]:
    """Yield what a server may do, and what it is called in the log."""
    for name, reason, change in (
        ("down", "server_down", {"away": True}),
        ("slow", "server_slow", {"slow": True}),
        ("a page", "server_lies", {"hears": lambda: web.Response(text="<html>hello</html>")}),
        ("a list", "server_lies", {"hears": lambda: web.json_response(["turn on"])}),
        ("endless", "server_lies", {"hears": lambda: web.Response(body=b"x" * 200_000)}),
        ("half", "server_lies", {"hears": lambda: web.Response(text='{"text": "turn on the')}),
        ("error", "server_refuses", {"hears": lambda: web.Response(status=500)}),
        ("denied", "server_denies", {"hears": lambda: web.Response(status=403)}),
    ):
        yield pytest.param(change, reason, id=name)


@pytest.mark.parametrize(("change", "reason"), states())
async def test_a_server_that_does_not_hear(
    hass: HomeAssistant,
    server: tuple[Server, str],
    caplog: pytest.LogCaptureFixture,
    change: dict[str, Any],
    reason: str,
) -> None:
    for name, value in change.items():
        setattr(server[0], name, value)
    events = await run(hass, said())
    assert data_of(events, PipelineEventType.ERROR)["code"] == "stt-stream-failed"
    assert f"Speech was not recognized: {reason}" in caplog.text
    assert not data_of(events, PipelineEventType.INTENT_END)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda: web.Response(text="hello"), "server_lies"),
        (lambda: web.Response(body=to_wav(b"\1\2" * 100)[:30]), "server_lies"),
        (lambda: web.Response(body=to_wav(b"")), "server_lies"),
        (lambda: web.Response(body=b"ID3\4" * 100, content_type="audio/mpeg"), "server_lies"),
        (lambda: web.Response(status=500), "server_refuses"),
        (lambda: web.Response(status=401), "server_denies"),
    ],
    ids=["a page", "cut off", "an empty wav", "another format", "error", "denied"],
)
async def test_a_server_that_does_not_speak(
    hass: HomeAssistant, server: tuple[Server, str], answer: Callable[[], web.StreamResponse], reason: str
) -> None:
    server[0].speaks = answer
    events = await run(hass, said())
    # It was done all the same; only nobody is told.
    state = hass.states.get("light.b")
    assert state is not None
    assert state.state == "on"
    with pytest.raises(SpeechError) as error:
        await spoken(hass, events)
    assert error.value.reason == reason


@pytest.mark.parametrize(("fault", "reason"), [("away", "server_down"), ("slow", "server_slow")])
async def test_a_server_that_leaves_before_it_speaks(
    hass: HomeAssistant, server: tuple[Server, str], fault: str, reason: str
) -> None:
    def leave() -> web.StreamResponse:
        setattr(server[0], fault, True)
        return web.json_response({"text": "Turn on the lights."})

    server[0].hears = leave
    events = await run(hass, said())
    with pytest.raises(SpeechError) as error:
        await spoken(hass, events)
    assert error.value.reason == reason
