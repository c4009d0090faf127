"""What the plain words of a sentence amend in a reading; whose automation is meant; what contradicts its sentence."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from intendant_core.amend import amend
from intendant_core.by_itself import name_automation
from intendant_core.house import House
from intendant_core.intentions import Situation
from intendant_core.misread import drops_exception
from intendant_core.notation import format_calls, parse_calls
from intendant_core.quantities import find_quantities
from intendant_core.text import lower
from intendant_core.values import Entity, Home, Reading

from .small_home import build_house, load_table

TABLE = load_table("amend")
HOUSE = build_house(TABLE["home"])
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def read(language: str, said: str, notation: str) -> Reading:
    marks = tuple(HOUSE.names.find(lower(said), find_quantities(lower(said))))
    return Reading(said, language, marks, parse_calls(notation))


@pytest.mark.parametrize(("language", "said", "notation", "meant"), TABLE["cases"])
def test_amend(language: str, said: str, notation: str, meant: str) -> None:
    amended = amend(read(language, said, notation))
    if "couple" in said:
        assert str(amended.marks[-1].quantity) == "Number(value=2.0, unit='°')"
    assert format_calls(amended.calls) == meant


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        (
            "en",
            "can you stop the porch light coming on every time it gets dark",
            "turn off the Porch at dusk automation",
        ),
        ("en", "I don't want that porch light coming on by itself any more", "turn off the Porch at dusk automation"),
        ("en", "stop the hall light coming on by itself", "stop the hall light coming on by itself"),
        ("en", "stop the porch light", "stop the porch light"),
        ("en", "don't turn the porch light on", "don't turn the porch light on"),
        ("zh", "那个定时喂猫先停了", "关闭定时喂猫自动化"),
        ("zh", "喂猫的那个定时，恢复吧", "打开定时喂猫自动化"),
        ("zh", "停一下", "停一下"),
    ],
)
def test_what_happens_by_itself(language: str, said: str, meant: str) -> None:
    things = (
        Entity("automation.p", "Porch at dusk"),
        Entity("automation.b", "Bin nag"),
        Entity("automation.c", "定时喂猫"),
    )
    house = House(Home((), (), (), things))
    assert name_automation(said, Situation(house, lambda _: None, NOW, language=language)) == meant


@pytest.mark.parametrize(
    ("said", "notation", "dropped"),
    [
        ("turn off the lights in the den but not the Hue", "off light @1", True),
        ("turn the air cons off but leave mine going", "off climate", True),
        ("turn the telly off but leave the lights on", "off tv", False),
        ("everything off except the lamp", "off all except @1", False),
        ("turn it on but not too bright", "on it", False),
        ("空调都关了嘛，打牌那屋的莫动", "off climate all", True),
        ("空调都关了，别忘了", "off climate all", False),
        ("所有灯都关了，除了台灯", "off light all", True),
    ],
)
def test_an_exception_is_not_dropped(said: str, notation: str, dropped: bool) -> None:
    language = "en" if said.isascii() else "zh"
    assert drops_exception(read(language, said, notation)) is dropped
