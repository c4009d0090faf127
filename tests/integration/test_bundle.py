"""The bundle that comes along, in a real Home Assistant with the demo's home: what a newcomer would try first."""

import subprocess
import sys
from pathlib import Path

from custom_components.intendant.const import DEFAULT_BUNDLE
from custom_components.intendant.core.bundle import load_bundle

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "tests/integration/tables/larsens.en.yaml"
MOST_BYTES = 40_000_000


def test_it_fits_this_version_and_the_download() -> None:
    card = load_bundle(DEFAULT_BUNDLE).card
    assert sum(path.stat().st_size for path in DEFAULT_BUNDLE.iterdir()) < MOST_BYTES
    assert {"en", "zh"} <= set(card.languages)
    assert card.licence == "Apache-2.0"


def test_what_a_newcomer_would_try_first(tmp_path: Path) -> None:
    """Run in a process of its own: the benchmark brings its own Home Assistant."""
    command = [
        sys.executable,
        "-m",
        "training.benchmark.run",
        str(TABLE),
        "--agent",
        "intendant",
        "--out",
        str(tmp_path),
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own module
    assert (tmp_path / "failures.intendant.txt").read_text(encoding="utf-8") == ""
