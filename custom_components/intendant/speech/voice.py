"""What an engine that speaks has to do, and how one is made from the options of a subentry."""

from typing import TYPE_CHECKING, Any, Protocol

from ..const import CONF_ENGINE, ENGINE_ESPEAK, ENGINE_SERVER
from .espeak import EspeakVoice
from .piper import PiperVoice
from .voice_server import ServerVoice

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from homeassistant.core import HomeAssistant

    from .sound import Sound
    from .standing import Standing


class Voice(Protocol):
    """Turns sentences into sound."""

    standing: Standing
    """Whether it can be used now."""

    @property
    def languages(self) -> Sequence[str]:
        """Return the languages it speaks, as Home Assistant writes them."""

    def voices(self, language: str) -> list[str]:
        """Return the names of its voices for a language, the default first."""

    async def async_start(self) -> None:
        """Get ready; may go on in the background."""

    async def async_stop(self) -> None:
        """Let everything go."""

    def async_speak(self, sentence: str, language: str, voice: str | None, speed: float) -> AsyncIterator[Sound]:
        """Yield the sound of one sentence; speed 1 is the voice's own. Raise SpeechError."""


def make_voice(hass: HomeAssistant, options: Mapping[str, Any]) -> Voice:
    """Return the engine that the options ask for."""
    engines: dict[str, Callable[[HomeAssistant, Mapping[str, Any]], Voice]] = {
        ENGINE_ESPEAK: EspeakVoice,
        ENGINE_SERVER: ServerVoice,
    }
    return engines.get(options[CONF_ENGINE], PiperVoice)(hass, options)
