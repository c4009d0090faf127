"""Numbers, durations, times, days and colours in sentences, as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from intendant_core.quantities import find_quantities
from intendant_core.values import ClockTime, Color, Duration, Mark, Number, When

TABLE = yaml.safe_load((Path(__file__).parent / "tables" / "quantities.yaml").read_text(encoding="utf-8"))


def describe(mark: Mark, text: str) -> str:
    """Write a mark as the table does."""
    match mark.quantity:
        case Number(value, unit):
            told = f"{value}{unit}"
        case Duration(seconds):
            told = f"{seconds:g}"
        case ClockTime(day=day, sun=sun, offset=offset) if sun:
            told = f"{sun}{f' {offset:+g}' if offset else ''}{'' if day is None else f' day {day}'}"
        case ClockTime(hour, minute, fixed, day, weekday, week):
            told = f"{hour:02}:{minute:02}{' fixed' if fixed else ''}{'' if day is None else f' day {day}'}"
            told += "" if weekday is None else f" weekday {weekday}{' next' if week else ''}"
        case Color(name):
            told = name
        case When(first, last, hours, weekday):
            whole = hours == (0, 24)
            told = f"{first}-{last}{'' if weekday is None else f' weekday {weekday}'}{'' if whole else f' {hours[0]}-{hours[1]}'}"
        case other:
            told = str(other)
    return f"{text[mark.start : mark.end]} = {mark.types[0]} {told}"


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["say"])
def test_quantities(row: dict[str, Any]) -> None:
    """Every value of the sentence is marked, and nothing else."""
    assert [describe(mark, row["say"]) for mark in find_quantities(row["say"])] == row["marks"]
