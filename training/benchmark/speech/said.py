"""What synthetic voices say, kept in the cache: each sentence is synthesized once."""

from functools import cached_property
from hashlib import sha256
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from demo import engines
from demo.fetch import CACHE, fetch
from demo.kokoro import Kokoro
from demo.sound import HEARD, Sound, read_wav, write_wav
from demo.weights import WEIGHTS

if TYPE_CHECKING:
    from demo.sound import Samples

JOE = "joe"
VOICES = {"en": (JOE, "af_heart"), "zh": ("zf_xiaoxiao", "zm_yunxi")}
"""Language → voices: Piper's Joe, the others Kokoro's."""
_SILENCE = 0.3
"""Seconds before and after each sentence."""


class Speakers:
    """All voices; loaded when they are first wanted."""

    def __init__(self) -> None:
        """Prepare; nothing is loaded yet."""
        self._kokoro = Kokoro()
        self._folder = CACHE / "speech/said"
        self._folder.mkdir(parents=True, exist_ok=True)

    def say(self, sentence: str, language: str, voice: str) -> Samples:
        """Return a sentence at the rate that is heard, with silence around it. Raise DemoError."""
        name = sha256(f"{voice} {language} {sentence}".encode()).hexdigest()[:24]
        path = self._folder / f"{name}.wav"
        if not path.exists():
            sound = self._joe(sentence) if voice == JOE else self._kokoro.speak(sentence, language, voice)
            part = path.with_suffix(".part")
            write_wav(part, sound.at(HEARD))
            part.rename(path)
        return np.pad(read_wav(path.read_bytes()).samples, round(_SILENCE * HEARD))

    def _joe(self, sentence: str) -> Sound:
        chunks = list(self._piper.synthesize(sentence))
        samples = np.concatenate([chunk.audio_float_array for chunk in chunks])
        return Sound(samples.astype(np.float32), chunks[0].sample_rate)

    @cached_property
    def _piper(self) -> Any:  # noqa: ANN401 - a library without types
        engines.use()
        return import_module("piper").PiperVoice.load(next(fetch(WEIGHTS["piper-joe"]).glob("*.onnx")))


def as_pcm(samples: Samples) -> bytes:
    """Return samples as a microphone sends them."""
    return Sound(samples, HEARD).pcm()
