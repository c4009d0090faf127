"""Where the journal lies: the file, its key apart from it, and the thread that works on the file.

A key that is lost costs what was written with it and nothing else: Home Assistant says so in a repair issue, and a new
journal can be begun. A damaged file is set aside, and a new one begun at once.
"""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import Store

from ..const import DOMAIN, ISSUE_JOURNAL_DAMAGED, ISSUE_JOURNAL_KEY_LOST, LOGGER
from .cipher import Cipher
from .store import JournalFile, KeyLostError

if TYPE_CHECKING:
    from collections.abc import Callable

KEY_STORE: Final = f"{DOMAIN}.journal_key"
_MOST_WAITING: Final = 1000
"""Turns that wait to be written. A disk that hangs must not fill the memory."""


class Vault:
    """The journal's file and key."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Prepare; nothing is made yet."""
        self._hass = hass
        self._entry_id = entry_id
        self._store: Store[dict[str, Any]] = Store(hass, 1, KEY_STORE, private=True, atomic_writes=True)
        self.path = Path(hass.config.path(DOMAIN, "journal.db"))
        self._thread: ThreadPoolExecutor | None = None
        self._file: JournalFile | None = None
        self._cipher: Cipher | None = None
        # Each is counted by one thread only.
        self._posted = 0
        self._finished = 0
        self.key_lost = False
        self.failures = 0
        """How many pieces of work went wrong."""

    @property
    def is_open(self) -> bool:
        """Return whether turns can be written and read."""
        return self._thread is not None and self._file is not None

    async def async_open(self, *, make: bool) -> int:
        """Open the journal if there is one, or if one is to be made; return the highest id in it."""
        exists = await self._hass.async_add_executor_job(self.path.exists)
        if self.is_open or not (exists or make):
            return 0
        try:
            self._cipher = await self._async_cipher(make=not exists)
            if self._cipher is None:
                self._async_lose_key()
                return 0
            self._thread = ThreadPoolExecutor(1, f"{DOMAIN}_journal")
            last_id = await self._hass.loop.run_in_executor(self._thread, self._open)
        except KeyLostError:
            self._async_lose_key()
        except (sqlite3.Error, OSError) as err:
            LOGGER.error("The journal cannot be opened: %s", type(err).__name__)
            self.failures += 1
        else:
            ir.async_delete_issue(self._hass, DOMAIN, ISSUE_JOURNAL_KEY_LOST)
            self.key_lost = False
            return last_id
        await self.async_close()
        return 0

    async def async_close(self) -> None:
        """Finish what waits to be written, and close the file."""
        if thread := self._thread:
            self._thread = None
            await self._hass.loop.run_in_executor(thread, self._close)
            # It has nothing left to do; whoever closes may rely on it being gone.
            await self._hass.async_add_executor_job(thread.shutdown)

    async def async_destroy(self) -> None:
        """Delete the file with all that is in it, and its key: what a disk still holds of it opens for nobody."""
        await self.async_close()
        await self._hass.async_add_executor_job(self._delete)
        await self._store.async_remove()
        for issue in (ISSUE_JOURNAL_KEY_LOST, ISSUE_JOURNAL_DAMAGED):
            ir.async_delete_issue(self._hass, DOMAIN, issue)
        self.key_lost = False

    async def async_do[**P, R](
        self, work: Callable[Concatenate[JournalFile, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Return what comes of work on the file. Raise a HomeAssistantError when it cannot be done."""
        if self._thread is None or self._file is None:
            key = "journal_key_lost" if self.key_lost else "journal_closed"
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key=key)
        try:
            return await self._hass.loop.run_in_executor(self._thread, lambda: self._work(work, *args, **kwargs))
        except (sqlite3.Error, OSError) as err:
            self._async_note_failure(err)
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="journal_failed") from err

    @callback
    def async_post[**P](
        self, work: Callable[Concatenate[JournalFile, P], object], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Have work on the file done soon. What goes wrong with it is logged."""
        if self._thread is None or self._file is None or self._posted - self._finished >= _MOST_WAITING:
            return
        self._posted += 1
        # Nothing comes back to the event loop: it would take longer than the rest of a turn's part in this.
        self._thread.submit(self._work_on_post, lambda file: work(file, *args, **kwargs))

    @callback
    def _async_note_failure(self, err: BaseException) -> None:
        self.failures += 1
        LOGGER.error("The journal failed: %s", type(err).__name__)

    async def _async_cipher(self, *, make: bool) -> Cipher | None:
        """Return the cipher of the stored key, of a new one if there is no journal yet, None when the key is lost."""
        try:
            stored = await self._store.async_load()
        except HomeAssistantError, OSError, ValueError:
            stored = None
        cipher = Cipher.of((stored or {}).get("key"))
        if cipher is None and make:
            key = Cipher.make_key()
            await self._store.async_save({"key": key})
            cipher = Cipher(key)
        return cipher

    @callback
    def _async_lose_key(self) -> None:
        if not self.key_lost:
            LOGGER.error("The journal cannot be read: its key is missing or another one")
        self.key_lost = True
        self._async_report(ISSUE_JOURNAL_KEY_LOST, fixable=True)

    @callback
    def _async_report(self, issue: str, *, fixable: bool) -> None:
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            issue,
            is_fixable=fixable,
            severity=ir.IssueSeverity.WARNING,
            translation_key=issue,
            data={"entry_id": self._entry_id},
        )

    # --- in the thread of the journal ---

    @property
    def _damaged(self) -> Path:
        return self.path.with_suffix(".damaged")

    def _open(self) -> int:
        assert self._cipher is not None  # noqa: S101 - who opens has a key
        try:
            self._file = JournalFile(self.path, self._cipher)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            self._set_aside()
        assert self._file is not None  # noqa: S101 - opened or made anew
        return self._file.last_id

    def _close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def _work[**P, R](self, work: Callable[Concatenate[JournalFile, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        if self._file is None:
            raise OSError("closed")
        try:
            return work(self._file, *args, **kwargs)
        except sqlite3.DatabaseError as err:
            # Its kinds are full disks, locks and the like; the error itself is a page that makes no sense.
            if type(err) is sqlite3.DatabaseError:
                self._set_aside()
            raise

    def _work_on_post(self, work: Callable[[JournalFile], object]) -> None:
        try:
            self._work(work)
        except Exception as err:  # noqa: BLE001 - nobody waits for it
            self._hass.loop.call_soon_threadsafe(self._async_note_failure, err)
        finally:
            self._finished += 1

    def check(self) -> None:
        """Set the file aside if it is damaged anywhere."""
        if self._file and not self._file.is_sound():
            self._set_aside()

    def _set_aside(self) -> None:
        """Begin a new file beside the damaged one."""
        assert self._cipher is not None  # noqa: S101 - who opens has a key
        self._close()
        self.path.replace(self._damaged)
        for suffix in ("-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        self._file = JournalFile(self.path, self._cipher)
        LOGGER.error("The journal's file was damaged; a new one was begun")
        self._hass.loop.call_soon_threadsafe(self._async_report_damage)

    @callback
    def _async_report_damage(self) -> None:
        self._async_report(ISSUE_JOURNAL_DAMAGED, fixable=False)

    def _delete(self) -> None:
        for path in (self.path, Path(f"{self.path}-wal"), Path(f"{self.path}-shm"), self._damaged):
            path.unlink(missing_ok=True)
