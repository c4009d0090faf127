"""Recognize speech on a server that speaks OpenAI's API: whisper.cpp, speaches, LocalAI, vLLM, or OpenAI's own.

POST <url>/audio/transcriptions, https://platform.openai.com/docs/api-reference/audio/createTranscription
"""

import json
from typing import TYPE_CHECKING, Any, Final

from aiohttp import ClientError, ClientTimeout, FormData
from homeassistant.const import CONF_API_KEY, CONF_MODEL, CONF_URL
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .audio import to_wav
from .errors import SpeechError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aiohttp import ClientResponse
    from homeassistant.core import HomeAssistant

_TIMEOUT: Final = ClientTimeout(total=20, connect=5)
_LONGEST: Final = 64 * 1024
"""Bytes of an answer: more is no transcription."""
_DENIED: Final = frozenset({401, 403})


class ServerRecognizer:
    """Sends recordings to a server and takes words back."""

    def __init__(self, hass: HomeAssistant, options: Mapping[str, Any]) -> None:
        """Take address, model and key from the options."""
        self._session = async_get_clientsession(hass)
        self._url = f"{str(options[CONF_URL]).rstrip('/')}/audio/transcriptions"
        self._model = str(options.get(CONF_MODEL) or "whisper-1")
        self._key = options.get(CONF_API_KEY)

    async def async_start(self) -> None:
        """Do nothing: a server that is down now may be up when somebody speaks."""

    async def async_stop(self) -> None:
        """Do nothing: the session is Home Assistant's."""

    async def async_recognize(self, pcm: bytes, language: str, hints: Sequence[str]) -> str:
        """Return what the server heard. Raise SpeechError."""
        form = FormData()
        form.add_field("file", to_wav(pcm), filename="speech.wav", content_type="audio/wav")
        form.add_field("model", self._model)
        form.add_field("language", language.partition("-")[0])
        form.add_field("response_format", "json")
        if hints:
            form.add_field("prompt", ", ".join(hints))
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        try:
            async with self._session.post(self._url, data=form, headers=headers, timeout=_TIMEOUT) as response:
                return await _text_of(response)
        except TimeoutError as err:
            raise SpeechError("server_slow") from err
        except ClientError as err:
            raise SpeechError("server_down") from err


async def _text_of(response: ClientResponse) -> str:
    if response.status in _DENIED:
        raise SpeechError("server_denies")
    if response.status != 200:
        raise SpeechError("server_refuses", status=str(response.status))
    body = await response.content.read(_LONGEST)
    if not response.content.at_eof():
        raise SpeechError("server_lies")
    try:
        answer = json.loads(body)
    except ValueError as err:
        raise SpeechError("server_lies") from err
    text = answer.get("text") if isinstance(answer, dict) else None
    if not isinstance(text, str):
        raise SpeechError("server_lies")
    return text.strip()
