"""The journal's file: SQLite with a write-ahead log, one encrypted row a turn. Everything here blocks, and belongs to one thread.

Each turn is committed by itself: whoever is killed in mid-write loses that turn and no other. What is looked for (time,
flags, which agent) stands beside the sealed record as numbers that tell nothing of what was said.
"""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import orjson
from homeassistant.util import dt as dt_util

from .cipher import SealBrokenError
from .record import STICKY, Flag, TurnRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from .cipher import Cipher

_CHECK: Final = b"journal"
_NONE: Final = Flag(0)
_COUNTED: Final = 1000
"""So many turns that hold the words are counted; opening all of them would take seconds."""
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS agents (id INTEGER PRIMARY KEY, name BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, flags INTEGER NOT NULL, agent INTEGER NOT NULL, record BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS turns_facts ON turns (at, flags, agent);
PRAGMA user_version = 1;
"""


class KeyLostError(Exception):
    """The file was written with another key than the one at hand."""


class JournalFile:
    """The open file."""

    def __init__(self, path: Path, cipher: Cipher) -> None:
        """Open the file, or make it. Raise KeyLostError, or a sqlite3.Error when it is damaged or cannot be reached."""
        self._cipher = cipher
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
        self._db = sqlite3.connect(path, isolation_level=None)
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def _prepare(self) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON"):
            self._db.execute(f"PRAGMA {pragma}").close()
        self._db.executescript(_SCHEMA)
        found = self._db.execute("SELECT value FROM meta WHERE name = 'check'").fetchone()
        try:
            if found is None:
                self._db.execute("INSERT INTO meta VALUES ('check', ?)", (self._cipher.seal(_CHECK, "check"),))
            elif self._cipher.open(found[0], "check") != _CHECK:
                raise KeyLostError
            self._agents = {
                self._cipher.open(name, f"agent {number}").decode(): number
                for number, name in self._db.execute("SELECT id, name FROM agents")
            }
        except SealBrokenError as err:
            raise KeyLostError from err

    def close(self) -> None:
        """Close the file; the write-ahead log goes into it."""
        self._db.close()

    def is_sound(self) -> bool:
        """Return whether every page of the file is what it should be. Reads all of it."""
        return bool(self._db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))

    @property
    def last_id(self) -> int:
        """Return the highest id that was ever given."""
        found = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'turns'").fetchone()
        return int(found[0]) if found else 0

    def add(self, record: TurnRecord, sticky: Flag = _NONE) -> None:
        """Write a turn down, with those of its flags that the record does not show."""
        row = (record.id, record.at.timestamp(), record.flags | sticky, self._agent(record.agent), self._seal(record))
        self._db.execute("INSERT OR REPLACE INTO turns VALUES (?, ?, ?, ?, ?)", row)

    def change(self, turn_id: int, change: Callable[[TurnRecord], TurnRecord]) -> TurnRecord | None:
        """Replace a turn by what `change` makes of it, and return that; None when it is gone."""
        found = self._db.execute("SELECT flags, record FROM turns WHERE id = ?", (turn_id,)).fetchone()
        record = self._open(turn_id, found[1]) if found else None
        if record is None:
            return None
        changed = change(record)
        flags = changed.flags | (Flag(found[0]) & STICKY)
        self._db.execute("UPDATE turns SET flags = ?, record = ? WHERE id = ?", (flags, self._seal(changed), turn_id))
        return changed

    def get(self, turn_id: int) -> TurnRecord | None:
        """Return a turn, None when it is gone or cannot be read."""
        found = self._db.execute("SELECT record FROM turns WHERE id = ?", (turn_id,)).fetchone()
        return self._open(turn_id, found[0]) if found else None

    def count(self, mask: Flag | None = None) -> int:
        """Return how many turns there are, with one of the flags if any are named."""
        where, values = _where(mask)
        [found] = self._db.execute(f"SELECT count(*) FROM turns INDEXED BY turns_facts{where}", values)  # noqa: S608 - only our own words
        return int(found[0])

    def newest(self, mask: Flag | None, before: int | None, limit: int) -> list[TurnRecord]:
        """Return turns before an id, the newest first, with one of the flags if any are named."""
        where, values = _where(mask, before)
        # Without flags the rows lie in their order already; with flags, the index is looked through without opening rows.
        index = "" if mask is None else " INDEXED BY turns_facts"
        ids = f"SELECT id FROM turns{index}{where} ORDER BY id DESC LIMIT ?"  # noqa: S608 - only our own words
        rows = self._db.execute(f"SELECT id, record FROM turns WHERE id IN ({ids}) ORDER BY id DESC", (*values, limit))  # noqa: S608 - only our own words
        return [record for turn_id, sealed in rows if (record := self._open(turn_id, sealed))]

    def search(self, words: str, mask: Flag | None, before: int | None, limit: int) -> tuple[list[TurnRecord], int]:
        """Return the newest turns before an id whose sentence or answer holds the words, and how many there are.

        Of very many, no more than so many are counted.
        """
        wanted = words.casefold()
        written = orjson.dumps(wanted).decode().strip('"')
        condition, values = _where(mask)
        rows = self._db.execute(f"SELECT id, record FROM turns{condition} ORDER BY id DESC", values)  # noqa: S608 - only our own words
        found: list[TurnRecord] = []
        total = 0
        with closing(rows):
            for turn_id, sealed in rows:
                plain = self._plain(turn_id, sealed, written)
                if plain and any(wanted in str(plain[where]).casefold() for where in ("utterance", "answer")):
                    total += 1
                    if len(found) < limit and (before is None or turn_id < before):
                        found.append(TurnRecord.from_json(plain))
                    if len(found) == limit and total >= _COUNTED:
                        break
        return found, total

    def oldest(self, after: int, limit: int) -> tuple[int, list[TurnRecord]]:
        """Return the last id looked at, and the turns after an id that can be read, the oldest first."""
        rows = self._db.execute(
            "SELECT id, record FROM turns WHERE id > ? ORDER BY id LIMIT ?", (after, limit)
        ).fetchall()
        records = [record for turn_id, sealed in rows if (record := self._open(turn_id, sealed))]
        last: int = rows[-1][0] if rows else after
        return last, records

    def facts(self, since: datetime) -> Iterator[tuple[int, int, str, int]]:
        """Yield hour (since 1970), flags and agent of the turns since then, and how many turns there were of these."""
        names = {number: name for name, number in self._agents.items()}
        rows = self._db.execute(
            "SELECT CAST(at / 3600 AS INTEGER) AS hour, flags, agent, count(*) FROM turns INDEXED BY turns_facts "
            "WHERE at >= ? GROUP BY hour, flags, agent",
            (since.timestamp(),),
        )
        for hour, flags, agent, count in rows:
            yield hour, flags, names.get(agent, ""), count

    def delete(self, ids: Sequence[int]) -> int:
        """Delete turns; return how many there were."""
        return sum(self._db.execute("DELETE FROM turns WHERE id = ?", (turn_id,)).rowcount for turn_id in ids)

    def delete_before(self, at: datetime) -> int:
        """Delete turns that are older; return how many there were."""
        return self._db.execute("DELETE FROM turns WHERE at < ?", (at.timestamp(),)).rowcount

    def prune(self, days: int, turns: int) -> int:
        """Delete what is older than so many days, and the oldest beyond so many turns; return how many there were."""
        gone = self.delete_before(dt_util.utcnow() - timedelta(days=days))
        oldest = "SELECT id FROM turns ORDER BY id DESC LIMIT -1 OFFSET ?"
        return gone + self._db.execute(f"DELETE FROM turns WHERE id IN ({oldest})", (turns,)).rowcount  # noqa: S608 - only our own words

    def _agent(self, name: str) -> int:
        """Return the number that stands for an agent."""
        number: int = self._agents.setdefault(name, len(self._agents) + 1)
        if number == len(self._agents):
            sealed = self._cipher.seal(name.encode(), f"agent {number}")
            self._db.execute("INSERT OR IGNORE INTO agents VALUES (?, ?)", (number, sealed))
        return number

    def _seal(self, record: TurnRecord) -> bytes:
        return self._cipher.seal(orjson.dumps(record.to_json(), default=str), f"turn {record.id}")

    def _open(self, turn_id: int, sealed: bytes) -> TurnRecord | None:
        """Return the record of a row, None when it cannot be read."""
        try:
            plain = self._plain(turn_id, sealed)
            return TurnRecord.from_json(plain) if plain else None
        except ValueError, TypeError, KeyError:
            return None

    def _plain(self, turn_id: int, sealed: bytes, holds: str = "") -> dict[str, Any] | None:
        """Return what a row holds; None when it cannot be opened, or holds these words nowhere."""
        try:
            text = self._cipher.open(sealed, f"turn {turn_id}")
            if holds and holds not in text.decode().casefold():
                return None
            plain: dict[str, Any] = orjson.loads(text)
        except SealBrokenError, ValueError:
            return None
        return plain


def _where(mask: Flag | None, before: int | None = None) -> tuple[str, tuple[int, ...]]:
    """Return a condition, and what is put into it."""
    conditions = [("flags & ?", mask), ("id < ?", before)]
    used = [(condition, int(value)) for condition, value in conditions if value is not None]
    where = " AND ".join(condition for condition, _ in used)
    return f" WHERE {where}" if where else "", tuple(value for _, value in used)
