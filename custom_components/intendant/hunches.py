"""What was taught once, which is not enough: remembered so that the second time is known, and so that nobody can read it.

Only keyed hashes are kept. What people said cannot be told from them without trying every sentence there is.
"""

from hashlib import blake2s
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final

from .core.phrasebook import phrase_key

if TYPE_CHECKING:
    from .core.phrasebook import Phrase

_MOST: Final = 400
_MOST_SENTENCES: Final = 4
_SIZE: Final = 12


class Hunches:
    """Phrases and the sentences that they were taught by."""

    def __init__(self) -> None:
        """Begin without any."""
        self._salt = token_hex(16)
        self._kept: dict[str, list[str]] = {}

    def load(self, stored: dict[str, Any]) -> None:
        """Take up what as_dict returned before a restart."""
        self._salt = stored.get("salt", self._salt)
        self._kept = dict(stored.get("kept", {}))

    def as_dict(self) -> dict[str, Any]:
        """Return them for the disk."""
        return {"salt": self._salt, "kept": self._kept}

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()

    def forget(self, phrase: Phrase) -> None:
        """Forget by which sentences a phrase was taught."""
        self._kept.pop(self._hash_of(phrase), None)

    def has(self, phrase: Phrase, besides: str | None = None) -> bool:
        """Return whether a phrase was taught before, by another sentence than `besides` if that is given."""
        own = self._hash(phrase_key(besides, phrase.language)) if besides is not None else None
        return any(sentence != own for sentence in self._kept.get(self._hash_of(phrase), ()))

    def add(self, phrase: Phrase, sentence: str) -> None:
        """Remember that a phrase was taught by a sentence; the oldest go."""
        key = self._hash_of(phrase)
        kept = [*self._kept.pop(key, []), self._hash(phrase_key(sentence, phrase.language))]
        self._kept[key] = kept[-_MOST_SENTENCES:]
        while len(self._kept) > _MOST:
            del self._kept[next(iter(self._kept))]

    def _hash_of(self, phrase: Phrase) -> str:
        key = phrase_key(phrase.words, phrase.language)
        return self._hash("\n".join((phrase.language, key, phrase.means, phrase.verb or "", *phrase.entity_ids)))

    def _hash(self, text: str) -> str:
        return blake2s(text.encode(), key=bytes.fromhex(self._salt), digest_size=_SIZE).hexdigest()
