"""Get an engine ready in the background, and try again later where that may help: the hub may be out of reach just now."""

import asyncio
from typing import TYPE_CHECKING, Final

from ..const import DOMAIN
from .errors import SpeechError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from homeassistant.core import HomeAssistant

    from .standing import Standing

FIRST_PAUSE: Final = 30.0
_LONGEST_PAUSE: Final = 1800.0
"""Seconds until it is tried again; each pause is twice as long as the one before."""
_FINAL: Final = frozenset({"no_whisper", "no_piper", "no_espeak", "no_such_weights"})
"""Reasons that nothing will change while Home Assistant runs."""


def async_prepare(hass: HomeAssistant, standing: Standing, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
    """Do the work in the background until it is done, and note how it stands.

    The engine cancels the task when it is stopped.
    """
    standing.waits("still_loading")
    return hass.async_create_background_task(_async_try(standing, work), f"{DOMAIN} preparation")


async def _async_try(standing: Standing, work: Callable[[], Awaitable[None]]) -> None:
    pause = FIRST_PAUSE
    while True:
        try:
            await work()
        except SpeechError as err:
            standing.fails(err.reason)
            if err.reason in _FINAL:
                return
        else:
            standing.works()
            return
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)
