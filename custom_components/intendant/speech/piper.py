"""Speak with Piper in this process: one voice after the other, each fetched and loaded when it is first wanted.

piper-tts (GPL-3.0) is no part of Intendant; Home Assistant installs it when it is wanted. It has no wheels for Home Assistant
OS. The voices come from their hub (rhasspy/piper-voices).
"""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from homeassistant.util import language as language_util

from ..const import CONF_VOICE, DOMAIN
from . import line
from .errors import SpeechError
from .hub import Weights, async_fetch
from .preparation import async_prepare
from .progress import Progress
from .sound import Sound
from .standing import Standing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from homeassistant.core import HomeAssistant

VOICES: Final = {
    "en-GB": ("en_GB-alba-medium", "en_GB-cori-medium", "en_GB-alan-medium", "en_GB-northern_english_male-medium"),
    "en-US": ("en_US-lessac-medium", "en_US-amy-medium", "en_US-joe-medium", "en_US-ryan-medium"),
    "zh-CN": ("zh_CN-huayan-medium",),
    "de-DE": ("de_DE-thorsten-medium",),
    "es-ES": ("es_ES-davefx-medium",),
    "fr-FR": ("fr_FR-siwis-medium",),
    "it-IT": ("it_IT-paola-medium",),
    "nl-NL": ("nl_NL-ronnie-medium",),
    "pl-PL": ("pl_PL-darkman-medium",),
    "pt-BR": ("pt_BR-faber-medium",),
    "ru-RU": ("ru_RU-irina-medium",),
}
"""Language → voices of the hub, the default first."""
REQUIREMENTS: Final = ["piper-tts==1.8.0"]
_HUB: Final = "rhasspy/piper-voices"
_PATIENCE: Final = 10.0
"""Seconds that a sentence waits for its voice to be loaded."""
_WAITING: Final = 32
"""Sentences that may wait for their turn."""


async def async_install(hass: HomeAssistant) -> None:
    """Let Home Assistant install Piper. Raise SpeechError where that is impossible."""
    await line.async_install(hass, REQUIREMENTS, "piper", "no_piper")


class PiperVoice:
    """Piper on this machine's processor."""

    def __init__(self, hass: HomeAssistant, options: Mapping[str, Any]) -> None:
        """Prepare; nothing is loaded yet. A voice of the user's own is a file seen from the configuration folder."""
        self._hass = hass
        self._own = str(options.get(CONF_VOICE) or "")
        self._line = line.Line(hass, "piper", _WAITING, "speaking_failed")
        self._loaded: dict[str, Any] = {}
        self._first = ""
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._why: dict[str, str] = {}
        self.standing = Standing("Piper")

    @property
    def languages(self) -> Sequence[str]:
        """Return the languages that have a voice."""
        return list(VOICES)

    def voices(self, language: str) -> list[str]:
        """Return the voices of a language; one of the user's own comes first, whatever it speaks."""
        return [*([self._own] if self._own else []), *VOICES.get(language, ())]

    async def async_start(self) -> None:
        """Get the first voice of Home Assistant's language ready in the background; the others when they are wanted."""
        language = next(iter(language_util.matches(self._hass.config.language, self.languages)), "en-US")
        self._first = self.voices(language)[0]

        async def get() -> None:
            await self._async_get(self._first)

        self._tasks[self._first] = async_prepare(self._hass, self.standing, get)

    async def async_stop(self) -> None:
        """Let the voices go, after the sentence that is being spoken."""
        for task in self._tasks.values():
            task.cancel()
        await self._line.async_stop()
        self._loaded.clear()

    async def async_speak(self, sentence: str, language: str, voice: str | None, speed: float) -> AsyncIterator[Sound]:
        """Yield the sound of one sentence. Raise SpeechError: also while its voice is still being fetched, for that may take minutes."""
        name = voice or self.voices(language)[0]
        if name not in self._loaded:
            await self._async_get_soon(name)
        for sound in await self._line.async_do(self._speak, self._loaded[name], sentence, speed):
            yield sound

    async def _async_get_soon(self, name: str) -> None:
        """Get a voice that is on the disk already, begin to fetch any other. Raise SpeechError."""
        if name == self._first and self.standing.reason not in (None, "still_loading"):
            raise SpeechError(self.standing.reason)
        task = self._tasks.get(name)
        if task is None or task.done():
            task = self._hass.async_create_background_task(self._async_try(name), f"{DOMAIN} voice")
            self._tasks[name] = task
        await asyncio.wait({task}, timeout=_PATIENCE)
        if name not in self._loaded:
            raise SpeechError(self._why.get(name, "no_voice") if task.done() else "voice_loading", voice=name)

    async def _async_try(self, name: str) -> None:
        try:
            await self._async_get(name)
        except SpeechError as err:
            self._why[name] = err.reason

    async def _async_get(self, name: str) -> None:
        """Fetch a voice if need be, and load it. Raise SpeechError."""
        await async_install(self._hass)
        file = Path(self._hass.config.path(name))
        if not (file.suffix == ".onnx" and await self._hass.async_add_executor_job(file.is_file)):
            weights = _weights(name)
            async with Progress(self._hass, name) as progress:
                file = await async_fetch(self._hass, weights, progress.report) / weights.files[0]
        try:
            self._loaded[name] = await self._line.async_do(_load, file)
        except SpeechError as err:
            raise SpeechError("no_voice", voice=name) from err

    @staticmethod
    def _speak(model: Any, sentence: str, speed: float) -> list[Sound]:  # noqa: ANN401 - a library that may not be there
        chunks = model.synthesize(sentence, _config(speed))
        return [Sound(chunk.sample_rate, chunk.audio_int16_bytes) for chunk in chunks]


def _weights(name: str) -> Weights:
    """Return the files of a voice of the hub ("en_US-lessac-medium"). Raise SpeechError when that is no voice's name."""
    language, _, rest = name.partition("-")
    speaker, _, quality = rest.rpartition("-")
    if not (language and speaker and quality):
        raise SpeechError("no_voice", voice=name)
    at = f"{language.partition('_')[0]}/{language}/{speaker}/{quality}/{name}.onnx"
    return Weights(_HUB, (at, f"{at}.json"))


def _load(file: Path) -> Any:  # noqa: ANN401 - a library that may not be there
    from piper import PiperVoice as Model  # noqa: PLC0415 - heavy, and not everywhere

    return Model.load(file)


def _config(speed: float) -> Any:  # noqa: ANN401 - a library that may not be there
    """Return how Piper shall speak; nothing for a voice's own way."""
    if speed == 1:
        return None
    from piper.config import SynthesisConfig  # noqa: PLC0415 - heavy, and not everywhere

    return SynthesisConfig(length_scale=1 / speed)
