"""Keep PINs: hashed when they are set, checked when they are said, closed for a while after too many wrong ones.

A PIN is never kept, logged or shown; what is stored is a scrypt hash (RFC 7914) with a salt of its own.
"""

import hashlib
import hmac
import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from homeassistant.util import dt as dt_util

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

RIGHT, WRONG, CLOSED = "right", "wrong", "closed"
TRIES: Final = 3
CLOSED_FOR: Final = timedelta(minutes=5)
_COST: Final = 2**14
"""scrypt's N: 16 MB and about 50 ms on a small machine."""


def hash_pin(pin: str) -> str:
    """Return what may be stored of a PIN. Blocks."""
    salt = os.urandom(16)
    return f"{salt.hex()}${_derive(pin, salt).hex()}"


def is_pin(pin: str, stored: str) -> bool:
    """Return whether this is the PIN that was stored. Blocks."""
    salt, _, expected = stored.partition("$")
    return hmac.compare_digest(_derive(pin, bytes.fromhex(salt)).hex(), expected)


def _derive(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=_COST, r=8, p=1, maxmem=64 * 1024 * 1024)


class Pins:
    """The PIN of one agent, and how often a wrong one was said."""

    def __init__(self, hass: HomeAssistant, stored: str | None) -> None:
        """Take the hash, None when no PIN was set."""
        self._hass, self._stored = hass, stored
        self._wrong = 0
        self._closed_until: datetime | None = None

    @property
    def is_set(self) -> bool:
        """Return whether there is a PIN at all."""
        return self._stored is not None

    @property
    def closed(self) -> bool:
        """Return whether no PIN is taken for now."""
        if self._closed_until and dt_util.utcnow() >= self._closed_until:
            self._closed_until, self._wrong = None, 0
        return self._closed_until is not None

    async def async_check(self, pin: str) -> str:
        """Return RIGHT, WRONG, or CLOSED when this or an earlier one was one too many."""
        if self.closed or self._stored is None:
            return CLOSED
        # Counted before it is checked, so that tries at the same time do not slip through.
        self._wrong += 1
        if self._wrong > TRIES:
            return CLOSED
        if await self._hass.async_add_executor_job(is_pin, pin, self._stored):
            self._wrong = 0
            return RIGHT
        if self._wrong < TRIES:
            return WRONG
        self._closed_until = dt_util.utcnow() + CLOSED_FOR
        return CLOSED
