"""Choose how sure is sure enough, on validation sentences, and write the thresholds into a bundle's card.

    python -m training.calibrate work/bundle work/data/validation.jsonl [--examples 1500] \
        [--benchmark runs/risk/rows.jsonl] [--plot docs/risk.svg] [--most-wrong 0.033]

With turns of the benchmark (benchmark/risk.py), these decide instead of the validation sentences: there it is known what was
done, not only what was read. Of all thresholds on a grid, those are taken that serve best: a right reading counts 1, a question or a refusal in its place
costs HELD, acting on a wrong reading costs WRONG, acting on what was not for the house costs MEDDLING. So a wrong action is
worse than a question, and a question is worse than being right. Prints what the choice does.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from intendant_core.bundle import CARD, load_bundle
from intendant_core.decide import Thresholds

from .evaluate import Graded, grade
from .plots import plot_risk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HELD, WRONG, MEDDLING = 0.5, 3.0, 6.0
"""What a needless question, acting on a wrong reading, and acting on talk for nobody cost against a right reading's 1."""
ACT, WEAKEST, OUTSIDE = (
    (0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7),
    (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7),
    (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What thresholds make of graded sentences, as shares of all."""

    right: float
    wrong: float
    """Acted upon, though the reading is wrong."""
    meddling: float
    """Acted upon, though it is not for the house: a part of `wrong`."""
    held: float
    """Asked about, refused or handed over, though it was a request."""

    @property
    def worth(self) -> float:
        """How well it serves."""
        return self.right - HELD * self.held - WRONG * (self.wrong - self.meddling) - MEDDLING * self.meddling


def judge(rows: Sequence[Graded], thresholds: Thresholds) -> Outcome:
    """Return what comes of the sentences under these thresholds."""
    right = wrong = meddling = held = 0
    for row in rows:
        outside = not row.acted or row.outside >= thresholds.outside
        sure = row.each >= thresholds.act and row.weakest >= thresholds.weakest
        if row.verb == "none":
            calm = outside or not sure or row.right or row.harmless
            right += calm
            wrong += not calm
            meddling += not calm
        elif outside or not sure or row.harmless:
            held += 1
        else:
            right += row.right
            wrong += not row.right
    count = max(len(rows), 1)
    return Outcome(right / count, wrong / count, meddling / count, held / count)


def choose(rows: Sequence[Graded], most_wrong: float = 1.0) -> Thresholds:
    """Return the thresholds that serve best, among those with at most that share of wrong actions if there are any."""
    grid = [Thresholds(act, weakest, outside) for act, weakest, outside in product(ACT, WEAKEST, OUTSIDE)]
    within = [thresholds for thresholds in grid if judge(rows, thresholds).wrong <= most_wrong]
    return max(within or grid, key=lambda thresholds: judge(rows, thresholds).worth)


def tell(outcomes: Iterable[tuple[str, Outcome]]) -> str:
    """Return a table of outcomes."""
    lines = ["| thresholds | right % | acted wrongly % | of it on talk % | held back % |", "|---|--:|--:|--:|--:|"]
    for name, outcome in outcomes:
        shares = (outcome.right, outcome.wrong, outcome.meddling, outcome.held)
        lines.append(f"| {name} | " + " | ".join(f"{100 * part:.1f}" for part in shares) + " |")
    return "\n".join(lines)


def main() -> None:
    """Run the command that the module's docstring shows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("data", type=Path, help="validation examples")
    parser.add_argument("--examples", type=int, default=1500)
    parser.add_argument("--benchmark", type=Path, help="turns of the benchmark that decide instead")
    parser.add_argument("--most-wrong", type=float, default=1.0, help="share of wrong actions that is borne at most")
    parser.add_argument("--plot", type=Path, help="where risk against coverage is drawn")
    arguments = parser.parse_args()
    lines = (arguments.benchmark or arguments.data).read_text(encoding="utf-8").splitlines()
    if arguments.benchmark:
        rows = [Graded(**json.loads(line)) for line in lines]
    else:
        examples = random.Random(2).sample(lines, min(arguments.examples, len(lines)))
        rows = grade(load_bundle(arguments.bundle), [json.loads(line) for line in examples])
    best = choose(rows, arguments.most_wrong)
    print(
        tell(
            [
                ("before: " + _words(Thresholds()), judge(rows, Thresholds())),
                ("chosen: " + _words(best), judge(rows, best)),
            ]
        )
    )
    if arguments.plot:
        plot_risk(rows, arguments.plot, best.act)
    path = arguments.bundle / CARD
    card = json.loads(path.read_text(encoding="utf-8")) | {"thresholds": asdict(best)}
    path.write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _words(thresholds: Thresholds) -> str:
    return f"act {thresholds.act}, weakest {thresholds.weakest}, outside {thresholds.outside}"


if __name__ == "__main__":
    main()
