"""What was heard and done, and what came of it: kept only if the user allows it, encrypted, for so long and no longer.

The journal never disturbs a turn: what goes wrong here is logged by its kind, and the turn goes on. One thread of its own
does everything that blocks.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Concatenate, Final, Self

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, State, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from ..const import CONF_ALLOWED, CONF_DAYS, CONF_JOURNAL, CONF_TURNS, LOGGER
from .compose import compose, prepare
from .export import header, line
from .figures import count_up
from .others import Missed, OtherAgents, record_of
from .record import Flag, Signal, TurnRecord
from .signals import Signals
from .store import JournalFile
from .vault import Vault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping

    from ..core.values import Home
    from .compose import Heard

DEFAULT_DAYS, DEFAULT_TURNS = 90, 100_000
MOST_DAYS, FEWEST_TURNS, MOST_TURNS = 3650, 100, 1_000_000
FILTERS: Final[Mapping[str, Flag | None]] = {
    "all": None,
    "not_understood": Flag.NOT_UNDERSTOOD,
    "corrected": Flag.CORRECTED | Flag.BY_HAND,
    "wrong": Flag.WRONG,
    "unsure": Flag.UNSURE,
    "handed_over": Flag.HANDED_OVER,
}
_EXPORTED_AT_ONCE: Final = 500
_PRUNE_EVERY: Final = timedelta(hours=6)
_PRUNE_TURNS: Final = 200


@dataclass(frozen=True, slots=True)
class Bounds:
    """Whether turns may be kept, for how many days, and how many of them."""

    allowed: bool = False
    days: int = DEFAULT_DAYS
    turns: int = DEFAULT_TURNS

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Self:
        """Return what the entry's options say."""
        chosen = options.get(CONF_JOURNAL) or {}
        return cls(
            chosen.get(CONF_ALLOWED, False), chosen.get(CONF_DAYS, DEFAULT_DAYS), chosen.get(CONF_TURNS, DEFAULT_TURNS)
        )

    def as_dict(self) -> dict[str, Any]:
        """Return what is stored in the entry's options."""
        return {CONF_ALLOWED: self.allowed, CONF_DAYS: self.days, CONF_TURNS: self.turns}


class Journal:
    """The turns of this household."""

    def __init__(self, hass: HomeAssistant, entry_id: str, bounds: Bounds) -> None:
        """Prepare; nothing is made before it is allowed."""
        self._hass = hass
        self.bounds = bounds
        self._vault = Vault(hass, entry_id)
        self._signals = Signals(hass, self.async_signal)
        self._others = OtherAgents(hass, self._async_missed)
        self._next = 1
        self._since_pruned = 0
        self._ends: list[Callable[[], None]] = []
        # Held while the file is opened, closed or deleted: who reads meanwhile gets what is there afterwards.
        self._changing = asyncio.Lock()

    @callback
    def async_on_hand(self, listener: Callable[[TurnRecord, State, State], None]) -> None:
        """Have a listener told of turns after which something was done by hand, with the states before and after."""
        self._signals.by_hand = listener

    # --- beginning and end ---

    async def async_start(self) -> None:
        """Open what is kept; begin to keep more if that is allowed."""
        async with self._changing:
            await self._async_open()

    async def async_stop(self) -> None:
        """Write what is still to be written, and close."""
        async with self._changing:
            await self._async_close()

    async def async_allow(self, bounds: Bounds | None, *, forget: bool = False) -> None:
        """Take over what the user allows from now on (None: what was allowed before); `forget` what is kept."""
        async with self._changing:
            await self._async_close()
            self.bounds = bounds or self.bounds
            if forget:
                await self._vault.async_destroy()
            await self._async_open()

    async def async_remove(self) -> None:
        """Delete everything, the key too."""
        async with self._changing:
            await self._async_close()
            await self._vault.async_destroy()

    async def _async_open(self) -> None:
        last_id = await self._vault.async_open(make=self.bounds.allowed)
        self._next = max(self._next, last_id + 1)
        if not self._vault.is_open:
            return
        self._vault.async_post(lambda _file: self._vault.check())
        self._async_prune()
        self._ends = [
            async_track_time_interval(self._hass, self._async_prune, _PRUNE_EVERY),
            self._hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, self._async_on_stop),
        ]
        if self.bounds.allowed:
            await self._hass.async_add_executor_job(prepare)
            self._ends += [self._signals.async_listen(), self._others.async_listen()]

    async def _async_close(self) -> None:
        for end in self._ends:
            end()
        self._ends = []
        self._signals.async_clear()
        await self._vault.async_close()

    async def _async_on_stop(self, _event: Event) -> None:
        await self.async_stop()

    # --- writing; on the event loop, in no time ---

    @callback
    def async_note(self, heard: Heard, dialogue: object) -> int | None:
        """Keep a turn and what it says about the turns before it; return its id, None when nothing is kept."""
        if not self.is_keeping:
            return None
        try:
            record = compose(self._next, heard)
            found = self._signals.async_follow(record, heard, dialogue)
        except Exception as err:  # noqa: BLE001 - a mistake of the journal's is none of the turn's
            LOGGER.error("A turn could not be noted: %s", type(err).__name__)
            return None
        self.async_write(record, replies=heard.replies)
        for turn_id, signal in found:
            self.async_signal(turn_id, signal)
        return record.id

    @callback
    def async_write(self, record: TurnRecord, *, replies: bool = False, others: bool = False) -> None:
        """Write a record down. `replies` when it is no wish of its own, `others` when another agent heard it."""
        if not self.is_keeping:
            return
        self._next = max(self._next, record.id) + 1
        sticky = (Flag.REPLY if replies else Flag(0)) | (Flag.OTHERS if others else Flag(0))
        self._vault.async_post(JournalFile.add, record, sticky)
        self._since_pruned += 1
        if self._since_pruned >= _PRUNE_TURNS:
            self._async_prune()

    @callback
    def async_signal(self, turn_id: int, signal: Signal) -> None:
        """Add what followed a turn to its record."""
        self._vault.async_post(JournalFile.change, turn_id, lambda record: record.with_signal(signal))

    @callback
    def _async_missed(self, missed: Missed) -> None:
        record = record_of(self._hass, self._next, missed)
        self._signals.async_note(record, missed.user_input.context.user_id)
        self.async_write(record, others=True)

    @callback
    def _async_prune(self, _now: datetime | None = None) -> None:
        self._since_pruned = 0
        self._vault.async_post(JournalFile.prune, self.bounds.days, self.bounds.turns)

    # --- reading and changing. All raise a HomeAssistantError when the journal cannot be read ---

    @property
    def is_keeping(self) -> bool:
        """Return whether turns are kept."""
        return self.bounds.allowed and self._vault.is_open

    @property
    def key_lost(self) -> bool:
        """Return whether what is kept cannot be read any more."""
        return self._vault.key_lost

    @property
    def failures(self) -> int:
        """Return how often something went wrong."""
        return self._vault.failures

    async def async_count(self) -> int:
        """Return how many turns are kept and can be read."""
        return await self._async_do(JournalFile.count) if await self._async_is_open() else 0

    async def async_list(
        self, shown: str = "all", search: str = "", before: int | None = None, limit: int = 50
    ) -> tuple[list[TurnRecord], bool, int]:
        """Return turns (see FILTERS), the newest first, whether there are more, and how many there are in all."""
        if not await self._async_is_open() and not self.key_lost:
            return [], False, 0
        found, total = await self._async_do(_list, FILTERS[shown], search, before, limit)
        return found[:limit], len(found) > limit, total

    async def async_get(self, turn_id: int) -> TurnRecord | None:
        """Return a turn, None when it is gone."""
        return await self._async_do(JournalFile.get, turn_id)

    async def async_mark(
        self, turn_id: int, mark: str | None, meant: dict[str, Any] | None = None
    ) -> TurnRecord | None:
        """Note that a turn was right or wrong, and what was meant; return it, None when it is gone."""
        return await self.async_change(turn_id, lambda record: replace(record, mark=mark, meant=meant))

    async def async_change(self, turn_id: int, change: Callable[[TurnRecord], TurnRecord]) -> TurnRecord | None:
        """Replace a turn by what `change` makes of it; return that, None when it is gone."""
        return await self._async_do(JournalFile.change, turn_id, change)

    async def async_delete(self, ids: list[int] | None) -> int:
        """Delete turns, or (None) all of them with the key; return how many there were. What cannot be read goes too."""
        if ids is not None:
            return await self._async_do(JournalFile.delete, ids)
        kept = await self.async_count()
        await self.async_allow(None, forget=True)
        return kept

    async def async_delete_before(self, at: datetime) -> int:
        """Delete what is older; return how many turns there were."""
        return await self._async_do(JournalFile.delete_before, at) if await self._async_is_open() else 0

    async def async_export(self, homes: Iterable[Home], bundle: str) -> AsyncIterator[str]:
        """Yield the lines of the export; some turns at a time, so that others can be written meanwhile."""
        yield await self._hass.async_add_executor_job(header, homes, bundle)
        after = 0
        more = await self._async_is_open() or self.key_lost
        while more:
            lines, last = await self._async_do(_lines, after)
            more, after = last > after, last
            if lines:
                yield lines

    async def async_figures(self, days: int) -> dict[str, list[dict[str, Any]]]:
        """Return how well it went, by week and by agent."""
        since = dt_util.utcnow() - timedelta(days=days)
        if not await self._async_is_open():
            return await self._hass.async_add_executor_job(count_up, (), since)
        return await self._async_do(_figures, since)

    async def async_flush(self) -> None:
        """Wait until everything that was noted is written."""
        if await self._async_is_open():
            await self._async_do(JournalFile.count)
            # What went wrong meanwhile is told to the event loop, which may not have had its turn.
            await asyncio.sleep(0)

    async def _async_is_open(self) -> bool:
        """Return whether there is a file, once nobody is opening, closing or deleting it."""
        async with self._changing:
            return self._vault.is_open

    async def _async_do[**P, R](
        self, work: Callable[Concatenate[JournalFile, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        async with self._changing:
            pass
        return await self._vault.async_do(work, *args, **kwargs)


# --- in the thread of the journal ---


def _list(
    file: JournalFile, mask: Flag | None, search: str, before: int | None, limit: int
) -> tuple[list[TurnRecord], int]:
    """Return one turn more than wanted, if there is one, and how many there are."""
    if search.strip():
        return file.search(search.strip(), mask, before, limit + 1)
    return file.newest(mask, before, limit + 1), file.count(mask)


def _lines(file: JournalFile, after: int) -> tuple[str, int]:
    """Return the next lines of the export, and the last id among them."""
    last, records = file.oldest(after, _EXPORTED_AT_ONCE)
    return "".join(map(line, records)), last


def _figures(file: JournalFile, since: datetime) -> dict[str, list[dict[str, Any]]]:
    return count_up(file.facts(since), since)
