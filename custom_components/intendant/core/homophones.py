"""Put right what speech recognition wrote with other characters of the same sound: 彩红的 is 彩虹的, 空条 is 空调.

A noisy channel (Kernighan, Church and Gale, "A Spelling Correction Program Based on a Noisy Channel Model", 1990): of all ways
to write the same syllables, the one that is likeliest among what people say to a house, less a price for every character
that is taken for another one. How likely it is, is counted in threes, with a fixed discount where a triple is unknown
("stupid backoff", Brants et al., "Large Language Models in Machine Translation", 2007).
"""

from __future__ import annotations

import gzip
import math
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from .catalog import DATA
from .text import sound

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE, OTHER = "characters_zh.txt.gz", "#"
"""Counts of characters, pairs and triples (training/characters.py), and the sign for whatever is no character of a plain word."""
PRICE = 3.5
"""What it costs to take a character for another one: the logarithm of how seldom a recognizer errs in one."""
_DISCOUNT, _BEAM, _RARE = math.log(0.4), 16, 3


def respell(text: str, kept: Iterable[tuple[int, int]] = ()) -> tuple[str, float]:
    """Return the likeliest sentence of the same sound and length, and how much likelier it is (a logarithm, 0 for the text itself).

    Characters in the `kept` places (start, end) stay as they are. About 3 ms for a sentence of 15 characters.
    """
    fixed = {place for start, end in kept for place in range(start, end)}
    beam: list[tuple[float, str]] = [(0.0, "")]
    for place, char in enumerate(text):
        choices = [char] if place in fixed or not _is_han(char) else _alike(char)
        grown = [
            (
                score + _likely(_context(written, place, fixed), _sign(other, place, fixed)) - PRICE * (other != char),
                written + other,
            )
            for score, written in beam
            for other in choices
        ]
        # The sentence as it was heard stays in the race, so that the gain can be told.
        own = next(item for item in grown if item[1] == text[: place + 1])
        beam = sorted(grown, key=lambda item: -item[0])[:_BEAM]
        beam = beam if own in beam else [*beam, own]
    ended = [(score + _likely(_context(written, len(text), fixed), OTHER), written) for score, written in beam]
    best = max(ended)
    return best[1], best[0] - next(score for score, written in ended if written == text)


def likelihood(text: str, kept: Iterable[tuple[int, int]] = ()) -> float:
    """Return how likely a sentence is among what people say to a house (a logarithm); the `kept` places count as names."""
    fixed = {place for start, end in kept for place in range(start, end)}
    signs = [_sign(char, place, fixed) for place, char in enumerate(text)]
    steps = (_likely(_context(text[:place], place, fixed), sign) for place, sign in enumerate([*signs, OTHER]))
    return sum(steps)


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def _sign(char: str, place: int, fixed: set[int]) -> str:
    return char if _is_han(char) and place not in fixed else OTHER


def _context(written: str, place: int, fixed: set[int]) -> str:
    """Return the two characters before a place, as they are counted: one sign for a whole stretch of others."""
    context = ""
    for before in range(place - 1, -1, -1):
        sign = _sign(written[before], before, fixed)
        if sign != OTHER or not context.startswith(OTHER):
            context = sign + context
        if len(context) == 2:
            return context
    return (OTHER + context)[-2:] if not context.startswith(OTHER) else context


def _likely(context: str, char: str) -> float:
    """Return the logarithm of how likely a character is after others."""
    if char == OTHER and context.endswith(OTHER):
        return 0.0
    counts = _counts()
    discount = 0.0
    for start in range(len(context)):
        before = context[start:]
        if (count := counts.get(before + char)) and (whole := counts.get(before)):
            return discount + math.log(count / whole)
        discount += _DISCOUNT
    return discount + math.log(counts.get(char, 0.5) / _total())


@cache
def _counts() -> dict[str, int]:
    """Read the counts."""
    lines = gzip.decompress((DATA / FILE).read_bytes()).decode().splitlines()
    return {gram: int(count) for gram, _, count in (line.partition(" ") for line in lines)}


@cache
def _total() -> int:
    return sum(count for gram, count in _counts().items() if len(gram) == 1)


@cache
def _by_sound() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for gram, count in _counts().items():
        if len(gram) == 1 and gram != OTHER and count >= _RARE:
            found[sound(gram)].append(gram)
    return found


@cache
def _alike(char: str) -> list[str]:
    """Return the characters of the same sound that people say to a house, the character itself first."""
    return [char, *(other for other in _by_sound().get(sound(char), ()) if other != char)]
