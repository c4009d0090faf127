"""Measure the parts that are asked for, each in a process of its own; write JSON and Markdown."""

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .report import to_markdown

if TYPE_CHECKING:
    from .part import Figures

PARTS = ("latency", "memory", "stages", "fuzz", "accuracy", "dialogues", "sensitive", "speech", "journal")
_ROOT = Path(__file__).parents[3]


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"{', '.join(PARTS)} (default: all)")
    parser.add_argument("--bundle", type=Path, default=_ROOT / "custom_components/intendant/bundles/default")
    parser.add_argument("--out", type=Path, default=_ROOT / "runs/figures")
    parser.add_argument("--quick", action="store_true", help="few turns, to see whether it works")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if not (options.bundle / "card.json").exists():
        parser.error(f"no bundle in {options.bundle}")
    options.out.mkdir(parents=True, exist_ok=True)
    failed = [part for part in options.parts or PARTS if not _measure(part, options)]
    found = {part: json.loads(path.read_text(encoding="utf-8")) for part in PARTS if (path := options.out / f"{part}.json").exists()}  # fmt: skip
    found = {"machine": _machine(options.bundle), **found}
    (options.out / "figures.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    text = to_markdown(found)
    (options.out / "figures.md").write_text(text, encoding="utf-8")
    print(text)
    for part in failed:
        print(f"bench: {part} failed", file=sys.stderr)
    return int(bool(failed))


def _measure(part: str, options: argparse.Namespace) -> bool:
    out = options.out / f"{part}.json"
    out.unlink(missing_ok=True)
    print(f"bench: {part}", file=sys.stderr)
    command = [sys.executable, "-m", f"{__package__}.{part}", options.bundle, out, *(["--quick"] if options.quick else [])]  # fmt: skip
    return subprocess.run(command, cwd=_ROOT, stdout=sys.stderr, check=False).returncode == 0 and out.exists()  # noqa: S603


def _machine(bundle: Path) -> Figures:
    card = json.loads((bundle / "card.json").read_text(encoding="utf-8"))
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())  # fmt: skip
    return {"processor": model, "cores": os.cpu_count(), "python": platform.python_version(), "bundle": str(bundle), "recipe": card["recipe"]}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
