"""Where the words of a sentence plainly point, whatever was read; and how things were before they were changed in the wrong way."""

from __future__ import annotations

from datetime import datetime

import pytest

from intendant_core.complete import as_before
from intendant_core.intentions import Memory, Situation
from intendant_core.notation import format_calls, parse_calls
from intendant_core.point import point
from intendant_core.quantities import find_quantities
from intendant_core.values import Reading, State

from .small_home import build_house, build_states, load_table

HOME = load_table("complete")["home"]
HOUSE, STATES = build_house(HOME), build_states(HOME)


@pytest.mark.parametrize(
    ("language", "said", "read", "meant"),
    [
        ("en", "lights off in there", "off light here", "off light there"),
        ("en", "is there a light on in here", "any light here value=on", "any light here value=on"),
        ("en", "there's a draught in here", "more climate here temperature=some", "more climate here temperature=some"),
        ("en", "the other one can swing", "set fan oscillate=on", "set other oscillate=on"),
        ("en", "no the other one, the desk lamp, off", "off @1", "off @1"),
        ("en", "what about the other one", "none", "none"),
        ("zh", "那儿现在多少度", "state here prop=temperature", "state there prop=temperature"),
        ("zh", "这边那边都关了", "off here", "off here"),
        ("zh", "另一个让它摇头", "set fan oscillate=on", "set other oscillate=on"),
        ("en", "make it warm white", "set it color=@1", "set it color_temp=warm"),
        ("en", "make it white", "set it color=@1", "set it color=@1"),
    ],
)
def test_point(language: str, said: str, read: str, meant: str) -> None:
    assert format_calls(point(Reading(said, language, (), parse_calls(read))).calls) == meant


def test_a_correction_counts_from_before() -> None:
    thing = next(iter(HOUSE.entities))
    former = {thing: ("was", {"temperature": 20.0})}
    now = datetime.fromisoformat("2026-11-26T12:00:00+00:00")
    for acted in (True, False):
        memory = Memory(former=former, acted=acted)
        found = as_before(Situation(HOUSE, STATES.get, now, memory=memory)).states(thing)
        assert (found == State("was", {"temperature": 20.0})) is acted


@pytest.mark.parametrize(
    ("said", "read", "meant"),
    [
        ("make it a warm orange", "set it color_temp=warm", "set it color=@1"),
        ("warm orange at half", "set light brightness=half color_temp=warm", "set light brightness=half color=@1"),
        ("make it warm", "set it color_temp=warm", "set it color_temp=warm"),
        ("when the sun goes down close the curtains", "close curtain", "close curtain at=@1"),
        ("lamp on till sunset", "on light for=@1", "on light for=@1"),
    ],
)
def test_what_was_said_is_not_passed_over(said: str, read: str, meant: str) -> None:
    marks = tuple(find_quantities(said))
    assert format_calls(point(Reading(said, "en", marks, parse_calls(read))).calls) == meant


@pytest.mark.parametrize(
    ("said", "read", "meant"),
    [
        ("lamp at a quarter", "set light brightness=half", "set light brightness=@1"),
        ("dim the lamp to a third, I'm nodding off", "set light brightness=min", "set light brightness=@1"),
        ("lamp at a quarter", "set light brightness=@1", "set light brightness=@1"),
        ("lamp at half", "set light brightness=half", "set light brightness=half"),
        ("lamp low at ten", "set light brightness=low at=@1", "set light brightness=low at=@1"),
    ],
)
def test_a_share_that_was_said_is_not_passed_over(said: str, read: str, meant: str) -> None:
    marks = tuple(find_quantities(said.lower()))
    assert format_calls(point(Reading(said, "en", marks, parse_calls(read))).calls) == meant
