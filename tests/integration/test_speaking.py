"""Speech synthesis: sentence by sentence, over a server or in this process, and what goes wrong."""

import asyncio
import io
import struct
import sys
import wave
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.components.tts import DATA_COMPONENT, TextToSpeechEntity, TTSAudioRequest
from homeassistant.config_entries import ConfigSubentry
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
from homeassistant.requirements import RequirementsNotFound

from custom_components.intendant.speech import espeak, piper
from custom_components.intendant.speech.activity import SpeechDetector
from custom_components.intendant.speech.errors import SpeechError
from custom_components.intendant.speech.espeak import EspeakVoice, speak
from custom_components.intendant.speech.piper import PiperVoice
from custom_components.intendant.speech.sound import Sound, async_sentences, async_wav, from_wav, header

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable

    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from custom_components.furnished.entity import House

    from .fakes import FakeLoader

RATE = 24_000


def wav(samples: int, rate: int = RATE, channels: int = 1) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setframerate(rate)
        file.setsampwidth(2)
        file.setnchannels(channels)
        file.writeframes(b"\1\2" * samples * channels)
    return buffer.getvalue()


async def pieces(*texts: str) -> AsyncGenerator[str]:
    for text in texts:
        yield text


async def sounds(*found: Sound) -> AsyncIterator[Sound]:
    for sound in found:
        yield sound


@pytest.mark.parametrize(
    ("texts", "sentences"),
    [
        (["Kitchen lights off. ", "It's 20", " degrees."], ["Kitchen lights off.", "It's 20 degrees."]),
        (["厨房灯关了。", "现在20度。"], ["厨房灯关了。", "现在20度。"]),
        (["OK"], ["OK"]),
        (["", " "], []),
    ],
)
async def test_sentences(texts: list[str], sentences: list[str]) -> None:
    assert [sentence async for sentence in async_sentences(pieces(*texts))] == sentences


async def test_one_header_then_samples() -> None:
    found = [chunk async for chunk in async_wav(sounds(Sound(RATE, b"\1\2"), Sound(RATE, b"\3\4")))]
    assert found == [header(RATE), b"\1\2", b"\3\4"]
    assert struct.unpack("<I", found[0][24:28]) == (RATE,)
    assert found[0][:4] == b"RIFF"


@pytest.mark.parametrize(("rates", "reason"), [([RATE, 8000], "server_lies"), ([], "nothing_to_say")])
async def test_sound_that_does_not_belong_together(rates: list[int], reason: str) -> None:
    with pytest.raises(SpeechError) as error:
        [chunk async for chunk in async_wav(sounds(*(Sound(rate, b"\1\2") for rate in rates)))]
    assert error.value.reason == reason


@pytest.mark.parametrize(
    "data",
    [wav(100), header(RATE) + b"\1\2" * 100, wav(9_999)[:44] + b"\1\2" * 100],
    ids=["wav", "streamed", "cut off"],
)
def test_wav_files_of_a_length_that_is_not_known(data: bytes) -> None:
    assert from_wav(data, "server_lies") == Sound(RATE, b"\1\2" * 100)


class SpeechServer:
    """Answers what the test says, and keeps what it was sent."""

    def __init__(self) -> None:
        self.answer: Callable[[], web.StreamResponse] = lambda: web.Response(body=wav(100))
        self.orders: list[dict[str, Any]] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.orders.append(await request.json())
        return self.answer()


@pytest.fixture
async def server(socket_enabled: None) -> AsyncIterator[tuple[SpeechServer, str]]:  # noqa: ARG001 - opens sockets
    """Return a speech server and its address."""
    found = SpeechServer()
    app = web.Application()
    app.router.add_post("/v1/audio/speech", found.handle)
    async with TestServer(app) as running:
        yield found, str(running.make_url("/v1"))


@pytest.fixture
async def mouth(
    hass: HomeAssistant,
    house: House,  # noqa: ARG001 - must be there first
    loader: FakeLoader,  # noqa: ARG001 - must be there first
    entry: MockConfigEntry,
    server: tuple[SpeechServer, str],
) -> TextToSpeechEntity:
    """Return the text-to-speech entity, with a server behind it."""
    data = {"engine": "server", "url": server[1], "voice": "nova, onyx", "speed": 1.2}
    tts = ConfigSubentry(data=MappingProxyType(data), subentry_type="tts", title="Mouth", unique_id=None)
    hass.config_entries.async_add_subentry(entry, tts)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    [entity_id] = [entity.entity_id for entity in entities if entity.domain == "tts"]
    found = hass.data[DATA_COMPONENT].get_entity(entity_id)
    assert isinstance(found, TextToSpeechEntity)
    return found


async def test_the_first_sentence_is_heard_before_the_answer_is_finished(
    mouth: TextToSpeechEntity, server: tuple[SpeechServer, str]
) -> None:
    assert mouth.async_supports_streaming_input()
    assert [voice.voice_id for voice in mouth.async_get_supported_voices("en") or ()] == ["nova", "onyx"]
    said: list[str] = []

    async def answer() -> AsyncGenerator[str]:
        for piece in ("Kitchen lights off. ", "Bedroom at 20", " degrees."):
            said.append(piece)
            yield piece

    response = await mouth.async_stream_tts_audio(TTSAudioRequest("en", {"voice": "onyx"}, answer()))
    assert response.extension == "wav"
    assert await anext(response.data_gen) == header(RATE)
    assert len(await anext(response.data_gen)) == 200
    assert len(said) < 3
    assert [len(chunk) async for chunk in response.data_gen] == [200]
    assert [(order["input"], order["voice"], order["speed"]) for order in server[0].orders] == [
        ("Kitchen lights off.", "onyx", 1.2),
        ("Bedroom at 20 degrees.", "onyx", 1.2),
    ]
    extension, data = await mouth.async_get_tts_audio("Done.", "zh-CN", {"speed": 9})
    assert (extension, data) == ("wav", header(RATE) + b"\1\2" * 100)
    assert (server[0].orders[-1]["voice"], server[0].orders[-1]["speed"]) == ("nova", 2.0)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda: web.Response(status=403), "server_denies"),
        (lambda: web.Response(status=500), "server_refuses"),
        (lambda: web.Response(text="hello"), "server_lies"),
        (lambda: web.Response(body=wav(100)[:30]), "server_lies"),
        (lambda: web.Response(body=wav(100, channels=2)), "server_lies"),
        (lambda: web.Response(body=wav(0)), "server_lies"),
    ],
    ids=["403", "500", "page", "cut off", "stereo", "empty"],
)
async def test_a_server_that_is_none(
    mouth: TextToSpeechEntity,
    server: tuple[SpeechServer, str],
    answer: Callable[[], web.StreamResponse],
    reason: str,
) -> None:
    server[0].answer = answer
    with pytest.raises(SpeechError) as error:
        await mouth.async_get_tts_audio("Done.", "en", {})
    assert error.value.reason == reason


@pytest.fixture
def no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Home Assistant find no package for this machine."""

    async def process(_hass: HomeAssistant, name: str, requirements: list[str]) -> None:
        raise RequirementsNotFound(name, requirements)

    monkeypatch.setattr("custom_components.intendant.speech.line.async_process_requirements", process)


@pytest.mark.usefixtures("no_package")
async def test_piper_that_is_not_there(hass: HomeAssistant) -> None:
    voice = PiperVoice(hass, {})
    with pytest.raises(SpeechError) as error:
        [sound async for sound in voice.async_speak("Done.", "en-GB", None, 1.0)]
    assert error.value.reason == "no_piper"
    await voice.async_stop()


async def nothing(_hass: HomeAssistant) -> None:
    """Stand in for an installation that has been done."""


class Model:
    """Stands in for a loaded voice of Piper."""

    def synthesize(self, text: str, _config: object) -> list[SimpleNamespace]:
        return [SimpleNamespace(sample_rate=RATE, audio_int16_bytes=b"\1\2")] * len(text.split())


@pytest.fixture
def loaded(hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the files that were loaded as voices; those called broken can't be."""
    files: list[str] = []
    hass.config.config_dir = str(tmp_path)
    for name in ("ours.onnx", "broken.onnx"):
        (tmp_path / name).touch()

    def load(file: Path) -> Model:
        files.append(file.name)
        if "broken" in file.name:
            raise ValueError(file.name)
        return Model()

    monkeypatch.setattr(piper, "_load", load)
    monkeypatch.setattr(piper, "_config", lambda speed: speed)
    monkeypatch.setattr(piper, "async_install", nothing)
    return files


async def say(voice: PiperVoice, name: str | None = None) -> list[Sound]:
    return [sound async for sound in voice.async_speak("It is done.", "en-GB", name, 1.5)]


async def test_piper_with_a_voice_of_the_users_own(hass: HomeAssistant, loaded: list[str]) -> None:
    voice = PiperVoice(hass, {"voice": "ours.onnx"})
    assert voice.voices("en-GB")[:2] == ["ours.onnx", "en_GB-alba-medium"]
    await voice.async_start()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert voice.standing.reason is None
    assert await say(voice) == [Sound(RATE, b"\1\2")] * 3
    assert loaded == ["ours.onnx"]
    await voice.async_stop()


@pytest.mark.usefixtures("loaded", "socket_enabled")
@pytest.mark.parametrize(
    ("name", "reason"), [("nobody", "no_voice"), ("broken.onnx", "no_voice"), ("en_GB-cori-medium", "hub_down")]
)
async def test_a_voice_of_piper_that_is_not_there(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch, name: str, reason: str
) -> None:
    monkeypatch.setattr("custom_components.intendant.speech.hub.HUB", "http://127.0.0.1:9")
    voice = PiperVoice(hass, {})
    with pytest.raises(SpeechError) as error:
        await say(voice, name)
    assert error.value.reason == reason
    await voice.async_stop()


@pytest.mark.usefixtures("loaded")
async def test_a_voice_that_is_being_fetched_keeps_nobody_waiting(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = asyncio.Event()

    async def fetch(*_: object) -> Path:
        await go.wait()
        return Path("voices")

    monkeypatch.setattr(piper, "async_fetch", fetch)
    monkeypatch.setattr(piper, "_PATIENCE", 0.01)
    voice = PiperVoice(hass, {})
    await voice.async_start()
    for name in ("en_GB-alba-medium", "en_GB-cori-medium"):
        with pytest.raises(SpeechError) as error:
            await say(voice, name)
        assert error.value.reason == "voice_loading"
    go.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(await say(voice, "en_GB-cori-medium")) == 3
    await voice.async_stop()


@pytest.mark.usefixtures("agent")
async def test_a_server_is_tried_before_it_is_added(
    hass: HomeAssistant, entry: MockConfigEntry, server: tuple[SpeechServer, str]
) -> None:
    flows = hass.config_entries.subentries
    menu = await flows.async_init((entry.entry_id, "tts"), context={"source": "user"})
    assert menu["menu_options"] == ["piper", "espeak", "server"]
    form = await flows.async_configure(menu["flow_id"], {"next_step_id": "server"})
    server[0].answer = lambda: web.Response(text="hello")
    form = await flows.async_configure(form["flow_id"], {"url": server[1]})
    assert form["errors"] == {"base": "server_lies"}
    server[0].answer = lambda: web.Response(body=wav(10))
    result = await flows.async_configure(form["flow_id"], {"url": server[1], "voice": "nova"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    [subentry] = entry.get_subentries_of_type("tts")
    assert dict(subentry.data) == {"url": server[1], "voice": "nova", "speed": 1.0, "engine": "server"}


@pytest.mark.usefixtures("agent", "no_package")
async def test_where_piper_cannot_be_installed_the_form_says_what_to_do(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    flows = hass.config_entries.subentries
    menu = await flows.async_init((entry.entry_id, "tts"), context={"source": "user"})
    form = await flows.async_configure(menu["flow_id"], {"next_step_id": "piper"})
    form = await flows.async_configure(form["flow_id"], {})
    assert form["errors"] == {"base": "no_piper"}


@pytest.fixture
def no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no espeak-ng be on the machine."""
    monkeypatch.setattr(espeak, "_PROGRAM", "espeak-ng-that-is-not-there")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a program that stands in for espeak-ng: it writes down what it is told and says a wav of unknown length."""
    found = tmp_path / "espeak-ng"
    found.write_text(f"""#!{sys.executable}
import pathlib, struct, sys
if "nobody" in sys.argv:
    sys.exit("no such voice")
pathlib.Path(__file__).with_suffix(".said").write_text(" ".join(sys.argv[1:]) + "|" + sys.stdin.read())
sys.stdout.buffer.write(b"RIFF" + struct.pack("<I", 0x7FFFF024) + {wav(0, 22_050)[8:40]!r} + struct.pack("<I", 0x7FFFF000) + bytes(50))
""")
    found.chmod(0o755)
    monkeypatch.setattr(espeak, "_PROGRAM", str(found))
    return found


def test_espeak_in_a_process_of_its_own(program: Path) -> None:
    assert speak("Kitchen lights off.", "en-us", 2.0) == Sound(22_050, bytes(50))
    # The sentence is no argument: those can be seen by everybody on the machine.
    assert program.with_suffix(".said").read_text() == "--stdin --stdout -b 1 -v en-us -s 350|Kitchen lights off."
    with pytest.raises(SpeechError) as error:
        speak("Done.", "nobody", 1.0)
    assert error.value.reason == "no_voice"


@pytest.mark.usefixtures("no_program")
@pytest.mark.parametrize(
    ("sentence", "voice"), [("Kitchen lights off.", "en"), ("It is done.", "en-us+f2"), ("厨房灯关了。", "cmn")]
)
def test_espeak_in_this_process(sentence: str, voice: str) -> None:
    slow, fast = speak(sentence, voice, 0.5), speak(sentence, voice, 2.0)
    assert slow.rate == fast.rate == 22_050
    assert len(slow.pcm) > 1.5 * len(fast.pcm) > 1000
    detector = SpeechDetector()
    detector.feed(slow.pcm)
    assert detector.spoken


@pytest.mark.usefixtures("no_program")
def test_espeak_without_a_voice_of_that_name() -> None:
    with pytest.raises(SpeechError) as error:
        speak("Done.", "nobody", 1.0)
    assert error.value.reason == "no_voice"
    assert speak("Done.", "en-us", 1.0).pcm


@pytest.mark.parametrize(
    ("chosen", "language", "voices"),
    [
        ("", "en-US", ["en-us", "en-us-nyc", "en-us+f2"]),
        ("en-us+f4", "en-US", ["en-us+f4", "en-us", "en-us-nyc"]),
        ("en-us+f4", "zh-CN", ["cmn", "cmn+f2"]),
        ("", "en", ["en", "en-gb-x-rp"]),
        ("", "tlh", []),
    ],
)
async def test_voices_of_espeak(hass: HomeAssistant, chosen: str, language: str, voices: list[str]) -> None:
    voice = EspeakVoice(hass, {"voice": chosen})
    assert voice.voices(language)[: len(voices)] == voices
    assert len(set(voice.voices(language))) == len(voice.voices(language))
    await voice.async_stop()


@pytest.mark.usefixtures("agent", "program")
async def test_espeak_is_added_and_speaks(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    flows = hass.config_entries.subentries
    menu = await flows.async_init((entry.entry_id, "tts"), context={"source": "user"})
    form = await flows.async_configure(menu["flow_id"], {"next_step_id": "espeak"})
    form = await flows.async_configure(form["flow_id"], {"voice": "nobody"})
    assert form["errors"] == {"base": "no_voice"}
    result = await flows.async_configure(form["flow_id"], {"voice": "en-gb-scotland", "name": "Robot"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    robot = hass.data[DATA_COMPONENT].get_entity("tts.robot")
    assert isinstance(robot, TextToSpeechEntity)
    assert [voice.voice_id for voice in robot.async_get_supported_voices("en-GB") or ()][:2] == [
        "en-gb-scotland",
        "en",
    ]
    extension, data = await robot.async_get_tts_audio("Done.", "en-GB", {"speed": 1.5})
    assert (extension, data) == ("wav", header(22_050) + bytes(50))


@pytest.mark.usefixtures("agent", "no_package", "no_program")
async def test_where_espeak_is_not_there_the_form_says_what_to_do(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    flows = hass.config_entries.subentries
    menu = await flows.async_init((entry.entry_id, "tts"), context={"source": "user"})
    form = await flows.async_configure(menu["flow_id"], {"next_step_id": "espeak"})
    form = await flows.async_configure(form["flow_id"], {})
    assert form["errors"] == {"base": "no_espeak"}
