"""A full journal in a real Home Assistant: what writing costs the event loop, and how soon the page has its list."""

import asyncio
import json
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from training.benchmark.hass import find_agent, running_home

from .homes import make_home, make_sentences
from .part import Figures, run, spread, use_bundle

# Home Assistant first: training.benchmark.hass sees to that.
from homeassistant.components import conversation  # isort: skip
from homeassistant.core import Context  # isort: skip
from homeassistant.util import dt as dt_util  # isort: skip

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from custom_components.intendant.journal import Journal
    from custom_components.intendant.journal.compose import Heard

TURNS, SPOKEN = 100_000, 50
_AT_ONCE = 250


def measure(bundle: Path, quick: bool) -> Figures:  # noqa: FBT001 (every part is called alike)
    """Fill a journal and measure."""
    use_bundle(bundle)
    return asyncio.run(_measure(2000 if quick else TURNS))


async def _measure(turns: int) -> Figures:
    home = make_home(100)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "home.yaml"
        await asyncio.to_thread(path.write_text, yaml.safe_dump(home, allow_unicode=True), "utf-8")
        async with running_home(path) as running:
            agent = await find_agent(running, "intendant")
            journal = await _fill(running.hass, folder, turns)
            noting = await _measure_noting(running.hass, agent, journal, make_sentences(home, SPOKEN))
            found = {
                "turns": await journal.async_count(),
                "file_mb": await asyncio.to_thread(_megabytes, Path(folder, "intendant")),
                "note_ms": spread([wall for wall, _ in noting]),
                "note_cpu_ms": spread([cpu for _, cpu in noting]),
                "page_ms": {name: spread(await _measure_page(journal, wish)) for name, wish in _PAGES.items()},
                "figures_ms": spread(await _measure_figures(journal)),
            }
            await journal.async_stop()
            return found


_PAGES: dict[str, dict[str, Any]] = {
    "first page": {},
    "not understood": {"shown": "not_understood"},
    "marked wrong (none)": {"shown": "wrong"},
    "far back": {"before": 1000},
    "search": {"search": "number 77777 "},
}


async def _fill(hass: HomeAssistant, folder: str, turns: int) -> Journal:
    """Return a journal in a folder of its own, in the place of the agent's, with so many turns in it."""
    from custom_components.intendant.journal import Bounds, Journal  # noqa: PLC0415 (after use_bundle)
    from custom_components.intendant.journal.record import CalledStep, TurnRecord  # noqa: PLC0415

    [entry] = hass.config_entries.async_entries("intendant")
    hass.config.config_dir = folder
    journal = entry.runtime_data.journal = Journal(hass, entry.entry_id, Bounds(allowed=True))
    await journal.async_start()
    now = dt_util.utcnow()
    for number in range(1, turns + 1):
        journal.async_write(
            TurnRecord(
                number,
                now - timedelta(seconds=(turns - number) * 70),
                "conversation.intendant",
                utterance=f"turn off the kitchen lights, number {number} please",
                marks=((13, 20, ("area",), (("area", "kitchen"),)),),
                reading="off light @1",
                before="<prev><on><light><area>",
                decision="act" if number % 20 else "none",
                steps=(CalledStep("light.turn_off", ("light.kitchen_1", "light.kitchen_2")),),
                outcome="done" if number % 20 else "none",
                answer="I turned off the lights in the kitchen.",
            )
        )
        if number % _AT_ONCE == 0:
            await journal.async_flush()
    await journal.async_flush()
    return journal


async def _measure_noting(
    hass: HomeAssistant, agent: str, journal: Journal, sentences: list[str]
) -> list[tuple[float, float]]:
    """Say sentences; return how long the event loop was held up by noting each turn, and how much of that it worked."""
    spent: list[tuple[float, float]] = []
    note = journal.async_note

    def timed(heard: Heard, dialogue: object) -> int | None:
        began, worked = time.perf_counter(), time.thread_time()
        try:
            return note(heard, dialogue)
        finally:
            spent.append(((time.perf_counter() - began) * 1000, (time.thread_time() - worked) * 1000))

    journal.async_note = timed  # type: ignore[method-assign]
    for sentence in sentences:
        await conversation.async_converse(hass, sentence, None, Context(), "en", agent)
        await hass.async_block_till_done()
    return spent


def _megabytes(folder: Path) -> float:
    return round(sum(path.stat().st_size for path in folder.iterdir()) / 1e6, 1)


async def _measure_page(journal: Journal, wish: dict[str, Any]) -> list[float]:
    spent = []
    for _ in range(5):
        began = time.perf_counter()
        turns, _, _ = await journal.async_list(**wish)
        json.dumps([turn.to_json() for turn in turns])
        spent.append((time.perf_counter() - began) * 1000)
    return spent


async def _measure_figures(journal: Journal) -> list[float]:
    spent = []
    for _ in range(5):
        began = time.perf_counter()
        await journal.async_figures(90)
        spent.append((time.perf_counter() - began) * 1000)
    return spent


if __name__ == "__main__":
    run(measure)
