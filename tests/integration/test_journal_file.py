"""The journal's file by itself: killed in mid-write, bounded, searched, and closed to whoever has no key."""

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from homeassistant.util import dt as dt_util

from custom_components.intendant.journal.cipher import Cipher, SealBrokenError
from custom_components.intendant.journal.figures import count_up
from custom_components.intendant.journal.record import Flag, Signal, TurnRecord
from custom_components.intendant.journal.store import JournalFile, KeyLostError

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
KEY = "5a" * 32
NOW = dt_util.utcnow()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[JournalFile]:
    opened = JournalFile(tmp_path / "new" / "journal.db", Cipher(KEY))
    yield opened
    opened.close()


def turn(number: int, words: str = "words", minutes_ago: float = 0, **facts: object) -> TurnRecord:
    at = NOW - timedelta(minutes=minutes_ago)
    return TurnRecord.from_json({"id": number, "at": at.isoformat(), "agent": "conversation.x", "utterance": words, "decision": "act", **facts})  # fmt: skip


def test_killed_in_mid_write_it_loses_at_most_the_turn_in_hand(tmp_path: Path) -> None:
    last = 0
    for _ in range(3):
        command = [sys.executable, "-m", "tests.integration.killed_while_writing", str(tmp_path), KEY]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
            assert process.stdout is not None
            told = [int(process.stdout.readline()) for _ in range(150)]
            process.send_signal(signal.SIGKILL)
            told += [int(line) for line in process.stdout if line.endswith("\n")]
        assert told[0] == last + 1
        file = JournalFile(tmp_path / "journal.db", Cipher(KEY))
        kept = [record.id for record in file.oldest(0, 100_000)[1]]
        # What was told is kept; the turn in hand may be.
        assert kept in (list(range(1, told[-1] + 1)), list(range(1, told[-1] + 2)))
        assert file.is_sound()
        last = file.last_id
        assert last == kept[-1]
        file.close()


def test_what_was_sealed_for_one_row_opens_in_no_other() -> None:
    cipher = Cipher(KEY)
    sealed = cipher.seal(b"words", "turn 1")
    assert cipher.open(sealed, "turn 1") == b"words"
    assert b"words" not in sealed
    assert sealed != cipher.seal(b"words", "turn 1")
    for broken, place in ((sealed, "turn 2"), (sealed[:-1], "turn 1"), (b"", "turn 1"), (b"\0" * 40, "turn 1")):
        with pytest.raises(SealBrokenError):
            cipher.open(broken, place)


def test_another_key_opens_nothing(file: JournalFile, tmp_path: Path) -> None:
    file.add(turn(1))
    with pytest.raises(KeyLostError):
        JournalFile(tmp_path / "new" / "journal.db", Cipher("00" * 32))
    assert [record.id for record in file.oldest(0, 10)[1]] == [1]


def test_rows_that_were_tampered_with_are_passed_over(file: JournalFile) -> None:
    for number in range(1, 4):
        file.add(turn(number))
    file._db.execute("UPDATE turns SET record = (SELECT record FROM turns WHERE id = 1) WHERE id = 2")  # noqa: SLF001
    assert [record.id for record in file.newest(None, None, 10)] == [3, 1]
    assert file.get(2) is None
    assert file.change(2, lambda record: record) is None
    assert file.oldest(0, 2) == (2, [file.get(1)])


def test_page_by_page(file: JournalFile) -> None:
    for number in range(1, 31):
        file.add(turn(number, f"sentence {number}", decision="none" if number % 10 == 0 else "act"))
    assert [record.id for record in file.newest(None, None, 3)] == [30, 29, 28]
    assert [record.id for record in file.newest(None, 28, 3)] == [27, 26, 25]
    assert [record.id for record in file.newest(Flag.NOT_UNDERSTOOD, 30, 3)] == [20, 10]
    assert (file.count(), file.count(Flag.NOT_UNDERSTOOD), file.count(Flag.WRONG)) == (30, 3, 0)


@pytest.mark.parametrize(
    ("words", "found"),
    [("LIGHT", [2, 1]), ("küche", [3]), ("灯", [4]), ('say "hi"', [5]), ("nothing", []), ("conversation", []), ("done", [1])],
)  # fmt: skip
def test_search(file: JournalFile, words: str, found: list[int]) -> None:
    said = ["the light", "a Light", "Licht in der KÜCHE", "把灯关了", 'say "hi" to it']
    for number, sentence in enumerate(said, 1):
        file.add(turn(number, sentence, answer="Done." if number == 1 else ""))
    assert [record.id for record in file.search(words, None, None, 10)[0]] == found
    assert file.search(words, None, None, 1)[1] == len(found)


def test_bounds_by_days_and_by_number(file: JournalFile) -> None:
    for number in range(1, 11):
        file.add(turn(number, minutes_ago=(10 - number) * 24 * 60))
    assert file.prune(5, 100) == 5
    assert file.prune(5, 2) == 3
    assert [record.id for record in file.newest(None, None, 10)] == [10, 9]
    assert file.delete([9, 9, 77]) == 1
    assert file.delete_before(NOW + timedelta(seconds=1)) == 1
    assert (file.count(), file.last_id) == (0, 10)


def test_signals_join_and_set_flags(file: JournalFile) -> None:
    file.add(turn(1), Flag.REPLY)
    for thing in ("light.a", "light.b", "light.a"):
        file.change(1, lambda record, thing=thing: record.with_signal(Signal("by_hand", NOW, None, (thing,))))  # type: ignore[misc]
    file.change(1, lambda record: record.with_signal(Signal("undone", NOW, 2)))
    changed = file.get(1)
    assert changed is not None
    assert [(signal.kind, signal.by, signal.entity_ids) for signal in changed.signals] == [
        ("by_hand", None, ("light.a", "light.b")),
        ("undone", 2, ()),
    ]
    [(_, flags, agent, count)] = file.facts(NOW - timedelta(days=1))
    assert (Flag(flags), agent, count) == (Flag.BY_HAND | Flag.CORRECTED | Flag.REPLY, "conversation.x", 1)


def test_figures_count_by_week_and_agent(file: JournalFile) -> None:
    monday = datetime(2026, 11, 16, 12, tzinfo=UTC)
    kinds: list[tuple[dict[str, object], Flag]] = [
        ({}, Flag(0)),
        ({}, Flag.REPLY),
        ({"decision": "none"}, Flag(0)),
        ({"mark": "wrong"}, Flag(0)),
        ({"agent": "conversation.y", "decision": "error"}, Flag.OTHERS),
    ]
    for number, (facts, sticky) in enumerate(kinds, 1):
        at = (monday - timedelta(days=7 * (number % 2))).isoformat()
        file.add(turn(number, "words", 0, **{"at": at, **facts}), sticky)
    since = monday - timedelta(days=10)
    figures = count_up(file.facts(since), since)
    weeks = {week["start"]: week for week in figures["weeks"]}
    assert weeks["2026-11-09"] == {"start": "2026-11-09", "turns": 3, "first_try": 1, "not_understood": 2, "corrected": 0, "by_hand": 0, "wrong": 0}  # fmt: skip
    assert weeks["2026-11-16"] == {"start": "2026-11-16", "turns": 1, "first_try": 0, "not_understood": 0, "corrected": 0, "by_hand": 0, "wrong": 1}  # fmt: skip
    assert [(agent["agent"], agent["turns"]) for agent in figures["by_agent"]] == [("conversation.x", 3), ("conversation.y", 1)]  # fmt: skip
