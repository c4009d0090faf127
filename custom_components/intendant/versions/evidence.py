"""What the machine that trained a bundle says of it: gate.json in the archive, beside the bundle's own files (training/gate.py).

    {"verdict": "passed", "parent": "172a5cbc8d47db15", "checks": [
        {"name": "right on what the household says", "passed": true, "figure": {"before": 0.71, "after": 0.83, "count": 480}},
        {"name": "right on the fixed check", "passed": true, "figure": {"before": 0.765, "after": 0.767, "count": 800}}, …]}

`parent` is the start of the SHA-256 of the weights that it was compared with. Shares lie between 0 and 1. All of it is a claim
like any other: a bundle that does not even claim to be better is refused, one that does is looked at more closely.
"""

import json
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Final, Self

from .archive import EVIDENCE, unusable
from .verdict import Finding, bad, good, percent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_HOUSEHOLD, _FIXED = "right on what the household says", "right on the fixed check"
_WRONG, _LATENCY = "done wrongly of it", "milliseconds a reading"
_SHOWN: Final = {_HOUSEHOLD: "household", _FIXED: "fixed check", _LATENCY: "milliseconds"}
_MOST: Final = 100
FEWEST: Final = 20
"""Examples of the hold-out without which nothing can be said."""
_MAY_LOSE: Final = 0.005
"""Share that may be lost on the fixed check, or gained in what is done wrongly."""
_MAY_SLOW: Final = 1.25
"""Times the latency of the bundle in service."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two shares, or latencies in milliseconds, and of how many examples."""

    before: float
    after: float
    count: int

    @classmethod
    def read(cls, raw: Mapping[str, object]) -> Self:
        """Return what a figure says. Raise ValueError, TypeError or KeyError when that is no number."""
        before, after, count = (float(str(raw[name])) for name in ("before", "after", "count"))
        if not (isfinite(before) and isfinite(after) and isfinite(count)):
            raise ValueError("no number")
        return cls(before, after, int(count))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What gate.json says."""

    against: str
    passed: bool
    checks: tuple[tuple[str, Comparison], ...]
    """Name and figure of each, in their order."""

    def find(self, name: str) -> Comparison | None:
        """Return the figure of a check."""
        return next((found for known, found in self.checks if known == name), None)

    @property
    def scores(self) -> dict[str, dict[str, float]]:
        """Return what is shown of it; where two checks have one name, the first."""
        found = {name: figure for name, figure in reversed(self.checks) if name in _SHOWN}
        return {_SHOWN[name]: {"before": figure.before, "after": figure.after} for name, figure in found.items()}


def read_evidence(folder: Path) -> Evidence | None:
    """Read what lies beside the bundle, None when nothing does. Raise a HomeAssistantError when it makes no sense. Blocks."""
    path = folder / EVIDENCE
    if not path.exists():
        return None
    try:
        raw = json.loads(path.read_bytes())
        checks = tuple((str(check["name"]), Comparison.read(check["figure"])) for check in raw["checks"][:_MOST])
        passed = raw["verdict"] == "passed" and all(check["passed"] is True for check in raw["checks"])
        return Evidence(str(raw["parent"])[:16], passed, checks)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as err:
        raise unusable("evidence_unreadable") from err


def weigh(evidence: Evidence | None, in_service: str) -> list[Finding]:
    """Say what the evidence is worth for a bundle in place of the one in service (start of the SHA-256 of its weights)."""
    household, fixed = (evidence.find(name) if evidence else None for name in (_HOUSEHOLD, _FIXED))
    if evidence is None or household is None or fixed is None:
        return [bad("evidence_missing")]
    if evidence.against != in_service:
        return [bad("evidence_against_another")]
    return [
        *([] if evidence.passed else [bad("evidence_failed")]),
        _household(household),
        _fixed(fixed),
        *(_more_wrong(figure) for name, figure in evidence.checks if name == _WRONG and _is_worse(figure)),
        *_latency(evidence.find(_LATENCY)),
    ]


def _household(found: Comparison) -> Finding:
    facts = {"before": percent(found.before), "after": percent(found.after), "examples": str(found.count)}
    if found.count < FEWEST:
        return bad("household_too_few", fewest=str(FEWEST), **facts)
    if found.after <= found.before:
        return bad("household_not_better", **facts)
    return good("household_better", **facts)


def _fixed(found: Comparison) -> Finding:
    worse = found.after < found.before - _MAY_LOSE
    facts = {"before": percent(found.before), "after": percent(found.after)}
    return bad("fixed_worse", **facts) if worse else good("fixed_as_good", **facts)


def _is_worse(wrong: Comparison) -> bool:
    return wrong.after > wrong.before + _MAY_LOSE


def _more_wrong(found: Comparison) -> Finding:
    return bad("more_wrong", before=percent(found.before), after=percent(found.after))


def _latency(found: Comparison | None) -> list[Finding]:
    if found and found.after > found.before * _MAY_SLOW:
        return [bad("slower", before=f"{found.before:.0f}", after=f"{found.after:.0f}")]
    return []
