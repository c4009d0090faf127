"""Turn an answer that is still being written into sound that can already be heard: sentence by sentence, one wav stream."""

import io
import struct
import wave
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sentence_stream import SentenceBoundaryDetector

from .errors import SpeechError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator

EXTENSION: Final = "wav"
SLOWEST, FASTEST = 0.5, 2.0
"""How slow and how fast a voice may speak, 1 being its own speed."""
_UNKNOWN: Final = 0
"""The length of a stream whose end nobody knows yet, as Home Assistant's own wav streams have it."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Some samples: 16 bits, one channel."""

    rate: int
    """Samples a second."""
    pcm: bytes


async def async_sentences(pieces: AsyncIterable[str]) -> AsyncIterator[str]:
    """Yield sentences as soon as they are complete."""
    detector = SentenceBoundaryDetector()
    async for piece in pieces:
        for sentence in detector.add_chunk(piece):
            if sentence.strip():
                yield sentence.strip()
    if rest := detector.finish().strip():
        yield rest


async def async_wav(sounds: AsyncIterable[Sound]) -> AsyncGenerator[bytes]:
    """Yield a wav stream. Raise SpeechError when nothing came, or samples of another rate in the midst of it."""
    rate = None
    async for sound in sounds:
        if rate is None:
            rate = sound.rate
            yield header(rate)
        if sound.rate != rate:
            raise SpeechError("server_lies")
        if sound.pcm:
            yield sound.pcm
    if rate is None:
        raise SpeechError("nothing_to_say")


def header(rate: int) -> bytes:
    """Return the header of a wav stream of unknown length (RIFF WAVE, Microsoft and IBM, 1991)."""
    width, channels = 2, 1
    kind = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * width, channels * width, 8 * width)
    data = b"data" + struct.pack("<I", _UNKNOWN)
    chunk = b"WAVE" + b"fmt " + struct.pack("<I", len(kind)) + kind + data
    return b"RIFF" + struct.pack("<I", _UNKNOWN) + chunk


def from_wav(data: bytes, failed: str) -> Sound:
    """Return the samples of a wav file. Raise SpeechError with the reason when it is none, or of another kind."""
    try:
        with wave.open(io.BytesIO(_with_length(data))) as file:
            rate, width, channels = file.getframerate(), file.getsampwidth(), file.getnchannels()
            pcm = bytes(file.readframes(min(file.getnframes(), len(data))))
    except (wave.Error, EOFError) as err:
        raise SpeechError(failed) from err
    if (width, channels) != (2, 1) or not pcm:
        raise SpeechError(failed)
    return Sound(rate, pcm)


def _with_length(data: bytes) -> bytes:
    """Return a wav file with its length filled in where it begins with none, being streamed."""
    if data[36:40] != b"data" or any(data[40:44]):
        return data
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:40] + struct.pack("<I", len(data) - 44) + data[44:]
