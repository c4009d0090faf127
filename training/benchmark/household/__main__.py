"""The simulated household lives its weeks with Intendant, with and without learning; what came of it is counted and drawn.

    scripts/bench household                              all eight weeks, with training at each week's end
    scripts/bench household --weeks 1 --turns 40 --minutes 0      a quick look: few turns, phrases only

What is done lies in runs/household, step by step; interrupted, the same command goes on with the step it was in:
  ideal/week1.jsonl      what comes of the turns when they are read ideally: what can be reached, and the right answers
  baseline/week1.jsonl   what came of them without learning, learning/week1.jsonl with it (a line for each turn)
  learning/week1.learnt.json   what was learnt on the Sunday, the gate's checks, and whether the bundle is in service
  */kept-01              what Intendant itself keeps after that step
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from .figures import count_up, to_markdown
from .rows import BASELINE, IDEAL, LEARNING, rows_of, write_json
from .weeks import ALL

ROOT = Path(__file__).parents[3]
POISONS = ("labels", "exporter")
_SAME = ("turns", "minutes", "seed")
"""Options that what lies in a folder was made with."""


def main() -> int:
    """Do what the command line says; return the exit status."""
    options = _options()
    if options.step:
        from .steps import take_step  # noqa: PLC0415 - Home Assistant is slow to import, and each step has its own process

        take_step(options.step, options)
        return 0
    if options.again:
        shutil.rmtree(options.out, ignore_errors=True)
    options.out.mkdir(parents=True, exist_ok=True)
    if (other := _made_with(options)) is not None:
        print(f"bench: {options.out} was made with {other}: choose another --out, or --again", file=sys.stderr)
        return 2
    for week in range(1, options.weeks + 1):
        for arm in (IDEAL, BASELINE, LEARNING):
            if not rows_of(options.out / arm, week).exists() and not _take(f"live {arm} {week}"):
                return 1
        learnt = options.out / LEARNING / f"week{week}.learnt.json"
        # Nobody lives the week after the last one.
        if options.minutes and not learnt.exists() and week < options.weeks + options.learn_last and not _take(f"learn {week}"):  # fmt: skip
            return 1
        _report(options)
    for kind in options.poison:
        if not (options.out / f"poison-{kind}.json").exists() and not _take(f"poison {kind}"):
            return 1
    print(_report(options))
    return 0 if all(poison["held"] for poison in _poisons(options).values()) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench household", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--weeks", type=int, default=ALL, choices=range(1, ALL + 1), metavar="N", help="to live")
    parser.add_argument("--turns", type=int, help="of each week, spread evenly over it (default: all)")
    parser.add_argument("--minutes", type=float, default=6, help="of training a week; 0: phrases only (default: 6)")
    parser.add_argument("--benchmark", action="store_true", help="the gate also says the development cases, which takes minutes")  # fmt: skip
    parser.add_argument("--replay", type=int, help="examples of the stock in training, instead of the recipe's")
    parser.add_argument("--check", type=int, help="examples of the gate's fixed check, instead of the recipe's")
    parser.add_argument("--recipe", type=lambda path: Path(path).resolve(), help="instead of training/recipes/personal.yaml")  # fmt: skip
    parser.add_argument("--poison", action="append", choices=POISONS, default=[], help="try this afterwards, too")
    parser.add_argument("--seed", type=int, default=1, help="of what people do when a turn was not right")
    parser.add_argument("--out", type=lambda path: Path(path).resolve(), default=ROOT / "runs/household")
    parser.add_argument("--figures", type=lambda path: Path(path).resolve(), default=ROOT / "runs/figures")
    parser.add_argument("--plot", type=lambda path: Path(path).resolve(), help="draw it there (docs/household.svg)")
    parser.add_argument("--again", action="store_true", help="throw away what lies in --out")
    parser.add_argument("--learn-last", action="store_true", help="learn after the last week, too, for the gate's checks")  # fmt: skip
    parser.add_argument("--step", help=argparse.SUPPRESS)
    return parser.parse_args()


def _made_with(options: argparse.Namespace) -> dict[str, Any] | None:
    """Return what the folder was made with, if that is something else; note it for a new folder."""
    path, chosen = options.out / "made_with.json", {name: getattr(options, name) for name in _SAME}
    if not path.exists():
        write_json(path, chosen)
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return None if found == chosen else found


def _take(step: str) -> bool:
    """Take a step in a process of its own; return whether it ended well."""
    print(f"bench: household: {step}", file=sys.stderr, flush=True)
    arguments = [*sys.argv[1:], "--step", step]
    return subprocess.run([sys.executable, "-m", __package__, *arguments], cwd=ROOT, check=False).returncode == 0  # noqa: S603 - our own module


def _poisons(options: argparse.Namespace) -> dict[str, Any]:
    paths = {kind: options.out / f"poison-{kind}.json" for kind in POISONS}
    return {kind: json.loads(path.read_text(encoding="utf-8")) for kind, path in paths.items() if path.exists()}


def _report(options: argparse.Namespace) -> str:
    """Write figures, table and plot of what has been lived so far; return the table."""
    found = count_up(options, _poisons(options))
    text = to_markdown(found)
    options.figures.mkdir(parents=True, exist_ok=True)
    write_json(options.figures / "household.json", found)
    (options.figures / "household.md").write_text(text, encoding="utf-8")
    if options.plot:
        command = [ROOT / ".venv-training/bin/python", "-m", "training.plot_weeks", options.figures / "household.json", options.plot]  # fmt: skip
        subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - our own module
    return text


if __name__ == "__main__":
    sys.exit(main())
