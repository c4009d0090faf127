"""What a microphone sends: raw PCM of 16 kHz, 16 bits, one channel, as the assist pipeline passes it on."""

import io
import wave
from typing import Final

from .errors import SpeechError

RATE: Final = 16_000
"""Samples a second."""
WIDTH: Final = 2
"""Bytes a sample."""
MOST_SECONDS: Final = 60
"""A command that is longer is none; the pipeline's own end of speech comes long before."""
_HEADER: Final = 44


def samples_of(collected: bytes) -> bytes:
    """Return whole samples of what came in. Raise SpeechError when that is nothing, or of another kind."""
    pcm = without_header(collected)
    if len(pcm) < WIDTH:
        raise SpeechError("no_audio")
    return pcm[: len(pcm) // WIDTH * WIDTH]


def without_header(data: bytes) -> bytes:
    """Return the samples alone, where somebody sent a wav file in spite of what was agreed.

    Raise SpeechError when the file's samples are of another kind.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return data
    try:
        with wave.open(io.BytesIO(data)) as file:
            kind = (file.getframerate(), file.getsampwidth(), file.getnchannels())
            samples = bytes(file.readframes(file.getnframes()))
    except wave.Error, EOFError:
        # A file that is cut off, or whose length isn't known yet because it is still being sent.
        return data[_HEADER:]
    if kind != (RATE, WIDTH, 1):
        raise SpeechError("wrong_audio", rate=str(kind[0]))
    return samples


def to_wav(pcm: bytes) -> bytes:
    """Return samples as a wav file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setframerate(RATE)
        file.setsampwidth(WIDTH)
        file.setnchannels(1)
        file.writeframes(pcm)
    return buffer.getvalue()
