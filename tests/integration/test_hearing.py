"""Speech recognition: what goes to the engine, what comes back, and what goes wrong."""

import asyncio
import io
import threading
import wave
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.components.stt import (
    AudioBitRates,
    AudioChannels,
    AudioCodecs,
    AudioFormats,
    AudioSampleRates,
    SpeechMetadata,
    SpeechResultState,
    async_get_speech_to_text_entity,
)
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
from homeassistant.requirements import RequirementsNotFound
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.intendant.core.house import House as CoreHouse
from custom_components.intendant.core.values import Area, Entity, Home
from custom_components.intendant.speech.audio import MOST_SECONDS, RATE, to_wav, without_header
from custom_components.intendant.speech.errors import SpeechError
from custom_components.intendant.speech.hints import MOST_CHARACTERS, hints_of
from custom_components.intendant.speech.hypotheses import Hypothesis
from custom_components.intendant.speech.standing import Standing
from custom_components.intendant.speech.whisper import WAITING, WhisperRecognizer

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Callable, Sized

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.components.stt import SpeechResult, SpeechToTextEntity
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from custom_components.furnished.entity import House

    from .fakes import FakeLoader

SECOND = bytes(RATE * 2)
SPEECH = SpeechMetadata(
    "en",
    AudioFormats.WAV,
    AudioCodecs.PCM,
    AudioBitRates.BITRATE_16,
    AudioSampleRates.SAMPLERATE_16000,
    AudioChannels.CHANNEL_MONO,
)


class TranscriptionServer:
    """Answers what the test says, and keeps what it was sent."""

    def __init__(self) -> None:
        self.answer: Callable[[], web.StreamResponse] = lambda: web.json_response({"text": " turn on the lights "})
        self.forms: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.away = False

    async def list(self, request: web.Request) -> web.StreamResponse:
        if self.away and request.transport:
            request.transport.abort()
        return web.Response(status=404)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self.away and request.transport:
            request.transport.abort()
        form = await request.post()
        file: Any = form["file"]
        self.forms.append({**form, "file": file.file.read()})
        self.keys.append(request.headers.get("Authorization"))
        return self.answer()


@pytest.fixture
async def server(socket_enabled: None) -> AsyncIterator[tuple[TranscriptionServer, str]]:  # noqa: ARG001 - opens sockets
    """Return a transcription server and its address."""
    found = TranscriptionServer()
    app = web.Application()
    app.router.add_post("/v1/audio/transcriptions", found.handle)
    app.router.add_get("/v1/models", found.list)
    async with TestServer(app) as running:
        yield found, str(running.make_url("/v1/"))


@pytest.fixture
async def ear(
    hass: HomeAssistant,
    house: House,  # noqa: ARG001 - must be there first
    loader: FakeLoader,  # noqa: ARG001 - must be there first
    entry: MockConfigEntry,
    server: tuple[TranscriptionServer, str],
    monkeypatch: pytest.MonkeyPatch,
) -> SpeechToTextEntity:
    """Return the speech-to-text entity, with a server behind it."""
    monkeypatch.setattr(
        "custom_components.intendant.speech.activity.SpeechDetector.holds_speech", lambda _self, pcm: any(pcm)
    )
    data = {"engine": "server", "url": server[1], "api_key": "secret", "model": "large"}
    stt = ConfigSubentry(data=MappingProxyType(data), subentry_type="stt", title="Ear", unique_id=None)
    hass.config_entries.async_add_subentry(entry, stt)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    [entity_id] = [entity.entity_id for entity in entities if entity.domain == "stt"]
    found = async_get_speech_to_text_entity(hass, entity_id)
    assert found is not None
    return found


async def hear(ear: SpeechToTextEntity, pcm: bytes) -> SpeechResult:
    async def stream() -> AsyncIterable[bytes]:
        for start in range(0, len(pcm), 320):
            yield pcm[start : start + 320]

    return await ear.internal_async_process_audio_stream(SPEECH, stream())


async def test_what_was_said(ear: SpeechToTextEntity, server: tuple[TranscriptionServer, str]) -> None:
    assert ear.check_metadata(SPEECH)
    result = await hear(ear, b"\1" * RATE * 2)
    assert (result.text, result.result) == ("turn on the lights", SpeechResultState.SUCCESS)
    [form] = server[0].forms
    assert (form["model"], form["language"]) == ("large", "en")
    # The names of the home go along; what is not exposed does not.
    assert "big one" in form["prompt"]
    assert "Hidden" not in form["prompt"]
    assert server[0].keys == ["Bearer secret"]
    with wave.open(io.BytesIO(form["file"])) as file:
        assert (file.getframerate(), file.getnframes()) == (RATE, RATE)


async def test_an_answer_in_several_packets(ear: SpeechToTextEntity, server: tuple[TranscriptionServer, str]) -> None:
    server[0].answer = lambda: web.json_response({"text": "turn on the lights", "padding": "x" * 50_000})
    assert (await hear(ear, b"\1" * RATE * 2)).text == "turn on the lights"


async def test_silence_is_nothing(ear: SpeechToTextEntity, server: tuple[TranscriptionServer, str]) -> None:
    result = await hear(ear, SECOND)
    assert (result.text, result.result) == ("", SpeechResultState.SUCCESS)
    assert not server[0].forms


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda: web.Response(status=401), "server_denies"),
        (lambda: web.Response(status=404), "server_refuses"),
        (lambda: web.Response(status=500), "server_refuses"),
        (lambda: web.Response(text="<html>hello</html>"), "server_lies"),
        (lambda: web.json_response(["turn on"]), "server_lies"),
        (lambda: web.json_response({"text": 3}), "server_lies"),
        (lambda: web.Response(body=b"x" * 200_000), "server_lies"),
    ],
    ids=["401", "404", "500", "page", "list", "number", "endless"],
)
async def test_a_server_that_is_none(
    ear: SpeechToTextEntity,
    server: tuple[TranscriptionServer, str],
    answer: Callable[[], web.StreamResponse],
    reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server[0].answer = answer
    result = await hear(ear, b"\1" * RATE)
    assert (result.text, result.result) == (None, SpeechResultState.ERROR)
    assert f"Speech was not recognized: {reason}" in caplog.text


@pytest.mark.parametrize(
    ("pcm", "reason"),
    [
        (b"", "no_audio"),
        (b"\1", "no_audio"),
        (b"\1" * (MOST_SECONDS * RATE * 2 + 400), "audio_too_long"),
        (to_wav(b"\1" * 800).replace(RATE.to_bytes(4, "little"), (8000).to_bytes(4, "little"), 1), "wrong_audio"),
    ],
    ids=["nothing", "half a sample", "too long", "another rate"],
)
async def test_audio_that_is_none(
    ear: SpeechToTextEntity, pcm: bytes, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await hear(ear, pcm)).result is SpeechResultState.ERROR
    assert reason in caplog.text


@pytest.mark.parametrize(
    "data", [to_wav(b"\1\2" * 100), to_wav(b"\1\2" * 100)[:144], b"\1\2" * 100], ids=["wav", "cut off", "raw"]
)
def test_a_header_is_left_out(data: bytes) -> None:
    found = without_header(data)
    assert found == b"\1\2" * (len(found) // 2)
    assert b"RIFF" not in found


@pytest.fixture
def no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Home Assistant find no package for this machine."""

    async def process(_hass: HomeAssistant, name: str, requirements: list[str]) -> None:
        raise RequirementsNotFound(name, requirements)

    monkeypatch.setattr("custom_components.intendant.speech.line.async_process_requirements", process)


@pytest.mark.usefixtures("no_package")
async def test_whisper_that_is_not_there(hass: HomeAssistant) -> None:
    recognizer = WhisperRecognizer(hass, {"model": "base"})
    with pytest.raises(SpeechError, match="still_loading"):
        await recognizer.async_recognize(SECOND, "en", ())
    await recognizer.async_start()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert recognizer.standing.reason == "no_whisper"
    with pytest.raises(SpeechError, match="no_whisper"):
        await recognizer.async_recognize(SECOND, "en", ())
    await recognizer.async_stop()


class SlowModel:
    """Takes its time for every recording."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.go = threading.Event()
        # Whatever is longer than a window is not decoded by the integration itself.
        self.feature_extractor = SimpleNamespace(n_samples=0)

    def transcribe(self, samples: Sized, **options: Any) -> tuple[list[Any], None]:
        assert self.go.wait(10)
        self.heard.append({"seconds": len(samples) / RATE, **options})
        return [type("Segment", (), {"text": f" number {len(self.heard)}"})()], None


async def test_recordings_wait_for_their_turn(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    recognizer, model = WhisperRecognizer(hass, {}), SlowModel()
    monkeypatch.setattr(recognizer, "_model", model)
    tasks = [hass.async_create_task(recognizer.async_recognize(SECOND, "zh-CN", ("Lumos",))) for _ in range(WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(SpeechError, match="busy"):
        await recognizer.async_recognize(SECOND, "en", ())
    model.go.set()
    heard = [[each.text for each in hypotheses] for hypotheses in await asyncio.gather(*tasks)]
    assert sorted(heard) == sorted([f"number {i + 1}"] for i in range(WAITING))
    assert {(one["language"], one["hotwords"], one["seconds"]) for one in model.heard} == {("zh", "Lumos", 1.0)}
    assert await recognizer.async_recognize(SECOND, "en", ()) == [Hypothesis(f"number {WAITING + 1}")]
    await recognizer.async_stop()


def test_rare_names_come_first_and_not_too_many() -> None:
    things = [Entity(f"light.{i}", f"Lamp {'x' * (i % 9)}zorg{i}", area_id="a") for i in range(300)]
    home = Home(areas=(Area("a", "Kitchen"),), floors=(), labels=(), entities=(Entity("light.l", "Lumos"), *things))
    hints = hints_of([CoreHouse(home)])
    assert "Lumos" in hints
    assert sum(map(len, hints)) <= MOST_CHARACTERS


async def add_recognizer(hass: HomeAssistant, entry: MockConfigEntry, engine: str) -> Any:  # noqa: ANN401 - a flow's result
    """Return the form of an engine."""
    flows = hass.config_entries.subentries
    menu = await flows.async_init((entry.entry_id, "stt"), context={"source": "user"})
    assert menu["type"] is FlowResultType.MENU
    return await flows.async_configure(menu["flow_id"], {"next_step_id": engine})


@pytest.mark.usefixtures("agent")
async def test_a_server_is_tried_before_it_is_added(
    hass: HomeAssistant, entry: MockConfigEntry, server: tuple[TranscriptionServer, str]
) -> None:
    flows = hass.config_entries.subentries
    form = await add_recognizer(hass, entry, "server")
    server[0].answer = lambda: web.Response(status=401)
    form = await flows.async_configure(form["flow_id"], {"url": server[1]})
    assert form["errors"] == {"base": "server_denies"}
    form = await flows.async_configure(form["flow_id"], {"url": "http://127.0.0.1:9/v1"})
    assert form["errors"] == {"base": "server_down"}
    server[0].answer = lambda: web.json_response({"text": ""})
    result = await flows.async_configure(form["flow_id"], {"url": server[1], "name": "Cellar", "api_key": "k"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    [subentry] = entry.get_subentries_of_type("stt")
    assert (subentry.title, dict(subentry.data)) == (
        "Cellar",
        {"url": server[1], "api_key": "k", "hints": True, "engine": "server"},
    )
    assert hass.states.get("stt.cellar")
    form = await entry.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
    result = await flows.async_configure(form["flow_id"], {"url": server[1], "model": "tiny"})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    await hass.async_block_till_done()
    assert entry.subentries[subentry.subentry_id].data["model"] == "tiny"


@pytest.mark.usefixtures("agent", "no_package")
async def test_where_whisper_cannot_be_installed_the_form_says_what_to_do(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    form = await add_recognizer(hass, entry, "whisper")
    form = await hass.config_entries.subentries.async_configure(form["flow_id"], {"model": "tiny"})
    assert form["errors"] == {"base": "no_whisper"}


async def test_a_server_that_is_away(
    hass: HomeAssistant,
    ear: SpeechToTextEntity,
    server: tuple[TranscriptionServer, str],
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def state() -> str:
        found = hass.states.get(ear.entity_id)
        assert found is not None
        return found.state

    caplog.set_level("INFO")
    assert state() != STATE_UNAVAILABLE
    server[0].away = True
    for _ in range(2):
        assert (await hear(ear, b"\1" * RATE)).result is SpeechResultState.ERROR
        assert state() == STATE_UNAVAILABLE
        freezer.tick(31)
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert caplog.messages.count("The speech server can't be used: server_down") == 1
    server[0].away = False
    freezer.tick(31)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state() != STATE_UNAVAILABLE
    assert caplog.messages.count("The speech server can be used") == 1
    assert (await hear(ear, b"\1" * RATE)).text == "turn on the lights"


async def test_a_key_that_is_refused_is_asked_for_again(
    hass: HomeAssistant, ear: SpeechToTextEntity, entry: MockConfigEntry, server: tuple[TranscriptionServer, str]
) -> None:
    right = server[0].answer
    server[0].answer = lambda: web.Response(status=401) if server[0].keys[-1] != "Bearer new" else right()
    voice = {"engine": "server", "url": server[1], "api_key": "secret"}
    elsewhere = {"engine": "server", "url": "http://127.0.0.1:9/v1", "api_key": "secret"}
    for data in (voice, elsewhere):
        subentry = ConfigSubentry(data=MappingProxyType(data), subentry_type="tts", title="Mouth", unique_id=None)
        hass.config_entries.async_add_subentry(entry, subentry)
    await hass.async_block_till_done(wait_background_tasks=True)
    found = async_get_speech_to_text_entity(hass, ear.entity_id)
    assert found is not None
    assert (await hear(found, b"\1" * RATE)).result is SpeechResultState.ERROR
    await hass.async_block_till_done()
    [flow] = entry.async_get_active_flows(hass, {"reauth"})
    flows = hass.config_entries.flow
    form = await flows.async_configure(flow["flow_id"], {"api_key": "wrong"})
    assert (form["step_id"], form["errors"]) == ("reauth_confirm", {"base": "server_denies"})
    result = await flows.async_configure(flow["flow_id"], {"api_key": "new"})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    await hass.async_block_till_done(wait_background_tasks=True)
    keys = [each.data["api_key"] for each in entry.subentries.values() if "api_key" in each.data]
    assert keys == ["new", "new", "secret"]
    state = hass.states.get(ear.entity_id)
    assert state is not None
    assert state.state != STATE_UNAVAILABLE


class Recognizer:
    """Hears what the test says."""

    def __init__(self, *heard: Hypothesis) -> None:
        self.heard = list(heard)
        self.hints: list[tuple[str, ...]] = []
        self.standing = Standing("The recognizer")

    async def async_recognize(self, _pcm: bytes, _language: str, hints: tuple[str, ...]) -> list[Hypothesis]:
        self.hints.append(hints)
        return self.heard


@pytest.mark.parametrize(
    ("options", "text", "hinted"),
    [
        ({}, "turn off the big one", True),
        ({"hints": False}, "turn off the big one", False),
        ({"rescore": False}, "turn off the pig one", True),
    ],
)
async def test_the_home_has_a_say_in_what_was_heard(
    hass: HomeAssistant,
    ear: SpeechToTextEntity,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, bool],
    text: str,
    hinted: bool,
) -> None:
    recognizer = Recognizer(Hypothesis("turn off the pig one", -1.0), Hypothesis("turn off the big one", -1.3))
    monkeypatch.setattr(ear, "_recognizer", recognizer)
    monkeypatch.setattr(ear, "subentry", SimpleNamespace(data=options))
    monkeypatch.setattr(entry.runtime_data.engine, "rate", lambda _text, _house, language: (1.0, len(language) / 9))
    assert (await hear(ear, b"\1" * RATE)).text == text
    assert [bool(hints) for hints in recognizer.hints] == [hinted]
    recognizer.heard = []
    assert (await hear(ear, b"\1" * RATE)).text == ""
    assert hass.is_running
