"""Kokoro's voices, English and Chinese: they say what the figures are measured on, and Chinese in the demo.

Kokoro-82M (hexgrad, Apache-2.0) reads sounds, not letters: Piper's espeak-ng tells them for English, misaki for Chinese.
"""

import unicodedata
import warnings
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from . import engines
from .fetch import fetch
from .sound import Sound
from .weights import WEIGHTS

if TYPE_CHECKING:
    from pathlib import Path

VOICES = {"en": ("af_heart",), "zh": ("zf_xiaoxiao", "zm_yunxi")}
_RATE = 24_000
_MOST = 509
"""Sounds in one go."""
# Its vocabulary: runs of characters with the number of the first. What is not in it is not heard.
_RUNS = (
    (1, ";:,.!?"), (9, '—…"()“” ̃ʣʥʦʨᵝꭧAI'), (31, "O"), (33, "Q"), (35, "ST"), (39, "W"), (41, "Yᵊabcdef"),
    (50, "hijklmnopqrstuvwxyzɑɐɒæ"), (75, "βɔɕç"), (80, "ɖðʤə"), (85, "ɚɛɜ"), (90, "ɟ"), (92, "ɡ"), (99, "ɥ"),
    (101, "ɨɪʝ"), (110, "ɯɰŋɳɲɴø"), (118, "ɸθœ"), (123, "ɹ"), (125, "ɾɻ"), (128, "ʁɽʂʃʈʧ"), (135, "ʊʋ"), (138, "ʌɣɤ"),
    (142, "χʎ"), (147, "ʒʔ"), (156, "ˈˌː"), (162, "ʰ"), (164, "ʲ"), (169, "↓"), (171, "→↗↘"), (177, "ᵻ"),
)  # fmt: skip
_NUMBERS = {character: first + i for first, run in _RUNS for i, character in enumerate(run)}
# espeak-ng writes American English more finely than Kokoro does.
_ENGLISH = (
    ("eɪ", "A"), ("oʊ", "O"), ("aɪ", "I"), ("aʊ", "W"), ("ɔɪ", "Y"), ("dʒ", "ʤ"), ("tʃ", "ʧ"), ("əl", "ᵊl"), ("ɚ", "əɹ"),
    ("ɜː", "ɜɹ"), ("ɐ", "ə"), ("r", "ɹ"), ("ː", ""), ("ɾ", "T"), ("ʔ", "t"),
)  # fmt: skip


class Kokoro:
    """All its voices; loaded when they are first wanted. One thread at a time."""

    def speak(self, sentence: str, language: str, voice: str) -> Sound:
        """Return the sound of a sentence in "en" or "zh". Raise DemoError where what it needs cannot be fetched."""
        sounds = self._chinese(sentence) if language == "zh" else self._english(sentence)
        numbers = [_NUMBERS[sound] for sound in sounds if sound in _NUMBERS][:_MOST]
        style = np.fromfile(self._folder / f"{voice}.bin", np.float32).reshape(-1, 256)[[max(len(numbers) - 1, 0)]]
        given = {"input_ids": np.array([[0, *numbers, 0]]), "style": style, "speed": np.ones(1, np.float32)}
        return Sound(self._session.run(None, given)[0].reshape(-1), _RATE)

    @cached_property
    def _folder(self) -> Path:
        return fetch(WEIGHTS["kokoro"])

    @cached_property
    def _session(self) -> Any:  # noqa: ANN401 - a library without types
        engines.use()
        onnxruntime = import_module("onnxruntime")
        providers = ["CPUExecutionProvider"]
        return onnxruntime.InferenceSession(str(self._folder / "model_quantized.onnx"), providers=providers)

    @cached_property
    def _espeak(self) -> Any:  # noqa: ANN401 - a library without types
        engines.use()
        return import_module("piper.phonemize_espeak").EspeakPhonemizer()

    @cached_property
    def _misaki(self) -> Any:  # noqa: ANN401 - a library without types
        place = engines.use()
        with warnings.catch_warnings():
            # jieba's patterns are older than Python's wish for raw strings.
            warnings.simplefilter("ignore")
            jieba, misaki = import_module("jieba"), import_module("misaki.zh")
        jieba.dt.tmp_dir = str(place)
        jieba.setLogLevel("WARNING")
        return misaki.ZHG2P()

    def _english(self, sentence: str) -> str:
        sounds = " ".join("".join(part) for part in self._espeak.phonemize("en-us", sentence))
        sounds = unicodedata.normalize("NFC", sounds)
        for fine, coarse in _ENGLISH:
            sounds = sounds.replace(fine, coarse)
        return sounds

    def _chinese(self, sentence: str) -> str:
        return str(self._misaki(sentence)[0])
