"""Noise as it is in homes: hiss (white), hum (pink) and other people talking (babble), as loud as it is asked for."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.sound import Samples

_FRAME = 400
_LOUDEST = 0.95
_TALKERS = 6


def add_noise(speech: Samples, noise: Samples, decibels: float) -> Samples:
    """Return speech with a noise of the same length, so many decibels below what is loud in the speech (its active level)."""
    level = np.sqrt(_active_power(speech) / max(_power(noise), 1e-12)) * 10 ** (-decibels / 20)
    mixed: Samples = (speech + level * noise).astype(np.float32)
    mixed *= np.float32(min(1.0, _LOUDEST / max(float(np.abs(mixed).max()), 1e-9)))
    return mixed


def make_noise(length: int, talk: Sequence[Samples], seed: int) -> Samples:
    """Return white and pink noise and babble in equal parts; the babble is made of what others say."""
    chance = np.random.default_rng(seed)
    white = chance.standard_normal(length).astype(np.float32)
    mixed = np.zeros(length, np.float32)
    for part in (white, _pink(length, chance), _babble(length, talk, chance)):
        mixed += part / max(_power(part) ** 0.5, 1e-9)
    return mixed


def _pink(length: int, chance: np.random.Generator) -> Samples:
    """Return noise whose power falls with the frequency."""
    spectrum = np.fft.rfft(chance.standard_normal(length))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    spectrum[0] = 0
    return np.fft.irfft(spectrum, length).astype(np.float32)


def _babble(length: int, talk: Sequence[Samples], chance: np.random.Generator) -> Samples:
    """Return several people who talk at once, each somewhere in what they say, over and over."""
    mixed = np.zeros(length, np.float32)
    for number in chance.choice(len(talk), size=min(_TALKERS, len(talk)), replace=False):
        said = talk[number]
        start = int(chance.integers(len(said)))
        mixed += np.resize(np.roll(said, -start), length)
    return mixed


def _active_power(speech: Samples) -> float:
    """Return the mean power of the frames that hold speech: those within 30 dB of the loudest."""
    frames = speech[: len(speech) // _FRAME * _FRAME].reshape(-1, _FRAME)
    powers = (frames**2).mean(axis=1)
    return float(powers[powers > powers.max() / 1000].mean())


def _power(samples: Samples) -> float:
    return float(np.mean(samples**2))
