"""Load the words of each language that the core must know before the model reads."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from .catalog import DATA
from .values import Color

LANGUAGES = ("en", "zh")


@cache
def load_words(language: str) -> dict[str, Any]:
    """Return the word lists of a language (one of LANGUAGES) as nested dictionaries."""
    loaded: dict[str, Any] = yaml.safe_load((DATA / f"{language}.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def load_colors() -> dict[str, Color]:
    """Return every colour of every language by the word that names it."""
    table = yaml.safe_load((DATA / "colors.yaml").read_text(encoding="utf-8"))
    found: dict[str, Color] = {}
    for language in LANGUAGES:
        for word, name in load_words(language)["colors"].items():
            red, green, blue = table[name]
            found[word] = Color(name, (red, green, blue))
    return found


@cache
def kind_words() -> frozenset[str]:
    """Words of all languages that call a kind of thing and so are no name by themselves."""
    return frozenset(str(word) for language in LANGUAGES for word in load_words(language)["kind_words"])


@cache
def stop_words() -> frozenset[str]:
    """Words of all languages too common to be half a name."""
    return frozenset(str(word) for language in LANGUAGES for word in load_words(language)["stop_words"])


@cache
def common_words() -> frozenset[str]:
    """Stems of plain English words, which are no misspelt names (training/common_words.py wrote them down)."""
    return frozenset((DATA / "common_en.txt").read_text(encoding="utf-8").split())


@cache
def thing_words() -> frozenset[str]:
    """Stems of English words for things that a home may lack, which are no misspelt names (training/common_words.py wrote them down)."""
    return frozenset((DATA / "things_en.txt").read_text(encoding="utf-8").split())


@cache
def frequent_words() -> frozenset[str]:
    """Stems of the most frequent plain English words, which are no misheard names either (training/common_words.py)."""
    return frozenset((DATA / "frequent_en.txt").read_text(encoding="utf-8").split())


@cache
def entrance_words() -> frozenset[str]:
    """Patterns of all languages that may ask to let somebody in."""
    return frozenset(str(word) for language in LANGUAGES for word in load_words(language)["entrance_words"])
