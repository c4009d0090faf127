"""Follow one recording while it comes in, and recognize it as soon as the speaker falls silent.

Home Assistant says that a command is over after 0.7 s of silence (its default). Recognizing starts after the first 0.25 s
of them; if nobody has spoken again when the recording ends, the words are there already or will be soon.
"""

import time
from typing import TYPE_CHECKING, Final

from .activity import SpeechDetector
from .audio import MOST_SECONDS, RATE, WIDTH, samples_of
from .errors import SpeechError

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterable, Awaitable, Callable

    from homeassistant.core import HomeAssistant

PAUSE: Final = 0.25
"""Seconds of silence after which a command may be over; people pause for less between words."""
_AGAIN: Final = 2
"""So many stretches of 32 ms with speech after that, and it was not over."""
_STEP: Final = 3 * 1024
"""Bytes that are looked at together, a tenth of a second."""
_LIVE: Final = 0.8
"""A recording that comes in faster than its length times this is a file: its end is near, so nothing is gained."""


class Listening:
    """One recording that is coming in."""

    def __init__(
        self,
        hass: HomeAssistant,
        recognize: Callable[[bytes], Awaitable[str]],
        spare: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take what turns samples into words, and what tells whether it has time for words that may not be the last."""
        self._hass, self._recognize, self._spare = hass, recognize, spare
        self._collected = bytearray()
        self._looked = 0
        self._clock, self._began = clock, clock()
        self._early: asyncio.Task[str | None] | None = None
        self._speech_then = 0

    async def async_follow(self, stream: AsyncIterable[bytes]) -> str:
        """Return the words in a stream of samples (audio.py says of which kind); nothing where nobody spoke. Raise SpeechError."""
        detector = await self._hass.async_add_executor_job(SpeechDetector)
        try:
            async for chunk in stream:
                await self._async_take(chunk, detector)
            return await self._async_end(detector)
        finally:
            self._forget()

    async def _async_take(self, chunk: bytes, detector: SpeechDetector) -> None:
        self._collected += chunk
        if len(self._collected) > MOST_SECONDS * RATE * WIDTH:
            raise SpeechError("audio_too_long", seconds=str(MOST_SECONDS))
        if len(self._collected) - self._looked < _STEP:
            return
        await self._async_look(detector)
        if self._early and detector.speech - self._speech_then >= _AGAIN:
            self._forget()
        if not self._early and detector.spoken and detector.quiet >= PAUSE and self._live() and self._spare():
            self._speech_then = detector.speech
            self._early = self._hass.async_create_task(
                self._async_try(samples_of(bytes(self._collected))), eager_start=False
            )

    async def _async_look(self, detector: SpeechDetector) -> None:
        new = bytes(self._collected[self._looked :])
        self._looked += len(new)
        await self._hass.async_add_executor_job(detector.feed, new)

    async def _async_end(self, detector: SpeechDetector) -> str:
        samples = samples_of(bytes(self._collected))
        await self._async_look(detector)
        if not detector.spoken:
            return ""
        if self._early and detector.speech - self._speech_then < _AGAIN:
            words = await self._early
            if words is not None:
                return words
        self._forget()
        return await self._recognize(samples)

    async def _async_try(self, samples: bytes) -> str | None:
        try:
            return await self._recognize(samples)
        except SpeechError:
            # Said once more when all of it is there.
            return None

    def _live(self) -> bool:
        """Return whether the recording comes in as it is spoken."""
        return self._clock() - self._began >= _LIVE * len(self._collected) / (RATE * WIDTH)

    def _forget(self) -> None:
        """Drop what was recognized too early."""
        if self._early:
            self._early.cancel()
        self._early = None
