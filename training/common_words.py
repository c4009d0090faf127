"""Write down the plain English words of the stock, so that none of them is taken for a misspelt name ("half" for "Hall").

    python -m training.common_words

Writes core/data/common_en.txt: the stems of words of four letters and more that stand in several ways of speaking,
outside the blanks; things_en.txt: those of things that a home may lack and that are called by one word ("sauna" is no Shaun); and frequent_en.txt, the most frequent of them, which are not taken for misheard names either ("long" for
"lounge"). To be run again when the stock has grown.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from intendant_core.catalog import DATA
from intendant_core.text import stem

from .stock import BLANK, read_names, read_stock

if TYPE_CHECKING:
    from collections.abc import Iterable

FEWEST, FREQUENT, SHORTEST = 8, 60, 4
"""In how many ways a common word stands at least, in how many a frequent one, and how many letters it has."""

MORE_OR_LESS = [
    "brighter",
    "dimmer",
    "darker",
    "lighter",
    "louder",
    "quieter",
    "softer",
    "warmer",
    "cooler",
    "hotter",
    "colder",
    "faster",
    "slower",
    "higher",
    "lower",
    "bigger",
    "smaller",
    "better",
    "earlier",
    "later",
    "longer",
    "shorter",
    "sooner",
    "closer",
    "further",
]
"""What asks for more or less of something is never a name, however often it is said."""


def common_words(sentences: Iterable[str], fewest: int = FEWEST) -> list[str]:
    """Return the stems that so many of the sentences hold at least, sorted."""
    counts: Counter[str] = Counter()
    for sentence in sentences:
        plain = BLANK.sub(" ", sentence).lower()
        counts.update({stem(word) for word in re.findall(r"[a-z]+(?:'[a-z]+)?", plain)})
    return sorted(word for word, count in counts.items() if count >= fewest and len(word) >= SHORTEST)


def single_words(names: Iterable[str]) -> set[str]:
    """Return the stems of names of one plain word that is long enough to be common."""
    words = [name.lower() for name in names if re.fullmatch(r"[a-zA-Z]+", name)]
    return {stem(word) for word in words if len(word) >= SHORTEST}


def main() -> None:
    """Run the command that the module's docstring shows."""
    sentences = [way.sentence for way in read_stock("en", errors=[])]
    for name, fewest in (("common_en", FEWEST), ("frequent_en", FREQUENT)):
        words = common_words(sentences, fewest)
        _write(name, sorted({*words, *map(stem, MORE_OR_LESS)}) if fewest == FREQUENT else words)
    _write("things_en", sorted(single_words(read_names("en")["unknown"])))


def _write(name: str, words: list[str]) -> None:
    (DATA / f"{name}.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    print(f"{name}: {len(words)} words")


if __name__ == "__main__":
    main()
