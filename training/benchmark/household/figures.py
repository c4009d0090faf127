"""Figures and table of what was lived: right on first try and wrong actions by week, with and without learning."""

import random
from collections import Counter
from typing import TYPE_CHECKING, Any

from training.benchmark.report import wilson
from training.benchmark.score import RIGHT, WRONG

from .rows import BASELINE, LEARNING, OUTCOMES, outcome, read_rows, read_summary, rows_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from pathlib import Path

Row = dict[str, Any]
_DRAWS = 2000
_LAST = 2
"""Weeks at the end that the conclusion is drawn from."""


def count_up(options: argparse.Namespace, poisons: dict[str, Any]) -> dict[str, Any]:
    """Return every figure of what has been lived so far."""
    weeks = [week for week in range(1, options.weeks + 1) if _is_lived(options.out, week)]
    arms = {arm: {week: read_rows(options.out / arm, week) for week in weeks} for arm in (BASELINE, LEARNING)}
    found: dict[str, Any] = {
        "weeks": len(weeks),
        "turns": sum(map(len, arms[LEARNING].values())),
        "minutes_of_training_a_week": options.minutes,
        "seed": options.seed,
        **{arm: [{"week": week, **_shares(rows)} for week, rows in lived.items()] for arm, lived in arms.items()},
        "difference": [{"week": week, **_difference(arms[BASELINE][week], arms[LEARNING][week])} for week in weeks],
        "learnt": [_learnt(options.out / LEARNING, week) for week in weeks],
        "poison": poisons,
    }
    last = weeks[-_LAST:]
    both = [[row for week in last for row in arms[arm][week]] for arm in (BASELINE, LEARNING)]
    if both[0]:
        found["last_weeks"] = {"weeks": last, **_difference(*both), **_parts(*both)}
    return found


def _is_lived(out: Path, week: int) -> bool:
    return all(rows_of(out / arm, week).exists() for arm in (BASELINE, LEARNING))


def _shares(rows: Sequence[Row]) -> dict[str, Any]:
    """Return how many turns there were and the share of each outcome, with its 95 % interval (Wilson)."""
    counts = Counter(outcome(row["verdict"]) for row in rows)
    reactions = Counter(row["reaction"] for row in rows if "reaction" in row)
    shares = {name: [counts[name] / max(len(rows), 1), *wilson(counts[name], len(rows))] for name in OUTCOMES}
    return {"turns": len(rows), **shares, "reactions": dict(sorted(reactions.items()))}


def _difference(before: Sequence[Row], after: Sequence[Row]) -> dict[str, Any]:
    """Return what learning changed: in points of right and of wrong (turn by turn, bootstrap), and how much of what was not right."""

    def points(name: str) -> list[float]:
        changes = [
            int(outcome(new["verdict"]) == name) - int(outcome(old["verdict"]) == name)
            for old, new in zip(before, after, strict=True)
        ]
        rng = random.Random(5)
        drawn = sorted(sum(rng.choices(changes, k=len(changes))) / len(changes) for _ in range(_DRAWS))
        return [sum(changes) / len(changes), drawn[round(0.025 * _DRAWS)], drawn[round(0.975 * _DRAWS) - 1]]

    amiss = sum(row["verdict"] != RIGHT for row in before)
    still = sum(row["verdict"] != RIGHT for row in after)
    return {RIGHT: points(RIGHT), WRONG: points(WRONG), "of_what_was_amiss": (amiss - still) / amiss if amiss else 0.0}


def _parts(before: Sequence[Row], after: Sequence[Row]) -> dict[str, Any]:
    """Return the share that was right, without and with learning, by who spoke, what it was, and whether it was said before."""
    found: dict[str, Any] = {}
    by: dict[str, Callable[[Row], str]] = {
        "who": lambda row: str(row["who"]),
        "kind": lambda row: str(row["kind"]),
        "language": lambda row: str(row["language"]),
        "said": lambda row: "again" if row["again"] else "anew",
    }
    for part, of in by.items():
        found[part] = {}
        for name in sorted({of(row) for row in before}):
            pairs = [(old, new) for old, new in zip(before, after, strict=True) if of(old) == name]
            shares = [sum(pair[side]["verdict"] == RIGHT for pair in pairs) / len(pairs) for side in (0, 1)]
            found[part][name] = [len(pairs), *shares]
    return found


def _learnt(folder: Path, week: int) -> dict[str, Any]:
    """Return what was learnt after a week: phrases, ways of speaking, where the bundle came to, and the gate's checks."""
    import json  # noqa: PLC0415 - read here only

    path = folder / f"week{week}.learnt.json"
    found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    ways = found.get("ways", {}).get("ways", {})
    checks = {check["name"]: check["figure"] for check in found.get("gate", {}).get("checks", ())}
    summary = {key: value for key, value in read_summary(folder, week).items() if key != "summary"}
    stage = found.get("stage", "phrases only")
    return {"week": week, **summary, "ways": ways, "stage": stage, "checks": checks, "versions": found.get("versions", [])}  # fmt: skip


def to_markdown(found: dict[str, Any]) -> str:
    """Return the table by week, what the last weeks show, the gate's checks, and what became of poison."""
    lines = [
        "| week | turns | right, without | right, with learning | difference | wrong, without | wrong, with learning | phrases | bundle |",
        "|--:|--:|---|---|---|---|---|--:|---|",
    ]
    for old, new, both, learnt in zip(found[BASELINE], found[LEARNING], found["difference"], found["learnt"], strict=True):  # fmt: skip
        cells = [_percent(old[RIGHT]), _percent(new[RIGHT]), _points(both[RIGHT]), _percent(old[WRONG]), _percent(new[WRONG])]  # fmt: skip
        lines.append(f"| {old['week']} | {old['turns']} | {' | '.join(cells)} | {learnt.get('phrases', 0)} | {learnt['stage']} |")  # fmt: skip
    if last := found.get("last_weeks"):
        lines += ["", f"Weeks {' and '.join(map(str, last['weeks']))}: right {_points(last[RIGHT])} points, wrong {_points(last[WRONG])} points; {100 * last['of_what_was_amiss']:.0f} % of what was not right at first is."]  # fmt: skip
        lines += ["", "| turns of these weeks | number | right, without | right, with learning |", "|---|--:|--:|--:|"]
        for part in ("who", "kind", "language", "said"):
            for name, (count, one, other) in last[part].items():
                lines.append(f"| {name} | {count} | {100 * one:.1f} % | {100 * other:.1f} % |")
    lines += _checks(found["learnt"])
    for kind, poison in found["poison"].items():
        held = "did not come in" if poison["held"] else "CAME IN"
        lines += ["", f"Poison ({kind}): {poison.get('poisoned', 0)} turns; stopped at: {poison['stage']}; {held}."]
    return "\n".join(lines) + "\n"


def _checks(learnt: Sequence[dict[str, Any]]) -> list[str]:
    """Return a table of the gate's checks, before and after, by week."""
    checked = [week for week in learnt if week["checks"]]
    if not checked:
        return []
    lines = ["", "| week | check | before | after |", "|--:|---|--:|--:|"]
    for week in checked:
        lines += [f"| {week['week']} | {name} | {figure['before']:.3g} | {figure['after']:.3g} |" for name, figure in week["checks"].items()]  # fmt: skip
    return lines


def _percent(share: Sequence[float]) -> str:
    return f"{100 * share[0]:.1f} % ({100 * share[1]:.1f}-{100 * share[2]:.1f})"


def _points(change: Sequence[float]) -> str:
    return f"{100 * change[0]:+.1f} ({100 * change[1]:+.1f} … {100 * change[2]:+.1f})"
