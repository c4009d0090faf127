"""What may have been said: the noun that recognizers give and the home chooses from."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..core.text import clean, lower, split_words

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One way to take what was heard."""

    text: str
    score: float = 0.0
    """Natural logarithm of how likely the recognizer finds it; only differences within one recording mean anything."""


def distinct(hypotheses: Iterable[Hypothesis]) -> list[Hypothesis]:
    """Return hypotheses that differ in their words, likeliest first, as it is written likeliest; empty ones are left out.

    What differs in commas and capital letters only is one hypothesis, as likely as all of them together.
    """
    found: dict[tuple[str, ...], Hypothesis] = {}
    for each in sorted(hypotheses, key=lambda hypothesis: -hypothesis.score):
        if words := tuple(word for word, _, _ in split_words(lower(clean(each.text)))):
            first = found.get(words)
            score = each.score if first is None else first.score + math.log1p(math.exp(each.score - first.score))
            found[words] = Hypothesis((first or each).text.strip(), score)
    return sorted(found.values(), key=lambda hypothesis: -hypothesis.score)
