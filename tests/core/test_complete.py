"""Answers to questions back, and sentences that say the turn before was wrong."""

from __future__ import annotations

from typing import Any

import pytest

from intendant_core.agree import agreement
from intendant_core.complete import complete_call, complete_words, corrects
from intendant_core.decide import never_twice
from intendant_core.intentions import Ask, Memory, Question, Refuse, Situation
from intendant_core.notation import format_calls, parse_calls
from intendant_core.values import Pointer, Reading

from .small_home import NOW, build_house, build_states, load_table

TABLE = load_table("complete")
HOUSE = build_house(TABLE["home"])
STATES = build_states(TABLE["home"])
CORRECTIONS = [
    (language, said, expected)
    for language, rows in TABLE["corrections"].items()
    for expected, sentences in rows.items()
    for said in sentences
]


def make_situation(case: dict[str, Any]) -> Situation:
    [call] = parse_calls(case["call"])
    language = case.get("language", "en")
    question = Question(
        call,
        case["asked"],
        Reading("before", language, (), (call,)),
        tuple(case.get("choices", ())),
        tuple(case.get("among", ())),
    )
    return Situation(HOUSE, STATES.get, NOW, language, memory=Memory(question=question))


def describe(reading: Reading | None) -> object:
    """Return the ids chosen, or the call in notation."""
    if reading is None:
        return None
    if len(reading.calls) > 1:
        return format_calls(reading.calls)
    [call] = reading.calls
    if any(mark.start == len("before") + 1 for mark in reading.marks) and not call.targets:
        assert call.slots
    chosen = [
        ref.id
        for term in call.targets
        if isinstance(term, Pointer) and isinstance(term.key, int)
        for ref in reading.marks[term.key - 1].refs
        if ref.kind == "entity"
    ]
    return chosen or format_calls([call])


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: f"{case['call']}: {case['said']}")
def test_complete(case: dict[str, Any]) -> None:
    assert describe(complete_call(case["said"], make_situation(case))) == case["gives"]


@pytest.mark.parametrize(("language", "said", "expected"), CORRECTIONS)
def test_corrections(language: str, said: str, expected: bool) -> None:
    assert corrects(said, language) == expected


@pytest.mark.parametrize(
    ("language", "said", "expected"),
    [
        (language, said, expected)
        for language, rows in TABLE["agreement"].items()
        for expected, sentences in rows.items()
        for said in sentences
    ],
)
def test_agreement(language: str, said: str, expected: str) -> None:
    situation = Situation(HOUSE, STATES.get, NOW, language, memory=Memory(pending=("lock.front",)))
    assert (agreement(said, situation) or "") == expected


def test_without_a_question_nothing_is_completed() -> None:
    situation = Situation(HOUSE, STATES.get, NOW)
    assert complete_call("the floor lamp", situation) is None
    assert complete_words("milk", situation) is None


def test_free_words_are_what_was_asked_for() -> None:
    situation = make_situation({"asked": "which_item", "call": "add list"})
    reading = complete_words("Oat milk.", situation)
    assert reading is not None
    assert format_calls(reading.calls) == 'add list item="Oat milk"'
    assert complete_words(" ".join(["word"] * 20), situation) is None


def test_the_same_question_is_not_asked_twice() -> None:
    situation = make_situation({"asked": "which", "call": "on light", "among": ["light.floor", "light.ceiling"]})
    [call] = parse_calls("on light")
    again = Ask(call, "which", ("a", "b"), ("light.floor", "light.ceiling"))
    [said] = never_twice((again,), situation)
    assert isinstance(said, Refuse)
    assert said.key == "which_again"
    other = Ask(call, "which_room")
    assert never_twice((other,), situation) == (other,)
