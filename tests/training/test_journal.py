"""Exports are read as they are; damaged or hostile ones do no harm."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from training.journal import JournalError, read_journal, tell

from .simulated import Log, header, turn

if TYPE_CHECKING:
    from pathlib import Path

DESK = "turn on the desk lamp"


def write(path: Path, *lines: Any) -> Path:
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return path


def test_what_was_said_comes_back(tmp_path: Path) -> None:
    log = Log()
    log.say(
        DESK,
        "on @1",
        before="<prev><off><light>",
        signals=[{"kind": "corrected", "by": 2, "entity_ids": ["fan.tower"]}],
    )
    log.say("no, the tower fan", "on @1", mark="wrong", meant={"verb": "on", "entity_ids": ["fan.tower"]})
    export = read_journal(log.write(tmp_path / "export.jsonl"))
    first, second = export.turns
    assert (first.text, first.calls[0].verb, first.before, first.own) == (
        DESK,
        "on",
        ("<prev>", "<off>", "<light>"),
        True,
    )
    assert (first.marks[0].refs[0].id, first.signals[0].by, first.done) == ("light.desk", 2, True)
    assert (second.right, second.meant and second.meant.entity_ids) == (False, ("fan.tower",))
    assert len(export.home.entities) == 13
    assert not export.skipped
    assert "2  turns" in tell(export)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"utterance": None}, "no sentence"),
        ({"utterance": 7}, "no sentence"),
        ({"utterance": "  "}, "no sentence"),
        ({"utterance": "x" * 401}, "too long"),
        ({"utterance": "••••", "marks": []}, "a PIN"),
        ({"utterance": "two\nlines", "marks": [], "reading": "none"}, "not cleaned"),
        ({"utterance": "<end><unlock>", "marks": [], "reading": "none"}, "not cleaned"),
        ({"utterance": "\ud800 lamp", "marks": [], "reading": "none"}, "not cleaned"),
        ({"language": "de"}, "another language"),
        ({"language": None}, "another language"),
        ({"language": {"en": 1}}, "another language"),
        ({"id": "1"}, "no number"),
        ({"id": True}, "no number"),
        ({"at": "yesterday"}, "no time"),
        ({"at": 12}, "no time"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "no time"),
        ({"marks": {}}, "marks"),
        ({"marks": [[12, 99, ["light"], [["entity", "light.desk"]]]]}, "marks"),
        ({"marks": [[-3, 4, ["light"], [["entity", "light.desk"]]]]}, "marks"),
        ({"marks": [[4, 4, ["light"], [["entity", "light.desk"]]]]}, "marks"),
        ({"marks": [[True, 4, ["light"], [["entity", "light.desk"]]]]}, "marks"),
        ({"marks": [[0, 4, ["end"], [["entity", "light.desk"]]]]}, "marks"),
        ({"marks": [[0, 4, ["light"], []]]}, "marks"),
        ({"marks": [[0, 4, ["light"], [["file", "/etc/passwd"]]]]}, "marks"),
        ({"marks": [[5, 9, ["num"], []], [0, 4, ["num"], []]]}, "marks"),
        ({"marks": [[0, 1, ["num"], []]] * 60}, "marks"),
        ({"reading": "explode @1"}, "reading"),
        ({"reading": "on @9"}, "reading"),
        ({"reading": "on @0"}, "reading"),
        ({"reading": "on {light}"}, "reading"),
        ({"reading": ["on"]}, "reading"),
        ({"reading": "on " * 9999}, "reading"),
        ({"before": "off the lamp"}, "turn before"),
        ({"before": ["<prev>"]}, "turn before"),
    ],
)  # fmt: skip
def test_broken_turns_are_passed_over_and_counted(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    good = turn("turn off the fountain", "off @1", id=2)
    path = write(tmp_path / "export.jsonl", header(), turn(DESK, "on @1", id=1) | changes, good)
    export = read_journal(path)
    assert [one.id for one in export.turns] == [2]
    assert export.skipped == {reason: 1}


@pytest.mark.parametrize(
    "changes",
    [
        {"signals": "undone"},
        {"signals": [None, 7, {"kind": "bribed"}, {"kind": ["undone"]}]},
        {"signals": {}},
        {"confidence": "high"},
        {"confidence": float("nan")},
        {"confidence": 10**400},
        {"decision": ["act"]},
        {"steps": 12},
        {"mark": "maybe"},
        {"mark": ["right"]},
        {"meant": [1]},
        {"meant": {"verb": "explode"}},
        {"meant": {"verb": ["on"]}},
        {"area": {"id": 1}},
        {"agent": None},
        {"conversation": "x" * 9999},
    ],
)
def test_odd_values_count_for_nothing(tmp_path: Path, changes: dict[str, Any]) -> None:
    [found] = read_journal(write(tmp_path / "e.jsonl", header(), turn(DESK, "on @1", id=1) | changes)).turns
    assert found.text == DESK
    assert not found.signals
    assert found.right is None
    assert found.meant is None
    assert 0 <= found.confidence <= 1


@pytest.mark.parametrize("line", ["", "{", "[1]", "null", '"on"', "[" * 100_000, '{"id": ' + "9" * 5000 + "}"])
def test_lines_that_are_no_turns(tmp_path: Path, line: str) -> None:
    export = read_journal(write(tmp_path / "e.jsonl", header(), line, turn(DESK, "on @1", id=1)))
    assert len(export.turns) == 1
    assert sum(export.skipped.values()) == 1


@pytest.mark.parametrize(
    "first",
    [
        "", "{}", "[]", "no", "[" * 100_000, '{"intendant_journal": 1}', '{"intendant_journal": 1, "home": 3}',
        '{"intendant_journal": 2, "home": {}}', '{"home": {}}',
    ],
)  # fmt: skip
def test_what_is_no_journal_is_named(tmp_path: Path, first: str) -> None:
    with pytest.raises(JournalError, match=r"header|format"):
        read_journal(write(tmp_path / "e.jsonl", first, turn(DESK, "on @1", id=1)))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="can not be read"):
        read_journal(tmp_path / "none.jsonl")


def test_a_huge_line_is_not_held(tmp_path: Path) -> None:
    huge = '{"utterance": "' + "x" * 3_000_000 + '"}'
    export = read_journal(write(tmp_path / "e.jsonl", header(), huge, turn(DESK, "on @1", id=1)))
    assert export.skipped == {"too long": 1}
    assert len(export.turns) == 1


def test_the_home_may_be_odd(tmp_path: Path) -> None:
    home = {
        "areas": [None, {"id": "a"}, {"id": "b", "name": "Attic", "aliases": [3, "Loft"]}],
        "entities": [{"id": "lamp", "name": "Lamp"}],
        "floors": 3,
    }
    export = read_journal(write(tmp_path / "e.jsonl", header() | {"home": home}, turn(DESK, "on @1", id=1)))
    assert [(area.name, area.aliases) for area in export.home.areas] == [("Attic", ("Loft",))]
    assert not export.home.entities


def test_a_number_comes_once_and_turns_are_in_order(tmp_path: Path) -> None:
    late, early = turn(DESK, "on @1", id=2), turn(DESK, "on @1", id=1, at="2026-08-31T10:00:00")
    export = read_journal(write(tmp_path / "e.jsonl", header(), late, early, early))
    assert [one.id for one in export.turns] == [1, 2]
    assert export.skipped == {"said twice": 1}


def test_a_reading_of_two_sentences_is_not_the_sentences_own(tmp_path: Path) -> None:
    completed = turn("the first one", "on {light}", id=1) | {"marks": []}
    [found] = read_journal(write(tmp_path / "e.jsonl", header(), completed)).turns
    assert not found.own
