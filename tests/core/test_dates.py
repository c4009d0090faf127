"""When the calendar is asked, and what the rest is the rest of."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from intendant_core.dates import ask_calendar
from intendant_core.house import House
from intendant_core.intentions import Situation
from intendant_core.misread import invents_exception
from intendant_core.notation import format_calls, parse_calls
from intendant_core.rest import the_rest
from intendant_core.values import Area, Entity, Home, Reading

from .small_home import load_table

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
HALL = Area("hall", "Hall")


def situation(language: str, *things: Entity, area: str | None = None) -> Situation:
    return Situation(House(Home((HALL,), (), (), things)), lambda _: None, NOW, language, area)


@pytest.mark.parametrize(("language", "said", "asks"), load_table("dates")["asks"])
def test_asks_the_calendar(language: str, said: str, asks: bool) -> None:
    reading = Reading(said, language, (), parse_calls("none"), 0.4, 0.4, 0.8)
    found = ask_calendar(reading, situation(language, Entity("calendar.family", "Family")))
    assert format_calls(found.calls) == ("events" if asks else "none")
    assert (found.outside == 0.0) is asks


def test_asks_no_calendar_where_there_is_none_and_not_instead_of_a_command() -> None:
    said = "when's the dentist"
    reading = Reading(said, "en", (), parse_calls("none"))
    assert ask_calendar(reading, situation("en")) is reading
    command = Reading(said, "en", (), parse_calls("off light"))
    assert ask_calendar(command, situation("en", Entity("calendar.family", "Family"))) is command


LAMPS = (
    Entity("light.floor", "落地灯", (), "hall"),
    Entity("light.lamp", "Lumos", (), "hall"),
    Entity("light.far", "Shed spot"),
)


@pytest.mark.parametrize(
    ("language", "said", "area", "read", "meant"),
    [
        ("zh", "灯就留个落地灯，其他的灭掉", "hall", "off light all except @1", "off light here except @1"),
        ("zh", "灯就留个落地灯，其他的灭掉", None, "off light all except @1", "off light all except @1"),
        ("zh", "留着落地灯，其他房间的灯关了", "hall", "off light all except @1", "off light all except @1"),
        ("zh", "全部灯关了，其他的留着", "hall", 'off light all except "灯"', 'off light all except "灯"'),
        ("en", "keep the lumos, the rest off", "hall", "off light all except @1", "off light here except @1"),
        ("en", "keep the lumos, the rest of the lights off", "hall", "off light all except @1", "off light all except @1"),
        ("en", "keep the shed spot, the rest off", "hall", "off light all except @1", "off light all except @1"),
        ("en", "all the others off but the lumos", "hall", "off light all except @1", "off light all except @1"),
        ("en", "the rest off", "hall", "off light all", "off light all"),
    ],
)  # fmt: skip
def test_the_rest(language: str, said: str, area: str | None, read: str, meant: str) -> None:
    here = situation(language, *LAMPS, area=area)
    found = the_rest(Reading(said, language, tuple(here.house.names.find(said)), parse_calls(read)), here)
    assert format_calls(found.calls) == meant


@pytest.mark.parametrize(
    ("language", "said", "invented"),
    [
        ("en", "close all the blinds and shades upstairs", True),
        ("en", "close all the blinds but the kitchen", False),
        ("en", "close all the blinds, kitchen has its plants", False),
        ("zh", "楼上灯都关了", True),
        ("zh", "灯都关了留厨房", False),
    ],
)
def test_exceptions_that_nobody_said(language: str, said: str, invented: bool) -> None:
    assert invents_exception(Reading(said, language, (), parse_calls('off light all except "x"'))) is invented
