"""Learn how one household speaks, and put what was learnt in service if it is better: journal → bundle → gate → back.

    scripts/personalise http://homeassistant.local:8123 --token-file token.txt      # fetches the journal, sends the bundle
    scripts/personalise intendant-journal.jsonl                                     # from an exported file; the bundle stays here

The token is a long-lived access token of an administrator (Home Assistant > your profile > Security), in a file or in
INTENDANT_TOKEN. A journal that is fetched is not kept. Everything else goes to
runs/personal. A bundle that does not pass the gate is not sent. Interrupted, the same command goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from intendant_core.bundle import CARD
from intendant_core.errors import BundleError

from .exchange import ExchangeError, ask_verdict, fetch_bundle, fetch_journal, is_url, pack, send_bundle
from .journal import JournalError, read_from, read_journal
from .train import CORE, HERE, ROOT, Step, run, sample_templates
from .ways import prepare, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

RECIPE = HERE / "recipes/personal.yaml"
IN_SERVICE = ROOT / "custom_components/intendant/bundles/default"
TOKEN = "INTENDANT_TOKEN"  # noqa: S105 - the name of the variable that holds it


def learn_ways(source: str, token: str, recipe: dict[str, Any], work: Path) -> None:
    """Make the household's ways of speaking out of a journal. Raise ExchangeError or JournalError.

    A journal that is fetched has no name on the disk: it is gone with this program, however that ends.
    """
    if is_url(source):
        with tempfile.TemporaryFile() as file:
            fetch_journal(source, token, file)
            file.seek(0)
            export = read_from(file)
    else:
        export = read_journal(Path(source))
    print(tell(prepare(export, recipe["household"], work / "ways")), flush=True)


def plan(recipe_path: Path, work: Path, bundle: Path, options: argparse.Namespace) -> list[Step]:
    """Return the steps from the ways of speaking to the verdict, in their order."""
    recipe: dict[str, Any] = yaml.safe_load(recipe_path.read_text(encoding="utf-8"))
    parts = {name: json.dumps(recipe[name], sort_keys=True) for name in ("mix", "finetune", "export", "gate")}
    replay, data, base, extra = work / "replay", work / "data", work / "base", work / "extra"
    check, card, gate = replay / "validation.jsonl", replay / "card.json", work / "gate/gate.json"
    core = tuple(sorted([*CORE.glob("*.py"), *(path for path in (CORE / "data").iterdir() if path.is_file())]))
    long = ("--steps", str(options.steps)) if options.steps else ("--minutes", str(options.minutes))
    share, examples = recipe["mix"]["household_share"], options.replay or recipe["mix"]["replay_examples"]
    by_recipe = ("--recipe", str(recipe_path))
    effect = ("--benchmark",) if options.benchmark else ()
    fixed = ("--examples", str(options.check)) if options.check else ()
    made = work / "bundle"

    def code(*names: str) -> tuple[Path, ...]:
        return tuple(HERE / f"{name}.py" for name in names)

    return [
        sample_templates(extra),
        Step(
            "replay",
            f"makes {examples} examples of the stock, so that nothing is forgotten",
            (
                *(
                    "training.dataset",
                    str(replay),
                    "--examples",
                    str(examples),
                    "--held-out",
                    "1000",
                    "--extra",
                    str(extra),
                ),
                *("--homes", str(recipe["mix"]["homes"])),
            ),
            replay,
            (
                str(examples),
                HERE / "stock",
                extra,
                *code("dataset", "decorate", "fill", "homes", "mishear", "stock"),
                *core,
            ),
        ),
        Step(
            "household",
            "fills the household's ways of speaking with the names of other homes",
            ("training.ways_data", str(work / "ways"), str(data), *by_recipe),
            data,
            (parts["mix"], work / "ways", *code("ways_data", "dataset", "fill", "homes"), *core),
        ),
        Step("base", f"takes up {bundle.name}", ("training.unpack", str(bundle), str(base)), base, (bundle,)),
        Step(
            "finetune",
            "learns",
            (
                *("training.finetune", str(recipe_path), str(base), str(work / "model"), *long, "--check", str(check)),
                *("--data", f"{replay / 'train.jsonl'}={1 - share:g}", f"{data / 'household.jsonl'}={share:g}"),
            ),
            work / "model",
            (parts["finetune"], base, replay / "train.jsonl", data / "household.jsonl"),
            goes_on=True,
            ends=" ".join(long),
        ),
        Step(
            "blend",
            f"averages {recipe['blend']:g} of the new weights with those before",
            ("training.blend", str(work / "model"), str(base), str(recipe["blend"]), str(work / "blend")),
            work / "blend",
            (str(recipe["blend"]), work / "model/model.safetensors"),
        ),
        Step(
            "bundle",
            "quantizes",
            (
                *("training.export", str(recipe_path), str(work / "blend"), str(made), "--examples", "400"),
                *("--check", str(check), "--data", str(card)),
            ),
            made,
            (parts["export"], work / "blend", check, card, *core),
        ),
        _calibrate(recipe, bundle, made, check, parts["export"]),
        Step(
            "gate",
            "compares with the bundle in service",
            ("training.gate", str(bundle), str(made), str(data), str(gate), *by_recipe, *effect, *fixed),
            work / "gate",
            (parts["gate"], bundle, made, data, *effect, *fixed, HERE / "safety.yaml", *code("gate", "compare"), *core),
        ),
    ]


def _calibrate(recipe: dict[str, Any], bundle: Path, made: Path, check: Path, part: str) -> Step:
    """Return the step that says how sure is sure enough: as before, or chosen anew on validation sentences."""
    anew = recipe.get("thresholds") == "validation"
    command = (
        ("training.calibrate", str(made), str(check))
        if anew
        else ("training.personalise", "--keep", str(bundle), str(made))
    )
    does = (
        "chooses how sure is sure enough" if anew else "takes over how sure is sure enough: that was chosen by effect"
    )
    return Step("calibrate", does, command, made / CARD, (part, made / "model.safetensors", check), goes_on=True)


def keep_thresholds(bundle: Path, made: Path) -> None:
    """Write the thresholds of one bundle into the card of another."""
    old, new = (json.loads((folder / CARD).read_text(encoding="utf-8")) for folder in (bundle, made))
    new["thresholds"] = old["thresholds"]
    (made / CARD).write_text(json.dumps(new, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def deliver(source: str, token: str, work: Path, *, send: bool) -> str:
    """Send the bundle back where it passed the gate; return what became of it, in a sentence. Raise ExchangeError."""
    found = json.loads((work / "gate/gate.json").read_text(encoding="utf-8"))
    if found["verdict"] != "passed":
        return f"The bundle in service stays: {found['why']}."
    pack(work / "bundle", work / "gate/gate.json", work / "bundle.tar.gz")
    if not send:
        return f"It passed. To use it, send {work / 'bundle.tar.gz'}, or copy {work / 'bundle'} below Home Assistant's configuration folder."
    answer = send_bundle(source, token, work / "bundle.tar.gz")
    if answer["state"] == "checking":
        print("personalise: Home Assistant looks for itself now; this may take some minutes", flush=True)
        answer |= ask_verdict(source, token, str(answer.get("version")))
    why = f": {answer['why']}" if answer.get("why") else ""
    return f"Home Assistant has version {answer.get('version')}, {answer['state']}{why}."


def find_bundle(options: argparse.Namespace, token: str, work: Path) -> Path:
    """Return the folder of the bundle in service: the one that was named, else the one of that Home Assistant. Raise ExchangeError."""
    if options.bundle or not is_url(options.source):
        return (options.bundle or IN_SERVICE).resolve()
    folder = work / "in_service"
    if not options.go_on or not folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
        fetch_bundle(options.source, token, folder)
    return folder


def read_token(path: Path | None) -> str:
    """Return the token of the file, or of the environment. Raise ExchangeError where there is none."""
    try:
        token = (path.read_text(encoding="utf-8") if path else os.environ.get(TOKEN, "")).strip()
    except OSError as err:
        raise ExchangeError(f"{path} can not be read: {err.strerror}") from err
    if not token or not token.isprintable() or not token.isascii():
        raise ExchangeError(f"there is no token: put it into a file (--token-file) or into {TOKEN}")
    return token


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command that the module's docstring shows."""
    options = _options(arguments)
    if options.keep:
        keep_thresholds(*options.keep)
        return
    work, recipe_path = options.work.resolve(), options.recipe.resolve()
    recipe = yaml.safe_load(recipe_path.read_text(encoding="utf-8"))
    try:
        token = read_token(options.token_file) if is_url(options.source) else ""
        if not options.go_on or not (work / "ways/report.json").exists():
            learn_ways(options.source, token, recipe, work)
        bundle = find_bundle(options, token, work)
        for step in plan(recipe_path, work, bundle, options):
            run(step, work / "steps", again=False)
        print(deliver(options.source, token, work, send=is_url(options.source) and not options.no_send))
    except (ExchangeError, JournalError, BundleError) as err:
        sys.exit(f"personalise: {err}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/personalise", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", nargs="?", help="an exported journal, or the address of a Home Assistant")
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument(
        "--bundle", type=Path, help="the bundle in service, if it is not the one that comes along or is fetched"
    )
    parser.add_argument("--work", type=Path, default=ROOT / "runs/personal", help="where everything goes")
    parser.add_argument("--minutes", type=float, default=6, help="of fine-tuning")
    parser.add_argument("--steps", type=int, default=0, help="of fine-tuning, instead of minutes")
    parser.add_argument("--replay", type=int, help="examples of the stock, instead of the recipe's")
    parser.add_argument("--check", type=int, help="examples of the fixed check, instead of the recipe's")
    parser.add_argument("--benchmark", action="store_true", help="also check by effect, if .venv-test is there")
    parser.add_argument("--token-file", type=Path)
    parser.add_argument("--no-send", action="store_true", help="leave the bundle here even if it passed")
    parser.add_argument("--go-on", action="store_true", help="with the ways of speaking that the last call made")
    parser.add_argument("--keep", type=Path, nargs=2, metavar="BUNDLE", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if not options.source and not options.keep:
        parser.error("say where the journal is: a file, or the address of a Home Assistant")
    return options


if __name__ == "__main__":
    main()
