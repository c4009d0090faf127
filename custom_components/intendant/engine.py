"""The bundle in service: loads it, keeps the last good one, and keeps the core's work off the event loop.

Only this module holds a model. One interpreter serves every conversation; each turn brings its own situation.
"""

import asyncio
import time
import traceback
from collections import Counter, deque
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from .const import (
    DEFAULT_BUNDLE,
    DOMAIN,
    ISSUE_BUNDLE_CORRUPT,
    ISSUE_BUNDLE_MISMATCH,
    ISSUE_BUNDLE_MISSING,
    LOGGER,
    UNDERSTAND_SECONDS,
)
from .core.answer import Answer, word_answer
from .core.errors import BundleError, BundleMismatch, BundleMissing
from .core.languages import phrases_of
from .core.lexicon import LANGUAGES
from .core.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .core.bundle import Card
    from .core.house import House
    from .core.intentions import Result, Situation
    from .core.interpret import Interpretation, Interpreter
    from .core.nickname import Wanted

ISSUES = (ISSUE_BUNDLE_MISSING, ISSUE_BUNDLE_CORRUPT, ISSUE_BUNDLE_MISMATCH)
_REMEMBERED_TURNS = 200
_WEIGHTS = "model.safetensors"


def load_interpreter(path: Path) -> tuple[Interpreter, Card]:
    """Load a bundle and return what understands with it, and its card. Blocks."""
    # The model's libraries take their time to import and may not fit a machine: only where a bundle is really loaded.
    from .core.bundle import load_bundle  # noqa: PLC0415
    from .core.interpret import Interpreter  # noqa: PLC0415

    bundle = load_bundle(path)
    return Interpreter(bundle), bundle.card


def hash_of(card: Card) -> str:
    """Return what tells the bundle from all others: the start of the SHA-256 of its weights."""
    return card.sha256[_WEIGHTS][:16]


def issue_of(error: BundleError) -> str:
    """Return the repair issue for an error of a bundle; also the key of its translations."""
    if isinstance(error, BundleMissing):
        return ISSUE_BUNDLE_MISSING
    return ISSUE_BUNDLE_MISMATCH if isinstance(error, BundleMismatch) else ISSUE_BUNDLE_CORRUPT


class Engine:
    """The model that understands, and how it has been doing."""

    def __init__(self, hass: HomeAssistant, entry_id: str, path: Path) -> None:
        """Serve the bundle in the folder."""
        self._hass = hass
        self._entry_id = entry_id
        self._path = path
        self._loading = asyncio.Lock()
        self._turns = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.interpreter: Interpreter | None = None
        """What understands with the bundle in service."""
        self.card: Card | None = None
        self.bundled = False
        """Whether the bundle that comes along is in service."""
        self.listener: Callable[[Interpretation, str, Situation], None] | None = None
        """Is told of every sentence that was understood, before anything is done about it."""
        self.counts: Counter[str] = Counter()
        self._seconds: deque[float] = deque(maxlen=_REMEMBERED_TURNS)

    @property
    def languages(self) -> list[str]:
        """Return the languages that the bundle understands."""
        return list(self.card.languages) if self.card and self.card.languages else list(LANGUAGES)

    @property
    def version(self) -> str | None:
        """Return what tells one bundle from another."""
        return self.card.recipe[:12] if self.card else None

    @property
    def hash(self) -> str:
        """Return what stands in records of turns for the bundle: the start of the SHA-256 of its weights."""
        return hash_of(self.card) if self.card else ""

    async def async_load(self, *, strict: bool = False) -> None:
        """Load the bundle. When it is bad, say so in a repair issue and go on with the last good one, or the bundled one.

        Raise BundleError when there is none at all, or at once if `strict`.
        """
        async with self._loading:
            try:
                await self._async_take(self._path)
            except BundleError as err:
                LOGGER.error("The bundle cannot be used: %s", err)
                self._async_report(issue_of(err))
                if strict or (self.interpreter is None and self._path == DEFAULT_BUNDLE):
                    raise
                if self.interpreter is None:
                    await self._async_take(DEFAULT_BUNDLE)
            else:
                self._async_report(None)

    async def async_use(self, path: Path) -> None:
        """Put the bundle in another folder in service. Raise BundleError when it is bad: the one in service stays."""
        async with self._loading:
            await self._async_take(path)
            self._path = path
            self._async_report(None)

    async def async_open(self, path: Path) -> tuple[Interpreter, Card]:
        """Load a bundle without putting it in service. Raise BundleError."""
        return await self._hass.async_add_executor_job(load_interpreter, path)

    async def async_idle(self) -> None:
        """Wait until no sentence is being read: what is not urgent lets people go first."""
        await self._idle.wait()

    async def _async_take(self, path: Path) -> None:
        self.interpreter, self.card = await self.async_open(path)
        self.bundled = path == DEFAULT_BUNDLE

    @callback
    def _async_report(self, issue: str | None) -> None:
        for known in ISSUES:
            if known != issue:
                ir.async_delete_issue(self._hass, DOMAIN, known)
        if issue:
            ir.async_create_issue(
                self._hass,
                DOMAIN,
                issue,
                is_fixable=True,
                severity=ir.IssueSeverity.ERROR,
                translation_key=issue,
                data={"entry_id": self._entry_id, "bundled": self._path == DEFAULT_BUNDLE},
            )

    async def async_interpret(self, text: str, situation: Situation) -> Interpretation:
        """Return what a sentence means. Raise a HomeAssistantError when the model takes too long."""
        if self.interpreter is None:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="no_model")
        started = time.monotonic()
        try:
            with self._busy():
                async with asyncio.timeout(UNDERSTAND_SECONDS):
                    found = await self._hass.async_add_executor_job(self.interpreter.interpret, text, situation)
        except TimeoutError as err:
            self.counts["timeouts"] += 1
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="understanding_timed_out") from err
        except Exception as err:
            raise self._failed("understanding_failed", err) from err
        self._seconds.append(time.monotonic() - started)
        self.counts["turns"] += 1
        self.counts.update(type(intention).__name__ for intention in found.intentions)
        if self.listener:
            self.listener(found, text, situation)
        return found

    async def async_names(self, text: str, wanted: Wanted, house: House, language: str) -> list[tuple[str, bool]]:
        """Return words of a sentence that may name what was wanted with it (core.nickname), when nobody is waiting."""
        await self.async_idle()
        if self.interpreter is None:
            return []
        return await self._hass.async_add_executor_job(self.interpreter.names_in, text, wanted, house, language)

    @contextmanager
    def _busy(self) -> Iterator[None]:
        self._turns += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._turns -= 1
            if not self._turns:
                self._idle.set()

    def rate(self, text: str, house: House, language: str) -> tuple[float, float]:
        """Return how sure the model is of its reading of a sentence, and how likely it finds it that it is not for the house.

        Nothing is known, (1, 0), where there is no model. Blocks for some 35 ms.
        """
        if self.interpreter is None:
            return 1.0, 0.0
        reading = self.interpreter.read(clean(text), house, language)
        return reading.confidence, reading.outside

    async def async_word(self, results: Sequence[Result], situation: Situation) -> Answer:
        """Return the answer to what came of a sentence. Raise a HomeAssistantError when there are no words for it."""
        try:
            return await self._hass.async_add_executor_job(word_answer, results, situation)
        except Exception as err:
            raise self._failed("wording_failed", err) from err

    async def async_phrase(self, key: str, language: str) -> str:
        """Return a sentence that says the same in every situation."""

        def phrase() -> str:
            phrases = phrases_of(language)
            return phrases.sentence(phrases.word("misc", key))

        return await self._hass.async_add_executor_job(phrase)

    def _failed(self, key: str, err: Exception) -> HomeAssistantError:
        """Note a mistake of ours. Its message may hold words of the sentence: only where it happened is logged."""
        self.counts[key] += 1
        place = traceback.extract_tb(err.__traceback__)[-1]
        LOGGER.error("%s: %s at %s:%s", key, type(err).__name__, Path(place.filename).name, place.lineno)
        return HomeAssistantError(translation_domain=DOMAIN, translation_key=key)

    def latencies(self) -> dict[str, float]:
        """Return how long understanding took lately, in milliseconds."""
        if len(self._seconds) < 2:
            return {}
        cuts = quantiles(self._seconds, n=20, method="inclusive")
        return {"median": round(cuts[9] * 1000, 1), "p95": round(cuts[18] * 1000, 1)}
