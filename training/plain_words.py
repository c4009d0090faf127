"""Know the plain words of each language: those that say nothing of who lives in a home.

They are the words that stand in several ways of speaking of the stock, outside its blanks. For Chinese, which has no
spaces, they are pairs of characters; few characters may stand between two pairs by themselves.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

from intendant_core.lexicon import common_words, kind_words, stop_words
from intendant_core.text import clean, lower, split_words, stem

from .stock import BLANK, read_names, read_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FEWEST, OFTEN = 2, 20
"""In how many ways of speaking a word must stand to be plain; in how many, when it is somebody's name too ("will")."""
ALONE = 200
"""How many of the most frequent Chinese characters may stand by themselves."""
_HAN = re.compile("[\u3400-\u9fff]+")
_FEWEST_CAPITALS = 0.5


def is_plain(sentence: str, language: str) -> bool:
    """Return whether all words of a sentence are plain: of either language, as people mix them."""
    plain = _words("en") | (_words("zh") if language == "zh" else frozenset())
    said = [word for word, _, _ in split_words(lower(sentence)) if not _HAN.fullmatch(word)]
    return all(word in plain or stem(word) in plain for word in said) and all(
        _is_plain_run(run) for run in _HAN.findall(sentence)
    )


def _is_plain_run(run: str) -> bool:
    """Return whether every character of a run is part of a plain pair, or may stand alone."""
    pairs, alone = _pairs()
    covered = [char in alone for char in run]
    for place in range(len(run) - 1):
        if run[place : place + 2] in pairs:
            covered[place] = covered[place + 1] = True
    return all(covered)


@cache
def _words(language: str) -> frozenset[str]:
    """Return the plain words that are written with letters."""
    counts: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for sentence in _sentences(language):
        inner = {word for word, start, _ in split_words(sentence) if start and word[:1].isupper()}
        capital.update({lower(word) for word in inner})
        counts.update({word for word, _, _ in split_words(sentence.lower()) if not _HAN.fullmatch(word)})
    names = set(_names_of_people(language))
    plain = {
        word
        for word, count in counts.items()
        if not re.search(r"\d", word)
        and count >= (OFTEN if word in names or capital[word] > _FEWEST_CAPITALS * count else FEWEST)
    }
    own = {word for word in (kind_words() | stop_words()) if not _HAN.search(word)}
    return frozenset(plain | own | (common_words() - names if language == "en" else set()))


@cache
def _pairs() -> tuple[frozenset[str], frozenset[str]]:
    """Return the plain pairs of Chinese characters, and the characters that may stand alone."""
    pairs: Counter[str] = Counter()
    single: Counter[str] = Counter()
    for sentence in _sentences("zh"):
        runs = _HAN.findall(sentence)
        pairs.update({run[i : i + 2] for run in runs for i in range(len(run) - 1)})
        single.update({char for run in runs for char in run})
    names = {name[i : i + 2] for name in _names_of_people("zh") for i in range(len(name) - 1)}
    plain = {pair for pair, count in pairs.items() if count >= (OFTEN if pair in names else FEWEST)}
    alone = {char for char, _ in single.most_common(ALONE)} | {word for word in stop_words() if len(word) == 1}
    return frozenset(plain), frozenset(alone)


def _sentences(language: str) -> Iterator[str]:
    for sentence, _ in read_words(language):
        yield clean(BLANK.sub(" , ", sentence))


def _names_of_people(language: str) -> Iterator[str]:
    """Yield the words of the names that the stock gives to people, lower case."""
    listed: dict[str, Any] = read_names(language)
    for name in listed["person"]:
        yield from words_of_name(str(name))


def words_of_name(name: str) -> Iterable[str]:
    """Return the words of a name, lower case; of a Chinese name the whole, and what is left without the surname."""
    plain = lower(clean(name))
    runs = [part for run in _HAN.findall(plain) for part in (run, run[1:]) if len(part) > 1]
    return [word for word, _, _ in split_words(plain) if not _HAN.fullmatch(word)] + runs
