"""How this household uses its things, counted up once a day, if the user allows the journal: what the core calls Usage.

Only counts are kept, in a private file; no time of any single use, and no name of a person.
"""

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_time_change
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from ..const import CONF_ALLOWED, CONF_JOURNAL, DOMAIN, LOGGER
from ..core.routines import ALLOWED, NEVER, OFFERED, Routine
from ..core.usage import Usage
from ..exposure import Exposure
from .calls import Exposed
from .kept import Kept
from .tally import Tally, day_of
from .turns import async_read_journal, read_export

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..runtime import IntendantConfigEntry

STORE_KEY: Final = f"{DOMAIN}.usage"
STORE_VERSION: Final = 1
DAYS: Final = 28
"""Days of history that are read; Home Assistant's recorder keeps ten, if nobody changes that."""
DECISIONS: Final = {"never": NEVER, "ask": OFFERED, "allow": ALLOWED}
_AT: Final = (4, 20, 30)
"""When it is counted up: the day begins at four, and the recorder purges then."""
_BIGGEST: Final = 200_000_000
"""Bytes of an exported journal that is read."""


class UsageKeeper:
    """Counts use and keeps the counts."""

    def __init__(self, hass: HomeAssistant, entry: IntendantConfigEntry | None = None) -> None:
        """Begin with nothing."""
        self._hass = hass
        self._entry = entry
        self._store: Store[dict[str, Any]] = Store(hass, STORE_VERSION, STORE_KEY, private=True, atomic_writes=True)
        self._kept = Kept()
        self._usage = Usage()
        self._counting = asyncio.Lock()
        self._was_allowed = False
        self._ends: list[Callable[[], None]] = []
        self.failures = 0
        """How often something could not be read."""

    @property
    def allowed(self) -> bool:
        """Return whether the user allows that use is counted."""
        return self._entry is not None and bool(self._entry.options.get(CONF_JOURNAL, {}).get(CONF_ALLOWED))

    @property
    def usage(self) -> Usage:
        """Return what is known; nothing where it is not allowed."""
        return self._usage if self.allowed else Usage()

    @property
    def routines(self) -> tuple[Routine, ...]:
        """Return the habits that were found."""
        return self.usage.routines

    async def async_start(self) -> None:
        """Read what is kept, and count up whenever a day has passed."""
        await self._async_load()
        self._was_allowed = self.allowed
        self._ends = [
            async_at_started(self._hass, self._async_refresh_soon),
            async_track_time_change(self._hass, self._async_refresh_soon, *_AT),
        ]
        if self._entry:
            self._entry.async_on_unload(self._entry.add_update_listener(self._async_follow_options))

    @callback
    def async_stop(self) -> None:
        """Count no more."""
        for end in self._ends:
            end()
        self._ends = []

    async def async_refresh(self) -> None:
        """Count up what was used since the last time, and look for habits. Do nothing where it is not allowed."""
        if not self.allowed:
            return
        async with self._counting:
            today = day_of(dt_util.now())
            exposed, tally = self._exposed(), Tally()
            since = dt_util.utcnow() - timedelta(days=DAYS)
            if not await self._async_read_recorder(since, exposed, tally):
                return
            await self._async_read_journal(since, exposed, tally)
            await self._hass.async_add_executor_job(self._kept.take, tally, today)
            self._kept.limit(exposed.areas)
            await self._async_save()

    async def async_import(self, path: Path) -> int:
        """Count up an exported journal, as far as it is older than what was counted; return how many turns did something.

        Raise HomeAssistantError when it is not allowed, or when there is no such export.
        """
        if not self.allowed:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="usage_not_allowed")
        async with self._counting:
            exposed, tally = self._exposed(), Tally()
            try:
                found = await self._hass.async_add_executor_job(_read_file, path, exposed, tally)
            except (OSError, UnicodeDecodeError) as err:
                raise HomeAssistantError(translation_domain=DOMAIN, translation_key="no_journal_export") from err
            self._kept.take_earlier(tally, day_of(dt_util.now()))
            await self._async_save()
        return found

    async def async_decide(self, routine_id: str, state: str) -> bool:
        """Keep whether a habit may be offered (a state of core.routines); return whether there is such a habit."""
        if all(routine.id != routine_id for routine in self._kept.routines):
            return False
        self._kept.decisions.pop(routine_id, None)
        if state != OFFERED:
            self._kept.decisions[routine_id] = state
        await self._async_save()
        return True

    async def async_forget(self) -> None:
        """Forget everything that was counted, and what was decided."""
        async with self._counting:
            self._kept, self._usage = Kept(), Usage(allowed=True)
            await self._store.async_remove()

    async def async_remove(self) -> None:
        """Remove everything from disk."""
        await self._store.async_remove()

    async def _async_load(self) -> None:
        try:
            stored = await self._store.async_load()
            self._kept = Kept.from_json(stored) if stored else Kept()
        except HomeAssistantError, KeyError, TypeError, ValueError, AttributeError:
            LOGGER.warning("What was counted of the use of things cannot be read; it is counted anew")
            self._kept = Kept()
        self._usage = self._kept.usage()

    async def _async_save(self) -> None:
        self._usage = self._kept.usage()
        await self._store.async_save(self._kept.as_json())

    async def _async_follow_options(self, _hass: HomeAssistant, _entry: IntendantConfigEntry) -> None:
        """Count up at once when the user allows it."""
        if self.allowed and not self._was_allowed:
            self._async_refresh_soon()
        self._was_allowed = self.allowed

    @callback
    def _async_refresh_soon(self, _what: datetime | HomeAssistant | None = None) -> None:
        if self.allowed and self._entry:
            self._entry.async_create_background_task(self._hass, self.async_refresh(), f"{DOMAIN} usage")

    async def _async_read_recorder(self, since: datetime, exposed: Exposed, tally: Tally) -> bool:
        """Read the recorder's database, if there is one; return whether it answered."""
        if "recorder" not in self._hass.config.components:
            return True
        # Without a recorder its libraries are not there.
        from homeassistant.helpers.recorder import get_instance  # noqa: PLC0415
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

        from .recorded import read_recorder  # noqa: PLC0415

        machines = [user.id for user in await self._hass.auth.async_get_users() if user.system_generated]
        work = (read_recorder, self._hass, since, exposed, machines, tally)
        try:
            await get_instance(self._hass).async_add_executor_job(*work)
        except (SQLAlchemyError, OSError, RuntimeError, KeyError) as err:
            self._note_failure("recorder's database", err)
            return False
        return True

    async def _async_read_journal(self, since: datetime, exposed: Exposed, tally: Tally) -> None:
        journal = self._entry.runtime_data.journal if self._entry else None
        if journal is None or not journal.is_keeping:
            return
        try:
            await async_read_journal(journal, since, exposed, tally)
        except HomeAssistantError as err:
            self._note_failure("journal", err)

    def _note_failure(self, what: str, err: Exception) -> None:
        self.failures += 1
        LOGGER.warning("The use of things could not be read from the %s: %s", what, type(err).__name__)

    def _exposed(self) -> Exposed:
        """Return the things that the user exposes, with their areas."""
        exposure, entities = Exposure(self._hass), er.async_get(self._hass)
        areas: dict[str, str | None] = {}
        for entity_id in self._hass.states.async_entity_ids():
            if exposure.includes(entity_id):
                entry = entities.async_get(entity_id)
                areas[entity_id] = er.async_get_effective_area_id(self._hass, entry) if entry else None
        return Exposed(areas)


def _read_file(path: Path, exposed: Exposed, tally: Tally) -> int:
    if path.stat().st_size > _BIGGEST:
        raise OSError("too big")
    with path.open(encoding="utf-8") as lines:
        return read_export(lines, exposed, tally)
