"""Write down the plain English words of the stock, so that none of them is taken for a misspelt name ("half" for "Hall").

    python -m training.common_words

Writes core/data/common_en.txt: the stems of words of four letters and more that stand in several ways of speaking,
outside the blanks. To be run again when the stock has grown.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from intendant_core.catalog import DATA
from intendant_core.text import stem

from .stock import BLANK, read_stock

if TYPE_CHECKING:
    from collections.abc import Iterable

FEWEST, SHORTEST = 3, 4


def common_words(sentences: Iterable[str]) -> list[str]:
    """Return the stems that several of the sentences hold, sorted."""
    counts: Counter[str] = Counter()
    for sentence in sentences:
        plain = BLANK.sub(" ", sentence).lower()
        counts.update({stem(word) for word in re.findall(r"[a-z]+(?:'[a-z]+)?", plain)})
    return sorted(word for word, count in counts.items() if count >= FEWEST and len(word) >= SHORTEST)


def main() -> None:
    """Run the command that the module's docstring shows."""
    words = common_words(way.sentence for way in read_stock("en", errors=[]))
    (DATA / "common_en.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    print(f"{len(words)} words")


if __name__ == "__main__":
    main()
