"""The household's own words: sentences that teach them, and corrections from which they are learnt."""

from __future__ import annotations

from typing import Any

import pytest

from intendant_core.intentions import Act, Result
from intendant_core.lesson import Heard, Lesson, lesson_of
from intendant_core.notation import parse_calls
from intendant_core.phrasebook import Phrase, find_phrase, phrase_key, read_phrase, taught, untaught
from intendant_core.quantities import find_quantities
from intendant_core.values import Reading

from .small_home import build_house, build_situation, build_states, load_table

TABLE = load_table("phrases")
HOUSE, STATES = build_house(TABLE["home"]), build_states(TABLE["home"])


@pytest.mark.parametrize(
    ("language", "case"), [(lang, case) for lang, cases in TABLE["teaching"].items() for case in cases], ids=str
)
def test_teaching(language: str, case: dict[str, Any]) -> None:
    pair = case.get("taught")
    assert taught(case["said"], language) == (tuple(pair) if pair else None)
    assert untaught(case["said"], language) == case.get("forgotten")


@pytest.mark.parametrize("case", TABLE["same"], ids=str)
def test_a_phrase_is_known_however_it_is_said(case: dict[str, Any]) -> None:
    keys = {phrase_key(case[one], case["language"]) for one in ("phrase", "said")}
    assert (len(keys) == 1) == case["same"]


@pytest.mark.parametrize("case", TABLE["lessons"], ids=str)
def test_a_correction_teaches(case: dict[str, Any]) -> None:
    low = case["then"].lower()
    marks = tuple(HOUSE.names.find(low, find_quantities(low)))
    reading = Reading(case["then"], "en", marks, parse_calls(case["call"]))
    before = Heard(
        case["before"],
        Reading(case["before"], "en", (), parse_calls("on all")),
        case.get("unknown", ""),
        case.get("understood", False),
    )
    act = Act(reading.calls[0], (), tuple(case["does"]))
    words, *rest = case.get("name") or case.get("command") or [""]
    *verb, thing = rest or [""]
    wanted = Lesson(Phrase(words, "en", "", verb[0] if verb else None, (thing,)), sure=case.get("sure", True))
    found = lesson_of(before, reading, [Result(act)], corrects=case.get("corrects", False))
    assert found == (wanted if words else None)


@pytest.mark.parametrize(
    "results",
    [
        [],
        [Result(Act(parse_calls("on @1")[0], (), ("light.floor",), confirm=True))],
        [Result(Act(parse_calls("on @1")[0], (), ("light.floor",)), {"light.floor": "unavailable"})],
    ],
)
def test_what_did_not_happen_teaches_nothing(results: list[Result]) -> None:
    reading = Reading("no, the floor lamp", "en", tuple(HOUSE.names.find("no, the floor lamp")), parse_calls("on @1"))
    assert lesson_of(Heard("dragon", None, "dragon"), reading, results, corrects=True) is None


def test_a_phrase_stands_for_things_that_are_there() -> None:
    phrase = Phrase("movie time", "en", verb="on", entity_ids=("light.floor", "light.gone"))
    situation = build_situation(HOUSE, STATES, {})
    assert find_phrase("movie time", situation) is None
    reading = read_phrase(phrase, "movie time", situation)
    assert reading is not None
    assert [mark.refs[0].id for mark in reading.marks] == ["light.floor"]
    assert read_phrase(Phrase("x", "en", verb="on", entity_ids=("light.gone",)), "x", situation) is None
