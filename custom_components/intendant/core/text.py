"""Bring sentences and names into one form: cleaned, lower case, split into words, and their sound."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from .catalog import DATA

MAX_SENTENCE = 400
"""Characters of a sentence that are read; nobody says more to a house in one breath."""

_HAN = "\u3400-\u9fff"
_WORD = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+(?:'[^\W_{_HAN}]+)?")
_SOUNDS = (("ph", "f"), ("ght", "t"), ("gh", ""), ("ck", "k"), ("qu", "kw"), ("kn", "n"), ("wr", "r"), ("sch", "sk"), ("ch", "j"), ("sh", "j"), ("th", "t"),
           ("dg", "j"), ("x", "ks"), ("z", "s"), ("v", "f"), ("d", "t"), ("b", "p"), ("q", "k"))  # fmt: skip


def clean(text: str) -> str:
    """Return the sentence with one form per character (NFKC), without control characters, markup or double spaces.

    Angle brackets are taken out so that no sentence can spell one of the model's own tokens.
    """
    text = unicodedata.normalize("NFKC", text)
    text = "".join(" " if unicodedata.category(char)[0] in "CZ" or char in "<>" else char for char in text)
    text = text.replace("’", "'").replace("‘", "'")
    return re.sub(r" +", " ", text).strip()[:MAX_SENTENCE].strip()


def lower(text: str) -> str:
    """Return the text in lower case and in simplified characters, of the same length, so that offsets stay valid."""
    low = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return low if low.isascii() else low.translate(_load_simplified())


def split_words(text: str) -> list[tuple[str, int, int]]:
    """Return (word, start, end) for each word; each Han character is a word of its own."""
    return [(match.group(), match.start(), match.end()) for match in _WORD.finditer(text)]


def stem(word: str) -> str:
    """Return the word without a possessive or a plural s."""
    word = word.removesuffix("'s").replace("'", "")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def join_stems(words: list[str]) -> str:
    """Return the key under which a name is found however its words are spaced."""
    return "".join(map(stem, words))


def sound(key: str) -> str:
    """Return how a key of Latin letters or Han characters sounds, roughly: consonants only, or toneless pinyin."""
    if any("\u3400" <= char <= "\u9fff" for char in key):
        return _pinyin(key)
    for old, new in _SOUNDS:
        key = key.replace(old, new)
    key = re.sub(r"c(?=[eiy])", "s", key).replace("c", "k")
    head, rest = key[:1], key[1:]
    rest = re.sub(r"[aeiouyhw]", "", rest)
    return re.sub(r"(.)\1+", r"\1", ("a" if head in "aeiou" else head) + rest)


def _pinyin(key: str) -> str:
    table = _load_pinyin()
    return "".join(table.get(char, char) + "'" for char in key)


@cache
def _load_simplified() -> dict[int, str]:
    """Read which simplified character each traditional one is read as."""
    lines = (DATA / "simplified.txt").read_text(encoding="utf-8").splitlines()
    return {ord(char): line[0] for line in lines if line[0] != "#" for char in line[1:]}


@cache
def _load_pinyin() -> dict[str, str]:
    """Read the table of Mandarin readings, with pairs that speech recognition confuses made one (zh/z, ng/n, l/n)."""
    table: dict[str, str] = {}
    for line in (DATA / "pinyin.txt").read_text(encoding="utf-8").splitlines():
        syllable, _, chars = line.partition(" ")
        syllable = re.sub(r"^([zcs])h", r"\1", syllable)
        syllable = re.sub(r"([aei])ng$", r"\1n", syllable)
        syllable = re.sub(r"^n(?=[aeiou])", "l", syllable)
        for char in chars:
            table[char] = syllable
    return table
