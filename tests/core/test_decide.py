"""How sure is sure enough: act, ask whether it was meant, say so, or hand over."""

from __future__ import annotations

import pytest

from intendant_core.decide import Thresholds, decide
from intendant_core.house import House
from intendant_core.intentions import Act, Intention, Refuse, Situation, Step, Tell
from intendant_core.notation import parse_calls
from intendant_core.values import Call, Home, Reading

from .small_home import NOW, load_table

CALL = Call("on", "light")
ACT = Act(CALL, (Step("light.turn_on", ("light.a",)),), ("light.a",))
SITUATION = Situation(House(Home()), lambda _: None, NOW)


def describe(intention: Intention) -> str:
    if isinstance(intention, Act):
        return "ask" if intention.doubtful and intention.confirm else "act"
    return intention.key if isinstance(intention, Refuse) else type(intention).__name__


@pytest.mark.parametrize(
    ("confidence", "weakest", "outside", "intentions", "decided"),
    [
        (0.9, 0.9, 0.0, (ACT,), ["act"]),
        (0.28, 0.9, 0.0, (ACT,), ["ask"]),
        (0.9, 0.3, 0.0, (ACT,), ["ask"]),
        (0.28, 0.9, 0.0, (ACT, ACT), ["ask", "ask"]),
        (0.28, 0.9, 0.0, (ACT, ACT, ACT), ["not_sure"]),
        (0.28, 0.9, 0.0, (ACT, Tell(CALL, "time")), ["not_sure"]),
        (0.1, 0.1, 0.0, (ACT,), ["not_sure"]),
        (0.1, 0.1, 0.0, (Tell(CALL, "time"),), ["Tell"]),
        (0.9, 0.9, 0.5, (ACT,), ["HandOver"]),
    ],
)
def test_decide(
    confidence: float, weakest: float, outside: float, intentions: tuple[Intention, ...], decided: list[str]
) -> None:
    reading = Reading("kitchen", "en", (), (CALL,), confidence, weakest, outside)
    assert [describe(item) for item in decide(reading, intentions, SITUATION, Thresholds(0.3, 0.35, 0.35))] == decided


@pytest.mark.parametrize(("language", "text", "call", "forbidden"), load_table("forbidden"), ids=str)
def test_what_is_forbidden_is_not_done(language: str, text: str, call: str, *, forbidden: bool) -> None:
    reading = Reading(text, language, (), parse_calls(call))
    [decided] = decide(reading, (ACT,), SITUATION, Thresholds())
    assert (describe(decided) in ("HandOver", "not_sure")) == forbidden
