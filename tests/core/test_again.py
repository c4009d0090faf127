"""Sentences that want the last turn once more, or what it planned called off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from intendant_core.again import repeat_or_spare
from intendant_core.intentions import Memory, Situation
from intendant_core.notation import format_calls, parse_calls
from intendant_core.values import Reading

from .small_home import build_house, build_states, load_table

TABLE = load_table("again")
HOME = load_table("complete")["home"]
HOUSE, STATES = build_house(HOME), build_states(HOME)
NOON = datetime.fromisoformat("2026-11-26T12:00:00+00:00")


@pytest.mark.parametrize(
    ("language", "case"), [(language, case) for language, cases in TABLE.items() for case in cases], ids=str
)
def test_again(language: str, case: dict[str, Any]) -> None:
    before = Reading("before", language, (), parse_calls(case["before"]))
    memory = Memory(before, planned=before if case.get("planned") else None)
    found = repeat_or_spare(case["said"], Situation(HOUSE, STATES.get, NOON, language, memory=memory))
    assert (format_calls(found.calls) if found else None) == case["reads"]
