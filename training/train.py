"""Make a bundle by a recipe, from the sentences to the report. `scripts/train` sets up first and then runs this.

    python -m training.train [RECIPE] [--minutes 120] [--donor FILE.gguf] [--again [STEP ...]]

Every step is a module that can also be run alone. A step is skipped when its inputs are what they were when it last
finished (their contents count, not their dates; of the code, that of fine-tuning does not count). Interrupted, the same
command goes on: fine-tuning from its last checkpoint, everything else from the step it was in.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from intendant_core.bundle import CARD

from .source import SourceError, find_source

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[1]
HERE, CORE = ROOT / "training", ROOT / "custom_components/intendant/core"
STEPS = ("templates", "dataset", "base", "finetune", "before", "blend", "bundle", "calibrate", "evaluate")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it does, the module and arguments that do it, and what it is made from."""

    name: str
    does: str
    command: tuple[str, ...]
    makes: Path
    inputs: tuple[Path | str, ...]
    """Files, folders, and words of the recipe or the command line."""
    goes_on: bool = False
    """Whether it takes up what an earlier run of the same command left in `makes`."""
    ends: str = ""
    """How long it goes on: more of it needs no new start."""


def fingerprint(inputs: Iterable[Path | str]) -> str:
    """Return a hash of the contents of files, of folders (names and contents) and of words."""
    whole = hashlib.sha256()
    for item in inputs:
        whole.update(repr(item).encode() if isinstance(item, str) else b"file")
        if isinstance(item, Path):
            for path in sorted(item.rglob("*")) if item.is_dir() else [item]:
                if path.is_file() and "__pycache__" not in path.parts:
                    whole.update(path.name.encode())
                    with path.open("rb") as file:
                        whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()


def run(step: Step, stamps: Path, *, again: bool) -> None:
    """Take a step, or skip it; go on with one that was interrupted. Exit when it fails."""
    made_from = fingerprint(step.inputs)
    begun, done = stamps / f"{step.name}.begun", stamps / f"{step.name}.done"
    if not again and step.makes.exists() and _read(done) == made_from + step.ends:
        print(f"train: {step.name}: nothing changed, {_short(step.makes)} stays", flush=True)
        return
    if again or not step.goes_on or _read(begun) != made_from:
        shutil.rmtree(step.makes, ignore_errors=True)
    print(f"train: {step.name}: {step.does}", flush=True)
    stamps.mkdir(parents=True, exist_ok=True)
    done.unlink(missing_ok=True)
    begun.write_text(made_from, encoding="utf-8")
    command = [sys.executable, "-m", *step.command]
    code = subprocess.run(command, check=False, cwd=ROOT).returncode  # noqa: S603 - our own modules
    if code:
        sys.exit(f"train: {step.name} failed ({code}). The same command goes on from here.")
    done.write_text(made_from + step.ends, encoding="utf-8")


def plan(recipe_path: Path, work: Path, source: Path, options: argparse.Namespace) -> list[Step]:
    """Return the steps in their order."""
    recipe: dict[str, Any] = yaml.safe_load(recipe_path.read_text(encoding="utf-8"))
    base, tune = (json.dumps(recipe[part], sort_keys=True) for part in ("base", "finetune"))
    extra, data, before, bundle = work / "extra", work / "data", work / "before", work / "bundle"
    train, check, test, card = (data / f for f in ("train.jsonl", "validation.jsonl", "test.jsonl", "card.json"))
    donor = options.donor or recipe["base"].get("donor")
    donor = Path(donor).absolute() if donor else None
    format_of = tuple(sorted([*CORE.glob("*.py"), *(path for path in (CORE / "data").iterdir() if path.is_file())]))
    made_by = {name: HERE / f"{name}.py" for name in _modules()}

    further = (source / CARD).exists()
    begin: tuple[str, ...] = ("training.unpack", str(source), str(work / "base"))
    if not further:
        begin = ("training.base", str(recipe_path), str(train), "--out", str(work / "base"), "--source", str(source))
        begin += ("--donor", str(donor)) if donor else ()

    def code(*names: str) -> tuple[Path, ...]:
        return tuple(made_by[name] for name in names)

    def export(name: str, of: Path) -> Step:
        does = "quantizes the base, untrained, to compare with" if name == "before" else "quantizes the model"
        command = ("training.export", str(recipe_path), str(of), str(work / name), "--check", str(check))
        inputs = (json.dumps(recipe, sort_keys=True), of / "model.safetensors", of / "tokenizer.json", check, card)
        return Step(name, does, (*command, "--data", str(card)), work / name, (*inputs, *code("export"), *format_of))

    return [
        sample_templates(extra),
        Step(
            "dataset",
            f"makes {options.examples} examples out of the stock, the templates and synthetic homes",
            ("training.dataset", str(data), "--examples", str(options.examples), "--extra", str(extra)),
            data,
            (
                str(options.examples),
                HERE / "stock",
                extra,
                *code("dataset", "decorate", "fill", "homes", "mishear", "stock"),
                *format_of,
            ),
        ),
        Step(
            "base",
            (f"takes up {_short(source)}" if further else f"cuts {recipe['base']['source']} to size")
            + ("" if donor or further else "; no donor, so Chinese starts as the mean of its bytes and learns slower"),
            begin,
            work / "base",
            (base, source, train, *((donor,) if donor else ()), *code("base", "transplant", "unpack", "vocabulary")),
        ),
        Step(
            "finetune",
            f"trains until {options.minutes:g} minutes are over, checks every few minutes; may be interrupted",
            (
                *("training.finetune", str(recipe_path), str(work / "base"), str(work / "model"), "--data", str(train)),
                *("--check", str(check), "--minutes", str(options.minutes)),
            ),
            work / "model",
            (tune, work / "base", train, check),
            goes_on=True,
            ends=f" {options.minutes:g} minutes",
        ),
        export("before", work / "base"),
        *([_blend(work, float(recipe["blend"]), code("blend"))] if recipe.get("blend") else []),
        export("bundle", work / ("blend" if recipe.get("blend") else "model")),
        Step(
            "calibrate",
            "chooses how sure is sure enough",
            ("training.calibrate", str(bundle), str(check)),
            bundle / "card.json",
            (bundle / "model.safetensors", check, *code("calibrate", "evaluate", "reread"), *format_of),
            goes_on=True,
        ),
        Step(
            "evaluate",
            "reads sentences that were never trained on, in ways of speaking that were never trained on",
            (
                *("training.evaluate", str(bundle), str(test), "--out", str(work / "report")),
                *("--before", str(before), "--log", str(work / "model/logs")),
            ),
            work / "report",
            (bundle, before, test, work / "model/logs", *code("evaluate", "plots", "reread"), *format_of),
        ),
    ]


def sample_templates(extra: Path) -> Step:
    """Return the step that writes ways of speaking out of Home Assistant's templates into a folder."""
    return Step(
        "templates",
        "samples ways of speaking from Home Assistant's sentence templates",
        ("training.templates", str(extra)),
        extra,
        (version("home-assistant-intents"), HERE / "templates.yaml", HERE / "templates.py", HERE / "stock.py"),
    )


def _blend(work: Path, share: float, code: tuple[Path, ...]) -> Step:
    """Return the step that averages what was learnt with what was known before."""
    return Step(
        "blend",
        f"averages {share:g} of the new weights with those before",
        ("training.blend", str(work / "model"), str(work / "base"), str(share), str(work / "blend")),
        work / "blend",
        (f"{share}", work / "model/model.safetensors", work / "base/model.safetensors", *code),
    )


def recall_source(wanted: str, work: Path) -> Path:
    """Return where the source's weights lie, the same place as last time if they are still there."""
    note = work / "steps/source.json"
    known = json.loads(_read(note) or "{}").get(wanted, "")
    if known and Path(known).exists():
        return Path(known)
    found = find_source(wanted).absolute()
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(json.dumps({wanted: str(found)}), encoding="utf-8")
    return found


def _modules() -> list[str]:
    return [path.stem for path in HERE.glob("*.py")]


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _short(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def main() -> None:
    """Run the command that the module's docstring shows."""
    parser = argparse.ArgumentParser(
        prog="scripts/train", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("recipe", type=Path, nargs="?", default=HERE / "recipes/default.yaml")
    parser.add_argument("--minutes", type=float, default=120, help="of fine-tuning; more of them later go on")
    parser.add_argument("--examples", type=int, default=300_000, help="to train on")
    parser.add_argument(
        "--source",
        help="weights to start from, instead of the recipe's: a file, a folder, a hub's name, or a bundle's folder to go on from it",
    )
    parser.add_argument("--donor", type=Path, help="GGUF whose embeddings Chinese characters start from: Qwen2.5-0.5B")
    parser.add_argument("--work", type=Path, help="where everything goes (default: runs/ and the recipe's name)")
    parser.add_argument(
        "--again", nargs="*", choices=STEPS, metavar="STEP", help=f"all steps anew, or: {', '.join(STEPS)}"
    )
    options = parser.parse_args()
    if options.donor and not options.donor.is_file():
        parser.error(f"there is no file {options.donor}")
    recipe_path = options.recipe.resolve()
    work = (options.work or ROOT / "runs" / recipe_path.stem).resolve()
    again = STEPS if options.again == [] else tuple(options.again or ())
    recipe = yaml.safe_load(recipe_path.read_text(encoding="utf-8"))
    try:
        source = recall_source(options.source or recipe["base"]["source"], work)
    except SourceError as err:
        sys.exit(f"train: {err}")
    for step in plan(recipe_path, work, source, options):
        run(step, work / "steps", again=step.name in again)
    print(f"train: the bundle is {_short(work / 'bundle')}, the report {_short(work / 'report/report.md')}")
    print(
        f"train: to use it: copy the bundle's folder to {_short(CORE.parent / 'bundles/default')}, or below Home Assistant's"
    )
    print("       configuration folder and name it under Settings > Devices & services > Intendant > Reconfigure")


if __name__ == "__main__":
    main()
