"""Decide whether a new bundle may take the place of the one in service.

    python -m training.gate BEFORE AFTER DATA OUT/gate.json [--recipe training/recipes/personal.yaml] [--benchmark]

DATA is the folder that ways_data.py wrote. The new bundle must be better on the household's held-out ways of
speaking, and not worse on a fixed check: held-out ways of the stock, always the same ones. It must not do more that is
wrong, take longer, or let somebody in where the one in service does not (safety.yaml). With --benchmark, both are also
said the development cases in a real Home Assistant (.venv-test). Prints a table, writes the verdict and why: figures only.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from intendant_core.bundle import load_bundle
from intendant_core.errors import BundleError

from .compare import Difference, compare_right, compare_wrong, time_both
from .dataset import LANGUAGES, Generator
from .evaluate import Graded, grade
from .safety import violations
from .ways import RECIPE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intendant_core.bundle import Bundle

ROOT = Path(__file__).parents[1]
PYTHON_OF_TESTS = ROOT / ".venv-test/bin/python"
TIMED = 60
"""Sentences whose reading is timed."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question of the gate, and its answer."""

    name: str
    passed: bool
    figure: Difference
    unit: str = "%"


def household_checks(before: Bundle, after: Bundle, data: Path, recipe: dict[str, Any]) -> list[Check]:
    """Compare on what the household said later than what was learnt from."""
    rows, wrong = _read(data / "holdout.jsonl"), _read(data / "wrong.jsonl")
    groups = [row["way"] for row in rows]
    one, other = grade(before, rows), grade(after, rows)
    better = compare_right(one, other, groups, recipe)
    harm = compare_wrong(((one, before.thresholds), (other, after.thresholds)), groups, recipe)
    again = compare_right(grade(before, wrong), grade(after, wrong), [row["way"] for row in wrong], recipe)
    return [
        Check("right on what the household says", better.low > 0, better),
        Check("done wrongly of it", harm.difference <= recipe["worse"] / 100, harm),
        Check("misread again", again.difference <= 0, again),
    ]


def fixed_checks(before: Bundle, after: Bundle, rows: Sequence[dict[str, Any]], recipe: dict[str, Any]) -> list[Check]:
    """Compare on the fixed check, and how long a reading takes."""
    one, other = grade(before, rows), grade(after, rows)
    groups = list(range(len(rows)))
    right = compare_right(one, other, groups, recipe)
    harm = compare_wrong(((one, before.thresholds), (other, after.thresholds)), groups, recipe)
    slow = Difference(
        *(timed := time_both(before, after, rows[:TIMED]))[:2], timed[2] - 1, 0.0, 0.0, min(TIMED, len(rows))
    )
    return [
        _not_worse("right on the fixed check", right, recipe),
        _not_worse("done wrongly of it", harm, recipe, sign=-1),
        Check("milliseconds a reading", timed[2] <= recipe["slower"], slow, "ms"),
    ]


def safety_check(before: Bundle, after: Bundle) -> Check:
    """Count sentences that let somebody in unasked; none may that does not with the bundle in service."""
    one, other = violations(before), violations(after)
    figure = Difference(len(one), len(other), len(other - one), 0.0, 0.0, 0)
    return Check("sentences that let in unasked", not other - one, figure, "")


def benchmark_checks(before: Path, after: Path, out: Path, recipe: dict[str, Any]) -> list[Check]:
    """Compare by effect, in a real Home Assistant, on the development cases. Raise OSError or CalledProcessError."""
    sides = []
    for name, bundle in (("before", before), ("after", after)):
        command = [
            str(PYTHON_OF_TESTS),
            "-m",
            "training.benchmark.risk",
            "--bundle",
            str(bundle.resolve()),
            "--out",
            str((out / name).resolve()),
        ]
        subprocess.run(command, check=True, cwd=ROOT)  # noqa: S603 - our own module
        rows = [Graded(**row) for row in _read(out / name / "rows.jsonl")]
        sides.append((rows, load_bundle(bundle).thresholds))
    groups = list(range(len(sides[0][0])))
    right = compare_right(sides[0][0], sides[1][0], groups, recipe)
    harm = compare_wrong((sides[0], sides[1]), groups, recipe)
    of = recipe | {"worse": recipe["benchmark_worse"]}
    return [_not_worse("right by effect", right, of), _not_worse("done wrongly by effect", harm, of, sign=-1)]


def fixed_examples(recipe: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the examples of the fixed check: ways of speaking that nothing is ever trained on, in homes of their own."""
    rng = random.Random(f"{recipe['seed']}-fixed")
    generators = {language: Generator(language, "test", rng, recipe["homes"]) for language in LANGUAGES}
    drawn = rng.choices(list(LANGUAGES), list(LANGUAGES.values()), k=recipe["examples"])
    return [generators[language].draw() for language in drawn]


def _not_worse(name: str, figure: Difference, recipe: dict[str, Any], sign: int = 1) -> Check:
    """Judge a figure that may lose little, and surely no more than somewhat more; sign -1 where less is better."""
    lost, at_most = -sign * figure.difference, -figure.low if sign > 0 else figure.high
    return Check(name, lost <= recipe["worse"] / 100 and at_most <= recipe["worse_at_most"] / 100, figure)


def verdict(checks: Sequence[Check], parent: str = "") -> dict[str, Any]:
    """Return what gate.json holds."""
    failed = [check.name for check in checks if not check.passed]
    return {
        "verdict": "refused" if failed else "passed",
        "why": f"not passed: {', '.join(failed)}" if failed else "better on what the household says, and nowhere worse",
        "parent": parent,
        "checks": [asdict(check) for check in checks],
    }


def tell(checks: Sequence[Check]) -> str:
    """Return the table of checks in Markdown."""
    lines = ["| check | before | after | difference | interval | of | |", "|---|--:|--:|--:|--:|--:|---|"]
    for check in checks:
        figure, scale = check.figure, 100 if check.unit == "%" else 1
        interval = f"{scale * figure.low:+.1f} … {scale * figure.high:+.1f}" if check.unit == "%" else ""
        change = f"{scale * figure.difference:+.1f}" if check.unit != "ms" else f"{100 * figure.difference:+.0f} %"
        shown = (
            f"{scale * figure.before:.1f} | {scale * figure.after:.1f} | {change} | {interval} | {figure.count or ''}"
        )
        lines.append(
            f"| {check.name}{f', {check.unit}' * bool(check.unit)} | {shown} | {'passed' if check.passed else 'NOT PASSED'} |"
        )
    return "\n".join(lines)


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def examine(
    before: Path, after: Path, data: Path, recipe: dict[str, Any], benchmark: Path | None = None
) -> list[Check]:
    """Return all checks of a new bundle. Raise BundleError where one can not be loaded."""
    one, other = load_bundle(before), load_bundle(after)
    checks = [
        *household_checks(one, other, data, recipe),
        *fixed_checks(one, other, fixed_examples(recipe), recipe),
        safety_check(one, other),
    ]
    if benchmark:
        checks += benchmark_checks(before, after, benchmark, recipe)
    return checks


def main() -> None:
    """Run the command that the module's docstring shows; exit 0 whatever the verdict."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--examples", type=int, help="of the fixed check, instead of the recipe's")
    parser.add_argument("--benchmark", action="store_true")
    arguments = parser.parse_args()
    recipe = yaml.safe_load(arguments.recipe.read_text(encoding="utf-8"))["gate"]
    recipe["examples"] = arguments.examples or recipe["examples"]
    effect = arguments.out.parent / "effect" if arguments.benchmark and PYTHON_OF_TESTS.exists() else None
    try:
        checks = examine(arguments.before, arguments.after, arguments.data, recipe, effect)
    except (BundleError, OSError, subprocess.CalledProcessError) as err:
        sys.exit(f"gate: {err}")
    found = verdict(checks, load_bundle(arguments.before).card.sha256["model.safetensors"][:16])
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"{tell(checks)}\n\n{found['verdict']}: {found['why']}")


if __name__ == "__main__":
    main()
