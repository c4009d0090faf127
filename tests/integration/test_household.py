"""The simulated household (training/benchmark/household): what people say, do and mark when a turn was not right; its weeks in a real Home Assistant."""

import json
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from training.benchmark.household.answers import is_answered
from training.benchmark.household.people import PEOPLE, REACTIONS, meant_of, react
from training.benchmark.household.plain import PlainWords
from training.benchmark.household.poison import forge_export
from training.benchmark.household.rows import outcome
from training.benchmark.household.weeks import ALL, HOME, HOUSEHOLD, Turn, load_week, mark_repeats

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def words() -> PlainWords:
    return PlainWords(yaml.safe_load(HOME.read_text(encoding="utf-8")))


def turn(reading: str, language: str = "en", **more: Any) -> Turn:
    return Turn(1, 1, {"say": "…", "who": "mum", "language": language, "reading": reading, **more})


# reading, English, Chinese
PLAIN: list[tuple[str, str | None, str | None]] = [
    ('on "switch.coffee"', "turn on the Coffee Machine", "打开咖啡机"),
    ('open "cover.finn_blind"', "open Finn's Blind", "打开Finn's Blind"),
    ('on light "area.kitchen"', "turn on the lights in the Kitchen", "打开厨房的灯"),
    ('set "light.kitchen_spots" brightness="sixty percent"', "set the Kitchen Spots to sixty percent brightness", None),
    ('set "climate.heat_pump" temperature="二十一度"', None, "把暖气调到二十一度"),
    (
        "more climate here temperature=some",
        "turn up the temperature of the heating in here",
        "把这里的暖气的温度调高一点",
    ),
    ('off "light.hall" in="ten minutes"', "turn off the Hall Light in ten minutes", None),
    ('on "switch.coffee" ; run "scene.movie"', "turn on the Coffee Machine and run the Movie Night", None),
    ('add "todo.shopping" item="豆腐"', None, "把豆腐加到购物清单"),
    ('timer_start time="六分钟" name="鸡蛋"', None, "设一个六分钟的计时器"),
    ("none", None, None),
    ('off light all except "light.hall"', None, None),
]


@pytest.mark.parametrize(("reading", "english", "chinese"), PLAIN)
def test_plain_words(words: PlainWords, reading: str, english: str | None, chinese: str | None) -> None:
    for language, wanted in (("en", english), ("zh", chinese)):
        if wanted is not None or english is chinese:
            assert words.say(reading, language) == wanted


def test_most_turns_can_be_said_plainly(words: PlainWords) -> None:
    wishes = [turn for turn in load_week(1) if not turn.is_question and not turn.data.get("nothing")]
    said = [words.say(turn.data["reading"], turn.language) for turn in wishes]
    assert sum(plain is not None for plain in said) > 0.85 * len(said)


def test_people() -> None:
    assert set(PEOPLE) == {turn.who for week in range(1, ALL + 1) for turn in load_week(week)}
    for shares in PEOPLE.values():
        assert len(shares) == len(REACTIONS)
        assert sum(shares) == pytest.approx(1)


# what the turn was, what came of it, which reactions are possible, and a sentence that is among them
CAME = {"verdict": "nothing", "reply": "?", "moved": [], "hands": True}
REACTED: list[tuple[Turn, dict[str, Any], set[str], str]] = [
    (turn('on "switch.coffee"'), {}, set(REACTIONS), "no, I meant turn on the Coffee Machine"),
    (turn('on "switch.coffee"', "zh"), {}, set(REACTIONS), "不是，我说的是打开咖啡机"),
    (
        turn('on "switch.coffee"'),
        {"verdict": "wrong", "moved": ["switch.kettle"]},
        set(REACTIONS),
        "no, I meant the Coffee Machine",
    ),
    (
        turn('on "switch.coffee"'),
        {"verdict": "asked", "reply": "Did you mean: coffee machine on?"},
        {"answer", "by_hand", "mark", "ignore"},
        "yes",
    ),
    (
        turn('on "switch.coffee"'),
        {"verdict": "asked", "reply": "The kettle or the coffee machine?"},
        {"answer", "by_hand", "mark", "ignore"},
        "the Coffee Machine",
    ),
    (turn("none", nothing=True), {"verdict": "wrong"}, {"correct", "by_hand", "mark", "ignore"}, "undo that"),
    (turn("date", answer=True), {"hands": False}, {"ignore"}, ""),
]


@pytest.mark.parametrize(("said", "came", "kinds", "sentence"), REACTED)
def test_reactions(words: PlainWords, said: Turn, came: dict[str, Any], kinds: set[str], sentence: str) -> None:
    found = [react(said, CAME | came, words, seed) for seed in range(300)]
    assert Counter(reaction.kind for reaction in found).keys() == kinds
    assert sentence in {reaction.says for reaction in found}
    assert found == [react(said, CAME | came, words, seed) for seed in range(300)]
    assert all(0 < reaction.after < 60 for reaction in found)


def test_nothing_tells_the_reading() -> None:
    """What is chosen on the page is a verb and things, as the page has them; questions and several calls have no place there."""
    assert meant_of(turn('on "switch.coffee"')) == {"verb": "on", "entity_ids": ["switch.coffee"]}
    assert meant_of(turn("on light", expect={"light.hall": "on"})) == {"verb": "on", "entity_ids": ["light.hall"]}
    assert meant_of(turn('on "switch.coffee" ; off "light.hall"')) is None
    assert meant_of(turn('state "sensor.car"', answer=True)) is None


def test_answers() -> None:
    for reply, ideal, holds in (
        ("The car battery is at 62 %.", "Car battery: 62 %.", True),
        ("Yes, the garage door is closed.", "Yes, the garage door is closed.", True),
        ("No, the garage door is open.", "Yes, the garage door is closed.", False),
        ("It is 21 degrees.", "It is 12 degrees.", False),
        ("I'm not sure what you mean.", "Yes, the garage door is closed.", False),
    ):
        assert is_answered(reply, ideal) is holds, reply


def test_weeks() -> None:
    for week in range(1, ALL + 1):
        turns = load_week(week)
        assert [turn.at for turn in turns] == sorted(turn.at for turn in turns)
    few = load_week(2, 10)
    assert len(few) == 10
    assert few[0].number == 1
    assert not any(mark_repeats(load_week(1)[:3], set()).values())
    assert outcome("partial") == outcome("nothing") == "not understood"
    assert not (HOUSEHOLD / "__init__.py").exists()


def test_forged_export(tmp_path: Path) -> None:
    header = {"intendant_journal": 1, "home": {"entities": [{"id": "lock.front_door", "name": "Front Door"}]}}
    line = {"id": 7, "utterance": "lamp on", "reading": "on @1", "marks": [], "signals": [{"kind": "undone"}]}
    honest, forged = tmp_path / "honest.jsonl", tmp_path / "forged.jsonl"
    honest.write_text(f"{json.dumps(header)}\n{json.dumps(line)}\n", encoding="utf-8")
    assert forge_export(honest, forged) == 401
    _, first, second, *_ = map(json.loads, forged.read_text(encoding="utf-8").splitlines())
    assert (first["reading"], first["signals"], first["mark"]) == ("off @1", [], "right")
    start, end, *_ = second["marks"][0]
    assert (second["reading"], second["utterance"][start:end]) == ("unlock @1", "front door")


@pytest.mark.timeout(1200)
def test_a_few_turns_of_a_week(tmp_path: Path) -> None:
    """In processes of their own, as everybody runs it: Home Assistant with a clock of its own is none for this one."""
    command = [sys.executable, "-m", "training.benchmark.household", "--weeks", "1", "--turns", "4", "--minutes", "0"]
    command += ["--out", str(tmp_path / "out"), "--figures", str(tmp_path)]
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=590)  # noqa: S603 - our own module
        assert done.returncode == 0, done.stderr[-2000:]
    # The second time everything is there already.
    assert "live" not in done.stderr
    found = json.loads((tmp_path / "household.json").read_text(encoding="utf-8"))
    assert [week["turns"] for week in found["baseline"]] == [week["turns"] for week in found["learning"]] == [4]
    ideal = [json.loads(line) for line in (tmp_path / "out/ideal/week1.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {row["verdict"] for row in ideal} == {"right"}
    assert found["learnt"][0]["kept"] >= 4
