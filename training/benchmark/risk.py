"""Risk against coverage, by effect: how much goes wrong when only the surest readings are acted upon.

    .venv-test/bin/python -m training.benchmark.risk [--bundle FOLDER] --out runs/risk
    .venv-training/bin/python -m training.calibrate FOLDER VALIDATION --benchmark runs/risk/rows.jsonl --plot docs/risk.svg

Says the sentences and conversations of the development homes, which no figure is taken from, to an Intendant that acts on
whatever it reads, and notes for each turn how sure it was and what came of it. calibrate chooses the thresholds from that.
"""

import argparse
import asyncio
import json
import logging
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from .cases import HERE, Case, find_home, load_cases
from .score import RIGHT, WRONG, score

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custom_components.intendant.core.values import Reading

DEVELOPMENT = HERE / "development"
BUNDLE = HERE.parents[1] / "custom_components/intendant/bundles/default"


@contextmanager
def acting_on_everything(read: list[Reading | None]) -> Iterator[None]:
    """Load bundles without thresholds wherever Intendant would load one; `read` gets the reading of every turn."""
    from custom_components.intendant.core.bundle import load_bundle  # noqa: PLC0415 (after Home Assistant)
    from custom_components.intendant.core.decide import Thresholds  # noqa: PLC0415
    from custom_components.intendant.core.interpret import Interpretation, Interpreter  # noqa: PLC0415

    class Watched(Interpreter):
        def interpret(self, *arguments: Any) -> Interpretation:
            found = super().interpret(*arguments)
            read.append(found.reading)
            return found

    def load(folder: Path) -> tuple[Any, Any]:
        bundle = load_bundle(folder)
        open_to_all = Thresholds(act=0.0, weakest=0.0, outside=1.01, careful=0.0)
        return Watched(replace(bundle, thresholds=open_to_all)), bundle.card

    with ExitStack() as stack:
        for place in ("engine", "config_flow"):
            stack.enter_context(patch(f"custom_components.intendant.{place}.load_interpreter", load))
        yield


async def collect(bundle: Path) -> list[dict[str, Any]]:
    """Return a row for every turn: how sure the reading was, and what came of acting on it."""
    from .collect import Collector  # noqa: PLC0415
    from .hass import find_agent, running_home  # noqa: PLC0415

    rows = []
    files = sorted([*(DEVELOPMENT / "cases").glob("*.yaml"), *(DEVELOPMENT / "dialogues").glob("*.yaml")])
    for home, cases in load_cases(files).items():
        read: list[Reading | None] = []
        async with running_home(find_home(home)) as running:
            with acting_on_everything(read):
                agent_id = await find_agent(running, "intendant", bundle)
                collector = Collector(running, "intendant", agent_id)
                header = await collector.header()
                for case in cases:
                    rows += await _say(collector, case, read, header["means"])
    return rows


async def _say(collector: Any, case: Case, read: list[Reading | None], means: list[str]) -> list[dict[str, Any]]:  # noqa: ANN401
    """Say a case, turn by turn; return a row for each turn that the model read."""
    read.clear()
    rows = []
    said = len(case.data.get("earlier") or ())
    for record in await collector.run(case):
        reading = read[said] if said < len(read) else None
        said += 1 + ("confirmed" in record)
        if reading is None:
            continue
        verdict, _ = score(record, means)
        idle = bool(record["case"].get("chat") or record["case"].get("refuse"))
        rows.append(
            {
                "language": case.language,
                "topic": str(case.data.get("kind", "turn")),
                "verb": "none" if idle else reading.calls[0].verb,
                "right": verdict == RIGHT,
                "confidence": reading.confidence,
                "weakest": reading.weakest,
                "outside": reading.outside,
                "acted": reading.calls[0].verb != "none",
                "wrote": "",
                "calls": len(reading.calls),
                "harmless": verdict not in (RIGHT, WRONG),
            }
        )
    return rows


def main() -> None:
    """Run the command that the module's docstring shows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=lambda path: Path(path).resolve(), default=BUNDLE)
    parser.add_argument("--out", type=Path, default=HERE.parents[1] / "runs/risk")
    options = parser.parse_args()
    logging.basicConfig(level=logging.CRITICAL)
    from . import hass  # noqa: F401, PLC0415 (Home Assistant first)

    rows = asyncio.run(collect(options.bundle))
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / "rows.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(f"{len(rows)} turns in {path}")


if __name__ == "__main__":
    main()
