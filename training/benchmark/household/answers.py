"""Whether a question was answered: the reply is held against the one that the ideal reading gets in the same home at the same time."""

import re
from difflib import SequenceMatcher

_ALIKE, _ALIKE_WITH_NUMBERS = 0.8, 0.5
_TELLING = frozenset(
    {"yes", "no", "not", "open", "closed", "on", "off", "locked", "unlocked", "nobody", "none", *"是没不开关"}
)
"""Words on which an answer turns: with another one it says the contrary, however alike the rest is."""


def is_answered(reply: str, ideal: str) -> bool:
    """Return whether a reply says what the ideal one says: the same numbers, and words that are alike."""
    if _plain(reply) == _plain(ideal):
        return True
    least = _ALIKE_WITH_NUMBERS if _numbers(ideal) else _ALIKE
    same = _numbers(reply) == _numbers(ideal) and _told(reply) == _told(ideal)
    return same and SequenceMatcher(None, _plain(reply), _plain(ideal)).ratio() >= least


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


def _told(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+|[\u3400-\u9fff]", text.casefold())) & _TELLING


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:[.,:]\d+)?", text))
