"""Speak with a server that speaks OpenAI's API: speaches, LocalAI, Kokoro-FastAPI, openedai-speech, or OpenAI's own.

POST <url>/audio/speech, https://platform.openai.com/docs/api-reference/audio/createSpeech
"""

from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import CONF_MODEL

from ..const import CONF_VOICE
from .openai_api import SpeechServer
from .recognizer import LANGUAGES
from .sound import from_wav

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from homeassistant.core import HomeAssistant

    from .sound import Sound

_LONGEST: Final = 20 * 1024 * 1024
"""Bytes of an answer: three minutes at the highest rate."""
_DEFAULT_VOICE: Final = "alloy"


class ServerVoice:
    """Sends sentences to a server and takes sound back."""

    languages: Sequence[str] = LANGUAGES

    def __init__(self, hass: HomeAssistant, options: Mapping[str, Any]) -> None:
        """Take address, model, voices and key from the options."""
        self._server = SpeechServer(hass, options)
        self.standing = self._server.standing
        self._model = str(options.get(CONF_MODEL) or "tts-1")
        names = str(options.get(CONF_VOICE) or "").split(",")
        self._voices = [name.strip() for name in names if name.strip()] or [_DEFAULT_VOICE]

    def voices(self, language: str) -> list[str]:
        """Return the voices that the user named; which of them speaks what, only the server knows."""
        _ = language
        return self._voices

    async def async_start(self) -> None:
        """Look whether the server is there."""
        await self._server.async_start()

    async def async_stop(self) -> None:
        """Look no more."""
        await self._server.async_stop()

    async def async_speak(self, sentence: str, language: str, voice: str | None, speed: float) -> AsyncIterator[Sound]:
        """Yield the sound of one sentence. Raise SpeechError."""
        _ = language
        order: dict[str, object] = {
            "model": self._model,
            "voice": voice or self._voices[0],
            "input": sentence,
            "response_format": "wav",
        }
        if speed != 1:
            order["speed"] = speed
        yield from_wav(await self._server.async_post("audio/speech", _LONGEST, json=order), "server_lies")
