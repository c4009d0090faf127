"""Run the benchmark: `python -m training.benchmark.run --agent intendant --agent homeassistant`.

Two phases, so that a change in scoring needs no new run: collecting writes what happened to <out>/<agent>.jsonl,
scoring reads that and the case files and writes <out>/report.md and <out>/failures.<agent>.txt.
"""

import argparse
import asyncio
import json
import logging
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .cases import CASES, DIALOGUES, Case, CaseError, find_home, load_cases, turns_of
from .report import Scored, failures, report
from .score import score

if TYPE_CHECKING:
    from collections.abc import Iterator

OUT = Path(__file__).parents[2] / "runs/benchmark"


def main() -> int:
    """Do what the command line says."""
    options = _options()
    files = options.files or sorted((DIALOGUES if options.dialogues else CASES).glob("*.yaml"))
    try:
        by_home = {home: _chosen(cases, options) for home, cases in load_cases(files).items()}
    except (CaseError, OSError) as err:
        print(err, file=sys.stderr)
        return 2
    # Agents log what they could not do; here that is counted.
    logging.basicConfig(level=logging.CRITICAL)
    if options.check:
        from .check import check  # noqa: PLC0415 (Home Assistant is slow to import and re-scoring needs none)

        return asyncio.run(check(by_home))
    options.out.mkdir(parents=True, exist_ok=True)
    if not options.score and not asyncio.run(_collect(by_home, options)):
        return 2
    scored = [one for path in sorted(options.out.glob("*.jsonl")) for one in _score(path, by_home)]
    if not scored:
        print("nothing was collected for these cases", file=sys.stderr)
        return 1
    _write(scored, options.out)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="training.benchmark.run", description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path, help="case files (default: all that figures are taken from)")
    parser.add_argument("--dialogues", action="store_true", help="the conversations instead of the single sentences")
    parser.add_argument("--agent", action="append", help="integration to ask, several times if you like")
    parser.add_argument("--readings", type=Path, help="a folder of given readings, in place of the model's (given.py)")
    parser.add_argument(
        "--bundle",
        type=lambda path: Path(path).resolve(),
        help="a bundle for Intendant other than the one that comes along",
    )
    parser.add_argument("--out", type=Path, default=OUT, help=f"where results go (default: {OUT})")
    parser.add_argument("--check", action="store_true", help="look for mistakes in the case files and run nothing")
    parser.add_argument("--score", action="store_true", help="score again what is in --out and run nothing")
    parser.add_argument("--language", help="only this language")
    parser.add_argument("--level", help="only this level")
    parser.add_argument("--kind", help="only this kind")
    parser.add_argument("--match", help="only sentences that contain this")
    return parser.parse_args()


def _chosen(cases: list[Case], options: argparse.Namespace) -> list[Case]:
    """Return the cases that the options leave."""
    return [
        case
        for case in cases
        if options.language in (None, case.language)
        and options.level in (None, case.data.get("level"))
        and options.kind in (None, case.data.get("kind"))
        and (options.match is None or options.match.casefold() in str(case.data.get("say")).casefold())
    ]


async def _collect(by_home: dict[str, list[Case]], options: argparse.Namespace) -> bool:
    """Ask every agent every case, home by home; return whether all of them are there."""
    from .collect import Collector  # noqa: PLC0415
    from .hass import AgentMissingError, find_agent, running_home  # noqa: PLC0415

    agents, out = options.agent or ["homeassistant"], options.out
    for agent in agents:
        (out / f"{agent}.jsonl").unlink(missing_ok=True)
    for home, cases in by_home.items():
        for agent in agents if cases else ():
            async with AsyncExitStack() as stack:
                running = await stack.enter_async_context(running_home(find_home(home)))
                if options.readings:
                    from .given import given_readings  # noqa: PLC0415

                    stack.enter_context(given_readings(options.readings / f"{home}.{cases[0].language}.txt"))
                try:
                    agent_id = await find_agent(running, agent, options.bundle)
                except AgentMissingError as err:
                    print(err, file=sys.stderr)
                    return False
                collector = Collector(running, agent, agent_id)
                began = time.perf_counter()
                with (out / f"{agent}.jsonl").open("a", encoding="utf-8") as file:
                    header = await collector.header()
                    _line(file, {"home": home, **header, "home_name": header["home"], "header": True})
                    for case in cases:
                        for record in await collector.run(case):
                            initial = header["initial"]
                            record["start"] = {k: v for k, v in record["start"].items() if v != initial.get(k)}
                            _line(file, record)
                seconds = time.perf_counter() - began
                print(
                    f"{home}: {agent} {len(cases)} cases in {seconds:.1f} s ({len(cases) / seconds:.0f}/s)",
                    file=sys.stderr,
                )
    return True


def _line(file: Any, record: dict[str, Any]) -> None:  # noqa: ANN401 (a text file)
    file.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")


def _score(path: Path, by_home: dict[str, list[Case]]) -> Iterator[Scored]:
    """Score what one agent did, by the case files as they are now."""
    current = {
        _key(turn.home, turn.language, turn.data): turn
        for cases in by_home.values()
        for case in cases
        for turn in turns_of(case)
    }
    header: dict[str, Any] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if record.get("header"):
            header = record
            continue
        case = record["case"]
        key = _key(record["where"]["home"], record["where"]["language"], case)
        if key not in current:
            continue
        record["case"] = current[key].data
        record["where"]["number"] = current[key].number
        record["start"] = {**header["initial"], **record["start"]}
        yield Scored(record["agent"], record, *score(record, header["means"]))


def _key(home: str, language: str, case: dict[str, Any]) -> tuple[object, ...]:
    """Return what tells a sentence apart from all others: where it is said, and after what."""
    return home, language, case["say"], case.get("area"), tuple(case.get("earlier") or ())


def _write(scored: list[Scored], out: Path) -> None:
    """Write the report and the failures, and show the report."""
    text = report(scored)
    (out / "report.md").write_text(text, encoding="utf-8")
    for agent in dict.fromkeys(one.agent for one in scored):
        mine = [one for one in scored if one.agent == agent]
        (out / f"failures.{agent}.txt").write_text(failures(mine), encoding="utf-8")
    print(text)


if __name__ == "__main__":
    sys.exit(main())
