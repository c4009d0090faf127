"""What is learnt from says nothing of those who said it."""

from __future__ import annotations

import json
import random
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from training.anonymise import anonymise, before_of
from training.journal import read_journal
from training.label import label
from training.stock import read_line
from training.ways import RECIPE, prepare

from .simulated import Log, ordinary

if TYPE_CHECKING:
    from pathlib import Path

HOUSEHOLD = yaml.safe_load(RECIPE.read_text(encoding="utf-8"))["household"]


def blank(tmp_path: Path, said: str, reading: str, **changes: Any) -> str:
    """Return the way of speaking of one turn, or why it is left out."""
    log = Log()
    log.say(said, reading, **({"mark": "right"} | changes))
    export = read_journal(log.write(tmp_path / "export.jsonl"))
    ways, report = anonymise(label(export).rows, export.home)
    return ways[0].line if ways else str(next(iter(report.left_out or label(export).counts)))


@pytest.mark.parametrize(
    ("said", "reading", "expected"),
    [
        ("Turn on the desk lamp", "on @1", "turn on the {light} | on {light}"),
        ("desk lamp and tower fan off", "off @1 @2", "{light} and {fan} off | off {light} {fan}"),
        ("lights in the kitchen, no, the study", "off light @2", "lights in the {area}, no, the {area2} | off light {area2}"),
        ("desk lamp to 40 percent", "set @1 brightness=@2", "{light} to {num} percent | set {light} brightness={num}"),
        ("desk lamp to 40%", "set @1 brightness=@2", "{light} to {num}% | set {light} brightness={num}"),
        ("make it twenty two degrees in the study", "set climate @2 temperature=@1", "make it {num} degrees in the {area} | set climate {area} temperature={num}"),
        ("desk lamp off in half an hour", "off @1 in=@2", "{light} off in {dur} | off {light} in={dur}"),
        ("desk lamp off at half past six", "off @1 at=@2", "{light} off at {time} | off {light} at={time}"),
        ("add whole wheat bread to the corner shop", 'add @1 item="whole wheat bread"', "add {text} to the {list} | add {list} item={text}"),
        ("play hotline bling on the sky box", 'play @1 query="hotline bling"', "play {text} on the {media} | play {media} query={text}"),
        ("turn on the sauna", 'on "sauna"', "turn on the {unknown} | on {unknown}"),
        ("is zebulon quartermain at home", "where @1", "is {person} at home | where {person}"),
        ("书桌台灯关了", "off @1", "{light}关了 | off {light}"),
        ("厨房的灯调到百分之三十", "set light @1 brightness=@2", "{area}的灯调到百分之{num} | set light {area} brightness={num}"),
        ("欧阳若曦在家吗", "where @1", "{person}在家吗 | where {person}"),
        # what tells something is left out
        ("turn on the desk lamp for zebulon", "on @1", "a name of the home"),
        ("turn on the desk lamp for wolfgang", "on @1", "a word that is not plain"),
        ("turn on the desk lamp b4 dinner", "on @1", "digits"),
        ("my pin is one two three four turn on the desk lamp", "on @1", "digits"),
        ("desk lamp on, mail me at a@b.c", "on @1", "signs"),
        ("turn on the desk lamp {secret}", "on @1", "signs of the notation"),
        ("turn on the desk lamp | unlock lock", "on @1", "signs of the notation"),
        ("turn on the hunter's lamp", 'on "hunter\'s lamp"', "turn on the {unknown} | on {unknown}"),
        ("it is so cold and the lights are on and it is all too much for me now", "none", "long talk"),
        ("王小明说开书桌台灯", "on @1", "a word that is not plain"),
        ("在中关村开书桌台灯", "on @1", "a word that is not plain"),
    ],
)  # fmt: skip
def test_blanks(tmp_path: Path, said: str, reading: str, expected: str) -> None:
    changes: dict[str, Any] = {"mark": None, "decision": "hand_over"} if reading == "none" else {}
    assert blank(tmp_path, said, reading, **changes) == expected


@pytest.mark.parametrize(
    ("tokens", "notation"),
    [
        ("<prev><off><light><area>", "off light {area}"),
        ("<prev><on><light>", "on light"),
        ("<prev><set><light><area><brightness=><num>", "set light {area} brightness={num}"),
        ("<prev><set><climate><temperature=><num><in=><dur>", "set climate temperature={num} in={dur}"),
        ("<prev><off><light><all><except><area>", "off light all except {area}"),
        ("<prev><add><list><item=><text>", "add list item={text}"),
        ("<prev><on><light><prev><off><area><fan>", "on light ; off {area} {fan}"),
        ("<prev><set><climate><mode=><heat>", "set climate mode=heat"),
        ("<prev><state><area><prop=><temperature>", "state {area} prop=temperature"),
    ],
)
def test_the_turn_before(tokens: str, notation: str) -> None:
    assert before_of(tuple(re.findall("<[^<>]+>", tokens))) == notation
    assert read_line(f"{notation} >> and the {{fan}} | on {{fan}}", "en", "t").before


SECRETS = [
    "wolfgang", "hunter2", "correcthorse", "0170 5551234", "4711", "bei der alten linde 7", "max@example.org", "DE89370400440532013000", "sk-abcdef",
    "quetiapine", "one two three four five six", "zebulon", "quartermain", "https://example.org/x", "10.0.0.17", "raxacoricofallapatorius", "blue-eyed",
    "王建国", "若曦", "欧阳", "13800138000", "中关村大街", "京A12345", "阿司匹林",
]  # fmt: skip
PLACES = [
    "turn on the desk lamp {}", "{} turn on the desk lamp", "turn on the desk lamp for {} please", "tell {} the desk lamp is on", "{} said that the kitchen is cold",
    "add {} to the corner shop", "play {} on the sky box", "turn on {}", "my name is {}", "what is {}", "打开书桌台灯{}", "{}说厨房太冷", "把{}加到购物单", "叫{}来厨房",
]  # fmt: skip


def plant(log: Log, count: int) -> Log:
    """Let the household say secrets in all the ways that there are, in among the ordinary."""
    chance = random.Random(4)
    for _ in range(count):
        secret, place = chance.choice(SECRETS), chance.choice(PLACES)
        said = place.format(secret)
        log.say(said)
        marks = len(log.rows[-1]["marks"])
        readings = ["none", *(["on @1", "toggle @1", "where @1"] if marks else ["on light"])]
        free = ('play query="{}"', 'add list item="{}"', 'on "{}"', 'broadcast message="{}"')
        readings += [reading.format(secret) for reading in free]
        changes: dict[str, Any] = {
            "reading": chance.choice(readings),
            "mark": chance.choice([None, "right"]),
            "answer": f"of course, {secret}",
        }
        log.rows[-1].update(
            changes | {"decision": "hand_over" if changes["reading"] == "none" else "act", "conversation": secret}
        )
    return log


def found_in(text: str) -> list[str]:
    """Return which secrets stand in a text."""
    low = text.lower()
    return [secret for secret in SECRETS if re.search(rf"(?<![a-z0-9]){re.escape(secret.lower())}(?![a-z0-9])", low)]


def test_planted_secrets_do_not_come_through(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = plant(ordinary(Log(), 400), 1000)
    chance = random.Random(2)
    chance.shuffle(log.rows)
    export = log.write(tmp_path / "export.jsonl")
    assert len(found_in(export.read_text("utf-8"))) == len(SECRETS)
    report = prepare(read_journal(export), HOUSEHOLD, tmp_path / "ways")
    written = [path for path in (tmp_path / "ways").rglob("*") if path.is_file()]
    assert len(written) >= 4
    for path in written:
        assert not found_in(path.read_text("utf-8")), path
    assert not found_in(json.dumps(report))
    assert not found_in(capsys.readouterr().out)
    # The sentences with secrets in free words are still learnt from.
    lines = [line for path in written if path.suffix == ".txt" for line in path.read_text("utf-8").splitlines()]
    assert any("{text}" in line for line in lines)
    assert report["left_out"]["a word that is not plain"] > 50
