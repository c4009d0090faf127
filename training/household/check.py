"""Check the simulated household: `.venv-training/bin/python training/household/check.py`. Prints what is wrong, then counts."""  # noqa: INP001 - training/household.py has the name

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from intendant_core.errors import NotationError
from intendant_core.notation import parse_calls
from intendant_core.values import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
WHO = {"gran", "mum", "dad", "isla", "finn"}
KEYS = {"at", "who", "from", "say", "language", "kind", "reading", "before", "earlier", "unsaid"}
OUTCOMES = {"expect", "either", "answer", "timer", "later", "todo", "broadcast", "confirm", "nothing"}
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ID = re.compile(r"[a-z_]+\.[a-z_0-9]+")


def main() -> int:
    """Check every week."""
    home = yaml.safe_load((HERE / "home.yaml").read_text(encoding="utf-8"))
    known = {entity["id"] for entity in home["entities"]}
    known |= {f"area.{area['id']}" for area in home["areas"]} | {f"floor.{floor['id']}" for floor in home["floors"]}
    mistakes, counts = 0, Counter[str]()
    for path in sorted((HERE / "weeks").glob("*.yaml")):
        turns = yaml.safe_load(path.read_text(encoding="utf-8"))
        last = (0, "")
        for number, turn in enumerate(turns, 1):
            day, _, clock = turn["at"].partition(" ")
            now = (DAYS.index(day), clock)
            found = [*_wrong(turn, known), *(["goes back in time"] if now < last else [])]
            last = now
            mistakes += len(found)
            for what in found:
                print(f"{path.stem} #{number} {turn['say']}: {what}")
            counts.update((path.stem, "all", turn["who"], turn["language"], turn["kind"]))
    print(", ".join(f"{name} {count}" for name, count in sorted(counts.items())), f"- {mistakes} mistakes")
    return 1 if mistakes else 0


def _wrong(turn: dict[str, Any], known: set[str]) -> Iterator[str]:
    """Yield what is wrong with one turn."""
    yield from (f"unknown key {key}" for key in turn.keys() - KEYS - OUTCOMES)
    if turn["who"] not in WHO or turn["language"] not in ("en", "zh"):
        yield "nobody of this house, or no language of theirs"
    if not turn.keys() & OUTCOMES:
        yield "expects nothing"
    if "from" in turn and f"area.{turn['from']}" not in known:
        yield f"no area {turn['from']}"
    yield from _misread(turn, known)
    later = (turn.get("later") or {}).get("expect")
    for effect in (
        turn.get("before"),
        turn.get("expect"),
        later,
        turn.get("confirm"),
        turn.get("todo"),
        *turn.get("either", ()),
    ):
        yield from (f"no {entity}" for entity in effect or () if entity not in known)


def _misread(turn: dict[str, Any], known: set[str]) -> Iterator[str]:
    """Yield what is wrong with the reading of a turn."""
    try:
        calls = parse_calls(turn["reading"])
    except NotationError as err:
        yield str(err)
        return
    names = [term for call in calls for term in (*call.targets, *call.excepts)]
    values = [term for call in calls for _, term in call.slots]
    for term in (term for term in (*names, *values) if isinstance(term, Text)):
        if term in names or ID.fullmatch(term.text):
            yield from () if term.text in known else (f"no {term.text}",)
        elif term.text.lower() not in turn["say"].lower() and not turn.get("unsaid"):
            yield f"{term.text} is not in the sentence"


if __name__ == "__main__":
    sys.exit(main())
