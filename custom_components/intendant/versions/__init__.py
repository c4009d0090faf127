"""Versions of the bundle: put in service or made to read along, and taken back when people correct more since.

Whatever happens here, some bundle is in service all the time, and the one that comes along is always there to go back to.
How a new one comes in, stands in intake.py.
"""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, ISSUE_ROLLED_BACK, LOGGER
from ..core.errors import BundleError
from ..engine import hash_of, issue_of
from .intake import Intake
from .shadow import Shadow, differs
from .shelf import DEFAULT, OWN, Shelf, Version
from .verdict import async_word, bad, percent
from .watch import LOOKS, Share, async_count, rose

if TYPE_CHECKING:
    from pathlib import Path

    from ..core.interpret import Interpretation
    from ..engine import Engine
    from ..journal import Journal
    from ..journal.record import TurnRecord
    from ..runtime import IntendantConfigEntry

_WATCH_EVERY: Final = timedelta(minutes=10)
_MOST_COMPARED: Final = 2000
_PAGE: Final = 200


class Versions:
    """What is in service, what was, and what may be."""

    def __init__(self, hass: HomeAssistant, entry: IntendantConfigEntry, shelf: Shelf, engine: Engine) -> None:
        """Take the versions that are kept, and what serves them."""
        self._hass = hass
        self._entry = entry
        self._shelf = shelf
        self._engine = engine
        self._shadow = Shadow(hass, entry, engine)
        self._changing = asyncio.Lock()
        self._standing: dict[str, Version] = {}
        """What is known of the versions that were not sent in."""
        self.intake = Intake(hass, entry, shelf, engine, self)
        """What takes new ones."""
        self.checking: Version | None = None
        """What is being judged."""

    @property
    def _journal(self) -> Journal | None:
        journal = self._entry.runtime_data.journal
        return journal if journal and journal.is_keeping else None

    async def async_start(self) -> None:
        """Begin to watch; let the bundle that reads along be loaded without keeping anybody waiting."""
        standing = [DEFAULT, *([OWN] if self._shelf.holds(OWN) else [])]
        self._standing = {version: await self._async_describe(version) for version in standing}
        self._entry.async_on_unload(async_track_time_interval(self._hass, self._async_watch, _WATCH_EVERY))
        self._entry.async_on_unload(self._shadow.async_end)
        if self._shelf.index.shadow:
            self._entry.async_create_background_task(
                self._hass, self._async_resume(), "intendant loads what reads along"
            )

    async def _async_resume(self) -> None:
        try:
            await self.async_shadow(self._shelf.index.shadow)
        except HomeAssistantError:
            LOGGER.warning("The bundle that reads along cannot be loaded")

    async def _async_describe(self, version: str) -> Version:
        """Return what the card of a bundle says that was not sent in."""

        def describe() -> Version:
            from ..core.bundle import CARD, read_card  # noqa: PLC0415 - its libraries may not fit a machine

            folder = self._shelf.path(version)
            card = read_card(folder)
            made = dt_util.utc_from_timestamp((folder / CARD).stat().st_mtime)
            return Version(version, hash_of(card), made.isoformat(), dict(card.scores))

        try:
            return await self._hass.async_add_executor_job(describe)
        except BundleError:
            # The engine has a repair issue for that.
            return Version(version, "", "")

    # --- in service ---

    @property
    def in_service(self) -> str:
        """Return the version in service: what comes along, where the one that should be cannot be loaded."""
        return DEFAULT if self._engine.bundled else self._shelf.index.in_service

    async def async_use(self, version: str) -> None:
        """Put a version in service. Raise a HomeAssistantError when it is not there or cannot be loaded."""
        self._check_known(version)
        async with self._changing:
            replaced = self._engine.hash
            await self._async_serve(version)
            self._shelf.put_in_service(version)
            self._shelf.watch(replaced)
            await self._async_changed()

    async def async_back(self) -> None:
        """Put the version in service that was before. Raise a HomeAssistantError when it cannot be loaded."""
        async with self._changing:
            version = self._shelf.before
            await self._async_serve(version)
            self._shelf.put_back(version)
            await self._async_changed()

    def folder(self, version: str) -> Path:
        """Return where the files of a version lie. Raise a ServiceValidationError when there is none."""
        self._check_known(version)
        return self._shelf.path(version)

    def _check_known(self, version: str) -> None:
        if not self._shelf.holds(version):
            raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_such_version")

    async def _async_serve(self, version: str) -> None:
        try:
            await self._engine.async_use(self._shelf.path(version))
        except BundleError as err:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key=issue_of(err)) from err

    async def _async_changed(self) -> None:
        if self._shelf.index.shadow is None:
            self._shadow.async_end()
        ir.async_delete_issue(self._hass, DOMAIN, ISSUE_ROLLED_BACK)
        await self._shelf.async_save()

    # --- reading along ---

    async def async_shadow(self, version: str | None) -> None:
        """Let a version read along, or none. Raise a HomeAssistantError when it is not there or cannot be loaded."""
        if version is not None:
            self._check_known(version)
            if version == self.in_service:
                raise ServiceValidationError(translation_domain=DOMAIN, translation_key="already_in_service")
        async with self._changing:
            self._shadow.async_end()
            if version is not None:
                try:
                    interpreter, card = await self._engine.async_open(self._shelf.path(version))
                except BundleError as err:
                    raise HomeAssistantError(translation_domain=DOMAIN, translation_key=issue_of(err)) from err
                self._shadow.async_begin(interpreter, hash_of(card))
            self._shelf.index.shadow = version
            await self._shelf.async_save()

    @callback
    def async_follow(self, turn_id: int | None, understood: Interpretation | None) -> None:
        """Take a turn that was answered, by its id in the journal (None when it is not kept), for what reads along."""
        if understood and (journal := self._journal):
            self._shadow.async_follow(turn_id, understood, journal)

    async def async_differences(self, limit: int) -> list[TurnRecord]:
        """Return the latest turns in which what reads along would have read or done something else."""
        found: list[TurnRecord] = []
        journal, before, looked = self._journal, None, 0
        more = journal is not None
        while journal and more and len(found) < limit and looked < _MOST_COMPARED:
            turns, more, _ = await journal.async_list("all", "", before, _PAGE)
            found += filter(differs, turns)
            looked += len(turns)
            before = turns[-1].id if turns else None
            more = more and bool(turns)
        return found[:limit]

    # --- watching ---

    async def _async_watch(self, _now: datetime) -> None:
        """Compare how much is corrected since the last change with how much was before; go back when it rose."""
        changed, journal, index = self._shelf.changed, self._journal, self._shelf.index
        if changed is None or journal is None or self.in_service != index.in_service:
            return
        try:
            counted = await async_count(journal, changed, index.replaced, self._engine.hash)
        except HomeAssistantError:
            # The journal has a repair issue for that.
            return
        if self._shelf.changed != changed:
            return
        looks = index.looks
        while index.looks < len(LOOKS) and (shares := counted.look(index.looks)):
            index.looks += 1
            if rose(*shares):
                await self._async_roll_back(*shares)
                return
        if index.looks == len(LOOKS):
            index.changed = None
        if index.looks != looks:
            await self._shelf.async_save()

    async def _async_roll_back(self, before: Share, since: Share) -> None:
        async with self._changing:
            version, back = self._shelf.index.in_service, self._shelf.before
            try:
                await self._async_serve(back)
            except HomeAssistantError:
                back = DEFAULT
                await self._async_serve(back)
            facts = {"before": percent(before.share), "since": percent(since.share), "turns": str(since.turns)}
            self._shelf.put_back(back)
            self._shelf.note(version, bad("rolled_back", **facts))
            await self._async_changed()
            LOGGER.warning("Version %s was taken out of service: people corrected more", version)
            ir.async_create_issue(
                self._hass,
                DOMAIN,
                ISSUE_ROLLED_BACK,
                is_fixable=False,
                is_persistent=True,
                severity=ir.IssueSeverity.WARNING,
                translation_key=ISSUE_ROLLED_BACK,
                translation_placeholders={"version": version, "back": back, **facts},
            )

    # --- what is shown ---

    async def async_list(self, language: str) -> list[dict[str, Any]]:
        """Return every version with what became of it and why, the newest first."""
        index = self._shelf.index
        sent = [*([self.checking] if self.checking else []), *reversed(index.versions.values())]
        return [
            {
                "version": known.version,
                "hash": known.hash,
                "made": known.made,
                "scores": known.scores,
                "state": self._state_of(known),
                "why": await async_word(self._hass, known.findings, language),
            }
            for known in (*sent, *self._standing.values())
        ]

    def count(self) -> dict[str, int]:
        """Return how many versions there are of each state, for diagnostics."""
        return dict(Counter(self._state_of(known) for known in self._shelf.index.versions.values()))

    def _state_of(self, known: Version) -> str:
        if known is self.checking:
            return "checking"
        if known.version == self.in_service:
            return "in_service"
        if known.version == self._shelf.index.shadow:
            return "shadow"
        return "refused" if known.refused else "kept"
