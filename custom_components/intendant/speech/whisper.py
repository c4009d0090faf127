"""Recognize speech with faster-whisper in this process: one model for all, one recording at a time."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import CONF_MODEL

from . import line
from .errors import SpeechError
from .hub import Weights, async_fetch
from .hypotheses import Hypothesis, distinct
from .preparation import async_prepare
from .progress import Progress
from .standing import Standing

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping, Sequence

    from homeassistant.core import HomeAssistant

DEFAULT_MODEL: Final = "base"
MODELS: Final = {
    "tiny": "Systran/faster-whisper-tiny",
    "base": "Systran/faster-whisper-base",
    "small": "Systran/faster-whisper-small",
    "medium": "Systran/faster-whisper-medium",
    "large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
    "distil-large-v3": "Systran/faster-distil-whisper-large-v3",
    "large-v3": "Systran/faster-whisper-large-v3",
}
"""Size → the hub's repository with the weights in the library's form."""
_FILES: Final = ("config.json", "model.bin", "tokenizer.json")
_MAY_BE: Final = ("preprocessor_config.json", "vocabulary.json", "vocabulary.txt")
WAITING: Final = 16
"""Recordings that may wait for their turn; one more is turned away, for its answer would come too late."""
_BEAM: Final = 5
_FAST: Final = 2.0
"""Seconds that reading a recording may take where one that may not be over is read: so long the next one waits at most."""
_LONGEST: Final = 160
"""Tokens: half a minute holds no more words than that."""
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
        self._took = 0.0
        """Seconds that the last recording took."""
        self._preparing: asyncio.Task[None] | None = None
        self.standing = Standing("Whisper")

    @property
    def spare(self) -> bool:
        """Whether no other recording is being read, and reading is so fast that being wrong delays nobody much."""
        return self._line.idle and self._took <= _FAST

    async def async_start(self) -> None:
        """Load the model in the background: the first time its weights have to be fetched."""
        self._preparing = async_prepare(self._hass, self.standing, self._async_load)

    async def _async_load(self) -> None:
        await async_install(self._hass)
        own = Path(self._hass.config.path(self._name))
        if await self._hass.async_add_executor_job(own.is_dir):
            folder, kind = own, "default"
        else:
            weights = Weights(MODELS.get(self._name, self._name), _FILES, _MAY_BE)
            async with Progress(self._hass, f"Whisper {self._name}") as progress:
                folder = await async_fetch(self._hass, weights, progress.report)
            kind = "int8"
        try:
            self._model = await self._line.async_do(_load, folder, kind)
        except SpeechError as err:
            raise SpeechError("no_weights") from err

    async def async_stop(self) -> None:
        """Let the model go, after the recording that is being read."""
        if self._preparing:
            self._preparing.cancel()
        self._model = None
        await self._line.async_stop()

    async def async_recognize(self, pcm: bytes, language: str, hints: Sequence[str]) -> list[Hypothesis]:
        """Return what was heard, likeliest first. Raise SpeechError."""
        if self._model is None:
            raise SpeechError(self.standing.reason or "still_loading")
        return await self._line.async_do(self._hear, self._model, pcm, language.partition("-")[0], ", ".join(hints))

    def _hear(self, *said: Any) -> list[Hypothesis]:
        began = time.monotonic()
        found = hear(*said)
        self._took = time.monotonic() - began
        return found


def _load(folder: Path, kind: str) -> Any:  # noqa: ANN401 - a library that may not be there
    from faster_whisper import WhisperModel  # noqa: PLC0415 - heavy, and not everywhere

    return WhisperModel(str(folder), device="auto", compute_type=kind, local_files_only=True)


def hear(model: Any, pcm: bytes, language: str, hints: str) -> list[Hypothesis]:  # noqa: ANN401 - a library that may not be there
    """Return what a faster-whisper model hears, likeliest first; nothing for nothing. Blocks.

    The library's own transcribe keeps the best of the beam only. What fits one window (half a minute, so every command) is
    therefore decoded here, from the library's features, encoder and prompt; whatever is longer has one hypothesis.
    """
    import numpy as np  # noqa: PLC0415 - with the model

    samples = np.frombuffer(pcm, np.int16).astype(np.float32) / 32768.0
    if len(samples) > model.feature_extractor.n_samples:
        segments, _ = model.transcribe(
            samples,
            language=language,
            beam_size=_BEAM,
            temperature=0.0,
            condition_on_previous_text=False,
            without_timestamps=True,
            vad_filter=False,
            hotwords=hints or None,
        )
        return distinct([Hypothesis("".join(segment.text for segment in segments))])
    return distinct(_beam(model, samples, language, hints))


def _beam(model: Any, samples: Any, language: str, hints: str) -> list[Hypothesis]:  # noqa: ANN401 - as above
    """Return every end of the beam search."""
    from faster_whisper.audio import pad_or_trim  # noqa: PLC0415 - with the model
    from faster_whisper.tokenizer import Tokenizer  # noqa: PLC0415 - as above
    from faster_whisper.transcribe import get_suppressed_tokens  # noqa: PLC0415 - as above

    several = model.model.is_multilingual
    tokenizer = Tokenizer(model.hf_tokenizer, several, task="transcribe", language=language if several else "en")
    features = pad_or_trim(model.feature_extractor(samples)[:, : model.feature_extractor.nb_max_frames])
    prompt = model.get_prompt(tokenizer, [], without_timestamps=True, hotwords=hints or None)
    [found] = model.model.generate(
        model.encode(features),
        [prompt],
        beam_size=_BEAM,
        num_hypotheses=_BEAM,
        max_length=min(len(prompt) + _LONGEST, model.max_length),
        return_scores=True,
        suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
    )
    # The scores are means over the tokens.
    ends = zip(found.sequences_ids, found.scores, strict=True)
    return [Hypothesis(tokenizer.decode(tokens), score * max(len(tokens), 1)) for tokens, score in ends]
