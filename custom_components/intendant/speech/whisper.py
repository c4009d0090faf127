"""Recognize speech with faster-whisper in this process: one model for all, one recording at a time.

The library fetches the weights from their hub (it resumes, and checks them), into the cache folder, which no backup holds.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import CONF_MODEL
from homeassistant.requirements import RequirementsNotFound, async_process_requirements

from ..const import DOMAIN, LOGGER
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
    try:
        await async_process_requirements(hass, DOMAIN, [REQUIREMENT])
    except RequirementsNotFound as err:
        raise SpeechError("no_whisper") from err
    if await hass.async_add_executor_job(find_spec, "faster_whisper") is None:
        raise SpeechError("no_whisper")


class WhisperRecognizer:
    """Whisper on this machine's processor, or its graphics card if there is one."""

    def __init__(self, hass: HomeAssistant, options: Mapping[str, Any]) -> None:
        """Prepare; nothing is loaded yet."""
        self._hass = hass
        self._name = str(options.get(CONF_MODEL) or DEFAULT_MODEL)
        # One thread is the queue: recordings wait in it in their order, and one whose pipeline was cancelled leaves it.
        self._pool = ThreadPoolExecutor(1, f"{DOMAIN}_whisper")
        self._model: Any = None
        self._failed: str | None = None
        self._waiting = 0

    async def async_start(self) -> None:
        """Load the model in the background: the first time its weights have to be fetched."""
        self._hass.async_create_background_task(self._async_load(), f"{DOMAIN} whisper")

    async def _async_load(self) -> None:
        try:
            await async_install(self._hass)
            self._model = await asyncio.get_running_loop().run_in_executor(self._pool, self._load)
        except SpeechError as err:
            self._failed = err.reason
        except Exception as err:  # noqa: BLE001 - whatever libraries raise about weights, folders and networks
            self._failed = "no_weights"
            LOGGER.error("The speech model %s cannot be loaded: %s", self._name, type(err).__name__)

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
        await self._hass.async_add_executor_job(partial(self._pool.shutdown, cancel_futures=True))

    async def async_recognize(self, pcm: bytes, language: str, hints: Sequence[str]) -> str:
        """Return what was heard. Raise SpeechError."""
        if self._model is None:
            raise SpeechError(self._failed or "still_loading")
        if self._waiting >= WAITING:
            raise SpeechError("busy")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, self._read, self._model, pcm, language, tuple(hints))
        except SpeechError:
            raise
        except Exception as err:
            LOGGER.error("Recognizing speech failed: %s", type(err).__name__)
            raise SpeechError("recognizing_failed") from err
        finally:
            self._waiting -= 1

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
