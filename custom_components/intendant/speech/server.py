"""Recognize speech on a server that speaks OpenAI's API: whisper.cpp, speaches, LocalAI, vLLM, or OpenAI's own.

POST <url>/audio/transcriptions, https://platform.openai.com/docs/api-reference/audio/createTranscription
"""

import json
from typing import TYPE_CHECKING, Any, Final

from aiohttp import FormData
from homeassistant.const import CONF_MODEL

from .audio import to_wav
from .errors import SpeechError
from .hypotheses import Hypothesis, distinct
from .openai_api import SpeechServer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from homeassistant.core import HomeAssistant

_LONGEST: Final = 64 * 1024
"""Bytes of an answer: more is no transcription."""


class ServerRecognizer:
    """Sends recordings to a server and takes words back."""

    def __init__(self, hass: HomeAssistant, options: Mapping[str, Any]) -> None:
        """Take address, model and key from the options."""
        self._server = SpeechServer(hass, options)
        self.standing = self._server.standing
        self._model = str(options.get(CONF_MODEL) or "whisper-1")

    @property
    def spare(self) -> bool:
        """Never: others may use the server, and it may cost money."""
        return False

    async def async_start(self) -> None:
        """Look whether the server is there."""
        await self._server.async_start()

    async def async_stop(self) -> None:
        """Look no more."""
        await self._server.async_stop()

    async def async_recognize(self, pcm: bytes, language: str, hints: Sequence[str]) -> list[Hypothesis]:
        """Return what the server heard. Raise SpeechError."""
        form = FormData()
        form.add_field("file", to_wav(pcm), filename="speech.wav", content_type="audio/wav")
        form.add_field("model", self._model)
        form.add_field("language", language.partition("-")[0])
        form.add_field("response_format", "json")
        if hints:
            form.add_field("prompt", ", ".join(hints))
        answer = await self._server.async_post("audio/transcriptions", _LONGEST, data=form)
        return distinct([Hypothesis(_text_of(answer))])


def _text_of(answer: bytes) -> str:
    try:
        found = json.loads(answer)
    except ValueError as err:
        raise SpeechError("server_lies") from err
    text = found.get("text") if isinstance(found, dict) else None
    if not isinstance(text, str):
        raise SpeechError("server_lies")
    return text.strip()
