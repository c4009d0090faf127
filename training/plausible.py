"""Tell whether a sentence may mean what a label says, by the words that the stock uses for each verb.

A household's log can be wrong, or forged. What it says is learnt only where the words don't say the opposite, and what
lets people in only where the words say so.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from intendant_core.text import lower, split_words
from intendant_core.values import Pointer, Text, Word

from .stock import BLANK, read_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from intendant_core.values import Call, Term

OPPOSITES = (
    ("on", "off"), ("open", "close"), ("lock", "unlock"), ("more", "less"), ("arm", "disarm"), ("mute", "unmute"), ("play", "pause"),
    ("start", "dock"), ("start", "stop"), ("next", "previous"), ("add", "remove"), ("on", "close"), ("off", "open"), ("lock", "open"),
    ("timer_start", "timer_cancel"), ("timer_pause", "timer_resume"), ("timer_add", "timer_reduce"),
)  # fmt: skip
FEWEST = 8
"""In how many ways of speaking a word must stand to tell anything."""
DOUBT = 2.5
"""How much likelier (natural logarithm) the words must be with the opposite for a label to be refused."""
SENSITIVE = frozenset({"unlock", "disarm"})
"""Verbs that let people in whatever they are said of."""
_OPENING = frozenset({"open", "toggle", "on", "off"})
"""Verbs that may let people in when they are said of an entrance."""
_ENTRANCES = frozenset({"door", "garage", "gate", "lock", "alarm", "valve"})
_MAY_BE_ENTRANCE = frozenset({"cover", "lock", "alarm", "valve"})
_SAYS = {
    "en": {
        "unlock": r"\bun(?:lock|bolt|latch)|(?=.*(?:lock|door|gate)).*(?:\bundo\b|\bopen|\bbuzz\b)",
        "disarm": r"\bdisarm|\bdeactivate|(?=.*(?:alarm|security)).*\boff\b",
        "open": r"\bopen|\bup\b|\braise|\blift",
        "on": r"\bon\b",
        "off": r"\boff\b",
        "toggle": r"\btoggle\b|\bflip\b",
    },
    "zh": {
        "unlock": "解锁|开锁|解.?锁|开.{0,3}门|门.{0,4}开|锁.{0,3}开",
        "disarm": "撤防|解除|(?=.*(?:警|防|alarm)).*(?:撤|关)",
        "open": "开|升|拉起|拉上去",
        "on": "开",
        "off": "关",
        "toggle": "切换",
    },
}
"""What a sentence must hold to be a label of the verb, where the label lets somebody in."""
_ASKED_OR_TOLD = {
    "en": r"n't\b|\bdont\b|\b(?:not|never|no|without|nobody|whether|said|says|saying|told|tells|heard|used to|should have|would have|could have)\b|\?"
    r"|^(?:(?:oh|so|and|but|well|hey|um|uh),? )?(?:who|what|when|why|how|if|did|do|does|was|were|is|are|has|have|had)\b",
    "zh": "别|不|没|勿|谁|什么|怎么|吗|是否|[?？]|说|喊|听|短信|内容|以前|刚才",
}
"""What makes of a request a question, a "don't", or a tale."""


@cache
def _counts(language: str) -> dict[str, Counter[str]]:
    """Return in how many ways of speaking of the stock each word stands, by the verb they mean."""
    found: dict[str, Counter[str]] = {}
    for sentence, verbs in read_words(language):
        if len(verbs) == 1:
            [verb] = verbs
            for word in _words(BLANK.sub(" ", sentence)):
                found.setdefault(word, Counter())[verb] += 1
    return found


def _words(sentence: str) -> set[str]:
    """Return the words of a sentence; of Chinese all runs of up to three characters."""
    said = [word for word, _, _ in split_words(sentence.lower())]
    runs = re.findall("[\u3400-\u9fff]+", sentence)
    pieces = {run[i : i + size] for run in runs for size in (1, 2, 3) for i in range(len(run) - size + 1)}
    pairs = {" ".join(pair) for pair in pairwise(said) if pair[0].isascii() and pair[1].isascii()}
    return {word for word in said if word.isascii()} | pieces | pairs


@cache
def _totals(language: str) -> Counter[str]:
    """Return how many words of the stock stand in ways of speaking that mean each verb."""
    totals: Counter[str] = Counter()
    for counts in _counts(language).values():
        totals.update(counts)
    return totals


def _leans(words: Iterable[str], towards: str, against: str, language: str) -> float:
    """Return how much likelier (natural logarithm) the words are with one verb than with another."""
    counts, totals = _counts(language), _totals(language)
    lean = 0.0
    for word in words:
        with_one, with_other = (counts[word][verb] if word in counts else 0 for verb in (towards, against))
        if with_one + with_other >= FEWEST:
            lean += math.log((with_one + 0.5) / (totals[towards] + 1) * (totals[against] + 1) / (with_other + 0.5))
    return lean


def contradicts(sentence: str, calls: Sequence[Call], language: str) -> bool:
    """Return whether the words of a sentence (blanks for names and values) say the opposite of what a label says."""
    verbs = {call.verb for call in calls}
    words = _words(BLANK.sub(" ", sentence))
    return any(
        one in verbs and other not in verbs and _leans(words, other, one, language) > DOUBT
        for one, other in (*OPPOSITES, *((other, one) for one, other in OPPOSITES))
    )


def is_sensitive(calls: Iterable[Call], types: Sequence[tuple[str, ...]], before: Sequence[str] = ()) -> bool:
    """Return whether a reading may let somebody in.

    `types` are those of the marks that its pointers count; `before` are the tokens of the turn before, which "it" is.
    """
    return any(_is_sensitive(call, types, before) for call in calls)


def _is_sensitive(call: Call, types: Sequence[tuple[str, ...]], before: Sequence[str]) -> bool:
    if call.verb in SENSITIVE or call.verb not in _OPENING:
        return call.verb in SENSITIVE
    opens = call.verb in ("open", "toggle")
    nothing_named = not call.kind and not call.targets
    return (
        call.kind in _ENTRANCES
        or (opens and (call.kind == "cover" or nothing_named))
        or any(_may_be_entrance(term, types, before, opens=opens) for term in call.targets)
    )


def _may_be_entrance(term: Term, types: Sequence[tuple[str, ...]], before: Sequence[str], *, opens: bool) -> bool:
    match term:
        case Pointer(int(key)):
            return bool(_MAY_BE_ENTRANCE & set(types[key - 1]))
        case Word("it" | "other"):
            return bool((_ENTRANCES | _MAY_BE_ENTRANCE) & {token.strip("<>") for token in before})
    return opens and isinstance(term, Text)


def says_so(sentence: str, calls: Sequence[Call], language: str) -> bool:
    """Return whether a sentence itself asks for what a sensitive label says: no hint, no question, no tale, no "don't".

    Names and values are blanks of their types in it.
    """
    low = lower(sentence).strip()
    if re.search(_ASKED_OR_TOLD[language], low):
        return False
    wanted = {call.verb for call in calls if call.verb in SENSITIVE | _OPENING}
    return all(re.search(_SAYS[language][verb], low) for verb in wanted)
