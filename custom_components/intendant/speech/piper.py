"""Speak with Piper in this process: one voice after the other, each loaded when it is first wanted.

piper-tts (GPL-3.0) is installed by Home Assistant when it is wanted; it has no wheels for Home Assistant OS. The voices come
from their hub (rhasspy/piper-voices), into the cache folder, which no backup holds; huggingface_hub resumes and checks.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..const import CONF_VOICE, DOMAIN, LOGGER
from . import line
from .errors import SpeechError
from .sound import Sound

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
REQUIREMENTS: Final = ["piper-tts==1.8.0", "huggingface-hub>=1"]
_HUB: Final = "rhasspy/piper-voices"
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

    @property
    def languages(self) -> Sequence[str]:
        """Return the languages that have a voice."""
        return list(VOICES)

    def voices(self, language: str) -> list[str]:
        """Return the voices of a language; one of the user's own comes first, whatever it speaks."""
        return [*([self._own] if self._own else []), *VOICES.get(language, ())]

    async def async_start(self) -> None:
        """Do nothing yet: voices are loaded when they are first wanted."""

    async def async_stop(self) -> None:
        """Let the voices go, after the sentence that is being spoken."""
        await self._line.async_stop()
        self._loaded.clear()

    async def async_speak(self, sentence: str, language: str, voice: str | None, speed: float) -> AsyncIterator[Sound]:
        """Yield the sound of one sentence. Raise SpeechError."""
        name = voice or self.voices(language)[0]
        if name not in self._loaded:
            await async_install(self._hass)
        sounds = await self._line.async_do(self._speak, name, sentence, speed)
        for sound in sounds:
            yield sound

    def _speak(self, name: str, sentence: str, speed: float) -> list[Sound]:
        chunks = self._voice(name).synthesize(sentence, _config(speed))
        return [Sound(chunk.sample_rate, chunk.audio_int16_bytes) for chunk in chunks]

    def _voice(self, name: str) -> Any:  # noqa: ANN401 - a library that may not be there
        if name not in self._loaded:
            from piper import PiperVoice as Model  # noqa: PLC0415 - heavy, and not everywhere

            try:
                self._loaded[name] = Model.load(self._file(name))
            except Exception as err:
                LOGGER.error("The voice %s cannot be loaded: %s", name, type(err).__name__)
                raise SpeechError("no_voice", voice=name) from err
        return self._loaded[name]

    def _file(self, name: str) -> Path:
        """Return the file of a voice, fetched from the hub if it isn't here."""
        own = Path(self._hass.config.path(name))
        if own.suffix == ".onnx" and own.is_file():
            return own
        from huggingface_hub import hf_hub_download  # noqa: PLC0415 - as above

        language, speaker, quality = name.split("-")
        at = f"{language.partition('_')[0]}/{language}/{speaker}/{quality}/{name}.onnx"
        folder = self._hass.config.path(".cache", DOMAIN, "piper")
        hf_hub_download(_HUB, f"{at}.json", cache_dir=folder)
        return Path(hf_hub_download(_HUB, at, cache_dir=folder))


def _config(speed: float) -> Any:  # noqa: ANN401 - a library that may not be there
    """Return how Piper shall speak; nothing for a voice's own way."""
    if speed == 1:
        return None
    from piper.config import SynthesisConfig  # noqa: PLC0415 - heavy, and not everywhere

    return SynthesisConfig(length_scale=1 / speed)
