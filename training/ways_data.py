"""Fill the ways of speaking of a household with the names of synthetic homes: to learn from, and to check with.

    python -m training.ways_data WAYS OUT [--recipe training/recipes/personal.yaml]

WAYS is what ways.py wrote. Writes OUT/household.jsonl (as dataset.py disturbs and composes it), OUT/holdout.jsonl
(as it was said; `way` numbers the way of speaking) and OUT/wrong.jsonl (the same with what was misread as output).
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from .dataset import Generator
from .stock import Way, read_line
from .ways import RECIPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Example = dict[str, Any]


def read_ways(folder: Path) -> Iterator[Way]:
    """Yield the ways of speaking of a folder that is laid out like the stock."""
    for path in sorted(folder.glob("*/*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield read_line(line, path.parent.name, path.stem)


def learning_examples(ways: Iterable[Way], count: int, homes: int, seed: int) -> list[Example]:
    """Return so many examples of ways of speaking, each as often as the others, disturbed and joined."""
    rng = random.Random(f"{seed}-household")
    by_language: dict[str, list[Way]] = {}
    for way in ways:
        by_language.setdefault(way.language, []).append(way)
    total = sum(map(len, by_language.values()))
    found: list[Example] = []
    for language, of in sorted(by_language.items()):
        fillable = _fillable(language, of, homes, seed)
        if fillable:
            generator = Generator(language, "all", rng, homes, ways=fillable)
            found += [generator.draw() for _ in range(max(round(count * len(of) / total), 1))]
    rng.shuffle(found)
    return found


def checking_examples(ways: Iterable[Way], fills: int, homes: int, seed: int) -> list[Example]:
    """Return so many fills of each way of speaking, as it was said; `way` numbers the ways."""
    generators: dict[str, Generator] = {}
    found: list[Example] = []
    for number, way in enumerate(ways):
        if way.language not in generators:
            rng = random.Random(f"{seed}-{way.language}-holdout")
            generators[way.language] = Generator(way.language, "all", rng, homes, ways=())
            generators[way.language].plain = True
        made = [generators[way.language].fill(way) for _ in range(fills)]
        found += [example | {"way": number} for example in made if example]
    return found


def misread_examples(path: Path, homes: int, seed: int) -> list[Example]:
    """Return one fill of each sentence that was misread, with what it was misread as for output."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    ways = [read_line(f"{row['line'].rpartition('|')[0]}| {row['wrong']}", row["language"], "wrong") for row in rows]
    return checking_examples(ways, 1, homes, seed)


def _fillable(language: str, ways: list[Way], homes: int, seed: int) -> list[Way]:
    """Return the ways that some synthetic home can fill, so that drawing from them comes to an end."""
    generator = Generator(language, "all", random.Random(seed), homes, ways=())
    generator.plain = True
    return [way for way in ways if generator.fill(way)]


def write(rows: Iterable[Example], path: Path) -> None:
    """Write examples as JSON lines."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def main() -> None:
    """Run the command that the module's docstring shows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ways", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    arguments = parser.parse_args()
    recipe = yaml.safe_load(arguments.recipe.read_text(encoding="utf-8"))
    mix, seed = recipe["mix"], recipe["finetune"]["seed"]
    arguments.out.mkdir(parents=True, exist_ok=True)
    learn = learning_examples(read_ways(arguments.ways / "train"), mix["household_examples"], mix["homes"], seed)
    check = checking_examples(read_ways(arguments.ways / "holdout"), mix["fills"], mix["homes"], seed)
    wrong = misread_examples(arguments.ways / "wrong.jsonl", mix["homes"], seed)
    for name, rows in (("household", learn), ("holdout", check), ("wrong", wrong)):
        write(rows, arguments.out / f"{name}.jsonl")
    ways = len({row["way"] for row in check})
    print(
        f"{len(learn)} examples to learn from; {len(check)} of {ways} ways of speaking to check with, {len(wrong)} misread ones"
    )


if __name__ == "__main__":
    main()
