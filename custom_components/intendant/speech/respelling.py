"""Hypotheses that the recognizer did not give: the same syllables in the characters that people say to a house."""

import re
from typing import TYPE_CHECKING, Final

from ..core.homophones import likelihood, respell
from ..core.quantities import find_quantities
from ..core.text import clean, lower
from .hypotheses import Hypothesis, distinct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..core.house import House

WORTH: Final = 2.0
"""How much likelier (a logarithm) other characters must be: below that, what was heard may well be right."""
WEIGHT: Final = 0.3
DOUBT: Final = 1.0
"""What the likelihood of the characters weighs beside what was heard, and what it costs not to have been heard."""
_SURE: Final = 0.85
"""From this quality on, a name of the home is well heard."""
_FREE: Final = re.compile(
    r"(?:播放|想听|点播|放一?[首段支集]|来一?[首段支]|搜一?搜?|提醒大家|告诉大家|广播)(?P<words>.+)"
)
"""What is followed by words that no counting knows: music, messages."""


def with_respellings(hypotheses: Sequence[Hypothesis], houses: Sequence[House]) -> list[Hypothesis]:
    """Return the hypotheses and their likelier respellings, likeliest first; some 5 ms for each in Chinese."""
    if any(each.text.isascii() for each in hypotheses):
        return list(hypotheses)
    return distinct(weighed for each in hypotheses for weighed in _weigh(each, houses))


def _weigh(heard: Hypothesis, houses: Sequence[House]) -> Iterator[Hypothesis]:
    """Yield a hypothesis with the likelihood of its characters counted, and its respelling if that is likelier."""
    text = lower(clean(heard.text))
    kept = list(_kept(text, houses))
    yield Hypothesis(heard.text, heard.score + WEIGHT * likelihood(text, kept))
    other, gain = respell(text, kept)
    if other != text and gain >= WORTH:
        yield Hypothesis(other, heard.score + WEIGHT * likelihood(other, kept) - DOUBT)


def _kept(text: str, houses: Sequence[House]) -> Iterator[tuple[int, int]]:
    """Yield the places that stay as they were heard: names of the home, values, free words."""
    values = find_quantities(text)
    yield from ((mark.start, mark.end) for mark in values)
    for house in houses:
        yield from ((mark.start, mark.end) for mark in house.names.find(text, values) if mark.quality >= _SURE)
    if free := _FREE.search(text):
        yield free.span("words")
