"""Choosing among hypotheses: what the home contains and the model finds likely, against what the recognizer heard."""

import math
from typing import TYPE_CHECKING

import pytest

from custom_components.intendant.core.house import House
from custom_components.intendant.core.values import Area, Entity, Home
from custom_components.intendant.speech.choice import FAR, MOST, choose
from custom_components.intendant.speech.hypotheses import Hypothesis, distinct

if TYPE_CHECKING:
    from collections.abc import Callable

HOUSE = House(
    Home(
        areas=(Area("k", "Kitchen"), Area("s", "Saoirse's room")),
        entities=(Entity("light.l", "Lumos lamp", area_id="k"), Entity("light.n", "Nyx"), Entity("light.d", "大灯")),
    )
)


def hypotheses(*found: tuple[str, float]) -> list[Hypothesis]:
    return [Hypothesis(text, score) for text, score in found]


@pytest.mark.parametrize(
    ("found", "chosen"),
    [
        ([("Turn on the illuminous lamp.", -1.5), ("Turn on the Lumos lamp.", -2.8)], "Turn on the Lumos lamp."),
        ([("Set low most to 40%.", -2.4), ("Set lumos to 40%.", -3.8)], "Set lumos to 40%."),
        ([("Switch off nicks", -1.0), ("Switch off Nyx", -1.5)], "Switch off Nyx"),
        ([("Lights off in sorcha's room", -1.0), ("Lights off in Saoirse's room", -2.0)], "Lights off in Saoirse's room"),
        ([("把答灯打开", -1.0), ("把大灯打开", -1.6)], "把大灯打开"),
        ([("关闭燃器总发", -1.0)], "关闭燃气总阀"),
        # What was clearly heard stays, whatever else the home holds.
        ([("Is the next light still on?", -0.5), ("Is the Nyx light still on?", -0.5 - FAR - 0.1)], "Is the next light still on?"),
        ([("Turn on the Lumos lamp.", -1.0), ("Burn on the Lumos lamp.", -4.4)], "Turn on the Lumos lamp."),
        ([("What's the capital of Peru?", -0.4), ("What's the capital of bayou?", -2.0)], "What's the capital of Peru?"),
        ([("hello", -0.1)], "hello"),
    ],
)  # fmt: skip
def test_the_names_of_the_home_decide(found: list[tuple[str, float]], chosen: str) -> None:
    assert choose(hypotheses(*found), [HOUSE]).text == chosen


@pytest.mark.parametrize(
    ("rates", "chosen"),
    [
        ({"lamp of": (0.2, 0.6), "lamp off": (0.9, 0.0)}, "lamp off"),
        ({"lamp of": (0.9, 0.0), "lamp off": (0.9, 0.0)}, "lamp of"),
        ({"lamp of": (0.0, 0.0), "lamp off": (0.0, 0.0)}, "lamp of"),
    ],
    ids=["the model knows better", "it has nothing against it", "it knows nothing"],
)
def test_in_doubt_the_model_decides(rates: dict[str, tuple[float, float]], chosen: str) -> None:
    found = hypotheses(("lamp of", -1.0), ("lamp off", -1.4))
    assert choose(found, [HOUSE], lambda text, _house: rates[text]).text == chosen


@pytest.fixture
def asked() -> list[str]:
    """Return what the model was asked."""
    return []


@pytest.fixture
def rate(asked: list[str]) -> Callable[[str, House], tuple[float, float]]:
    """Return a model that dislikes whatever it is asked."""

    def rate(text: str, _house: House) -> tuple[float, float]:
        asked.append(text)
        return 0.1, 1.0

    return rate


def test_what_is_clear_costs_no_pass_of_the_model(rate: Callable[..., tuple[float, float]], asked: list[str]) -> None:
    choose(hypotheses(("Turn on the Lumos lamp.", -0.5), ("Turn on the Lumos lamps.", -2.0)), [HOUSE], rate)
    assert not asked


def test_the_model_is_asked_about_a_few_only(rate: Callable[..., tuple[float, float]], asked: list[str]) -> None:
    choose(hypotheses(*((f"lamp {word}", -1.0) for word in ("on", "off", "of", "up", "low"))), [HOUSE], rate)
    assert len(asked) == MOST


def test_the_model_is_asked_in_time_only(
    rate: Callable[..., tuple[float, float]], asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.intendant.speech.choice.SECONDS", -1.0)
    choose(hypotheses(("lamp on", -1.0), ("lamp off", -1.0)), [HOUSE], rate)
    assert len(asked) == 1


def test_hypotheses_that_are_written_differently_only_are_one() -> None:
    found = distinct(
        hypotheses(
            (" Turn on, the lamp!", -2.0), ("", -0.1), ("turn on the lamp", -2.0), ("...", -1.0), ("Turn on.", -1.5)
        )
    )
    assert [each.text for each in found] == ["Turn on, the lamp!", "Turn on."]
    assert found[0].score == pytest.approx(-2.0 + math.log(2))
