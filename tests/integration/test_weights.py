"""Fetching weights: from the hub, or from a folder of the user's own; resumed, checked, shown."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.components.persistent_notification import _async_get_or_create_notifications

from custom_components.intendant.speech import hub, preparation
from custom_components.intendant.speech.errors import SpeechError
from custom_components.intendant.speech.hub import Weights, async_fetch
from custom_components.intendant.speech.progress import Progress
from custom_components.intendant.speech.standing import Standing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from homeassistant.core import HomeAssistant

LARGE, SMALL = bytes(range(256)) * 8000, b"{}"
WEIGHTS = Weights("someone/model", ("model.bin", "at/config.json"), ("vocabulary.txt",))


class Hub:
    """Answers as the hub does, and keeps what it was asked."""

    def __init__(self) -> None:
        self.files = {"model.bin": LARGE, "at/config.json": SMALL}
        self.asked: list[tuple[str, str | None]] = []
        self.breaks_after: int | None = None

    def describe(self, path: str) -> dict[str, Any]:
        data = LARGE if path == "model.bin" else SMALL
        git = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
        facts = {"type": "file", "path": path, "size": len(data), "oid": git}
        large = {"lfs": {"oid": hashlib.sha256(data).hexdigest(), "size": len(data)}}
        return facts | (large if path == "model.bin" else {})

    async def list(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["owner"] != "someone":
            return web.json_response({"error": "Repository not found"}, status=401)
        paths = (await request.json())["paths"]
        return web.json_response([self.describe(path) for path in paths if path in self.files])

    async def get(self, request: web.Request) -> web.StreamResponse:
        path, wanted = request.match_info["path"], request.headers.get("Range")
        self.asked.append((path, wanted))
        begin = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        data = self.files[path][begin:]
        response = web.StreamResponse(status=206 if wanted else 200, headers={"Content-Length": str(len(data))})
        await response.prepare(request)
        await response.write(data[: self.breaks_after])
        if self.breaks_after is not None and request.transport:
            request.transport.close()
        return response


@pytest.fixture
async def found(
    hass: HomeAssistant,
    tmp_path: Path,
    socket_enabled: None,  # noqa: ARG001 - opens sockets
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Hub]:
    """Return the hub."""
    hass.config.config_dir = str(tmp_path)
    found = Hub()
    app = web.Application()
    app.router.add_post("/api/models/{owner}/{name}/paths-info/main", found.list)
    app.router.add_get("/someone/model/resolve/main/{path:.*}", found.get)
    async with TestServer(app) as running:
        monkeypatch.setattr(hub, "HUB", str(running.make_url("")).rstrip("/"))
        yield found


def nothing(_done: int, _total: int) -> None:
    """Take a report and do nothing with it."""


async def test_weights_are_fetched_once(hass: HomeAssistant, found: Hub) -> None:
    reports: list[tuple[int, int]] = []
    folder = await async_fetch(hass, WEIGHTS, lambda *report: reports.append(report))
    # No backup holds the cache.
    assert folder.relative_to(hass.config.config_dir) == Path(".cache/intendant/someone--model")
    files = await hass.async_add_executor_job(lambda: [(folder / name).read_bytes() for name in WEIGHTS.files])
    assert files == [LARGE, SMALL]
    assert reports[-1] == (len(LARGE) + 2, len(LARGE) + 2)
    assert found.asked == [("model.bin", None), ("at/config.json", None)]
    assert await async_fetch(hass, WEIGHTS, nothing) == folder
    assert len(found.asked) == 2


async def test_what_broke_off_goes_on_where_it_stopped(hass: HomeAssistant, found: Hub) -> None:
    found.breaks_after = 1_500_000
    with pytest.raises(SpeechError) as error:
        await async_fetch(hass, WEIGHTS, nothing)
    assert error.value.reason == "hub_down"
    found.breaks_after = None
    folder = await async_fetch(hass, WEIGHTS, nothing)
    assert await hass.async_add_executor_job((folder / "model.bin").read_bytes) == LARGE
    [(_, first), (_, second), _] = found.asked
    assert first is None
    assert second is not None
    assert 0 < int(second[6:-1]) <= 1_500_000


@pytest.mark.parametrize("name", ["model.bin", "at/config.json"])
async def test_what_is_not_the_file_it_should_be_is_not_kept(hass: HomeAssistant, found: Hub, name: str) -> None:
    right = found.files[name]
    found.files[name] = right[:-1] + b"!"
    with pytest.raises(SpeechError) as error:
        await async_fetch(hass, WEIGHTS, nothing)
    assert error.value.reason == "weights_damaged"
    found.files[name] = right
    folder = await async_fetch(hass, WEIGHTS, nothing)
    assert await hass.async_add_executor_job((folder / name).read_bytes) == right


@pytest.mark.parametrize(
    "weights",
    [Weights("nobody/model", ("model.bin",)), Weights("someone/model", ("other.bin",))],
    ids=["model", "file"],
)
@pytest.mark.usefixtures("found")
async def test_what_the_hub_does_not_have(hass: HomeAssistant, weights: Weights) -> None:
    with pytest.raises(SpeechError) as error:
        await async_fetch(hass, weights, nothing)
    assert error.value.reason == "no_such_weights"


async def test_what_does_not_fit_on_the_disk_is_not_begun(
    hass: HomeAssistant, found: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "_SPARE", 1 << 60)
    with pytest.raises(SpeechError) as error:
        await async_fetch(hass, WEIGHTS, nothing)
    assert error.value.reason == "no_space"
    assert not found.asked


@pytest.mark.usefixtures("found")
async def test_without_the_hub_a_folder_of_the_users_own_will_do(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "HUB", "http://127.0.0.1:9")
    with pytest.raises(SpeechError) as error:
        await async_fetch(hass, WEIGHTS, nothing)
    assert error.value.reason == "hub_down"
    own = tmp_path / "intendant/model"

    def put(large: bytes) -> None:
        (own / "at").mkdir(parents=True, exist_ok=True)
        (own / "model.bin").write_bytes(large)
        (own / "at/config.json").write_bytes(SMALL)

    await hass.async_add_executor_job(put, LARGE)
    assert await async_fetch(hass, WEIGHTS, nothing) == own
    # Where it is known what should be in it, that is looked at.
    monkeypatch.setitem(hub.KNOWN, ("someone/model", "model.bin"), hashlib.sha256(LARGE).hexdigest())
    assert await async_fetch(hass, WEIGHTS, nothing) == own
    await hass.async_add_executor_job(put, LARGE[::-1])
    with pytest.raises(SpeechError) as error:
        await async_fetch(hass, WEIGHTS, nothing)
    assert error.value.reason == "weights_damaged"


async def test_people_see_how_far_it_is(hass: HomeAssistant, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    shown = _async_get_or_create_notifications(hass)
    async with Progress(hass, "Whisper base") as progress:
        progress.report(0, 200 << 20)
        progress.report(50 << 20, 200 << 20)
        progress.report(51 << 20, 200 << 20)
        [notification] = shown.values()
        assert notification["message"] == "Whisper base is being fetched: 25 %."
    assert not shown
    assert [line for line in caplog.messages if line.startswith("Fetching")] == [
        "Fetching Whisper base: 0 % of 200 MB",
        "Fetching Whisper base: 25 % of 200 MB",
    ]


@pytest.mark.parametrize(
    ("reasons", "tries", "standing"),
    [
        ([], 1, None),
        (["hub_down", "no_space"], 3, None),
        (["no_whisper", "hub_down"], 1, "no_whisper"),
    ],
    ids=["at once", "after two tries", "never"],
)
async def test_it_is_tried_again_where_that_may_help(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    reasons: list[str],
    tries: int,
    standing: str | None,
) -> None:
    monkeypatch.setattr(preparation, "FIRST_PAUSE", 0.0)
    caplog.set_level("INFO")
    engine, left, tried = Standing("The engine"), list(reasons), list[str]()
    changes: list[str | None] = []
    engine.listen(lambda: changes.append(engine.reason))

    async def work() -> None:
        tried.append("once")
        if left:
            raise SpeechError(left.pop(0))

    preparation.async_prepare(hass, engine, work)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (len(tried), engine.reason) == (tries, standing)
    assert changes == ["still_loading", *reasons[: tries - (standing is None)], *([] if standing else [None])]
    assert caplog.messages.count("The engine can be used") == (standing is None)
