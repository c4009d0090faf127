"""The benchmark of sentences (training/benchmark/run.py), both agents, with this bundle."""

import sys
from typing import TYPE_CHECKING
from unittest.mock import patch

from training.benchmark import run as benchmark

from .part import Figures, run, use_bundle

if TYPE_CHECKING:
    from pathlib import Path

if TYPE_CHECKING:
    from pathlib import Path


def measure(bundle: Path, quick: bool) -> Figures:  # noqa: FBT001 (every part is called alike)
    """Run the benchmark and return where it wrote, and its report."""
    return run_benchmark(bundle, benchmark.OUT, ["--match", "kitchen"] if quick else [])


def run_benchmark(bundle: Path, out: Path, more: list[str]) -> Figures:
    """Run the benchmark with more arguments; return its status and its report."""
    # Home Assistant first, then the integration's constants.
    from training.benchmark import hass  # noqa: F401, PLC0415

    use_bundle(bundle)
    arguments = ["run", "--agent", "intendant", "--agent", "homeassistant", "--out", str(out), *more]
    with patch.object(sys, "argv", arguments):
        status = benchmark.main()
    return {"status": status, "report": (out / "report.md").read_text(encoding="utf-8") if status == 0 else None}


if __name__ == "__main__":
    run(measure)
