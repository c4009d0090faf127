"""Draw what the report shows: accuracy per action, calibration, risk against coverage, how the loss fell."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .evaluate import Graded


def plot_accuracy(graded: Sequence[Graded], path: Path) -> None:
    """Draw the share of right readings for every first verb, the commonest on top."""
    by_verb: dict[str, list[bool]] = defaultdict(list)
    for row in graded:
        by_verb[row.verb].append(row.right)
    verbs = sorted(by_verb, key=lambda verb: len(by_verb[verb]))
    figure, axes = plt.subplots(figsize=(7, 0.22 * len(verbs) + 1))
    axes.barh(
        [f"{verb} ({len(by_verb[verb])})" for verb in verbs],
        [100 * sum(by_verb[verb]) / len(by_verb[verb]) for verb in verbs],
    )
    axes.set_xlabel("whole reading right, percent")
    _save(figure, path)


def plot_calibration(graded: Sequence[Graded], path: Path) -> None:
    """Draw how often the model is right against how sure it is, in ten bins."""
    bins: dict[int, list[Graded]] = defaultdict(list)
    for row in graded:
        bins[min(int(row.confidence * 10), 9)].append(row)
    figure, axes = plt.subplots(figsize=(5, 5))
    sure = [sum(row.confidence for row in bins[i]) / len(bins[i]) for i in sorted(bins)]
    right = [sum(row.right for row in bins[i]) / len(bins[i]) for i in sorted(bins)]
    axes.plot([0, 1], [0, 1], linestyle=":", color="grey")
    axes.plot(sure, right, marker="o")
    axes.set_xlabel("probability of the reading")
    axes.set_ylabel("share that was right")
    _save(figure, path)


def plot_risk(graded: Sequence[Graded], path: Path, act: float | None = None) -> None:
    """Draw the share of wrong readings among those kept, when only the surest are kept (El-Yaniv and Wiener, 2010).

    A line for each language; a dot where the threshold `act` lies.
    """
    figure, axes = plt.subplots(figsize=(6, 4))
    for language in sorted({row.language for row in graded}):
        ranked = sorted((row for row in graded if row.language == language), key=lambda row: -row.each)
        wrong, risk = 0, []
        for count, row in enumerate(ranked, 1):
            wrong += not row.right and not row.harmless
            risk.append(100 * wrong / count)
        kept = [100 * (i + 1) / len(ranked) for i in range(len(ranked))]
        [line] = axes.plot(kept, risk, label=f"{language} ({len(ranked)})")
        sure = sum(row.each >= act for row in ranked) if act is not None else 0
        if sure:
            axes.plot(kept[sure - 1], risk[sure - 1], "o", color=line.get_color())
    axes.set_xlabel("kept, percent")
    axes.set_ylabel("wrong among them, percent")
    axes.legend()
    _save(figure, path)


def plot_loss(log: Path, path: Path) -> bool:
    """Draw the losses that fine-tuning wrote down (training, smoothed, and validation); return whether there were any."""
    events = EventAccumulator(str(log), {"scalars": 0}).Reload()
    tags = events.Tags()["scalars"]
    if "loss/train" not in tags:
        return False
    steps = [event.step for event in events.Scalars("loss/train")]
    losses = [event.value for event in events.Scalars("loss/train")]
    figure, axes = plt.subplots(figsize=(6, 4))
    axes.plot(steps, losses, color="lightgrey", linewidth=0.6)
    axes.plot(steps, _smooth(losses, max(len(losses) // 50, 1)), label="training, smoothed")
    if "loss/check" in tags:
        checks = events.Scalars("loss/check")
        axes.plot([event.step for event in checks], [event.value for event in checks], marker="o", label="validation")
    axes.set_yscale("log")
    axes.set_xlabel("step")
    axes.set_ylabel("loss per output token")
    axes.legend()
    _save(figure, path)
    return True


def _smooth(values: Sequence[float], reach: int) -> list[float]:
    """Return the mean of each value and its neighbours, so many on each side."""
    around = [values[max(i - reach, 0) : i + reach + 1] for i in range(len(values))]
    return [sum(some) / len(some) for some in around]


def _save(figure: plt.Figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
