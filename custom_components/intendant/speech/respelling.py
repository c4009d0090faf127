"""Hypotheses that the recognizer did not give: the same syllables in the characters that people say to a house."""

import re
from typing import TYPE_CHECKING, Final

from ..core.homophones import respell
from ..core.quantities import find_quantities
from ..core.text import clean, lower
from .hypotheses import Hypothesis, distinct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..core.house import House

WORTH: Final = 3.0
"""How much likelier (a logarithm) other characters must be: below that, what was heard may well be right."""
_SURE: Final = 0.85
"""From this quality on, a name of the home is well heard."""
_FREE: Final = re.compile(
    r"(?:播放|想听|点播|放一?[首段支集]|来一?[首段支]|搜一?搜?|提醒大家|告诉大家|广播)(?P<words>.+)"
)
"""What is followed by words that no counting knows: music, messages."""


def with_respellings(hypotheses: Sequence[Hypothesis], houses: Sequence[House]) -> list[Hypothesis]:
    """Return the hypotheses and their likelier respellings, likeliest first; some 5 ms for each in Chinese."""
    return distinct([*hypotheses, *_respellings(hypotheses, houses)])


def _respellings(hypotheses: Sequence[Hypothesis], houses: Sequence[House]) -> Iterator[Hypothesis]:
    for each in hypotheses:
        text = lower(clean(each.text))
        if text.isascii():
            continue
        other, gain = respell(text, _kept(text, houses))
        if other != text and gain >= WORTH:
            yield Hypothesis(other, each.score + gain)


def _kept(text: str, houses: Sequence[House]) -> Iterator[tuple[int, int]]:
    """Yield the places that stay as they were heard: names of the home, values, free words."""
    values = find_quantities(text)
    yield from ((mark.start, mark.end) for mark in values)
    for house in houses:
        yield from ((mark.start, mark.end) for mark in house.names.find(text, values) if mark.quality >= _SURE)
    if free := _FREE.search(text):
        yield free.span("words")
