"""Read the stock: ways of speaking with their readings (STOCK.md says how they are written down).

    python -m training.stock [--extra FOLDER]

Prints how many ways of speaking there are per topic and language, and how many of them each split has. Says which lines
are not well formed.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from intendant_core.errors import NotationError
from intendant_core.notation import parse_calls
from intendant_core.values import Pointer, Word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intendant_core.values import Call, Term

FOLDER = Path(__file__).parent / "stock"
BLANK = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Way:
    """One way of speaking: a sentence with blanks, what it means, and what was said before it if it depends on that."""

    sentence: str
    calls: tuple[Call, ...]
    before: tuple[Call, ...]
    language: str
    topic: str

    @property
    def split(self) -> str:
        """Train, validation or test, by a hash of the sentence so that a way of speaking is in one of them only."""
        bucket = hashlib.sha256(self.sentence.encode()).digest()[0]
        return "validation" if bucket < 8 else "test" if bucket < 16 else "train"


def read_line(line: str, language: str, topic: str) -> Way:
    """Return the way of speaking of one line of the stock. Raise NotationError when the line is not well formed."""
    left, bar, reading = line.rpartition("|")
    if not bar:
        raise NotationError("no | between sentence and reading")
    before, arrows, sentence = left.rpartition(">>")
    calls = parse_calls(reading.strip())
    said, earlier = set(BLANK.findall(sentence)), set(BLANK.findall(before))
    if missing := set(BLANK.findall(reading)) - said - earlier:
        raise NotationError(f"in the reading but not in the sentence: {sorted(missing)}")
    calls = tuple(_refer_back(call, said) for call in calls)
    return Way(sentence.strip(), calls, parse_calls(before.strip()) if arrows else (), language, topic)


def _refer_back(call: Call, said: set[str]) -> Call:
    """Put `it` and `same` where the reading takes a name or value from the turn before."""

    def name(term: Term) -> Term:
        return Word("it") if isinstance(term, Pointer) and term.key not in said else term

    def value(term: Term) -> Term:
        return Word("same") if isinstance(term, Pointer) and term.key not in said else term

    slots = tuple((slot, value(term)) for slot, term in call.slots)
    return replace(call, targets=tuple(map(name, call.targets)), excepts=tuple(map(name, call.excepts)), slots=slots)


def read_stock(language: str, *, errors: list[str] | None = None, extra: Path | None = None) -> Iterator[Way]:
    """Yield every way of speaking of a language, those of the folder `extra` after the stock's.

    Lines that are not well formed go to `errors`, or raise without it.
    """
    folders = [FOLDER] if extra is None else [FOLDER, extra]
    for path in [path for folder in folders for path in sorted((folder / language).glob("*.txt"))]:
        seen: set[str] = set()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#") or line in seen:
                continue
            seen.add(line)
            try:
                yield read_line(line, language, path.stem)
            except (NotationError, ValueError) as error:
                if errors is None:
                    raise NotationError(f"{path.name}:{number}: {error}") from error
                errors.append(f"{language}/{path.name}:{number}: {error}: {line}")


@cache
def read_words(language: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the sentences of a language's stock and the verbs they mean; quicker than read_stock, which reads the whole of it."""
    found = []
    for path in sorted((FOLDER / language).glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            left, bar, reading = line.rpartition("|")
            if bar and not line.startswith("#"):
                verbs = frozenset(call.split()[0] for call in reading.split(";") if call.strip())
                found.append((left.rpartition(">>")[2].strip(), verbs))
    return tuple(found)


@cache
def read_names(language: str) -> dict[str, Any]:
    """Return the lists of names and free words of a language."""
    text = (FOLDER / language / "names.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    return loaded


def tabulate(extra: Path | None = None) -> tuple[str, list[str]]:
    """Return the table of ways per topic, language and split in Markdown, and the lines that are not well formed."""
    errors: list[str] = []
    languages = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
    ways = [way for language in languages for way in read_stock(language, errors=errors, extra=extra)]
    counts = Counter((way.topic, column) for way in ways for column in (way.language, way.split))
    counts += Counter(("**all**", column) for way in ways for column in (way.language, way.split))
    columns = [*languages, "train", "validation", "test"]
    rows = [["topic", *columns], ["---", *["---:"] * len(columns)]]
    topics = sorted({way.topic for way in ways})
    rows += [[topic, *(f"{counts[topic, column]:,}" for column in columns)] for topic in [*topics, "**all**"]]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows), errors


def main() -> None:
    """Print the table; fail when a line is not well formed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extra", type=Path, help="a folder of more ways of speaking, laid out like the stock")
    table, errors = tabulate(parser.parse_args().extra)
    print(table)
    sys.exit("\n".join(errors) or None)


if __name__ == "__main__":
    main()
