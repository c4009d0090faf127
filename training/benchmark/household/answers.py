"""Whether a question was answered: the reply is held against the one that the ideal reading gets in the same home at the same time."""

import re
from difflib import SequenceMatcher

_ALIKE, _ALIKE_WITH_NUMBERS = 0.8, 0.5


def is_answered(reply: str, ideal: str) -> bool:
    """Return whether a reply says what the ideal one says: the same numbers, and words that are alike."""
    if _plain(reply) == _plain(ideal):
        return True
    least = _ALIKE_WITH_NUMBERS if _numbers(ideal) else _ALIKE
    return _numbers(reply) == _numbers(ideal) and SequenceMatcher(None, _plain(reply), _plain(ideal)).ratio() >= least


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:[.,:]\d+)?", text))
