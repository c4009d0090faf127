"""What an engine that recognizes speech has to do, and how one is made from the options of a subentry."""

from typing import TYPE_CHECKING, Any, Final, Protocol

from ..const import CONF_ENGINE, ENGINE_SERVER
from .server import ServerRecognizer
from .whisper import WhisperRecognizer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from homeassistant.core import HomeAssistant

    from .hypotheses import Hypothesis
    from .standing import Standing

LANGUAGES: Final = ["af", "ar", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "gl", "gu", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "jv", "ka", "kk", "km", "kn", "ko", "lo", "lt", "lv", "mk", "ml", "mn", "mr", "ms", "my", "ne", "nl", "nb", "nn", "pa", "pl", "ps", "pt", "ro", "ru", "si", "sk", "sl", "so", "sq", "sr", "su", "sv", "sw", "ta", "te", "th", "tl", "tr", "uk", "ur", "uz", "vi", "yo", "zh", "zh-CN", "zh-TW", "zh-HK"]  # fmt: skip
"""What Whisper was trained on (arXiv 2212.04356), as Home Assistant writes it."""


class Recognizer(Protocol):
    """Turns speech into words."""

    standing: Standing
    """Whether it can be used now."""

    @property
    def spare(self) -> bool:
        """Whether there is time, now, for a recording that may turn out not to be over."""

    async def async_start(self) -> None:
        """Get ready; may go on in the background. `standing` says how far it is."""

    async def async_stop(self) -> None:
        """Let everything go."""

    async def async_recognize(self, pcm: bytes, language: str, hints: Sequence[str]) -> list[Hypothesis]:
        """Return what may have been said in samples (audio.py says of which kind), likeliest first, empty for nothing.

        Raise SpeechError.
        """


def make_recognizer(hass: HomeAssistant, options: Mapping[str, Any]) -> Recognizer:
    """Return the engine that the options ask for."""
    if options[CONF_ENGINE] == ENGINE_SERVER:
        return ServerRecognizer(hass, options)
    return WhisperRecognizer(hass, options)
