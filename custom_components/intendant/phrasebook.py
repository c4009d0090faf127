"""The household's own words, kept across restarts: what was taught by voice, on the page, or by a correction."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.ulid import ulid_now

from .const import DOMAIN
from .core.phrasebook import Phrase, phrase_key
from .core.text import lower
from .hunches import Hunches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .core.lesson import Lesson

STORE_KEY = f"{DOMAIN}.phrases"
STORE_VERSION = 1
MOST = 500
"""Phrases that are kept; the one that was learnt first goes first."""
_SAVED_AFTER = 60
PAGE, CORRECTED, TAUGHT = "page", "voice", "taught"
"""Where a phrase comes from: chosen on the page, learnt from a correction, or said to be learnt."""


@dataclass(frozen=True, slots=True)
class LearntPhrase:
    """A phrase with where it comes from and how often it was used."""

    id: str
    phrase: Phrase
    source: str
    learnt: str
    """When, in UTC (ISO 8601)."""
    uses: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return it for the page and for the disk."""
        phrase = self.phrase
        return {
            "id": self.id,
            "phrase": phrase.words,
            "language": phrase.language,
            "kind": "alias" if phrase.is_name else "sentence",
            "means": phrase.means,
            "verb": phrase.verb,
            "entity_ids": list(phrase.entity_ids),
            "source": self.source,
            "learnt": self.learnt,
            "uses": self.uses,
        }


class PhraseBook:
    """All phrases of the household, by what they are said like."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin without any."""
        self._store: Store[dict[str, Any]] = Store(hass, STORE_VERSION, STORE_KEY, private=True, atomic_writes=True)
        self._learnt: dict[tuple[str, str], LearntPhrase] = {}
        self._hunches = Hunches()
        self._listeners: list[Callable[[], None]] = []

    async def async_load(self) -> None:
        """Read what was learnt before a restart."""
        stored = await self._store.async_load() or {"phrases": []}
        self._learnt = {_key(learnt.phrase): learnt for learnt in map(_from_json, stored["phrases"])}
        self._hunches.load(stored.get("hunches") or {})

    @property
    def phrases(self) -> list[LearntPhrase]:
        """Return all phrases, what was learnt last first."""
        return sorted(self._learnt.values(), key=lambda learnt: learnt.learnt, reverse=True)

    def in_language(self, language: str) -> Mapping[str, Phrase]:
        """Return the phrases of a language by their keys (core.phrasebook.phrase_key)."""
        return {key: learnt.phrase for (own, key), learnt in self._learnt.items() if own == language}

    def names_of(self, entity_id: str) -> list[str]:
        """Return the names that the household has given a thing."""
        phrases = [learnt.phrase for learnt in self._learnt.values()]
        return [phrase.words for phrase in phrases if phrase.is_name and entity_id in phrase.entity_ids]

    @callback
    def async_listen(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call back whenever phrases change; return what ends that."""
        self._listeners.append(changed)
        return lambda: self._listeners.remove(changed)

    async def async_learn(
        self, phrase: str, language: str, verb: str | None, entity_ids: tuple[str, ...], source: str
    ) -> LearntPhrase:
        """Learn that words are a name of things, or (with a verb) a command. A phrase learnt before is replaced."""
        return await self.async_keep(Phrase(phrase, language, "", verb, entity_ids), source)

    async def async_keep(self, phrase: Phrase, source: str) -> LearntPhrase:
        """Keep a phrase in place of what the same words meant before."""
        learnt = LearntPhrase(ulid_now(), phrase, source, dt_util.utcnow().isoformat())
        self._learnt[_key(phrase)] = learnt
        for old in self.phrases[MOST:]:
            del self._learnt[_key(old.phrase)]
        await self._async_changed()
        return learnt

    async def async_take(self, lesson: Lesson) -> LearntPhrase | None:
        """Keep what a correction teaches, if it is sure or was taught before; return it then."""
        known = self._learnt.get(_key(lesson.phrase))
        if known and known.phrase == lesson.phrase:
            return None
        if not lesson.sure and not self._hunches.has(lesson.phrase):
            self._suspect(lesson.phrase, lesson.phrase.words)
            return None
        return await self.async_keep(lesson.phrase, CORRECTED)

    async def async_consider(
        self, names: Iterable[tuple[str, bool]], sentence: str, language: str, entity_id: str
    ) -> LearntPhrase | None:
        """Take words of a sentence that may name a thing (core.nickname); return the name that they are for the second time.

        Twice must be in two sentences: not all that is said again and again while a thing is wanted is its name.
        """
        again: list[Phrase] = []
        for words, bare in names:
            phrase = Phrase(lower(words), language, entity_ids=(entity_id,))
            if _key(phrase) not in self._learnt and self._hunches.has(phrase, besides=None if bare else sentence):
                again.append(phrase)
            self._suspect(phrase, sentence)
        return await self.async_keep(max(again, key=lambda phrase: len(phrase.words)), CORRECTED) if again else None

    @callback
    def async_forget_hunches(self) -> None:
        """Forget what was taught once only."""
        self._hunches.clear()
        self._store.async_delay_save(self._as_json, _SAVED_AFTER)

    @callback
    def _suspect(self, phrase: Phrase, sentence: str) -> None:
        self._hunches.add(phrase, sentence)
        self._store.async_delay_save(self._as_json, _SAVED_AFTER)

    @callback
    def async_note_use(self, phrase: Phrase) -> None:
        """Count that a phrase was said."""
        if learnt := self._learnt.get(_key(phrase)):
            self._learnt[_key(phrase)] = replace(learnt, uses=learnt.uses + 1)
            self._store.async_delay_save(self._as_json, _SAVED_AFTER)

    async def async_forget(self, phrase_id: str) -> bool:
        """Forget a phrase; return whether it was known."""
        key = next((key for key, learnt in self._learnt.items() if learnt.id == phrase_id), None)
        if key is None:
            return False
        # What was forgotten has to be taught from the beginning.
        self._hunches.forget(self._learnt.pop(key).phrase)
        await self._async_changed()
        return True

    async def async_forget_words(self, phrase: Phrase) -> bool:
        """Forget what words mean; return whether they meant anything."""
        learnt = self._learnt.get(_key(phrase))
        return await self.async_forget(learnt.id) if learnt else False

    async def async_forget_all(self) -> None:
        """Forget every phrase."""
        self._learnt.clear()
        self._hunches.clear()
        await self._async_changed()

    async def async_remove(self) -> None:
        """Remove everything from disk."""
        await self._store.async_remove()

    async def _async_changed(self) -> None:
        for changed in list(self._listeners):
            changed()
        await self._store.async_save(self._as_json())

    @callback
    def _as_json(self) -> dict[str, Any]:
        return {"phrases": [learnt.as_dict() for learnt in self._learnt.values()], "hunches": self._hunches.as_dict()}


def _key(phrase: Phrase) -> tuple[str, str]:
    return phrase.language, phrase_key(phrase.words, phrase.language)


def _from_json(raw: Mapping[str, Any]) -> LearntPhrase:
    phrase = Phrase(raw["phrase"], raw["language"], raw["means"], raw["verb"], tuple(raw["entity_ids"]))
    return LearntPhrase(raw["id"], phrase, raw["source"], raw["learnt"], raw["uses"])
