"""Recognize speech with faster-whisper in this process: one model for all, one recording at a time.

The library fetches the weights from their hub (it resumes, and checks them), into the cache folder, which no backup holds.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import CONF_MODEL

from ..const import DOMAIN
from . import line
from .errors import SpeechError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from homeassistant.core import HomeAssistant

DEFAULT_MODEL: Final = "base"
MODELS: Final = ("tiny", "base", "small", "medium", "large-v3-turbo", "distil-large-v3", "large-v3")
WAITING: Final = 16
"""Recordings that may wait for their turn; one more is turned away, for its answer would come too late."""
_BEAM: Final = 5
REQUIREMENT: Final = "faster-whisper==1.2.1"
"""Installed by Home Assistant when it is first wanted: it has no wheels for Home Assistant OS."""


async def async_install(hass: HomeAssistant) -> None:
    """Let Home Assistant install faster-whisper. Raise SpeechError where that is impossible."""
    await line.async_install(hass, [REQUIREMENT], "faster_whisper", "no_whisper")


class WhisperRecognizer:
    """Whisper on this machine's processor, or its graphics card if there is one."""

    def __init__(self, hass: HomeAssistant, options: Mapping[str, Any]) -> None:
        """Prepare; nothing is loaded yet."""
        self._hass = hass
        self._name = str(options.get(CONF_MODEL) or DEFAULT_MODEL)
        self._line = line.Line(hass, "whisper", WAITING, "recognizing_failed")
        self._model: Any = None
        self._failed: str | None = None

    async def async_start(self) -> None:
        """Load the model in the background: the first time its weights have to be fetched."""
        self._hass.async_create_background_task(self._async_load(), f"{DOMAIN} whisper")

    async def _async_load(self) -> None:
        try:
            await async_install(self._hass)
            self._model = await self._line.async_do(self._load)
        except SpeechError as err:
            self._failed = "no_weights" if err.reason == "recognizing_failed" else err.reason

    def _load(self) -> Any:  # noqa: ANN401 - a library that may not be there
        from faster_whisper import WhisperModel  # noqa: PLC0415 - heavy, and not everywhere

        local = Path(self._hass.config.path(self._name))
        if local.is_dir():
            return WhisperModel(str(local), device="auto", compute_type="default", local_files_only=True)
        folder = Path(self._hass.config.path(".cache", DOMAIN, "whisper"))
        return WhisperModel(self._name, device="auto", compute_type="int8", download_root=str(folder))

    async def async_stop(self) -> None:
        """Let the model go, after the recording that is being read."""
        self._model = None
        await self._line.async_stop()

    async def async_recognize(self, pcm: bytes, language: str, hints: Sequence[str]) -> str:
        """Return what was heard. Raise SpeechError."""
        if self._model is None:
            raise SpeechError(self._failed or "still_loading")
        return await self._line.async_do(self._read, self._model, pcm, language, tuple(hints))

    def _read(self, model: Any, pcm: bytes, language: str, hints: tuple[str, ...]) -> str:  # noqa: ANN401 - as above
        import numpy as np  # noqa: PLC0415 - with the model

        samples = np.frombuffer(pcm, np.int16).astype(np.float32) / 32768.0
        segments, _ = model.transcribe(
            samples,
            language=language.partition("-")[0],
            beam_size=_BEAM,
            temperature=0.0,
            condition_on_previous_text=False,
            without_timestamps=True,
            vad_filter=False,
            hotwords=", ".join(hints) or None,
        )
        return "".join(segment.text for segment in segments).strip()
