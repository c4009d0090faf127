"""What is said after something was planned and carried out."""

from __future__ import annotations

from dataclasses import replace
from string import Formatter
from typing import TYPE_CHECKING, Any

import pytest

from intendant_core.answer import word_answer
from intendant_core.intentions import Act, Ask, HandOver, Refuse, Result, Step
from intendant_core.languages import phrases_of
from intendant_core.plan import plan_call
from intendant_core.values import Call, State

from .small_home import build_house, build_situation, build_states, load_table, read_row

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = load_table("questions")["home"]
ROWS = load_table("answers")["rows"]
HOUSE = build_house(HOME)
STATES = build_states(HOME)
_GRAMMAR = {"be", "p", "m", "kind", "kinds", "the", "s", "day", "have", "was"}
"""Gaps that one language fills and the other has no use for."""


def states_of(row: dict[str, Any]) -> dict[str, State]:
    """Return the states of a row: with lamps that dim, or with one lamp out of reach."""
    states = dict(STATES) if "left" in row else {**STATES, "light.shed": State("on")}
    if "modes" in row:
        lamp = states["light.desk"]
        states["light.desk"] = State(
            lamp.state, {**lamp.attributes, "supported_color_modes": ["rgb", "color_temp"]}, lamp.last_changed
        )
    return states


@pytest.mark.parametrize("row", ROWS, ids=[f"{number} {row['text']}" for number, row in enumerate(ROWS)])
def test_answer(row: dict[str, Any]) -> None:
    states = states_of(row)
    situation = build_situation(HOUSE, states, row)
    reading = read_row(HOUSE, row)
    results = []
    for call in reading.calls:
        intention = plan_call(call, reading, situation)
        results.append(Result(intention, row.get("failed", {}), row.get("response")))
    answer = word_answer(results, situation)
    assert answer.text == row["say"]
    assert answer.asks is row.get("asks", False)


def test_several_results_stand_in_one_answer() -> None:
    call = Call("on")
    situation = build_situation(HOUSE, STATES, {})
    results = [
        Result(Ask(call, "which_room")),
        Result(Refuse(call, "no_such", {"name": "sauna"})),
        Result(HandOver(call)),
    ]
    answer = word_answer(results, situation)
    assert answer.text == "I don't know anything called sauna. That's not for the house. In which room?"
    assert answer.asks


@pytest.mark.parametrize(
    ("brevity", "area", "results", "said"),
    [
        ("ok", None, [Result(Act(Call("off"), (), ("light.desk",)))], "OK"),
        ("silent", "living", [Result(Act(Call("off"), (), ("light.desk",)))], ""),
        ("silent", "kitchen", [Result(Act(Call("off"), (), ("light.desk",)))], "OK"),
        ("ok", None, [Result(Act(Call("off"), (), ("light.desk",), delay=60.0))], None),
        ("ok", None, [Result(Act(Call("off"), (), ("light.desk",), unchanged=("light.desk",)))], None),
        ("ok", None, [Result(Act(Call("off"), (), ("light.desk",)), {"light.desk": "timeout"})], None),
        ("silent", None, [Result(Ask(Call("on"), "which_room"))], None),
    ],
)
def test_brevity(brevity: str, area: str | None, results: list[Result], said: str | None) -> None:
    situation = replace(build_situation(HOUSE, STATES, {"from": area}), brevity=brevity)
    full = word_answer(results, build_situation(HOUSE, STATES, {"from": area})).text
    assert word_answer(results, situation).text == (full if said is None else said)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Did you mean: desk lamp and kettle off?"), ("zh", "你的意思是：Desk lamp和Kettle关了？")],
)
def test_doubt_is_put_as_a_question(language: str, said: str) -> None:
    steps = (Step("homeassistant.turn_off", ("light.desk", "switch.kettle")),)
    act = Act(Call("off"), steps, ("light.desk", "switch.kettle"), confirm=True, doubtful=True)
    answer = word_answer([Result(act)], build_situation(HOUSE, STATES, {"language": language}))
    assert (answer.text, answer.asks) == (said, True)


def test_several_doubts_are_one_question() -> None:
    off = Act(Call("off"), (Step("light.turn_off", ("light.desk",)),), ("light.desk",), confirm=True, doubtful=True)
    on = Act(Call("on"), (Step("switch.turn_on", ("switch.kettle",)),), ("switch.kettle",), confirm=True, doubtful=True)
    answer = word_answer([Result(off), Result(on)], build_situation(HOUSE, STATES, {}))
    assert (answer.text, answer.asks) == ("Did you mean: desk lamp off, kettle on?", True)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_unknown_keys_have_words(language: str) -> None:
    situation = build_situation(HOUSE, STATES, {"language": language})
    call = Call("on")
    for intention in (
        Refuse(call, "brand_new"),
        Refuse(call, "brand_new", {"name": "Kettle"}),
        Ask(call, "brand_new"),
        Act(call, ()),
    ):
        assert word_answer([Result(intention)], situation).text


@pytest.mark.parametrize("language", ["fr", "de-CH", "en-GB"])
def test_other_languages_fall_back_to_english(language: str) -> None:
    assert phrases_of(language).language == "en"


def _leaves(words: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(words, dict):
        for key, value in words.items():
            yield from _leaves(value, (*path, str(key)))
    elif isinstance(words, str):
        yield path, words


def test_both_languages_say_the_same() -> None:
    """Every sentence exists in both languages, and no gap is in one that the other's facts do not fill."""
    own = {"nouns", "adjectives", "prepositions", "months", "colors", "options", "units", "days", "hours"}
    english = {path: text for path, text in _leaves(phrases_of("en").words) if path[0] not in own}
    chinese = {path: text for path, text in _leaves(phrases_of("zh").words) if path[0] not in own}
    only = {path for path in english.keys() ^ chinese.keys() if path[-1] not in ("yes_any", "temperature")}
    assert only == set()
    for path in english.keys() & chinese.keys():
        gaps = [
            {name for _, name, _, _ in Formatter().parse(text) if name} - _GRAMMAR
            for text in (english[path], chinese[path])
        ]
        assert gaps[1] <= gaps[0] | {"v", "prop", "clause", "n", "names", "list"}, path


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_same_words_do_not_come_twice_in_a_row(language: str) -> None:
    situation = build_situation(HOUSE, STATES, {"language": language})
    said: list[str] = []
    for _ in range(4):
        memory = replace(situation.memory, said=said[-1] if said else "")
        result = Result(Refuse(Call("none"), "not_sure"))
        said.append(word_answer([result], replace(situation, memory=memory)).text)
    assert said[0] == said[3]
    assert len(set(said)) == 3


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_may_be_varied_is_what_is_said(language: str) -> None:
    phrases = phrases_of(language)
    words = {phrases.sentence(str(word)) for key in ("refusals", "replies") for word in phrases.words[key].values()}
    words |= {phrases.sentence(phrases.word("misc", "ok"))}
    assert {ways[0] for ways in phrases.words["variants"]} <= words
