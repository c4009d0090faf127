"""Evaluate bundles on sentences they never saw: how often the whole reading is right, per verb and language, and how well they know it.

    python -m training.evaluate BUNDLE work/data/test.jsonl --out work/report \
        [--before BUNDLE_BEFORE] [--log work/model/logs] [--examples 2000]

Writes OUT/report.md with tables, OUT/*.png (accuracy per action, calibration, risk and coverage, loss) and
OUT/scores.json; prints the table. `--before` is the exported base model, before fine-tuning; `--log` the folder of
fine-tuning's TensorBoard log.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from intendant_core.bundle import load_bundle

from .plots import plot_accuracy, plot_calibration, plot_loss, plot_risk
from .reread import read_again, reread_prompt, same_output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intendant_core.bundle import Bundle


@dataclass(frozen=True, slots=True)
class Graded:
    """One example read: was the reading right, how sure was the model, would it have acted."""

    language: str
    topic: str
    verb: str
    right: bool
    confidence: float
    weakest: float
    outside: float
    acted: bool
    wrote: str
    calls: int = 1
    harmless: bool = False
    """Not right, and yet nothing was done wrongly: known only where the effect was looked at (benchmark/risk.py)."""

    @property
    def each(self) -> float:
        """How sure the reading was of each of its calls, as core/decide.py has it."""
        return float(self.confidence ** (1 / max(self.calls, 1)))


def grade(bundle: Bundle, examples: Sequence[dict[str, Any]]) -> list[Graded]:
    """Read every example with the bundle and compare with its output."""
    from intendant_core.encode import write_output  # noqa: PLC0415 - one name, used once

    graded = []
    for example in tqdm(examples, desc="reading", unit="ex", disable=None):
        written = read_again(bundle, reread_prompt(example["prompt"]))
        verb = example["output"][1:].partition(">")[0]
        acted = written.calls[0].verb != "none"
        right = same_output(written.calls, example["output"])
        sure = (written.confidence, written.weakest, written.outside)
        graded.append(
            Graded(
                example["language"],
                example["topic"].partition("+")[0],
                verb,
                right,
                *sure,
                acted,
                write_output(written.calls),
                len(written.calls),
            )
        )
    return graded


def share(rows: Sequence[Graded]) -> str:
    """Return the share of right readings with its 95 % interval (Wilson 1927), in percent."""
    low, high = wilson(sum(row.right for row in rows), len(rows))
    return f"{100 * sum(row.right for row in rows) / max(len(rows), 1):.1f} % [{100 * low:.1f}-{100 * high:.1f}] of {len(rows)}"


def wilson(hits: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """Return the score interval of a proportion (E. B. Wilson, 1927)."""
    if not count:
        return 0.0, 1.0
    rate, square = hits / count, z * z
    middle = (rate + square / (2 * count)) / (1 + square / count)
    half = z / (1 + square / count) * math.sqrt(rate * (1 - rate) / count + square / (4 * count * count))
    return middle - half, middle + half


def tabulate(graded: Sequence[Graded]) -> list[tuple[str, str]]:
    """Return rows of the report: everything, each language, each topic, and how often talk for nobody was acted on."""
    groups: dict[str, list[Graded]] = defaultdict(list)
    for row in graded:
        for key in ("all", f"language {row.language}", f"{row.language} {row.topic}"):
            groups[key].append(row)
    rows = [(key, share(groups[key])) for key in sorted(groups)]
    outside = [row for row in graded if row.verb == "none"]
    rows.append(
        (
            "not for the house, yet read as a request",
            f"{100 * sum(row.acted for row in outside) / max(len(outside), 1):.2f} % of {len(outside)}",
        )
    )
    requests = [row for row in graded if row.verb != "none"]
    rows.append(
        (
            "requests read as not for the house",
            f"{100 * sum(not row.acted for row in requests) / max(len(requests), 1):.2f} % of {len(requests)}",
        )
    )
    return rows


def main() -> None:
    """Evaluate, print, and write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--before", type=Path)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--examples", type=int, default=2000)
    parser.add_argument("--wrong", type=int, default=0, help="print so many wrong readings")
    args = parser.parse_args()
    examples = [json.loads(line) for line in args.data.read_text(encoding="utf-8").splitlines()]
    examples = random.Random(1).sample(examples, min(args.examples, len(examples)))
    args.out.mkdir(parents=True, exist_ok=True)
    graded = grade(load_bundle(args.bundle), examples)
    rows = tabulate(graded)
    if args.before:
        before = grade(load_bundle(args.before), examples[:300])
        rows.insert(0, ("all, before fine-tuning", share(before)))
    report = "\n".join(
        [
            "# Report",
            "",
            "| what | whole reading right |",
            "|---|---|",
            *(f"| {name} | {value} |" for name, value in rows),
            "",
        ]
    )
    print(report)
    wrong = [(example, row) for example, row in zip(examples, graded, strict=True) if not row.right]
    for example, row in wrong[: args.wrong]:
        print(f"{example['prompt']}\n   wanted {example['output']}\n   wrote  {row.wrote}  {row.confidence:.2f}")
    plot_accuracy(graded, args.out / "accuracy.png")
    plot_calibration(graded, args.out / "calibration.png")
    plot_risk(graded, args.out / "risk.png")
    pictures = ["accuracy", "calibration", "risk"]
    if args.log and plot_loss(args.log, args.out / "loss.png"):
        pictures.append("loss")
    shown = "\n".join(f"![{name}]({name}.png)" for name in pictures)
    (args.out / "report.md").write_text(f"{report}\n{shown}\n", encoding="utf-8")
    (args.out / "scores.json").write_text(
        json.dumps({"exact": sum(row.right for row in graded) / len(graded)}), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
