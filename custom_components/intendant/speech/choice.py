"""Choose among hypotheses by what the home contains and what the model finds likely: "Lumos", not "illuminous".

Three things count, all as natural logarithms of how likely they make a hypothesis: what the recognizer heard, whether the words
name things of the home, and whether the intent model can read them. Where the first two settle it, the third is not asked.
"""

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..core.lexicon import common_words, kind_words, stop_words
from ..core.quantities import find_quantities
from ..core.text import clean, lower, split_words, stem
from .respelling import with_respellings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..core.house import House
    from .hypotheses import Hypothesis

FAR: Final = 5.0
"""What is so much less likely to the recognizer than the best is left out."""
SURE: Final = 1.0
"""So much ahead, with names counted, the first is taken without asking the model."""
MOST: Final = 3
"""Hypotheses that the model is asked about at most."""
SECONDS: Final = 0.15
"""Then no further one is begun."""
NAME: Final = 3.0
"""What a name of the home in full is worth."""
STRANGE: Final = 0.7
"""What a word costs that is neither a plain word nor a name of the home."""
READ: Final = 1.0
"""What the model's confidence weighs."""
OUTSIDE: Final = 2.0
"""What it costs to be nothing for the house, as the model sees it."""
_LEAST: Final = 0.05
"""A confidence below which the model knows nothing more."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a hypothesis."""

    hypothesis: Hypothesis
    house: House
    """The home whose names it fits best."""
    names: float
    """How many names of the home are in it; those that are only nearly right count less."""
    strange: int
    """How many of its words nobody knows."""
    confidence: float = 1.0
    """How sure the model is of its reading."""
    outside: float = 0.0
    """How likely the model finds it that this is nothing for the house."""

    @property
    def score(self) -> float:
        """Return how likely all of it makes the hypothesis (a logarithm)."""
        read = READ * math.log(max(self.confidence, _LEAST)) - OUTSIDE * self.outside
        return self.hypothesis.score + NAME * self.names - STRANGE * self.strange + read


type Rate = Callable[[str, House], tuple[float, float]]
"""Sentence and home → the model's confidence, and how likely it is nothing for the house."""


def choose(hypotheses: Sequence[Hypothesis], houses: Sequence[House], rate: Rate | None = None) -> Hypothesis:
    """Return the hypothesis (of one or more, likeliest first) that the home makes likeliest. Blocks.

    Without `rate`, the model is not asked. An answer of its takes some 35 ms; at most MOST are wanted, and only in doubt.
    """
    hypotheses = with_respellings(hypotheses, houses)
    first = hypotheses[0]
    near = [each for each in hypotheses if each.score >= first.score - FAR]
    if len(near) == 1 or not houses:
        return first
    found = sorted((_look(each, houses) for each in near), key=lambda evidence: -evidence.score)
    if rate is None or found[0].score - found[1].score >= SURE:
        return found[0].hypothesis
    began = time.monotonic()
    rated: list[Evidence] = []
    for evidence in found[:MOST]:
        if rated and (time.monotonic() - began > SECONDS or evidence.score < max(each.score for each in rated)):
            # What the model thinks can only take away from a score.
            break
        confidence, outside = rate(evidence.hypothesis.text, evidence.house)
        rated.append(
            Evidence(evidence.hypothesis, evidence.house, evidence.names, evidence.strange, confidence, outside)
        )
    return max(rated, key=lambda evidence: evidence.score).hypothesis


def _look(hypothesis: Hypothesis, houses: Sequence[House]) -> Evidence:
    """Return what the names of the homes say of a hypothesis; about 1 ms."""
    text = lower(clean(hypothesis.text))
    values = list(find_quantities(text))
    best = Evidence(hypothesis, houses[0], 0.0, 0)
    for number, house in enumerate(houses):
        marks = house.names.find(text, values)
        names = sum(mark.quality for mark in marks if mark.refs)
        if not number or names > best.names:
            taken = [(mark.start, mark.end) for mark in marks]
            strange = sum(
                _is_strange(word) and not any(low <= start and end <= high for low, high in taken)
                for word, start, end in split_words(text)
            )
            best = Evidence(hypothesis, house, names, strange)
    return best


def _is_strange(word: str) -> bool:
    """Return whether a word is no plain one; only English ones are known well enough to tell."""
    known = common_words() | kind_words() | stop_words()
    return word.isascii() and word.isalpha() and word not in known and stem(word) not in known
