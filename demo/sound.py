"""Recordings: read from wav files of any rate and number of channels, brought to another rate, mixed, written."""

import struct
import wave
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .settings import DemoError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

type Samples = NDArray[np.float32]

HEARD = 16_000
"""The rate that Home Assistant hears with, in samples a second."""
_PCM, _EXTENSIBLE, _BITS = 1, 0xFFFE, 16
_HEADER = struct.Struct("<HHIIHH")
_PAD = 1
"""Seconds on both sides of each second whose rate is changed: a block's end must not ring into its beginning."""


@dataclass(frozen=True, slots=True)
class Sound:
    """One channel of samples between -1 and 1."""

    samples: Samples
    rate: int
    """Samples a second."""

    @property
    def seconds(self) -> float:
        """Return how long it is."""
        return len(self.samples) / self.rate

    def at(self, rate: int) -> Sound:
        """Return it at another rate; what the lower of the two rates cannot hold is left out."""
        if rate == self.rate or not len(self.samples):
            return Sound(self.samples, rate)
        pad = _PAD * self.rate
        padded = np.pad(self.samples, (pad, pad + -len(self.samples) % self.rate))
        blocks = range(0, len(self.samples), self.rate)
        changed = [_change(padded[start : start + self.rate + 2 * pad], self.rate, rate) for start in blocks]
        return Sound(np.concatenate(changed)[: round(self.seconds * rate)], rate)

    def pcm(self, rate: int = HEARD) -> bytes:
        """Return 16-bit samples at a rate."""
        return (np.clip(self.at(rate).samples, -1, 1) * 32767).astype("<i2").tobytes()


def _change(block: Samples, old: int, new: int) -> Samples:
    """Return a second of sound, given with its surroundings, at another rate."""
    spectrum = np.fft.rfft(block)
    count = len(block) // old * new
    kept = np.zeros(count // 2 + 1, complex)
    shared = min(len(kept), len(spectrum))
    kept[:shared] = spectrum[:shared]
    changed = np.fft.irfft(kept, count) * (new / old)
    return changed[_PAD * new : (_PAD + 1) * new].astype(np.float32)


def read_wav(data: bytes) -> Sound:
    """Return what a wav file holds, its channels mixed. Raise DemoError where it is none, or not of 16-bit PCM."""
    channels, rate, start, end = _find_samples(data)
    width = 2 * channels
    raw = data[start : start + (end - start) // width * width]
    if not raw:
        raise DemoError("there is no sound in it")
    samples = np.frombuffer(raw, "<i2").reshape(-1, channels).mean(axis=1) / 32768
    return Sound(samples.astype(np.float32), rate)


def write_wav(path: Path, sound: Sound) -> None:
    """Write a sound as a wav file."""
    with path.open("wb") as out, wave.open(out, "wb") as file:
        file.setframerate(sound.rate)
        file.setsampwidth(2)
        file.setnchannels(1)
        file.writeframes(sound.pcm(sound.rate))


def _find_samples(data: bytes) -> tuple[int, int, int, int]:
    """Return channels, rate, and where the samples begin and end. The length may be wrong, as in a stream or a cut file."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise DemoError("it is no wav file")
    at, kind = 12, None
    while at + 8 <= len(data):
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8
        if name == b"fmt ":
            kind = _HEADER.unpack(data[at : at + _HEADER.size].ljust(_HEADER.size, b"\0"))
        if name == b"data":
            if kind is None:
                break
            code, channels, rate, _, _, bits = kind
            if code not in (_PCM, _EXTENSIBLE) or bits != _BITS or not channels or not rate:
                raise DemoError(f"its samples are of kind {code} with {bits} bits, not PCM with 16 bits")
            whole = len(data) - at
            return channels, rate, at, at + (length if 0 < length <= whole else whole)
        at += length + length % 2
    raise DemoError("there is no sound in it")
