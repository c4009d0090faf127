"""Sentences that change the time of what was planned, and sentences that only look like it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from intendant_core.intentions import Memory, Situation
from intendant_core.moments import delay_of, length_of, quantity_of
from intendant_core.notation import parse_calls
from intendant_core.quantities import find_quantities
from intendant_core.retime import retime
from intendant_core.values import Duration, Reading

from .small_home import build_house, build_states, load_table

TABLE = load_table("retime")
HOME = load_table("complete")["home"]
HOUSE, STATES = build_house(HOME), build_states(HOME)
NOON = datetime.fromisoformat("2026-11-26T12:00:00+00:00")


@pytest.mark.parametrize(
    ("language", "case"), [(language, case) for language, cases in TABLE.items() for case in cases], ids=str
)
def test_retime(language: str, case: dict[str, Any]) -> None:
    marks = tuple(find_quantities(case["before"]))
    before = Reading(case["before"], language, marks, parse_calls(case["call"]))
    since = Reading("since", language, (), parse_calls(case["since"])) if "since" in case else before
    situation = Situation(HOUSE, STATES.get, NOON, language, memory=Memory(since, planned=before))
    found = retime(case["said"], situation)
    if None in case.values():
        assert found is None
        return
    assert found is not None
    [call] = found.calls
    assert delay_of(call, found, situation) == case.get("in")
    assert length_of(call, found, situation) == case.get("for")
    length = quantity_of(call.slot("time"), found)
    assert (length.seconds if isinstance(length, Duration) else None) == case.get("timer")
    assert found.text[found.marks[-1].start : found.marks[-1].end] in case["said"]
