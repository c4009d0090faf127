"""What the machine that trained a bundle says of it: gate.json in the archive, beside the bundle's own files.

    {"gate": 1, "bundle": "172a5cbc8d47db15", "against": "…", "passed": true,
     "household": {"examples": 120, "before": 0.71, "after": 0.83},
     "fixed": {"examples": 800, "before": 0.765, "after": 0.767, "wrong_before": 0.031, "wrong_after": 0.030},
     "latency": {"before": 36.0, "after": 36.2}}

`bundle` and `against` are starts of the SHA-256 of weights: of these, and of those they were compared with. Shares are of
right readings (0 to 1), on the household's hold-out and on the fixed check, latency is in milliseconds. It is a claim like
any other: a bundle that does not even claim to be better is refused, one that does is looked at more closely.
"""

import json
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Final, Self

from .archive import EVIDENCE, unusable
from .verdict import Finding, bad, good, percent

if TYPE_CHECKING:
    from pathlib import Path

FEWEST: Final = 20
"""Examples of the hold-out without which nothing can be said."""
_MAY_LOSE: Final = 0.005
"""Share that may be lost on the fixed check, or gained in wrong readings."""
_MAY_SLOW: Final = 1.25
"""Times the latency of the bundle in service."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two shares (or latencies), and of how many examples."""

    before: float
    after: float
    examples: int = 0

    @classmethod
    def read(cls, raw: object, names: tuple[str, str] = ("before", "after")) -> Self | None:
        """Return it if both are there. Raise ValueError or TypeError when they are no numbers."""
        if not isinstance(raw, dict) or any(raw.get(name) is None for name in names):
            return None
        before, after = (float(raw[name]) for name in names)
        if not (isfinite(before) and isfinite(after)):
            raise ValueError("no number")
        return cls(before, after, int(raw.get("examples", 0)))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What gate.json says."""

    bundle: str
    against: str
    passed: bool
    household: Comparison | None
    fixed: Comparison | None
    wrong: Comparison | None
    latency: Comparison | None

    @property
    def scores(self) -> dict[str, dict[str, float]]:
        """Return what is shown of it."""
        named = {"household": self.household, "fixed": self.fixed, "wrong": self.wrong, "milliseconds": self.latency}
        return {name: {"before": found.before, "after": found.after} for name, found in named.items() if found}


def read_evidence(folder: Path) -> Evidence | None:
    """Read what lies beside the bundle, None when nothing does. Raise a HomeAssistantError when it makes no sense. Blocks."""
    path = folder / EVIDENCE
    if not path.exists():
        return None
    try:
        raw = json.loads(path.read_bytes())
        fixed = raw.get("fixed")
        return Evidence(
            str(raw["bundle"])[:16],
            str(raw["against"])[:16],
            raw.get("passed") is True,
            Comparison.read(raw.get("household")),
            Comparison.read(fixed),
            Comparison.read(fixed, ("wrong_before", "wrong_after")),
            Comparison.read(raw.get("latency")),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as err:
        raise unusable("evidence_unreadable") from err


def weigh(evidence: Evidence | None, bundle: str, in_service: str) -> list[Finding]:
    """Say what the evidence is worth for a bundle (start of the SHA-256 of its weights) in place of the one in service."""
    if evidence is None or evidence.household is None or evidence.fixed is None:
        return [bad("evidence_missing")]
    if evidence.bundle != bundle:
        return [bad("evidence_of_another")]
    if evidence.against != in_service:
        return [bad("evidence_against_another")]
    return [
        *([] if evidence.passed else [bad("evidence_failed")]),
        _household(evidence.household),
        _fixed(evidence.fixed, evidence.wrong),
        *_latency(evidence.latency),
    ]


def _household(found: Comparison) -> Finding:
    facts = {"before": percent(found.before), "after": percent(found.after), "examples": str(found.examples)}
    if found.examples < FEWEST:
        return bad("household_too_few", fewest=str(FEWEST), **facts)
    return (good if found.after > found.before else bad)(
        "household_better" if found.after > found.before else "household_not_better", **facts
    )


def _fixed(found: Comparison, wrong: Comparison | None) -> Finding:
    facts = {"before": percent(found.before), "after": percent(found.after)}
    if found.after < found.before - _MAY_LOSE:
        return bad("fixed_worse", **facts)
    if wrong and wrong.after > wrong.before + _MAY_LOSE:
        return bad("fixed_more_wrong", before=percent(wrong.before), after=percent(wrong.after))
    return good("fixed_as_good", **facts)


def _latency(found: Comparison | None) -> list[Finding]:
    if found and found.after > found.before * _MAY_SLOW:
        return [bad("slower", before=f"{found.before:.0f}", after=f"{found.after:.0f}")]
    return []
