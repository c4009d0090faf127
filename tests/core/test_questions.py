"""Questions over a small home: what is answered, and how."""

from __future__ import annotations

from typing import Any

import pytest

from intendant_core.answer import word_answer
from intendant_core.intentions import LookUp, Result
from intendant_core.questions import plan_question

from .small_home import build_house, build_situation, build_states, load_table, read_row

TABLE = load_table("questions")
HOUSE = build_house(TABLE["home"])
STATES = build_states(TABLE["home"])


@pytest.mark.parametrize("row", TABLE["rows"], ids=lambda row: row["text"])
def test_question(row: dict[str, Any]) -> None:
    reading = read_row(HOUSE, row)
    situation = build_situation(HOUSE, STATES, row)
    intention = plan_question(reading.calls[0], reading, situation)
    assert type(intention).__name__ == row.get("kind", type(intention).__name__)
    if "key" in row:
        assert getattr(intention, "key", None) == row["key"]
    if "service" in row:
        assert isinstance(intention, LookUp)
        assert intention.step.service == row["service"]
        assert row.get("data", {}).items() <= intention.step.data.items()
    if "about" in row:
        assert getattr(intention, "entity_ids", None) == tuple(row["about"])
    if "holds" in row:
        assert getattr(intention, "facts", {})["holds"] is row["holds"]
    text = word_answer([Result(intention)], situation).text
    if "say" in row:
        assert text == row["say"]
    for part in row.get("contains", ()):
        assert part in text
