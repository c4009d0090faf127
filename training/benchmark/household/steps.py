"""The steps of the simulation, each in a process of its own: a week is lived, what it left is learnt from, or poison is tried.

A step takes up what the one before left in the folder, and leaves its result under its final name last: whatever is there is
whole. See __main__.py for the folder.
"""

import asyncio
import logging
import shutil
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import yaml

from .house import lived_in, stopped_clock, take_over
from .ideal import ideal_readings, meant_by
from .learn import PYTHON, call, judged, personalise
from .live import Week, mark_on_page
from .people import PEOPLE
from .plain import PlainWords
from .poison import EXPORTER, LABELS, forge_export, forge_verdict, mark_everything_wrong
from .rows import IDEAL, LEARNING, read_rows, write_json, write_rows
from .weeks import HOME, end_of, load_week, mark_repeats, said_before

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from .house import Lived

KEPT = "kept-[0-9][0-9]"
"""Folders with what Intendant keeps after each step: two a week, lived and learnt."""
_JOURNAL = "/api/intendant/journal"
_BUNDLES = "/api/intendant/bundles"


def take_step(what: str, options: argparse.Namespace) -> None:
    """Take one step: "live ARM WEEK", "learn WEEK" or "poison KIND"."""
    logging.basicConfig(level=logging.CRITICAL)
    name, *rest = what.split()
    with stopped_clock() as clock:
        if name == "live":
            asyncio.run(_live(rest[0], int(rest[1]), options, clock))
        elif name == "learn":
            asyncio.run(_learn(int(rest[0]), options, clock))
        else:
            asyncio.run(_poison(rest[0], options, clock))


async def _live(arm: str, week: int, options: argparse.Namespace, clock: Any) -> None:  # noqa: ANN401 - freezegun's
    """Live a week; write what came of every turn, and keep what Intendant keeps."""
    folder = options.out / arm
    turns = load_week(week, options.turns)
    again = mark_repeats(turns, said_before(week))
    words = PlainWords(yaml.safe_load(HOME.read_text(encoding="utf-8")))
    ideal = None if arm == IDEAL else {row["number"]: row for row in read_rows(options.out / IDEAL, week)}
    meant: dict[str, Any] = {}
    _take_up(folder, 2 * week - 1)
    rows = []
    with ExitStack() as stack:
        if arm == IDEAL:
            stack.enter_context(ideal_readings(meant))
        async with lived_in(folder / "config", clock, _begin(week), tuple(PEOPLE), journal=arm == LEARNING) as lived:
            header = await lived.collector.header()
            living = Week(lived, words, ideal, header["means"], options.seed)
            for turn in turns:
                if arm == IDEAL:
                    meant.update(meant_by(turn))
                rows.append({**await living.live(turn), "again": again[turn.number]})
            if arm == LEARNING:
                await lived.wait_until(end_of(week))
                await mark_on_page(lived, rows)
                rows.append({"summary": True, **await _summary(lived)})
    _leave(folder, 2 * week - 1)
    write_rows(folder, week, rows)
    _tidy(folder, 2 * week - 1)


async def _summary(lived: Lived) -> dict[str, Any]:
    """Return what the page says at the week's end: phrases learnt, and the bundle in service."""
    phrases = (await lived.page.ask("phrases/list"))["phrases"]
    served = (await lived.page.ask("bundles/list"))["in_service"]
    status = await lived.page.ask("status")
    return {"phrases": len(phrases), "used": sum(p["uses"] for p in phrases), "in_service": served, "kept": status["journal"]["kept"]}  # fmt: skip


async def _learn(week: int, options: argparse.Namespace, clock: Any) -> None:  # noqa: ANN401 - freezegun's
    """Learn on the Sunday night of a week; write what came of it."""
    folder = options.out / LEARNING
    _take_up(folder, 2 * week)
    async with lived_in(folder / "config", clock, end_of(week), tuple(PEOPLE), journal=True) as lived:
        found = await personalise(lived, folder / "config", folder / "personal", _arguments(options))
    _leave(folder, 2 * week)
    write_json(folder / f"week{week}.learnt.json", found)
    _tidy(folder, 2 * week)


def _arguments(options: argparse.Namespace) -> list[str]:
    """Return the options of training/personalise."""
    chosen = ["--minutes", str(options.minutes), *(["--benchmark"] if options.benchmark else [])]
    for name in ("replay", "check", "recipe"):
        if (value := getattr(options, name)) is not None:
            chosen += [f"--{name}", str(value)]
    return chosen


async def _poison(kind: str, options: argparse.Namespace, clock: Any) -> None:  # noqa: ANN401 - freezegun's
    """Poison what was lived so far, try to learn from it, and write how far it came."""
    folder = options.out / f"poison-{kind}"
    take_over(newest_kept(options.out / LEARNING), folder / "config")
    work = folder / "personal"
    async with lived_in(folder / "config", clock, end_of(options.weeks), tuple(PEOPLE), journal=True) as lived:
        before = (await lived.page.ask("bundles/list"))["in_service"]
        found: dict[str, Any] = {}
        export = None
        if kind == LABELS:
            found["poisoned"] = await mark_everything_wrong(lived)
        honest = folder / "honest.jsonl"
        await _fetch(lived, honest)
        if kind == EXPORTER:
            export = folder / "forged.jsonl"
            found["poisoned"] = forge_export(honest, export)
        if options.minutes:
            found |= await personalise(lived, folder / "config", work, _arguments(options), export)
        else:
            status, said = await call("training.ways", str(export or honest), str(work / "ways"))
            found |= {"stage": "journal" if status else "ways", "said": said[-600:], "status": status}
        if kind == EXPORTER and (work / "bundle/card.json").exists():
            found["forced"] = await _force(lived, work)
        found["in_service"] = (await lived.page.ask("bundles/list"))["in_service"]
        found["held"] = found["in_service"] == before and found["stage"] not in ("in service", "passed")
    write_json(options.out / f"poison-{kind}.json", found)


async def _force(lived: Lived, work: Path) -> dict[str, Any]:
    """Send a poisoned bundle in with a verdict that was made up; return what Home Assistant makes of it."""
    before = await lived.page.ask("bundles/list")
    parent = (await lived.page.ask("status"))["bundle"]["hash"][:16]
    gate, archive = work / "forged/gate.json", work / "forged/bundle.tar.gz"
    forge_verdict(gate, parent)
    packing = "import sys, pathlib; from training.exchange import pack; pack(*map(pathlib.Path, sys.argv[1:]))"
    process = await asyncio.create_subprocess_exec(PYTHON, "-c", packing, work / "bundle", gate, archive)
    await process.wait()
    from aiohttp import ClientSession  # noqa: PLC0415 - after Home Assistant

    headers = {"Authorization": f"Bearer {lived.token}", "Content-Type": "application/gzip"}
    async with ClientSession(headers=headers) as session:
        body = await asyncio.to_thread(archive.read_bytes)
        async with session.post(lived.url + _BUNDLES, data=body) as response:
            if not response.ok:
                return {"stage": "refused at once", "said": await response.text()}
    return await judged(lived, before)


async def _fetch(lived: Lived, target: Path) -> None:
    """Write the journal as an administrator gets it."""
    from aiohttp import ClientSession  # noqa: PLC0415 - after Home Assistant

    async with (
        ClientSession(headers={"Authorization": f"Bearer {lived.token}"}) as session,
        session.get(lived.url + _JOURNAL) as response,
    ):
        response.raise_for_status()
        text = await response.text()
    await asyncio.to_thread(target.write_text, text, encoding="utf-8")


def _begin(week: int) -> Any:  # noqa: ANN401 - a datetime
    """Return a moment before anybody says anything."""
    return load_week(week, 1)[0].at.replace(hour=5, minute=0)


def _take_up(folder: Path, place: int) -> None:
    """Go on with what the last step kept; what a broken-off one left is thrown away. `place` counts the steps of an arm."""
    kept = [path for path in sorted(folder.glob(KEPT)) if _place(path) < place]
    shutil.rmtree(folder / "config", ignore_errors=True)
    if kept:
        take_over(kept[-1], folder / "config")


def _leave(folder: Path, place: int) -> None:
    """Keep what Intendant keeps for the next step."""
    take_over(folder / "config", folder / f"kept-{place:02}")


def _tidy(folder: Path, place: int) -> None:
    """Let go what earlier steps kept, once this one's result is written."""
    for path in folder.glob(KEPT):
        if _place(path) < place:
            shutil.rmtree(path)


def _place(path: Path) -> int:
    return int(path.name.rpartition("-")[2])


def newest_kept(folder: Path) -> Path:
    """Return what the last step kept."""
    return max(folder.glob(KEPT))
