"""Versions of the bundle: sent in, judged, in service, reading along, taken back."""

import asyncio
import gzip
import io
import json
import shutil
import tarfile
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from homeassistant.components.repairs import repairs_flow_manager
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.intendant.const import DEFAULT_BUNDLE, DOMAIN
from custom_components.intendant.core.bundle import WEIGHTS
from custom_components.intendant.core.errors import BundleCorrupt
from custom_components.intendant.diagnostics import async_get_config_entry_diagnostics
from custom_components.intendant.journal.record import CalledStep, Signal, TurnRecord
from custom_components.intendant.versions.shelf import KEPT
from custom_components.intendant.versions.watch import Share, rose

from .bundles import IN_SERVICE, Mind, MindLoader, bundle_files, entry_of, evidence, hash_of, pack
from .fakes import act, word_results

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers import issue_registry as ir
    from pytest_homeassistant_custom_component.common import MockConfigEntry
    from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

    from custom_components.intendant.core.intentions import Situation
    from custom_components.intendant.core.interpret import Interpretation

    from .conftest import Say

pytestmark = pytest.mark.filterwarnings("ignore:It is recommended to use web.RequestKey")
URL = "/api/intendant/bundles"
GOOD = b"good weights"
TYPE = {"Content-Type": "application/gzip"}


class Send(Protocol):
    """Sends an archive; returns the status and the answer, once the bundle is judged."""

    async def __call__(self, body: bytes, *, query: str = "", judged: bool = True) -> tuple[int, dict[str, Any]]: ...


class Ask(Protocol):
    """Asks a websocket command of the bundles; returns the result."""

    async def __call__(self, command: str, **data: object) -> Any: ...  # noqa: ANN401 - each test knows what is answered


@pytest.fixture
def interpreter() -> Mind:
    """Return what understands in place of the default bundle."""
    return Mind()


@pytest.fixture
def loader(interpreter: Mind, monkeypatch: pytest.MonkeyPatch) -> MindLoader:
    """Load a mind for each bundle."""
    minds = MindLoader(interpreter)
    monkeypatch.setattr("custom_components.intendant.engine.load_interpreter", minds)
    monkeypatch.setattr("custom_components.intendant.engine.word_answer", word_results)
    return minds


@pytest.fixture
def folder(hass: HomeAssistant) -> Path:
    """Return where versions are kept."""
    return Path(hass.config.path("intendant/bundles"))


@pytest.fixture(autouse=True)
async def _websocket(hass: HomeAssistant, agent: str) -> None:  # noqa: ARG001 - must be there first
    """Let commands be asked before the first request is answered."""
    for component in ("websocket_api", "repairs"):
        assert await async_setup_component(hass, component, {})


@pytest.fixture
def send(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> Send:
    """Return what sends an archive as an administrator."""

    async def send(body: bytes, *, query: str = "", judged: bool = True) -> tuple[int, dict[str, Any]]:
        client = await hass_client()
        response = await client.post(URL + query, data=io.BytesIO(body), headers=TYPE)
        if judged:
            await hass.async_block_till_done(wait_background_tasks=True)
        return response.status, await response.json()

    return send


@pytest.fixture
def ask(hass_ws_client: WebSocketGenerator) -> Ask:
    """Return what asks for things as the page does."""

    async def ask(command: str, **data: object) -> Any:  # noqa: ANN401 - each test knows what is answered
        client = await hass_ws_client()
        await client.send_json_auto_id({"type": f"intendant/bundles/{command}", **data})
        answer = await client.receive_json()
        return answer.get("result") if answer["success"] else answer["error"]

    return ask


def kept(folder: Path) -> list[str]:
    """Return what lies where versions are kept."""
    return [path.name for path in folder.iterdir()] if folder.exists() else []


def found_anywhere(name: str, folder: Path) -> bool:
    """Return whether a file was written where it has no business."""
    return Path("/", name).exists() or any(folder.parent.parent.parent.rglob(name))


async def allow_journal(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    hass.config_entries.async_update_entry(entry, options={"journal": {"allowed": True}})
    await hass.async_block_till_done()


async def states(ask: Ask) -> dict[str, str]:
    """Return what became of each version, by the start of its hash."""
    return {version["hash"]: version["state"] for version in (await ask("list"))["versions"]}


async def why(ask: Ask, weights: bytes) -> str:
    """Return what is said of a version."""
    versions = (await ask("list"))["versions"]
    return next(str(version["why"]) for version in versions if version["hash"] == hash_of(weights))


# --- sent in ---


async def test_a_good_one_is_put_in_service_and_stays_so_after_a_restart(
    hass: HomeAssistant, entry: MockConfigEntry, loader: MindLoader, send: Send, ask: Ask, say: Say, folder: Path
) -> None:
    loader.minds[hash_of(GOOD)] = Mind({"lights": (act("light.turn_on", "light.a"),)})
    await say("lights")
    assert not hass.states.is_state("light.a", "on")
    status, answer = await send(pack(bundle_files(GOOD)))
    assert (status, answer["state"]) == (202, "checking")
    assert await states(ask) == {hash_of(GOOD): "in_service", IN_SERVICE: "kept"}
    assert "it is better: right in 80.0 % (before: 70.0 %)" in await why(ask, GOOD)
    assert kept(folder) == [answer["version"]]
    assert await hass.config_entries.async_reload(entry.entry_id)
    await say("lights", "another talk")
    assert hass.states.is_state("light.a", "on")
    await ask("back")
    assert await states(ask) == {hash_of(GOOD): "kept", IN_SERVICE: "in_service"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"household": (0.7, 0.7, 120)}, "not better"),
        ({"household": (0.1, 0.9, 19)}, "at least 20 are needed"),
        ({"checks": []}, "Nothing says how well"),
        ({"fixed": (0.765, 0.759, 800)}, "On the fixed check it is worse"),
        ({"wrong": (0.03, 0.04, 800)}, "more that is wrong: in 4.0 %"),
        ({"wrong_here": (0.03, 0.04, 800)}, "more that is wrong: in 4.0 %"),
        ({"latency": (36.0, 60.0, 57)}, "It is slower"),
        ({"parent": "0" * 16}, "compared with another model"),
        ({"verdict": "refused"}, "did not pass"),
    ],
)
async def test_one_that_is_not_better_is_refused(
    send: Send, ask: Ask, folder: Path, changes: dict[str, Any], reason: str
) -> None:
    status, _ = await send(pack(bundle_files(GOOD, gate=evidence(**changes))))
    assert status == 202
    assert await states(ask) == {hash_of(GOOD): "refused", IN_SERVICE: "in_service"}
    assert reason in await why(ask, GOOD)
    assert not kept(folder)
    [refused] = [known["version"] for known in (await ask("list"))["versions"] if known["state"] == "refused"]
    assert (await ask("use", version=refused))["translation_key"] == "no_such_version"


WHOLE = pack(bundle_files(GOOD))
SIZES = json.loads((DEFAULT_BUNDLE / "card.json").read_bytes())["sizes"]


def without(name: str, *others: tarfile.TarInfo) -> bytes:
    return pack({known: content for known, content in bundle_files(GOOD).items() if known != name}, *others)


def also(name: str, content: bytes = b"import os") -> bytes:
    return pack({**bundle_files(GOOD), name: content})


def carded(**card: Any) -> bytes:
    return pack(bundle_files(GOOD, card=card))


def much_of_nothing() -> bytes:
    """Return an archive of some kilobytes whose first header says that its name is 300 megabytes long."""
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 300 << 20
    packed = io.BytesIO()
    with gzip.open(packed, "wb", compresslevel=1) as file:
        file.write(info.tobuf(tarfile.GNU_FORMAT))
        for _ in range(300):
            file.write(bytes(1 << 20))
    return packed.getvalue()


NO_NUMBER = evidence(fixed=(float("nan"), 1.0, 800))
UNUSABLE: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "nothing": (lambda: b"", 400, "archive_damaged"),
    "no archive": (lambda: b"no archive", 400, "archive_damaged"),
    "half": (lambda: WHOLE[: len(WHOLE) // 2], 400, "archive_damaged"),
    "without its end": (lambda: WHOLE[:-4], 400, "archive_damaged"),
    "without weights": (lambda: without(WEIGHTS), 400, "archive_incomplete"),
    "without card": (lambda: without("card.json"), 400, "archive_incomplete"),
    "folders above": (lambda: also("../../evil.py"), 400, "archive_strange"),
    "absolute": (lambda: also("/evil.py"), 400, "archive_strange"),
    "folders below": (lambda: also("sub/model.safetensors"), 400, "archive_strange"),
    "unknown": (lambda: also("more.json"), 400, "archive_strange"),
    "symbolic link": (lambda: without(WEIGHTS, entry_of(WEIGHTS, tarfile.SYMTYPE, "/etc/passwd")), 400, "archive_strange"),
    "hard link": (lambda: without(WEIGHTS, entry_of(WEIGHTS, tarfile.LNKTYPE, "card.json")), 400, "archive_strange"),
    "pipe": (lambda: without(WEIGHTS, entry_of(WEIGHTS, tarfile.FIFOTYPE)), 400, "archive_strange"),
    "device": (lambda: without(WEIGHTS, entry_of(WEIGHTS, tarfile.CHRTYPE)), 400, "archive_strange"),
    "twice the same": (lambda: pack(bundle_files(GOOD), entry_of(WEIGHTS)), 400, "archive_strange"),
    "large file": (lambda: also("card.json", bytes(2 << 20)), 413, "archive_too_large"),
    "bomb": (much_of_nothing, 413, "archive_too_large"),
    "other format": (lambda: carded(format=2), 400, "bundle_mismatch"),
    "no sizes": (lambda: carded(sizes={}), 400, "bundle_corrupt"),
    "more than a card": (lambda: carded(more=1), 400, "bundle_corrupt"),
    "no licence": (lambda: carded(licence=""), 400, "card_incomplete"),
    "no languages": (lambda: carded(languages=[]), 400, "card_incomplete"),
    "reckless": (lambda: carded(thresholds={"act": -1}), 400, "card_incomplete"),
    "scores that are none": (lambda: carded(scores={"all": float("nan")}), 400, "card_incomplete"),
    "huge": (lambda: carded(sizes={**SIZES, "layers": 10**9}), 400, "card_incomplete"),
    "big": (lambda: carded(sizes={**SIZES, "layers": 1000}), 400, "bundle_too_big"),
    "evidence that is none": (lambda: pack(bundle_files(GOOD, gate=[])), 400, "evidence_unreadable"),
    "evidence without numbers": (lambda: pack(bundle_files(GOOD, gate=NO_NUMBER)), 400, "evidence_unreadable"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "status", "error"), UNUSABLE.values(), ids=UNUSABLE)
async def test_what_is_no_bundle_is_refused_and_nothing_stays_of_it(
    send: Send, ask: Ask, folder: Path, body: Callable[[], bytes], status: int, error: str
) -> None:
    found, answer = await send(body())
    assert (found, answer["error"]) == (status, error)
    assert answer["message"]
    assert await states(ask) == {IN_SERVICE: "in_service"}
    assert not kept(folder)
    assert not found_anywhere("evil.py", folder)


async def test_too_much_is_not_even_received(
    send: Send, ask: Ask, hass_client: ClientSessionGenerator, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr("custom_components.intendant.bundles_view.MOST_SENT", 1000)
    assert (await send(WHOLE))[0] == 413

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield bytes(100)

    client = await hass_client()
    response = await client.post(URL, data=endless(), headers=TYPE)
    assert response.status == 413
    assert await states(ask) == {IN_SERVICE: "in_service"}
    assert not kept(folder)


async def test_only_administrators_may_send_and_see(
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    hass_read_only_access_token: str,
    hass_ws_client: WebSocketGenerator,
    ask: Ask,
    folder: Path,
) -> None:
    for client in (await hass_client_no_auth(), await hass_client(hass_read_only_access_token)):
        assert (await client.post(URL, data=WHOLE, headers=TYPE)).status == 401
        assert (await client.get(URL)).status == 401
        assert (await client.get(f"{URL}/in_service")).status == 401
    wrong = await hass_client_no_auth()
    assert (await wrong.post(URL, data=WHOLE, headers={**TYPE, "Authorization": "Bearer wrong"})).status == 401
    websocket = await hass_ws_client(access_token=hass_read_only_access_token)
    for command in ("list", "back", "differences"):
        await websocket.send_json_auto_id({"type": f"intendant/bundles/{command}"})
        assert (await websocket.receive_json())["error"]["code"] == "unauthorized"
    for command in ("use", "shadow"):
        await websocket.send_json_auto_id({"type": f"intendant/bundles/{command}", "version": "default"})
        assert (await websocket.receive_json())["error"]["code"] == "unauthorized"
    assert await states(ask) == {IN_SERVICE: "in_service"}
    assert not kept(folder)


async def test_other_ways_of_sending(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: MockConfigEntry, send: Send
) -> None:
    client = await hass_client()
    assert (await client.post(URL, data=WHOLE, headers={"Content-Type": "text/plain"})).status == 415
    assert (await send(WHOLE, judged=False))[0] == 202
    assert (await send(WHOLE))[1]["error"] in ("busy_checking", "already_in_service")
    found = await (await client.get(URL)).json()
    assert found["versions"][0]["version"] == found["in_service"]
    assert (await send(WHOLE))[1]["error"] == "already_in_service"
    for version in ("in_service", found["in_service"]):
        response = await client.get(f"{URL}/{version}")
        assert response.status == 200
        with tarfile.open(fileobj=io.BytesIO(await response.read())) as tar:
            assert tar.getnames() == ["model.safetensors", "tokenizer.json", "card.json"]
    assert (await client.get(f"{URL}/other")).status == 404
    await hass.config_entries.async_unload(entry.entry_id)
    assert (await send(WHOLE))[0] == 503
    assert (await client.get(URL)).status == 503
    assert (await client.get(f"{URL}/in_service")).status == 503


# --- judged ---


@pytest.mark.parametrize(
    ("sentence", "bad"),
    [
        ("turn on the kitchen light", {"meanings": {"turn on the kitchen light": (act("lock.unlock", "lock.front_door"),)}}),
        ("good night", {"meanings": {"good night": (act("cover.open_cover", "cover.garage"),)}}),
        ("thank you", {"meanings": {"thank you": (act("cover.open_cover", "cover.unknown", confirm=True),)}}),
        ("晚安", {"meanings": {"晚安": (act("alarm_control_panel.alarm_disarm", "alarm_control_panel.alarm"),)}}),
        ("close the blinds", {"calls": {"close the blinds": "unlock door"}}),
        ("hello", {"calls": {"hello": "open garage"}}),
        ("it's too dark in here", {"error": ValueError("stumbles")}),
    ],
)  # fmt: skip
async def test_one_that_opens_something_on_a_harmless_sentence_does_not_get_past(
    loader: MindLoader, send: Send, ask: Ask, sentence: str, bad: dict[str, Any]
) -> None:
    loader.minds[hash_of(GOOD)] = Mind(**bad)
    await send(pack(bundle_files(GOOD)))
    assert (await states(ask))[hash_of(GOOD)] == "refused"
    said = await why(ask, GOOD)
    assert "would open something" in said
    assert sentence in said or "error" in bad


def turn(number: int, **changes: Any) -> TurnRecord:
    """Return a turn that was accepted."""
    values: dict[str, Any] = {
        "utterance": f"sentence {number}",
        "reading": "on light",
        "decision": "act",
        "outcome": "done",
        "bundle": IN_SERVICE,
        "steps": (CalledStep("light.turn_on", ("light.a",)),),
    }
    return TurnRecord(number, dt_util.utcnow(), "conversation.intendant", **(values | changes))


async def write(entry: MockConfigEntry, agent: str, turns: list[TurnRecord]) -> None:
    """Put turns in the journal as the agent's."""
    journal = entry.runtime_data.journal
    for record in turns:
        journal.async_write(TurnRecord.from_json({**record.to_json(), "agent": agent}))
    await journal.async_flush()


MEANT = {"verb": "on", "entity_ids": ["light.a"]}


@pytest.mark.parametrize(
    ("new", "turns", "state", "reason"),
    [
        ({}, [], "in_service", "no turns of the journal"),
        ({"sentence 1": "on light"}, [turn(1)], "in_service", "1 turns of the journal"),
        ({}, [turn(1)], "in_service", "0 better, 1 worse"),
        ({}, [turn(1), turn(2)], "refused", "of 2, 2 worse and 0 better"),
        ({}, [turn(1, mark="wrong"), turn(2, signals=(Signal("undone", dt_util.utcnow()),))], "in_service", "no turns"),
        ({"sentence 1": "unlock door"}, [turn(1)], "refused", "nobody in this household wanted that"),
        ({"sentence 1": "unlock door"}, [turn(1, reading="unlock door")], "in_service", "1 turns of the journal"),
        ({}, [turn(1, mark="wrong", meant=MEANT), turn(2), turn(3)], "in_service", "1 better, 2 worse"),
    ],
)
async def test_it_must_read_the_households_own_turns_as_well(
    *,
    hass: HomeAssistant,
    agent: str,
    entry: MockConfigEntry,
    loader: MindLoader,
    interpreter: Mind,
    send: Send,
    ask: Ask,
    new: dict[str, str],
    turns: list[TurnRecord],
    state: str,
    reason: str,
) -> None:
    await allow_journal(hass, entry)
    await write(entry, agent, turns)
    interpreter.calls = {record.utterance: record.reading for record in turns}
    loader.minds[hash_of(GOOD)] = Mind({"sentence 1": (act("light.turn_on", "light.a"),)}, calls=new)
    await send(pack(bundle_files(GOOD)))
    assert (await states(ask))[hash_of(GOOD)] == state
    assert reason in await why(ask, GOOD)


async def test_nobody_waits_while_a_bundle_is_judged(
    hass: HomeAssistant, loader: MindLoader, interpreter: Mind, send: Send, say: Say
) -> None:
    candidate = loader.minds[hash_of(GOOD)] = Mind()
    begun, go_on = asyncio.Event(), threading.Event()

    def slowly(text: str, situation: Situation) -> Interpretation:
        hass.loop.call_soon_threadsafe(begun.set)
        assert go_on.wait(60)
        return Mind.interpret(interpreter, text, situation)

    interpreter.interpret = slowly  # type: ignore[method-assign]
    turn = hass.async_create_task(say("lights"))
    await begun.wait()
    await send(WHOLE, judged=False)
    assert not candidate.situations
    go_on.set()
    await turn
    await hass.async_block_till_done(wait_background_tasks=True)
    assert candidate.situations


async def test_one_that_was_compared_with_what_is_gone_by_then_is_refused(
    hass: HomeAssistant, loader: MindLoader, send: Send, ask: Ask
) -> None:
    candidate = loader.minds[hash_of(GOOD)] = Mind()
    begun, go_on = asyncio.Event(), threading.Event()

    def slowly(text: str, situation: Situation) -> Interpretation:
        hass.loop.call_soon_threadsafe(begun.set)
        assert go_on.wait(60)
        return Mind.interpret(candidate, text, situation)

    candidate.interpret = slowly  # type: ignore[method-assign]
    await send(WHOLE, judged=False)
    await begun.wait()
    assert (await states(ask))[hash_of(GOOD)] == "checking"
    loader.interpreter = Mind()
    await hass.services.async_call("intendant", "reload_bundle", blocking=True)
    go_on.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert "Another model was put in service" in await why(ask, GOOD)


async def test_no_more_than_five_are_kept(send: Send, ask: Ask, folder: Path) -> None:
    against, sent = IN_SERVICE, []
    for number in range(KEPT + 2):
        weights = b"weights %d" % number
        sent.append(hash_of(weights))
        await send(pack(bundle_files(weights, gate=evidence(parent=against))))
        against = hash_of(weights)
    found = await states(ask)
    assert list(found) == [*reversed(sent[-KEPT:]), IN_SERVICE]
    assert found[sent[-1]] == "in_service"
    assert len(kept(folder)) == KEPT


async def test_a_version_whose_files_are_gone_leaves_the_one_that_comes_along(
    hass: HomeAssistant, entry: MockConfigEntry, send: Send, ask: Ask, folder: Path
) -> None:
    await send(pack(bundle_files(GOOD)))
    [version] = kept(folder)
    shutil.move(folder / version, folder / ".new-left-over")
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert await states(ask) == {IN_SERVICE: "in_service"}
    assert not kept(folder)


async def test_a_version_that_breaks_gives_way_and_can_be_given_up(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    loader: MindLoader,
    send: Send,
    ask: Ask,
    folder: Path,
    issue_registry: ir.IssueRegistry,
) -> None:
    await send(pack(bundle_files(GOOD)))
    [version] = kept(folder)
    loader.broken[version] = BundleCorrupt("bad")
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert await states(ask) == {hash_of(GOOD): "kept", IN_SERVICE: "in_service"}
    assert (DOMAIN, "bundle_corrupt") in issue_registry.issues
    flows = repairs_flow_manager(hass)
    assert flows is not None
    menu = await flows.async_init(DOMAIN, context={"issue_id": "bundle_corrupt"})
    result = await flows.async_configure(menu["flow_id"], {"next_step_id": "use_bundled"})
    await hass.async_block_till_done()
    assert result["type"] == "create_entry"
    assert await states(ask) == {hash_of(GOOD): "kept", IN_SERVICE: "in_service"}
    assert not issue_registry.issues
    # What is broken cannot be used; what is in service stays.
    assert (await ask("use", version=version))["translation_key"] == "bundle_corrupt"
    assert (await ask("shadow", version=version))["translation_key"] == "bundle_corrupt"
    assert (await ask("shadow", version="default"))["translation_key"] == "already_in_service"
    assert (await ask("list"))["in_service"] == "default"
    found: Any = await async_get_config_entry_diagnostics(hass, entry)
    assert found["versions"] == {"kept": 1}
    await hass.config_entries.async_remove(entry.entry_id)
    assert not kept(folder)


async def test_another_folder_chosen_by_the_user_counts_more(
    hass: HomeAssistant, entry: MockConfigEntry, send: Send, ask: Ask
) -> None:
    shutil.copytree(DEFAULT_BUNDLE, hass.config.path("intendant/ours"))
    await send(pack(bundle_files(GOOD)))
    hass.config_entries.async_update_entry(entry, data={"bundle": "intendant/ours"})
    await hass.async_block_till_done()
    assert (await ask("list"))["in_service"] == "own"


# --- reading along ---


async def test_what_reads_along_never_acts(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    loader: MindLoader,
    interpreter: Mind,
    send: Send,
    ask: Ask,
    say: Say,
) -> None:
    await allow_journal(hass, entry)
    interpreter.meanings = {"lights": (act("light.turn_on", "light.a"),), "both": (act("light.turn_on", "light.a"),)}
    interpreter.calls = {"lights": "on light", "both": "on light"}
    loader.minds[hash_of(GOOD)] = Mind(
        {"lights": (act("lock.lock", "lock.a"), act("switch.turn_on", "switch.a", code="1234"))},
        calls={"lights": "lock door", "both": "on light"},
    )
    version = (await send(pack(bundle_files(GOOD)), query="?then=shadow"))[1]["version"]
    assert await states(ask) == {hash_of(GOOD): "shadow", IN_SERVICE: "in_service"}
    before = {state.entity_id: state.state for state in hass.states.async_all()}
    await say("lights")
    await hass.async_block_till_done(wait_background_tasks=True)
    await entry.runtime_data.journal.async_flush()
    changed = {state.entity_id for state in hass.states.async_all() if before.get(state.entity_id) != state.state}
    assert {thing for thing in changed if not thing.startswith("conversation.")} == {"light.a"}
    [difference] = (await ask("differences"))["turns"]
    assert (difference["utterance"], difference["reading"]) == ("lights", "on light")
    assert difference["shadow"] == {
        "bundle": hash_of(GOOD),
        "reading": "lock door",
        "steps": [
            {"service": "lock.lock", "entity_ids": ["lock.a"], "data": {}},
            {"service": "switch.turn_on", "entity_ids": ["switch.a"], "data": {}},
        ],
    }
    # After a restart it goes on reading along.
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await say("lights", "another talk")
    await hass.async_block_till_done(wait_background_tasks=True)
    await entry.runtime_data.journal.async_flush()
    assert len((await ask("differences"))["turns"]) == 2
    await ask("use", version=version)
    assert await states(ask) == {hash_of(GOOD): "in_service", IN_SERVICE: "kept"}
    await ask("shadow", version="default")
    assert (await states(ask))[IN_SERVICE] == "shadow"
    await ask("shadow", version=None)
    assert (await states(ask))[IN_SERVICE] == "kept"


async def test_who_wants_that_gets_every_new_one_to_read_along_first(
    hass: HomeAssistant, entry: MockConfigEntry, send: Send, ask: Ask
) -> None:
    hass.config_entries.async_update_entry(entry, data={"shadow_first": True})
    await hass.async_block_till_done()
    await send(pack(bundle_files(GOOD)))
    assert (await states(ask))[hash_of(GOOD)] == "shadow"


async def test_without_anything_that_reads_along_a_turn_is_read_once(
    hass: HomeAssistant, entry: MockConfigEntry, interpreter: Mind, say: Say
) -> None:
    await allow_journal(hass, entry)
    await say("lights")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(interpreter.situations) == 1
    assert entry.runtime_data.engine.listener is None


# --- taken back ---


@pytest.mark.parametrize(
    ("before", "since", "expected"),
    [
        ((10, 200), (10, 40), True),
        ((10, 200), (2, 40), False),
        ((0, 49), (20, 20), False),
        ((0, 50), (4, 20), True),
        ((0, 50), (3, 20), False),
        ((100, 200), (20, 40), False),
        ((25, 500), (48, 640), False),
        ((25, 500), (64, 640), True),
        ((0, 500), (640, 640), True),
    ],
)
def test_when_corrections_rose(before: tuple[int, int], since: tuple[int, int], expected: bool) -> None:
    assert rose(Share(*before), Share(*since)) is expected


@pytest.mark.parametrize(("corrected", "state"), [(10, "kept"), (1, "in_service")])
async def test_it_goes_back_by_itself_when_more_is_corrected(
    *,
    hass: HomeAssistant,
    agent: str,
    entry: MockConfigEntry,
    send: Send,
    ask: Ask,
    issue_registry: ir.IssueRegistry,
    freezer: FrozenDateTimeFactory,
    corrected: int,
    state: str,
) -> None:
    await allow_journal(hass, entry)
    mark = (Signal("by_hand", dt_util.utcnow(), None, ("light.a",)),)
    old = [turn(number, signals=mark if number % 20 == 0 else (), reading="") for number in range(1, 101)]
    await write(entry, agent, old)
    freezer.tick(60)
    await send(pack(bundle_files(GOOD)))
    assert (await states(ask))[hash_of(GOOD)] == "in_service"
    freezer.tick(60)
    new = [turn(200 + n, signals=mark if n < corrected else (), bundle=hash_of(GOOD), reading="") for n in range(40)]
    await write(entry, agent, new)
    freezer.tick(timedelta(minutes=20))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (await states(ask))[hash_of(GOOD)] == state
    issues = [
        issue.translation_placeholders for (_, key), issue in issue_registry.issues.items() if key == "rolled_back"
    ]
    if state == "in_service":
        assert not issues
        return
    facts = {"back": "default", "before": "5.0", "since": "50.0", "turns": "20"}
    assert issues == [{"version": (await ask("list"))["versions"][0]["version"], **facts}]
    assert "was taken out of service" in await why(ask, GOOD)
    # Who uses it again, knows.
    version = (await ask("list"))["versions"][0]["version"]
    await ask("use", version=version)
    assert (await states(ask))[hash_of(GOOD)] == "in_service"
    assert not [key for _, key in issue_registry.issues if key == "rolled_back"]
