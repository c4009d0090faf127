"""One turn inside a real Home Assistant, and how long its event loop stands still meanwhile."""

import asyncio
import gc
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from training.benchmark.hass import Running, find_agent, running_home

from .homes import make_home, make_sentences
from .part import Figures, run, spread, use_bundle

# Home Assistant first: training.benchmark.hass sees to that.
from homeassistant.components import conversation  # isort: skip
from homeassistant.const import EVENT_CALL_SERVICE  # isort: skip
from homeassistant.core import Context, Event, callback  # isort: skip
from homeassistant.helpers import area_registry as ar  # isort: skip

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SIZES, WARM_UP, TURNS = (10, 100, 1000, 10_000), 8, 100
_SLEEP = 0.001
_OLDEST = 2
"""The generation of a full garbage collection."""


def measure(bundle: Path, quick: bool) -> Figures:  # noqa: FBT001 (every part is called alike)
    """Return the figures for every size of home."""
    use_bundle(bundle)
    sizes = SIZES[:2] if quick else SIZES
    homes = {str(size): asyncio.run(_measure_home(size, 20 if quick else TURNS)) for size in sizes}
    first, last = homes[str(sizes[0])]["turn_ms"]["median"], homes[str(sizes[-1])]["turn_ms"]["median"]
    return {"homes": homes, "largest_to_smallest": round(last / first, 2)}


async def _measure_home(size: int, turns: int) -> Figures:
    home = make_home(size)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "home.yaml"
        path.write_text(yaml.safe_dump(home, allow_unicode=True), encoding="utf-8")
        async with running_home(path) as running:
            agent = await find_agent(running, "intendant")
            return await _measure_turns(running, agent, make_sentences(home, WARM_UP + turns))


async def _measure_turns(running: Running, agent: str, sentences: list[str]) -> Figures:
    hass = running.hass
    called: list[float] = []

    @callback
    def note(_event: Event) -> None:
        called.append(time.perf_counter())

    hass.bus.async_listen(EVENT_CALL_SERVICE, note)
    answered, acted, spent = [], [], []
    device, satellite = next(iter(running.satellites.values()))
    async with _probe() as idle:
        await asyncio.sleep(2)
    async with _probe() as busy:
        for number, sentence in enumerate(sentences):
            called.clear()
            began, cpu = time.perf_counter(), time.process_time()
            await conversation.async_converse(
                hass, sentence, None, Context(), "en", agent, device_id=device, satellite_id=satellite
            )
            if number >= WARM_UP:
                answered.append((time.perf_counter() - began) * 1000)
                spent.append((time.process_time() - cpu) * 1000)
                acted += [(called[-1] - began) * 1000] if called else []
            await hass.async_block_till_done()
            if number == WARM_UP:
                busy.clear()
    return {
        "turn_ms": spread(answered),
        "cpu_ms": spread(spent),
        "to_service_ms": spread(acted) if acted else None,
        "loop_blocked_ms": {"idle": spread(idle), "turns": spread(busy)},
        "rebuild": await _measure_rebuild(running),
    }


async def _measure_rebuild(running: Running) -> Figures:
    """Return how long the home takes to be read again, and how long the loop stands still for it."""
    [entry] = running.hass.config_entries.async_entries("intendant")
    keeper = next(iter(entry.runtime_data.houses.values()))
    seconds = []
    async with _probe() as lags:
        for _ in range(3):
            area = next(iter(ar.async_get(running.hass).async_list_areas())).id
            running.hass.bus.async_fire(
                ar.EVENT_AREA_REGISTRY_UPDATED, ar.EventAreaRegistryUpdatedData(action="update", area_id=area)
            )
            await asyncio.sleep(0)
            began = time.perf_counter()
            house = await keeper.async_house()
            seconds.append((time.perf_counter() - began) * 1000)
    return {"ms": spread(seconds), "loop_blocked_ms": spread(lags), "exposed": len(house.entities)}


@asynccontextmanager
async def _probe() -> AsyncIterator[list[float]]:
    """Sleep a millisecond again and again; note by how many milliseconds each sleep was too long.

    Sleeps in which Python collected garbage in the whole of Home Assistant are left out: that takes hundreds of
    milliseconds in a large home, whoever sets it off.
    """
    lags: list[float] = []
    full = 0

    def count(phase: str, info: dict[str, int]) -> None:
        nonlocal full
        full += phase == "start" and info["generation"] == _OLDEST

    async def sleep() -> None:
        while True:
            began, before = time.perf_counter(), full
            await asyncio.sleep(_SLEEP)
            if full == before:
                lags.append((time.perf_counter() - began - _SLEEP) * 1000)

    gc.callbacks.append(count)
    task = asyncio.create_task(sleep())
    try:
        yield lags
    finally:
        task.cancel()
        gc.callbacks.remove(count)


if __name__ == "__main__":
    run(measure)
