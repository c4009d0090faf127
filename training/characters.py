"""Count which Chinese characters follow each other in the stock, so that a misheard one can be told by its neighbours.

    python -m training.characters

Writes core/data/characters_zh.txt.gz: a line for every character, pair and triple that stands in several ways of speaking,
with its count; "#" stands for everything else. Every way is counted as it stands and filled with names of synthetic homes,
those of the training split alone. To be run again when the stock has grown.
"""

from __future__ import annotations

import gzip
import random
import re
from collections import Counter
from typing import TYPE_CHECKING

from intendant_core.catalog import DATA
from intendant_core.homophones import FILE, OTHER

from .dataset import Generator
from .stock import BLANK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FEWEST, LONGEST, HOMES, FILLS, SEED = 2, 3, 400, 3, 1
"""How often a gram is counted at least and how long it is; homes, and how often each way is filled."""


def count_characters(sentences: Iterable[str]) -> Counter[str]:
    """Return how often characters, pairs and triples of them stand in sentences with {blanks}."""
    counts: Counter[str] = Counter()
    for sentence in sentences:
        text = re.sub(r"[^\u3400-\u9fff]+", OTHER, f"{OTHER}{BLANK.sub(OTHER, sentence)}{OTHER}")
        for size in range(1, LONGEST + 1):
            counts.update(text[i : i + size] for i in range(len(text) - size + 1))
    return counts


def say_all() -> Iterator[str]:
    """Yield every Chinese way of the training split with its blanks, and filled."""
    generator = Generator("zh", "train", random.Random(SEED), HOMES)
    generator.plain = True
    for ways in generator.topics.values():
        for way in ways:
            yield way.sentence
            for _ in range(FILLS):
                if example := generator.fill(way, tries=4):
                    yield re.sub(r"^.*<say>|<[^<>]*>", "", example["prompt"])


def main() -> None:
    """Run the command that the module's docstring shows."""
    counts = count_characters(say_all())
    lines = sorted(f"{gram} {count}\n" for gram, count in counts.items() if count >= FEWEST * len(gram))
    # Without name and time in the file, the same stock makes the same bytes.
    with (DATA / FILE).open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write("".join(lines).encode())
    print(f"{len(lines)} lines")


if __name__ == "__main__":
    main()
