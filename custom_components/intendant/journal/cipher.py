"""Encrypt what is kept: AES-GCM with a key that lies apart from the data."""

import os
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE: Final = 12
_BITS: Final = 256


class SealBrokenError(Exception):
    """Something was not encrypted with this key, or was changed since, or belongs elsewhere."""


class Cipher:
    """Seals bytes for one place each: what was sealed for one row opens in no other."""

    def __init__(self, key: str) -> None:
        """Take a key in hexadecimal digits. Raise ValueError when it is none."""
        self._aes = AESGCM(bytes.fromhex(key))

    @staticmethod
    def make_key() -> str:
        """Return a new key."""
        return AESGCM.generate_key(_BITS).hex()

    @classmethod
    def of(cls, key: object) -> Self | None:
        """Return the cipher of what was stored as a key, None when that is none."""
        try:
            return cls(key) if isinstance(key, str) else None
        except ValueError:
            return None

    def seal(self, plain: bytes, place: str) -> bytes:
        """Return nonce and cipher text."""
        nonce = os.urandom(_NONCE)
        return nonce + self._aes.encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Return the bytes that were sealed. Raise SealBrokenError."""
        try:
            return self._aes.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
        except (InvalidTag, ValueError) as err:
            raise SealBrokenError from err
