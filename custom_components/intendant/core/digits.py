"""Find the digits of a PIN in what was said or typed, and nothing else."""

from __future__ import annotations

import re

from .lexicon import load_words
from .text import clean, lower, split_words

_FEWEST = 4
PIN_FORM = re.compile("[0-9]{4,12}")


def spoken_pin(text: str, language: str) -> str | None:
    """Return the digits of a sentence that is a PIN ("the code is one two three four"), None when it is something else."""
    words = load_words(language)["pin"]
    low = lower(clean(text))
    for filler in words["fillers"]:
        low = re.sub(rf"\b{filler}\b" if filler.isascii() else filler, " ", low)
    found: list[str] = []
    repeat = 1
    for word, _, _ in split_words(low):
        if word in words["repeat"]:
            repeat = int(words["repeat"][word])
            continue
        digits = word if word.isdecimal() and word.isascii() else _digits_of(word, language, found)
        if digits is None:
            return None
        found += [digits] * repeat
        repeat = 1
    pin = "".join(found)
    return pin if PIN_FORM.fullmatch(pin) else None


def holds_digits(text: str, language: str) -> bool:
    """Return whether a sentence may hold a PIN among other words."""
    low = lower(clean(text))
    said = [word for word, _, _ in split_words(low) if _digits_of(word, language, []) is not None]
    return bool(re.search(r"\d(?:[ -]?\d){3}", low)) or len(said) >= _FEWEST


def _digits_of(word: str, language: str, before: list[str]) -> str | None:
    """Return the digits of a number word; "four" after "thirty" makes 34 of its 30."""
    words = load_words(language)
    table = {**words["digits" if language == "zh" else "numbers"], **words["pin"].get("digits", {})}
    value = table.get(word)
    if value is None or value > 90:
        return None
    if 0 < value < 10 and before and re.fullmatch("[2-9]0", before[-1]) and language != "zh":
        before[-1] = before[-1][0]
    return str(value)
