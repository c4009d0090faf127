"""The benchmark of conversations, every turn judged by itself, both agents, with this bundle."""

from typing import TYPE_CHECKING

from training.benchmark import run as benchmark

from .accuracy import run_benchmark
from .part import Figures, run

if TYPE_CHECKING:
    from pathlib import Path


def measure(bundle: Path, quick: bool) -> Figures:  # noqa: FBT001 (every part is called alike)
    """Run the conversations and return the report."""
    more = ["--dialogues", *(["--level", "hard"] if quick else [])]
    return run_benchmark(bundle, benchmark.OUT.with_name("dialogues"), more)


if __name__ == "__main__":
    run(measure)
