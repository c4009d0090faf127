"""The benchmark's judgement: what counts as right, wrong, asked and nothing (training/benchmark/CASES.md)."""

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from training.benchmark.cases import Case, load_cases, turns_of
from training.benchmark.report import Scored, failures, report, wilson
from training.benchmark.score import score
from training.benchmark.timers import happened
from training.benchmark.values import matches, same

if TYPE_CHECKING:
    from pathlib import Path

START: dict[str, dict[str, Any]] = {
    "light.a": {"state": "on", "brightness_pct": 40},
    "light.b": {"state": "off"},
    "cover.a": {"state": "closed", "position": 0},
    "lock.a": {"state": "locked"},
    "scene.a": {"state": "unknown"},
    "script.a": {"state": "off", "runs": 0},
    "button.a": {"state": "unknown"},
    "climate.a": {"state": "off", "temperature": 20.0},
    "media_player.a": {"state": "playing", "title": "News", "volume": 0.3},
}
OFF = {"light.a": {"state": "off"}}
TIMER: dict[str, dict[str, Any]] = {"t": {"name": "pasta", "seconds": 480, "active": True, "command": None}}
MILK = {"todo.a": [["milk", "needs_action"]]}

# what the case expects, what happened, the verdict
JUDGED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"expect": {"light.a": "off"}}, {"moved": OFF}, "right"),
    ({"expect": {"light.a": "off"}}, {}, "nothing"),
    ({"expect": {"light.a": "off"}}, {"asks": True}, "asked"),
    ({"expect": {"light.a": "off"}}, {"moved": {**OFF, "light.b": {"state": "on"}}}, "wrong"),
    ({"expect": {"light.a": "off", "light.b": "on"}}, {"moved": OFF}, "partial"),
    (
        {"expect": {"light.a": {"brightness_pct": "up"}}},
        {"moved": {"light.a": {"state": "on", "brightness_pct": 50}}},
        "right",
    ),
    (
        {"expect": {"light.a": {"brightness_pct": "up"}}},
        {"moved": {"light.a": {"state": "on", "brightness_pct": 30}}},
        "wrong",
    ),
    ({"expect": {"light.a": "on"}}, {"moved": {"light.a": {"state": "on", "brightness_pct": 100}}}, "wrong"),
    (
        {"expect": {"light.b": {"brightness_pct": 50}}},
        {"moved": {"light.b": {"state": "on", "brightness_pct": 51}}},
        "right",
    ),
    ({"expect": {"cover.a": "open"}}, {"moved": {"cover.a": {"state": "open", "position": 100}}}, "right"),
    ({"expect": {"cover.a": {"position": 40}}}, {"moved": {"cover.a": {"state": "open", "position": 40}}}, "right"),
    (
        {"expect": {"climate.a": {"temperature": 22}}},
        {"moved": {"climate.a": {"state": "heat", "temperature": 22.0}}},
        "wrong",
    ),
    ({"expect": {"climate.a": "on"}}, {"moved": {"climate.a": {"state": "heat", "temperature": 20.0}}}, "right"),
    (
        {"expect": {"media_player.a": {"search": "Jazz"}}},
        {"moved": {"media_player.a": {"state": "playing", "title": "some jazz", "volume": 0.3, "search": "some jazz"}}},
        "right",
    ),
    ({"either": [{"light.a": "off"}, {"light.b": "on"}]}, {"moved": {"light.b": {"state": "on"}}}, "right"),
    ({"expect": {"light.a": "off"}}, {"moved": {**OFF, "scene.a": {"state": "12:00"}}}, "right"),
    ({"expect": {"light.a": "off"}}, {"moved": {**OFF, "script.a": {"state": "off", "runs": 1}}}, "wrong"),
    ({"expect": {"script.a": {"runs": "up"}}}, {"moved": {"script.a": {"state": "off", "runs": 1}}}, "right"),
    ({"expect": {"button.a": "pressed"}}, {"moved": {"button.a": {"state": "12:00"}}}, "right"),
    ({"answer": ["21.5", ["kitchen", "door"]]}, {"reply": "It is 21.5 degrees"}, "right"),
    ({"answer": ["21.5", ["kitchen", "door"]]}, {"reply": "The Kitchen window and the door"}, "right"),
    ({"answer": ["21.5", ["kitchen", "door"]]}, {"reply": "The kitchen window"}, "nothing"),
    ({"answer": ["isn't"]}, {"reply": "It isn’t", "moved": OFF}, "wrong"),
    ({"refuse": True}, {"asks": True}, "right"),
    ({"asks": True}, {"asks": True}, "right"),
    ({"asks": True}, {}, "nothing"),
    ({"asks": True}, {"asks": True, "moved": OFF}, "wrong"),
    ({"chat": True}, {"moved": OFF}, "wrong"),
    ({"chat": True}, {"announced": ["hello"]}, "wrong"),
    ({"broadcast": "Dinner is ready!"}, {"announced": ["dinner is ready"]}, "right"),
    ({"broadcast": "dinner is ready"}, {"announced": ["dinner"]}, "wrong"),
    ({"timer": {"started": 480, "name": "pasta"}}, {"timers": [{}, TIMER]}, "right"),
    ({"timer": {"started": 600}}, {"timers": [{}, TIMER]}, "wrong"),
    ({"timer": {"cancelled": True}}, {"timers": [TIMER, {}]}, "right"),
    ({"timer": {"cancelled": True, "name": "egg"}}, {"timers": [TIMER, {}]}, "wrong"),
    ({"chat": True}, {"timers": [{}, TIMER]}, "wrong"),
    (
        {"todo": {"todo.a": {"added": ["eggs"]}}},
        {"lists": [MILK, {"todo.a": [*MILK["todo.a"], ["Eggs", "needs_action"]]}]},
        "right",
    ),
    ({"todo": {"todo.a": {"completed": ["milk"]}}}, {"lists": [MILK, {"todo.a": [["milk", "completed"]]}]}, "right"),
    ({"todo": {"todo.a": {"removed": ["milk"]}}}, {"lists": [MILK, {"todo.a": []}]}, "right"),
    ({"chat": True}, {"lists": [MILK, {"todo.a": []}]}, "wrong"),
    (
        {"confirm": {"lock.a": "unlocked"}},
        {"asks": True, "confirmed": {"moved": {"lock.a": {"state": "unlocked"}}}},
        "right",
    ),
    ({"confirm": {"lock.a": "unlocked"}}, {"asks": True, "confirmed": {"moved": {}}}, "asked"),
    (
        {"confirm": {"lock.a": "unlocked"}},
        {"moved": {"lock.a": {"state": "unlocked"}}, "confirmed": {"moved": {"lock.a": {"state": "unlocked"}}}},
        "wrong",
    ),
    ({"later": {"seconds": 60, "expect": {"light.a": "off"}}}, {"soon": {}, "later": OFF}, "right"),
    ({"later": {"seconds": 60, "expect": {"light.a": "off"}}}, {"soon": OFF, "later": OFF}, "wrong"),
    ({"later": {"seconds": 60, "expect": {"light.a": "off"}}}, {"soon": {}, "later": {}}, "nothing"),
    (
        {"expect": {"light.b": "on"}, "later": {"seconds": 60, "expect": {"light.b": "off"}}},
        {"moved": {"light.b": {"state": "on"}}, "soon": {"light.b": {"state": "on"}}, "later": {}},
        "right",
    ),
]


def record_of(case: dict[str, Any], happening: dict[str, Any]) -> dict[str, Any]:
    nothing: dict[str, Any] = {
        "moved": {},
        "reply": "",
        "asks": False,
        "announced": [],
        "timers": [{}, {}],
        "lists": [MILK, MILK],
    }
    where = {"home": "home", "language": "en", "number": 1}
    return {"case": {"say": "x", **case}, "where": where, "start": START, "calls": [], "ms": 5, **nothing, **happening}


@pytest.mark.parametrize(("case", "happening", "verdict"), JUDGED)
def test_verdicts(case: dict[str, Any], happening: dict[str, Any], verdict: str) -> None:
    judged, reasons = score(record_of(case, happening), ["scene.a"])
    assert (judged, bool(reasons)) == (verdict, verdict != "right"), reasons


@pytest.mark.parametrize(
    ("key", "wanted", "before", "after", "holds"),
    [
        ("color", "red", None, [255, 0, 0], True),
        ("color", "green", None, [0, 128, 0], True),
        ("color", "purple", None, [160, 32, 240], True),
        ("color", "red", None, [0, 0, 255], False),
        ("color", "white", None, [255, 250, 244], True),
        ("color", "mauve", None, [224, 176, 255], False),
        ("color", [255, 0, 0], None, [250, 10, 10], True),
        ("brightness_pct", ">60", 50, 61, True),
        ("brightness_pct", "<40", 50, 50, False),
        ("brightness_pct", "down", 50, None, False),
        ("brightness_pct", "up", None, 10, True),
        ("volume", 0.3, 0.5, 0.3, True),
        ("volume", 0.3, 0.5, 0.35, False),
        ("muted", True, False, True, True),
        ("preset", "Eco", None, "eco", True),
        ("cleaning", ["kitchen"], [], ["kitchen"], True),
        ("state", "up", "3.0", "4.0", True),
        ("state", "120", "60.0", "120.0", True),
        ("state", "docked", "cleaning", "returning", True),
    ],
)
def test_values(key: str, wanted: object, before: object, after: object, holds: bool) -> None:
    assert matches("light", key, wanted, before, after) is holds


def test_rounding_is_no_movement() -> None:
    assert same(0.3, 0.30000000001)
    assert not same("a", "b")


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"active": False}, "paused"),
        ({"seconds": 540}, "added"),
        ({"seconds": 420}, "removed"),
        ({"seconds": 479}, None),
    ],
)
def test_what_becomes_of_a_timer(change: dict[str, Any], kind: str | None) -> None:
    events, commands = happened(TIMER, {"t": {**TIMER["t"], **change}})
    assert ([event["kind"] for event in events], commands) == ([kind] if kind else [], [])


def test_a_command_that_is_put_off_is_no_timer() -> None:
    events, commands = happened({}, {"t": {**TIMER["t"], "command": "turn off the tv"}})
    assert (events, commands) == ([], ["turn off the tv"])
    assert happened({"t": {**TIMER["t"], "command": "turn off the tv"}}, {}) == ([], [])


def test_every_turn_of_a_conversation_is_a_case_after_what_was_said_before() -> None:
    talk = {"area": "kitchen", "turns": [{"say": "a", "asks": True}, {"say": "b", "expect": OFF}]}
    first, second = turns_of(Case("home", "en", 3, talk))
    assert first.data == {"area": "kitchen", "say": "a", "asks": True}
    assert second.data == {"area": "kitchen", "earlier": ["a"], "say": "b", "expect": OFF}
    single = Case("home", "en", 4, {"say": "c", "chat": True})
    assert turns_of(single) == [single]


def test_case_files_keep_on_and_off_as_words(tmp_path: Path) -> None:
    path = tmp_path / "home.en.yaml"
    path.write_text(yaml.safe_dump([{"say": "x", "expect": {"light.a": True, "light.b": {"state": False}}}]))
    (case,) = load_cases([path])["home"]
    assert case.data["expect"] == {"light.a": "on", "light.b": {"state": "off"}}


def test_the_report_counts_and_the_failures_tell_why() -> None:
    cases: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"expect": {"light.a": "off"}}, {"moved": OFF}),
        ({"chat": True}, {"moved": OFF}),
    ]
    records = [record_of({**case, "level": "easy", "kind": "light"}, happening) for case, happening in cases]
    scored = [Scored("intendant", record, *score(record, [])) for record in records]
    assert "| en | easy | intendant | 2 | 50.0 (9.5-90.5) | 50.0 (9.5-90.5) |" in report(scored)
    assert failures(scored).startswith("WRONG home.en #1 (easy, light)")


def test_the_interval_of_nothing_is_everything() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
