"""What a sentence is shown after, that has nothing to do with it."""

import random

import pytest

from training.earlier import STRAY, STRAY_COMPLETE, Earlier, is_complete
from training.stock import Way, read_line, read_stock


def way(line: str, language: str = "en") -> Way:
    """Return the way of speaking of a line of the stock."""
    return read_line(line, language, "test")


@pytest.mark.parametrize(
    ("line", "language", "complete"),
    [
        ("{dur} timer for the {text} | timer_start time={dur} name={text}", "en", True),
        ("porch lights on please | on light", "en", True),
        ("turn it on please now | on it", "en", False),
        ("and the {area} lights on | on light {area}", "en", False),
        ("louder | more media volume=some", "en", False),
        ("lovely day out there today | none", "en", False),
        ("off light >> now the {area} please | off light {area}", "en", False),
        ("把{area}的灯打开 | on light {area}", "zh", True),
        ("{area}也打开 | on light {area}", "zh", False),
    ],
)
def test_complete(line: str, language: str, complete: bool) -> None:
    assert is_complete(way(line, language)) is complete


def test_the_turn_before_is_often_the_contrary_or_a_relative() -> None:
    ways = list(read_stock("en", errors=[]))
    earlier, rng = Earlier(ways), random.Random(1)
    said = way("put the {light} on please | on {light}")
    drawn = [earlier.draw(said, lambda: rng.choice(ways), rng) for _ in range(2000)]
    spoken = [calls for calls in drawn if calls]
    assert abs(len(spoken) / len(drawn) - STRAY_COMPLETE) < 0.05
    contrary = [calls for calls in spoken if calls[0].verb == "off" and calls[0].targets == said.calls[0].targets]
    assert len(contrary) > 0.25 * len(spoken)
    leaning = way("louder | more media volume=some")
    share = sum(bool(earlier.draw(leaning, lambda: rng.choice(ways), rng)) for _ in range(2000)) / 2000
    assert abs(share - STRAY) < 0.05
