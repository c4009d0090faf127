"""Which words of a sentence may be the household's own name for a thing: a model that knows only what its table says is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intendant_core.nickname import Wanted, names_in, wanted_by_hand
from intendant_core.notation import parse_calls
from intendant_core.values import Mark, Reading

from .small_home import build_house, load_table

if TYPE_CHECKING:
    from collections.abc import Callable

HOUSE = build_house(load_table("complete")["home"])
THING = next(iter(HOUSE.entities))


def reader(text: str, reads: dict[str, str], language: str = "en") -> Callable[[Mark], Reading]:
    """Return a model that reads calls in the sentence when certain words are marked, and nothing for any others."""

    def read(mark: Mark) -> Reading:
        found = reads.get(text[mark.start : mark.end])
        return Reading(text, language, (mark,), parse_calls(found or "none"), 0.9)

    return read


@pytest.mark.parametrize(
    ("text", "reads", "said", "names"),
    [
        ("bump the beast two", {"beast": "more @1 temperature=some"}, "turn up the heat pump", [("beast", False)]),
        ("rocket fuel", {"rocket fuel": "toggle @1"}, "the coffee machine", [("rocket fuel", True)]),
        # What the other sentence says too, what does something else, and little words are no names.
        ("warm the heat pump", {"heat pump": "more @1"}, "turn up the heat pump", []),
        ("kill the beast", {"beast": "off @1"}, "turn up the heat pump", []),
        ("put it on now", {"it": "more @1", "now": "more @1"}, "turn up the heat pump", []),
        ("beast two", {"beast": "more @1 ; off @1"}, "turn up the heat pump", []),
    ],
)
def test_names(text: str, reads: dict[str, str], said: str, names: list[tuple[str, bool]]) -> None:
    wanted = Wanted(THING, frozenset({"more", "on"} if "fuel" not in text else {"on"}), said)
    assert list(names_in(text, wanted, HOUSE, "en", reader(text, reads))) == names


@pytest.mark.parametrize(
    ("text", "words", "names"),
    [
        ("甘道夫暗一点", "甘道夫", [("甘道夫", False)]),
        ("把甘道夫关了", "把甘道夫", []),
        ("小胖", "小胖", [("小胖", True)]),
    ],
)
def test_chinese_names(text: str, words: str, names: list[tuple[str, bool]]) -> None:
    read = reader(text, {words: "less @1" if len(text) > 2 else "toggle @1"}, "zh")
    assert list(names_in(text, Wanted(THING, frozenset({"less"})), HOUSE, "zh", read)) == names


@pytest.mark.parametrize(
    ("thing", "before", "after", "verbs"),
    [
        ("light.a", "off", "on", {"on", "set"}),
        ("light.a", "on", "on", {"set", "more", "less"}),
        ("scene.a", "unknown", "2026-11-26T12:00:00+00:00", {"run"}),
        ("vacuum.a", "docked", "cleaning", {"start"}),
        ("lock.a", "locked", "unlocked", None),
        ("cover.a", "closed", "open", None),
        ("light.a", "on", "weird", None),
    ],
)
def test_by_hand(thing: str, before: str, after: str, verbs: set[str] | None) -> None:
    wanted = wanted_by_hand(thing, before, after)
    assert (set(wanted.verbs) if wanted else None) == verbs
