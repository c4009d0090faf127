"""Draw how a simulated household fares by week, with and without learning: `python -m training.plot_weeks FIGURES.json OUT.svg`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

if TYPE_CHECKING:
    from collections.abc import Sequence

ARMS = (("baseline", "without learning", "tab:grey"), ("learning", "with learning", "tab:blue"))
PANELS = (("right", "right on first try, percent"), ("wrong", "wrong actions, percent"))


def plot_weeks(figures: dict[str, Any], path: Path) -> None:
    """Draw the shares that were right and wrong, a line for each arm, with 95 % intervals."""
    figure, axes = plt.subplots(1, len(PANELS), figsize=(9, 3.6))
    for panel, (name, title) in zip(axes, PANELS, strict=True):
        for shift, (arm, label, color) in enumerate(ARMS):
            weeks = [week["week"] + 0.08 * shift for week in figures[arm]]
            shares = [[100 * part for part in week[name]] for week in figures[arm]]
            panel.errorbar(weeks, [share[0] for share in shares], yerr=_bars(shares), label=label, color=color, marker="o", capsize=2)  # fmt: skip
        panel.set_xlabel("week")
        panel.set_title(title, fontsize=10)
        panel.set_xticks([week["week"] for week in figures[ARMS[0][0]]])
        panel.grid(alpha=0.3)
    axes[0].legend()
    figure.tight_layout()
    with mpl.rc_context({"svg.hashsalt": "household"}):
        figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _bars(shares: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return how far each interval reaches below and above its share."""
    return [[share[0] - share[1] for share in shares], [share[2] - share[0] for share in shares]]


def main() -> None:
    """Run the command that the module's docstring shows."""
    figures, out = sys.argv[1:]
    plot_weeks(json.loads(Path(figures).read_text(encoding="utf-8")), Path(out))


if __name__ == "__main__":
    main()
