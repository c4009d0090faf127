"""What is written down of every step, whole or not at all; nothing here needs Home Assistant."""

import json
from typing import TYPE_CHECKING, Any

from training.benchmark.score import ASKED, RIGHT, WRONG

if TYPE_CHECKING:
    from pathlib import Path

IDEAL, BASELINE, LEARNING = "ideal", "baseline", "learning"
NOT_UNDERSTOOD = "not understood"
OUTCOMES = (RIGHT, WRONG, ASKED, NOT_UNDERSTOOD)


def outcome(verdict: str) -> str:
    """Return a verdict as one of the four that are shown; what was done in part was not understood whole."""
    return verdict if verdict in OUTCOMES else NOT_UNDERSTOOD


def rows_of(folder: Path, week: int) -> Path:
    """Return the file with what came of a week's turns."""
    return folder / f"week{week}.jsonl"


def read_rows(folder: Path, week: int) -> list[dict[str, Any]]:
    """Return what came of a week's turns."""
    rows = [json.loads(line) for line in rows_of(folder, week).read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if not row.get("summary")]


def read_summary(folder: Path, week: int) -> dict[str, Any]:
    """Return what the page said at a week's end, nothing where nothing was kept."""
    rows = [json.loads(line) for line in rows_of(folder, week).read_text(encoding="utf-8").splitlines()]
    return next((row for row in rows if row.get("summary")), {})


def write_rows(folder: Path, week: int, rows: list[dict[str, Any]]) -> None:
    """Write what came of a week's turns."""
    lines = [json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows]
    _write(rows_of(folder, week), "".join(lines))


def write_json(path: Path, found: dict[str, Any]) -> None:
    """Write a result."""
    _write(path, json.dumps(found, indent=1, ensure_ascii=False) + "\n")


def _write(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
