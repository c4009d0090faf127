"""Whether an engine can be used now: said once in the log when it no longer can, and once when it can again."""

from typing import TYPE_CHECKING

from ..const import LOGGER

if TYPE_CHECKING:
    from collections.abc import Callable


class Standing:
    """What is known of an engine. Without anybody listening it is silent: a form tries things that may well fail."""

    def __init__(self, what: str) -> None:
        """Take what it is called in the log; it is well until something else is known."""
        self._what = what
        self._listener: Callable[[], None] | None = None
        self.reason: str | None = None
        """Why it can't be used (a key of the exceptions' translations); None when it can."""

    @property
    def watched(self) -> bool:
        """Return whether anybody listens."""
        return self._listener is not None

    def listen(self, listener: Callable[[], None] | None) -> None:
        """Call somebody in the event loop on every change; nobody any more for None."""
        self._listener = listener

    def waits(self, reason: str) -> None:
        """Note that it can't be used yet, which is nothing to warn of."""
        self._set(reason)

    def fails(self, reason: str) -> None:
        """Note that it can't be used."""
        if self.watched and reason != self.reason:
            LOGGER.warning("%s can't be used: %s", self._what, reason)
        self._set(reason)

    def works(self) -> None:
        """Note that it can be used."""
        if self.watched and self.reason:
            LOGGER.info("%s can be used", self._what)
        self._set(None)

    def _set(self, reason: str | None) -> None:
        if reason != self.reason:
            self.reason = reason
            if self._listener:
                self._listener()
