"""Read an exported journal: what one household said, what came of it, and the home it was said in.

    python -m training.journal EXPORT.jsonl

Prints how many turns there are and which lines were passed over, by reason. The file may be damaged or made by somebody
who means harm: whatever is not as it should be is passed over and counted, and nothing of it is printed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from intendant_core.lexicon import LANGUAGES
from intendant_core.values import Area, Entity, Floor, Home, Label

from .turns import Broken, Turn, read_turn, word, words

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = 1
LONGEST_LINE, LONGEST_HEADER = 64_000, 16_000_000
"""Bytes."""
MOST_TURNS, MOST_THINGS = 500_000, 50_000


class JournalError(Exception):
    """The file is no exported journal, or none that can be learnt from; the message says why."""


@dataclass(frozen=True, slots=True)
class Export:
    """One household's journal."""

    home: Home
    turns: tuple[Turn, ...]
    """Oldest first."""
    bundle: str = ""
    """Start of the SHA-256 of the weights that were in service when it was exported."""
    skipped: Counter[str] = field(default_factory=Counter)
    """Why lines were passed over, and how many."""


def read_journal(path: Path) -> Export:
    """Return the journal in the file. Raise JournalError where it has no header that can be read."""
    try:
        with path.open("rb") as file:
            return read_from(file)
    except OSError as err:
        raise JournalError(f"{path} can not be read: {err.strerror}") from err


def read_from(file: BinaryIO) -> Export:
    """Return the journal in an open file. Raise JournalError where it has no header that can be read."""
    skipped: Counter[str] = Counter()
    header = _read_header(file.readline(LONGEST_HEADER))
    turns = _read_turns(_lines(file), skipped)
    return Export(_read_home(header["home"], skipped), turns, str(header.get("bundle") or "")[:16], skipped)


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    """Yield lines; None in place of one that is too long, of which no more than so much is held at a time."""
    while line := file.readline(LONGEST_LINE):
        if line.endswith(b"\n") or len(line) < LONGEST_LINE:
            yield line
            continue
        while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass
        yield None


def _read_header(line: bytes) -> dict[str, Any]:
    try:
        header = json.loads(line)
    except (ValueError, RecursionError) as err:
        raise JournalError("the first line is no header of an exported journal") from err
    if not isinstance(header, dict) or "intendant_journal" not in header or not isinstance(header.get("home"), dict):
        raise JournalError("the first line is no header of an exported journal")
    if header["intendant_journal"] != FORMAT:
        raise JournalError(f"this journal has another format; this version reads {FORMAT}")
    return header


def _read_turns(lines: Iterator[bytes | None], skipped: Counter[str]) -> tuple[Turn, ...]:
    found: dict[int, Turn] = {}
    for line in lines:
        if len(found) >= MOST_TURNS:
            skipped["too many"] += 1
            continue
        try:
            turn = read_turn(_read_line(line), LANGUAGES)
            if turn.id in found:
                raise Broken("said twice")  # noqa: TRY301 - counted like the others
            found[turn.id] = turn
        except Broken as why:
            skipped[str(why)] += 1
    return tuple(sorted(found.values(), key=lambda turn: (turn.at, turn.id)))


def _read_line(line: bytes | None) -> dict[str, Any]:
    if line is None:
        raise Broken("too long")
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as err:
        raise Broken("not JSON") from err
    if not isinstance(raw, dict):
        raise Broken("not JSON")
    return raw


def _read_home(raw: dict[str, Any], skipped: Counter[str]) -> Home:
    """Return the home of the header without what is not well formed."""

    def each(name: str) -> Iterator[dict[str, Any]]:
        listed = raw.get(name)
        for item in listed[:MOST_THINGS] if isinstance(listed, list) else ():
            if isinstance(item, dict) and word(item.get("id")) and word(item.get("name")):
                yield item
            else:
                skipped[f"{name} of the home"] += 1

    floors = tuple(Floor(item["id"], item["name"], words(item.get("aliases"))) for item in each("floors"))
    areas = tuple(
        Area(item["id"], item["name"], words(item.get("aliases")), word(item.get("floor_id"))) for item in each("areas")
    )
    labels = tuple(Label(item["id"], item["name"]) for item in each("labels"))
    entities = tuple(
        Entity(
            item["id"],
            item["name"],
            words(item.get("aliases")),
            word(item.get("area_id")),
            word(item.get("device_class")),
            (),
            words(item.get("options")),
        )
        for item in each("entities")
        if "." in item["id"]
    )
    return Home(areas, floors, labels, entities)


def tell(export: Export) -> str:
    """Return what a journal holds, in figures."""
    rows = [("turns", len(export.turns)), *sorted(export.skipped.items())]
    if export.turns:
        days = (export.turns[-1].at - export.turns[0].at).days + 1
        rows.insert(1, ("days", days))
    return "\n".join(f"{count:7,}  {name}" for name, count in rows)


def main() -> None:
    """Run the command that the module's docstring shows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=Path)
    try:
        print(tell(read_journal(parser.parse_args().export)))
    except JournalError as err:
        sys.exit(f"journal: {err}")


if __name__ == "__main__":
    main()
