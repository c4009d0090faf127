"""What the engines in this process share: being installed when they are wanted, and one thread in which work waits in line."""

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from homeassistant.requirements import RequirementsNotFound, async_process_requirements

from ..const import DOMAIN, LOGGER
from .errors import SpeechError

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeassistant.core import HomeAssistant


async def async_install(hass: HomeAssistant, requirements: list[str], module: str, reason: str) -> None:
    """Let Home Assistant install what an engine needs. Raise SpeechError with the reason where that is impossible."""
    try:
        await async_process_requirements(hass, DOMAIN, requirements)
    except RequirementsNotFound as err:
        raise SpeechError(reason) from err
    if await hass.async_add_executor_job(find_spec, module) is None:
        raise SpeechError(reason)


class Line:
    """Does one thing after the other in a thread of its own; what was cancelled while it waited is left out."""

    def __init__(self, hass: HomeAssistant, name: str, most: int, failed: str) -> None:
        """Let at most so many wait; one more is turned away, for it would come too late. `failed` names any other error."""
        self._hass, self._most, self._failed = hass, most, failed
        self._pool = ThreadPoolExecutor(1, f"{DOMAIN}_{name}")
        self._waiting = 0
        self._doing: set[Future[Any]] = set()

    @property
    def idle(self) -> bool:
        """Whether nothing is being done, not even what nobody waits for any more, and nothing waits."""
        return all(each.done() for each in self._doing)

    async def async_do[*Arguments, Result](
        self, work: Callable[[*Arguments], Result], *arguments: *Arguments
    ) -> Result:
        """Return what the work returns. Raise SpeechError."""
        if self._waiting >= self._most:
            raise SpeechError("busy")
        self._waiting += 1
        try:
            doing = self._pool.submit(work, *arguments)
            self._doing = {each for each in self._doing if not each.done()} | {doing}
            return await asyncio.wrap_future(doing)
        except SpeechError:
            raise
        except Exception as err:
            LOGGER.error("%s: %s", self._failed, type(err).__name__)
            raise SpeechError(self._failed) from err
        finally:
            self._waiting -= 1

    async def async_stop(self) -> None:
        """End after what is being done now."""
        await self._hass.async_add_executor_job(partial(self._pool.shutdown, cancel_futures=True))
