"""What followed a sentence says what it should have been read as, or leaves it open; words say whether that may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from intendant_core.notation import format_calls, parse_calls
from training.journal import JournalError, read_journal
from training.label import label
from training.plausible import contradicts, is_sensitive, says_so
from training.ways import RECIPE, choose, prepare, sentence_of

from .simulated import Log, ordinary, signal

if TYPE_CHECKING:
    from pathlib import Path

HOUSEHOLD = yaml.safe_load(RECIPE.read_text(encoding="utf-8"))["household"]
Said = tuple[str, str, dict[str, Any]]


def first_label(tmp_path: Path, *said: Said) -> tuple[str, str, str] | str:
    """Return source, label and wrong reading of the first turn, or why it has none."""
    log = Log()
    for sentence, reading, changes in said:
        log.say(sentence, reading, **changes)
    labels = label(read_journal(log.write(tmp_path / "export.jsonl")))
    for row in labels.rows:
        if row.turn.id == 1:
            return row.source, format_calls(row.calls), format_calls(row.wrong)
    [reason] = [key for key in labels.counts if key.startswith("left out")][:1]
    return reason.removeprefix("left out: ")


BY_2 = [signal("corrected", 2)]
AGAIN = [signal("rephrased", 2)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        # accepted
        ([("turn on the desk lamp", "on @1", {})], ("accepted", "on @1", "")),
        ([("turn on the desk lamp", "on @1", {"confidence": 0.4})], "not acted upon"),
        ([("turn on the desk lamp", "on @1", {"outcome": "failed"})], "not acted upon"),
        ([("turn on the desk lamp", "on @1", {"decision": "ask", "outcome": "waiting"})], "not acted upon"),
        ([("turn on the desk lamp in an hour", "on @1 in=@2", {"outcome": "waiting"})], ("accepted", "on @1 in=@2", "")),
        ([("turn on the desk lamp", "on @1", {"signals": [signal("undone", 2)]})], "objected to"),
        ([("turn on the desk lamp", "on @1", {"signals": [signal("by_hand", None, ("light.desk",))]})], "objected to"),
        ([("turn on the desk lamp", "on @1", {"signals": [signal("repeated", 2)]})], "objected to"),
        ([("yes", "yes", {})], "an answer"),
        ([("turn on the desk lamp", "", {})], "nothing read"),
        ([("both", "off {light}", {"marks": []})], "an answer"),
        # marked on the page
        ([("turn on the desk lamp", "on @1", {"confidence": 0.3, "mark": "right"})], ("right", "on @1", "")),
        ([("turn on the desk lamp", "on @1", {"mark": "wrong"})], "marked wrong"),
        ([("desk lamp please", "toggle @1", {"meant": {"verb": "on", "entity_ids": ["light.desk"]}})], ("meant", "on @1", "toggle @1")),
        ([("some air at the tower fan", "none", {"meant": {"verb": "on", "entity_ids": ["fan.tower"]}})], ("meant", "on @1", "none")),
        ([("make the kitchen bright", "none", {"meant": {"verb": "on", "entity_ids": ["light.ceiling"]}})], ("meant", "on light @1", "none")),
        ([("it is gloomy", "none", {"meant": {"verb": "on", "entity_ids": ["light.desk"]}})], ("meant", "on light", "none")),
        ([("it is gloomy", "none", {"area": None, "meant": {"verb": "on", "entity_ids": ["light.desk"]}})], "what was meant is not said"),
        ([("movie time", "none", {"meant": {"verb": "run", "entity_ids": ["scene.movie"]}})], "what was meant is not said"),
        ([("desk lamp and fountain", "none", {"meant": {"verb": "on", "entity_ids": ["light.desk", "switch.fountain"]}})], ("meant", "on @1 @2", "none")),
        ([("desk lamp to 40 percent", "none", {"meant": {"verb": "set", "entity_ids": ["light.desk"]}})], "what was meant is not said"),
        ([("desk lamp to 40 percent", "more @1 brightness=@2", {"meant": {"verb": "set", "entity_ids": ["light.desk"]}})], ("meant", "set @1 brightness=@2", "more @1 brightness=@2")),
        ([("what a lovely desk lamp", "on @1", {"meant": {"verb": "none", "entity_ids": []}})], ("meant", "none", "on @1")),
        ([("kitchen desk lamp", "none", {"meant": {"verb": "on", "entity_ids": ["light.nowhere"]}})], "what was meant is not said"),
        # corrected and rephrased
        ([("i want the tower fan", "off @1", {"signals": BY_2}), ("no, the tower fan on", "on @1", {})], ("corrected", "on @1", "off @1")),
        ([("gimme the desk lamp", "", {"signals": AGAIN}), ("turn on the desk lamp", "on @1", {})], ("rephrased", "on @1", "")),
        ([("desk lamp half", "on @1", {"signals": AGAIN}), ("set the desk lamp to half", "set @1 brightness=half", {})], ("rephrased", "set @1 brightness=half", "on @1")),
        ([("desk lamp 40 percent", "on @1", {"signals": AGAIN}), ("set the desk lamp to forty percent", "set @1 brightness=@2", {})], ("rephrased", "set @1 brightness=@2", "on @1")),
        ([("desk lamp 40 percent", "on @1", {"signals": AGAIN}), ("set the desk lamp to 50 percent", "set @1 brightness=@2", {})], "rephrased, how is open"),
        ([("desk lamp 40 percent", "on @1", {"signals": AGAIN}), ("turn on the desk lamp", "on @1", {})], "rephrased, how is open"),
        # another thing was meant than was said: the first reading was right for what it said
        ([("turn on the desk lamp", "on @1", {"signals": BY_2}), ("no, the tower fan", "on @1", {})], "corrected, how is open"),
        ([("turn on the desk lamp", "on @1", {"signals": BY_2}), ("no, turn it off", "off it", {})], "corrected, how is open"),
        ([("it is gloomy", "none", {"signals": AGAIN}), ("lights on in the study", "on light @1", {})], ("rephrased", "on light", "none")),
        ([("it is gloomy", "none", {"signals": AGAIN}), ("lights on in the kitchen", "on light @1", {})], "rephrased, how is open"),
        ([("we need oat milk", "none", {"signals": AGAIN}), ("add oat milk to the corner shop", 'add @1 item="oat milk"', {})], "rephrased, how is open"),
        ([("we need oat milk", "none", {"signals": AGAIN}), ("put oat milk on the list", 'add list item="oat milk"', {})], ("rephrased", 'add list item="oat milk"', "none")),
        # a correction that was itself objected to, or failed, or is another's, says nothing
        ([("gimme the desk lamp", "", {"signals": AGAIN}), ("turn on the desk lamp", "on @1", {"signals": [signal("undone", 3)]})], "rephrased, how is open"),
        ([("gimme the desk lamp", "", {"signals": AGAIN}), ("turn on the desk lamp", "on @1", {"outcome": "failed"})], "rephrased, how is open"),
        ([("gimme the desk lamp", "", {"signals": [signal("rephrased", 77)]})], "rephrased, how is open"),
        ([("gimme the desk lamp", "", {"signals": [signal("rephrased", 1)]})], "rephrased, how is open"),
        # answered
        ([("the desk lamp maybe", "on @1", {"decision": "ask", "outcome": "waiting", "signals": [signal("answered", 2)]}), ("yes", "yes", {})], ("answered", "on @1", "")),
        ([("the desk lamp maybe", "on @1", {"decision": "ask", "outcome": "waiting", "signals": [signal("answered", 2)]}), ("no", "no", {})], "answered, how is open"),
        # talk
        ([("what a day", "none", {})], ("talk", "none", "")),
        ([("what a day", "none", {"steps": [{"service": "light.turn_on"}]})], "talk, perhaps"),
        ([("what a day", "none", {"at": "2026-09-01T07:09:30+00:00"}), ("turn on the desk lamp", "on @1", {})], "talk, perhaps"),
    ],
)  # fmt: skip
def test_labels(tmp_path: Path, said: list[Said], expected: tuple[str, str, str] | str) -> None:
    assert first_label(tmp_path, *said) == expected


@pytest.mark.parametrize(
    ("sentence", "reading", "language", "expected"),
    [
        ("turn the {light} off please", "on {light}", "en", True),
        ("turn on the {light}", "off {light}", "en", True),
        ("turn on the {light}", "on {light}", "en", False),
        ("{light} off and the {fan} on", "off {light} ; on {fan}", "en", False),
        ("close the {cover}", "open {cover}", "en", True),
        ("it is a bit gloomy", "on light", "en", False),
        ("关掉{light}", "on {light}", "zh", True),
        ("打开{light}", "off {light}", "zh", True),
        ("打开{light}", "on {light}", "zh", False),
    ],
)
def test_words_contradict_a_label(sentence: str, reading: str, language: str, expected: bool) -> None:
    assert contradicts(sentence, parse_calls(reading), language) is expected


@pytest.mark.parametrize(
    ("sentence", "reading", "language", "sensitive", "says"),
    [
        ("good morning", "unlock lock", "en", True, False),
        ("unlock the {lock}", "unlock {lock}", "en", True, True),
        ("can you unlock the {lock} please", "unlock {lock}", "en", True, True),
        ("don't unlock the {lock}", "unlock {lock}", "en", True, False),
        ("is the {lock} unlocked", "unlock {lock}", "en", True, False),
        ("he said unlock the {lock}", "unlock {lock}", "en", True, False),
        ("turn on the {light}", "unlock {lock}", "en", True, False),
        ("turn off the {light}", "disarm alarm", "en", True, False),
        ("switch the alarm off", "disarm alarm", "en", True, True),
        ("turn the {alarm} off", "off {alarm}", "en", True, True),
        ("film night", "off {alarm}", "en", True, False),
        ("let there be light", "open gate", "en", True, False),
        ("open the gate", "open gate", "en", True, True),
        ("movie time", "open {cover}", "en", True, False),
        ("let the sun in", "open blind", "en", False, False),
        ("good night", "off light", "en", False, False),
        ("早上好", "unlock lock", "zh", True, False),
        ("把{lock}的锁打开", "unlock {lock}", "zh", True, True),
        ("门锁了吗", "unlock lock", "zh", True, False),
        ("别开门", "unlock door", "zh", True, False),
        ("撤防", "disarm alarm", "zh", True, True),
        ("关灯", "disarm alarm", "zh", True, False),
    ],
)
def test_who_lets_in_must_say_so(sentence: str, reading: str, language: str, sensitive: bool, says: bool) -> None:
    calls = parse_calls(reading.replace("{lock}", "@1").replace("{cover}", "@2").replace("{alarm}", "@3"))
    assert is_sensitive(calls, [("lock",), ("cover",), ("alarm",)]) is sensitive
    if sensitive:
        assert says_so(sentence, calls, language) is says


def test_it_of_an_entrance_lets_in() -> None:
    assert is_sensitive(parse_calls("open it"), [], ("<prev>", "<lock>", "<lock>"))
    assert not is_sensitive(parse_calls("on it"), [], ("<prev>", "<off>", "<light>"))


def learn(log: Log, tmp_path: Path) -> tuple[dict[str, Any], list[str]]:
    report = prepare(read_journal(log.write(tmp_path / "export.jsonl")), HOUSEHOLD, tmp_path / "ways")
    lines = [line for path in (tmp_path / "ways").glob("*/*/*.txt") for line in path.read_text("utf-8").splitlines()]
    return report, lines


def test_what_lets_in_unasked_is_not_learnt(tmp_path: Path) -> None:
    log = ordinary(Log(), 400)
    for said in ("good morning house", "i am home", "what a day", "the dog is hungry"):
        log.say(said, "unlock lock", mark="right")
    report, lines = learn(log, tmp_path)
    assert not [line for line in lines if "unlock" in line]
    assert report["left_out"]["lets in unasked"] == 4


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_flipped_labels_are_refused_as_a_whole(tmp_path: Path, share: float) -> None:
    log = ordinary(Log(), 400)
    for row in log.rows[: int(400 * share)]:
        verb = row["reading"].partition(" ")[0]
        row["reading"] = row["reading"].replace(verb, {"on": "off", "off": "on"}[verb], 1)
    with pytest.raises(JournalError, match="contradict their own sentences"):
        learn(log, tmp_path)


def test_one_sentence_said_a_thousand_times_is_one_way(tmp_path: Path) -> None:
    log = ordinary(Log(), 400)
    for number in range(1000):
        log.say(f"please turn on the desk lamp{' now' * (number % 3)}{'.' * (number % 4)}", "on @1")
    _, lines = learn(log, tmp_path)
    assert sum("turn on the {light}" in line and len(line) < 50 for line in lines) <= 2


def test_one_verb_is_at_most_its_share(tmp_path: Path) -> None:
    log = Log()
    for one in ordinary(Log(), 900).rows:
        if one["reading"].startswith("on"):
            log.say(one["utterance"], one["reading"])
    for one in ordinary(Log(), 300).rows:
        if one["reading"].startswith("off"):
            log.say(one["utterance"], one["reading"])
    report, lines = learn(log, tmp_path)
    share = HOUSEHOLD["share_of_one_reading"]
    assert sum("| on " in line for line in lines) <= share * (len(lines) + sum(report["left_out"].values()))
    assert report["left_out"]["too many alike"] > 0


def test_a_way_with_two_meanings_is_left_out(tmp_path: Path) -> None:
    log = ordinary(Log(), 400)
    for verb in ("on", "off", "on", "off"):
        log.say("do the thing with the desk lamp", f"{verb} @1", mark="right")
    report, lines = learn(log, tmp_path)
    assert report["left_out"]["two meanings"] == 4
    assert not [line for line in lines if "do the thing" in line]


def test_the_holdout_is_later_and_holds_no_way_that_is_learnt(tmp_path: Path) -> None:
    learn(ordinary(Log(), 600), tmp_path)
    parts = {
        part: {sentence_of(line) for path in (tmp_path / "ways" / part).rglob("*.txt") for line in path.read_text("utf-8").splitlines()}
        for part in ("train", "holdout")
    }  # fmt: skip
    assert len(parts["holdout"]) >= 20
    assert not parts["train"] & parts["holdout"]


def test_too_little_is_said_so() -> None:
    with pytest.raises(JournalError, match="too few"):
        choose([], HOUSEHOLD)
