"""Speak with a server that speaks OpenAI's API: speaches, LocalAI, Kokoro-FastAPI, openedai-speech, or OpenAI's own.

POST <url>/audio/speech, https://platform.openai.com/docs/api-reference/audio/createSpeech
"""

import io
import wave
from typing import TYPE_CHECKING, Any, Final

from aiohttp import ClientError, ClientTimeout
from homeassistant.const import CONF_API_KEY, CONF_MODEL, CONF_URL
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..const import CONF_VOICE
from .errors import SpeechError
from .recognizer import LANGUAGES
from .sound import Sound

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from homeassistant.core import HomeAssistant

_TIMEOUT: Final = ClientTimeout(total=30, connect=5)
_LONGEST: Final = 20 * 1024 * 1024
"""Bytes of an answer: three minutes at the highest rate."""
_DENIED: Final = frozenset({401, 403})
_DEFAULT_VOICE: Final = "alloy"


class ServerVoice:
    """Sends sentences to a server and takes sound back."""

    languages: Sequence[str] = LANGUAGES

    def __init__(self, hass: HomeAssistant, options: Mapping[str, Any]) -> None:
        """Take address, model, voices and key from the options."""
        self._session = async_get_clientsession(hass)
        self._url = f"{str(options[CONF_URL]).rstrip('/')}/audio/speech"
        self._model = str(options.get(CONF_MODEL) or "tts-1")
        self._key = options.get(CONF_API_KEY)
        names = str(options.get(CONF_VOICE) or "").split(",")
        self._voices = [name.strip() for name in names if name.strip()] or [_DEFAULT_VOICE]

    def voices(self, language: str) -> list[str]:
        """Return the voices that the user named; which of them speaks what, only the server knows."""
        _ = language
        return self._voices

    async def async_start(self) -> None:
        """Do nothing: a server that is down now may be up when somebody listens."""

    async def async_stop(self) -> None:
        """Do nothing: the session is Home Assistant's."""

    async def async_speak(self, sentence: str, language: str, voice: str | None, speed: float) -> AsyncIterator[Sound]:
        """Yield the sound of one sentence. Raise SpeechError."""
        _ = language
        order = {"model": self._model, "voice": voice or self._voices[0], "input": sentence, "response_format": "wav"}
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        if speed != 1:
            order |= {"speed": speed}  # type: ignore[dict-item]
        try:
            async with self._session.post(self._url, json=order, headers=headers, timeout=_TIMEOUT) as response:
                if response.status in _DENIED:
                    raise SpeechError("server_denies")
                if response.status != 200:
                    raise SpeechError("server_refuses", status=str(response.status))
                data = await response.content.read(_LONGEST)
                while chunk := await response.content.read(_LONGEST):
                    data += chunk
                    if len(data) > _LONGEST:
                        raise SpeechError("server_lies")
        except TimeoutError as err:
            raise SpeechError("server_slow") from err
        except ClientError as err:
            raise SpeechError("server_down") from err
        yield _read(data)


def _read(data: bytes) -> Sound:
    """Return the samples of a wav file. Raise SpeechError when it is none, or of another kind."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            rate, width, channels = file.getframerate(), file.getsampwidth(), file.getnchannels()
            # Servers that stream write a length that they don't know yet.
            pcm = bytes(file.readframes(min(file.getnframes(), len(data))))
    except (wave.Error, EOFError) as err:
        raise SpeechError("server_lies") from err
    if (width, channels) != (2, 1) or not pcm:
        raise SpeechError("server_lies")
    return Sound(rate, pcm)
