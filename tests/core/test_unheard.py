"""A place or thing that a sentence names and the home lacks; other spellings of the same sound."""

import datetime as dt

import pytest

from intendant_core.appliance import time_left_of
from intendant_core.help import understand_help
from intendant_core.homophones import respell
from intendant_core.house import House
from intendant_core.intentions import Refuse, Situation, Tell
from intendant_core.misread import passes_over
from intendant_core.notation import format_calls, parse_calls
from intendant_core.unheard import name_unheard
from intendant_core.values import Area, Entity, Home, Mark, Reading, Ref, State

NOON = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)
HOUSE = House(
    Home(
        (Area("k", "Kitchen"),),
        (),
        (),
        (
            Entity("light.k", "Spots", (), "k"),
            Entity("sensor.w", "Washing machine time left", (), "k", "duration"),
            Entity("sensor.d", "Dishwasher remaining time", (), "k", "duration"),
            Entity("sensor.x", "烘干机剩余时间", (), "k", "duration"),
        ),
    )
)


@pytest.mark.parametrize(
    ("language", "said", "read", "meant"),
    [
        ("en", "turn on the light in the shed", "on light", 'on light "shed"'),
        ("en", "turn on the shed light", "on light", 'on light "shed"'),
        ("en", "all the lights in the attic off", "off light all", 'off light "attic"'),
        ("en", "turn the aquarium light off", "off light", 'off "aquarium light"'),
        ("en", "turn the big light off", "off light", "off light"),
        ("en", "dim the other lights", "less light brightness=some", "less light brightness=some"),
        ("en", "turn the light off", "off light", "off light"),
        ("en", "the light in the shed, off", "off @1", "off @1"),
        ("zh", "把地下室的灯打开", "on light", 'on light "地下室"'),
        ("zh", "把灯打开", "on light", "on light"),
    ],
)
def test_what_the_home_lacks_is_not_replaced(language: str, said: str, read: str, meant: str) -> None:
    assert format_calls(name_unheard(Reading(said, language, (), parse_calls(read))).calls) == meant


def test_what_the_home_has_is_no_unknown_place() -> None:
    mark = Mark(21, 28, ("area",), (Ref("area", "k"),))
    reading = Reading("turn the light in the kitchen on", "en", (mark,), parse_calls("on light"))
    assert name_unheard(reading) == reading


@pytest.mark.parametrize(
    ("said", "read", "wrong"),
    [
        ("turn the straighteners off", "off it", True),
        ("turn it off", "off it", False),
        ("turn the thing off", "off it", False),
    ],
)
def test_a_thing_that_nobody_knows_is_not_the_last_one(said: str, read: str, wrong: bool) -> None:
    assert passes_over(Reading(said, "en", (), parse_calls(read))) is wrong


@pytest.mark.parametrize(
    ("said", "sensor"),
    [
        ("how long's the washing got left", "sensor.w"),
        ("how much longer for the dishwasher", "sensor.d"),
        ("烘干机还要多久", "sensor.x"),
        ("how long on the timer", None),
        ("how much time is left", None),
    ],
)
def test_a_remaining_time_is_told_by_its_sensor(said: str, sensor: str | None) -> None:
    situation = Situation(HOUSE, lambda _: None, NOON)
    found = time_left_of(Reading(said, "en", (), parse_calls("timer_ask")), situation)
    assert (found.id if found else None) == sensor


@pytest.mark.parametrize(
    ("language", "said", "key"),
    [
        ("en", "What can you do?", "help"),
        ("zh", "你会什么", "help"),
        ("en", "when does the sun set", "sun"),
        ("zh", "几点天黑", "sun"),
    ],
)
def test_what_needs_no_model(language: str, said: str, key: str) -> None:
    sun = State(
        "above_horizon", {"next_setting": "2026-11-27T16:00:00+00:00", "next_rising": "2026-11-28T07:30:00+00:00"}
    )
    told = understand_help(said, Situation(HOUSE, {"sun.sun": sun}.get, NOON, language))
    assert isinstance(told, Tell)
    assert told.key == key


def test_nobody_knows_of_the_sun() -> None:
    told = understand_help("when is sunset", Situation(HOUSE, lambda _: None, NOON))
    assert isinstance(told, Refuse)
    assert understand_help("help me carry this", Situation(HOUSE, lambda _: None, NOON)) is None


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("关闭燃器总发", "关闭燃气总阀"),
        ("打开电贩包", "打开电饭煲"),
        ("把客厅的灯打开", "把客厅的灯打开"),
        ("提醒我半小时后关火", "提醒我半小时后关火"),
        ("turn on the light", "turn on the light"),
        ("", ""),
    ],
)
def test_other_characters_of_the_same_sound(heard: str, meant: str) -> None:
    assert respell(heard)[0] == meant
    assert respell(heard, [(0, len(heard))]) == (heard, 0.0)
