"""What the page and the actions may ask of the journal: administrators only."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components.repairs import repairs_flow_manager
from homeassistant.core import Context
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.intendant.core.intentions import Refuse
from custom_components.intendant.core.values import Call
from custom_components.intendant.journal import Bounds, Journal
from custom_components.intendant.journal.vault import KEY_STORE

from .fakes import FakeInterpreter, act, reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers import issue_registry as ir
    from pytest_homeassistant_custom_component.common import MockConfigEntry
    from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

    from .conftest import Say

    type Ask = Callable[..., Awaitable[Any]]

# Home Assistant's http.
pytestmark = pytest.mark.filterwarnings("ignore:It is recommended to use web.RequestKey")
COMMANDS: list[tuple[str, dict[str, Any]]] = [
    ("status", {}),
    ("journal/allow", {"allowed": False}),
    ("journal/list", {}),
    ("journal/mark", {"turn_id": 1, "mark": "right"}),
    ("journal/delete", {"all": True}),
    ("journal/export", {}),
    ("journal/figures", {"days": 7}),
    ("phrases/list", {}),
    ("phrases/forget", {"all": True}),
    ("things", {}),
]


@pytest.fixture
async def ask(hass: HomeAssistant, hass_ws_client: WebSocketGenerator, agent: str) -> Ask:  # noqa: ARG001 - must be there first
    """Return what asks as the page does: the result, or the error's translation key or code."""
    # Whatever has a view of its own comes before the first request.
    assert await async_setup_component(hass, "repairs", {})
    client = await hass_ws_client()

    async def ask(command: str, **data: object) -> Any:  # noqa: ANN401 - each command has its own
        await client.send_json_auto_id({"type": f"intendant/{command}", **data})
        answer = await client.receive_json()
        return (
            answer["result"] if answer["success"] else answer["error"].get("translation_key", answer["error"]["code"])
        )

    return ask


@pytest.fixture
async def kept(ask: Ask, say: Say, interpreter: FakeInterpreter, entry: MockConfigEntry) -> Journal:
    """Return a journal with some turns in it."""
    interpreter.meanings |= {
        "lamp": (act("light.turn_on", "light.b"),),
        "film night": (Refuse(Call("none"), "not_sure"),),
        "undo": (reply("undo"),),
    }
    assert await ask("journal/allow", allowed=True) == {}
    await say("lamp")
    await say("undo")
    await say("film night", "other talk")
    journal: Journal = entry.runtime_data.journal
    return journal


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(("command", "data"), COMMANDS)
async def test_only_administrators_may_ask(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
    command: str,
    data: dict[str, Any],
) -> None:
    client = await hass_ws_client(hass, hass_read_only_access_token)
    await client.send_json_auto_id({"type": f"intendant/{command}", **data})
    answer = await client.receive_json()
    assert (answer["success"], answer["error"]["code"]) == (False, "unauthorized")


@pytest.mark.parametrize(("command", "data"), COMMANDS)
async def test_it_says_when_intendant_is_not_running(
    hass: HomeAssistant, ask: Ask, entry: MockConfigEntry, command: str, data: dict[str, Any]
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)
    assert await ask(command, **data) == "entry_not_loaded"


async def test_status_and_consent(hass: HomeAssistant, ask: Ask, agent: str, entry: MockConfigEntry, say: Say) -> None:
    status = await ask("status")
    assert status["journal"] == {"allowed": False, "days": 90, "turns": 100_000, "kept": 0, "key_lost": False}
    assert status["agents"] == [{"entity_id": agent, "name": "Intendant"}]
    assert (status["bundle"]["hash"], status["bundle"]["scores"], status["phrases"]) == ("00", {"all": 1.0}, 0)
    assert await ask("journal/list") == {"turns": [], "more": False, "total": 0}
    assert await ask("journal/allow", allowed=True, days=7) == {}
    running = entry.runtime_data
    await say("lamp")
    await hass.async_block_till_done()
    assert entry.options["journal"] == {"allowed": True, "days": 7, "turns": 100_000}
    # The model was not loaded anew for it.
    assert entry.runtime_data is running
    assert (await ask("status"))["journal"] == {"allowed": True, "days": 7, "turns": 100_000, "kept": 1, "key_lost": False}  # fmt: skip
    assert await ask("journal/allow", allowed=False) == {}
    await say("lamp")
    assert [(await ask("status"))["journal"][name] for name in ("allowed", "days", "kept")] == [False, 7, 1]
    assert await ask("journal/allow", allowed=False, forget=True) == {}
    assert (await ask("status"))["journal"]["kept"] == 0
    for wrong in ({"days": 0}, {"days": 4000}, {"turns": 1}, {"turns": "many"}):
        assert await ask("journal/allow", allowed=True, **wrong) == "invalid_format"


@pytest.mark.usefixtures("kept")
async def test_listing(ask: Ask) -> None:
    found = await ask("journal/list")
    assert [turn["utterance"] for turn in found["turns"]] == ["film night", "undo", "lamp"]
    assert (found["more"], found["total"]) == (False, 3)
    assert found["turns"][2]["names"] == {"light.b": "Floor lamp"}
    page = await ask("journal/list", limit=2)
    assert ([turn["id"] for turn in page["turns"]], page["more"]) == ([3, 2], True)
    page = await ask("journal/list", limit=2, before=2)
    assert ([turn["id"] for turn in page["turns"]], page["more"], page["total"]) == ([1], False, 3)
    assert [turn["id"] for turn in (await ask("journal/list", filter="not_understood"))["turns"]] == [3]
    assert [turn["id"] for turn in (await ask("journal/list", filter="corrected"))["turns"]] == [1]
    assert (await ask("journal/list", search="FILM"))["total"] == 1
    assert await ask("journal/list", filter="everything") == "invalid_format"


@pytest.mark.usefixtures("kept")
async def test_marking_what_was_meant_and_remembering_it(ask: Ask, entry: MockConfigEntry) -> None:
    assert (await ask("journal/mark", turn_id=1, mark="right"))["turn"]["mark"] == "right"
    meant = {"verb": "on", "entity_ids": ["light.a"]}
    turn = (await ask("journal/mark", turn_id=3, mark="wrong", meant=meant, remember=True))["turn"]
    assert (turn["mark"], turn["meant"], turn["names"]) == ("wrong", meant, {"light.a": "Ceiling"})
    [phrase] = (await ask("phrases/list"))["phrases"]
    assert (phrase["phrase"], phrase["verb"], phrase["entity_ids"], phrase["source"]) == ("film night", "on", ["light.a"], "page")  # fmt: skip
    assert phrase["names"] == {"light.a": "Ceiling"}
    # What was meant stays as long as it was not right after all.
    assert (await ask("journal/mark", turn_id=3, mark="wrong"))["turn"]["meant"] == meant
    assert [turn["id"] for turn in (await ask("journal/list", filter="wrong"))["turns"]] == [3]
    assert (await ask("journal/mark", turn_id=3, mark="right"))["turn"]["meant"] is None
    assert (await ask("journal/mark", turn_id=3, mark=None))["turn"]["mark"] is None
    assert await ask("phrases/forget", phrase_id=phrase["id"]) == {}
    assert entry.runtime_data.phrasebook.phrases == []
    assert await ask("phrases/forget") == "forget_what"
    assert await ask("phrases/forget", all=True) == {}
    assert await ask("journal/mark", turn_id=77, mark="right") == "turn_gone"
    assert await ask("journal/mark", turn_id=3, mark="wrong", meant={**meant, "verb": "fly"}) == "no_such_verb"


@pytest.mark.usefixtures("kept")
async def test_deleting(ask: Ask) -> None:
    assert await ask("journal/delete", ids=[2, 99]) == {"deleted": 1}
    assert (await ask("journal/list"))["total"] == 2
    assert await ask("journal/delete") == "forget_what"
    assert await ask("journal/delete", all=True) == {"deleted": 2}
    assert (await ask("journal/list"))["total"] == 0
    assert (await ask("status"))["journal"]["allowed"]


@pytest.mark.usefixtures("kept")
async def test_figures(ask: Ask, agent: str) -> None:
    figures = await ask("journal/figures", days=14)
    assert {key: value for key, value in figures["weeks"][-1].items() if key != "start"} == {
        "turns": 2,
        "first_try": 0,
        "not_understood": 1,
        "corrected": 1,
        "by_hand": 0,
        "wrong": 0,
    }
    assert len(figures["weeks"]) == 3
    assert [(found["agent"], found["name"], found["turns"]) for found in figures["by_agent"]] == [(agent, "Intendant", 2)]  # fmt: skip


async def test_things_and_their_verbs(ask: Ask) -> None:
    things = {thing["entity_id"]: thing for thing in (await ask("things"))["things"]}
    assert things["light.a"] == {
        "entity_id": "light.a",
        "name": "Ceiling",
        "area": "Kitchen",
        "domain": "light",
        "verbs": ["on", "off", "run"],
    }
    assert "unlock" in things["lock.a"]["verbs"]
    assert not {"switch.a", "weather.a"} & set(things)


async def lines(client: Any, path: str) -> list[dict[str, Any]]:  # noqa: ANN401 - aiohttp's test client
    response = await client.get(path)
    assert response.status == 200
    assert "attachment" in response.headers["Content-Disposition"]
    return [json.loads(line) for line in (await response.text()).splitlines()]


@pytest.mark.usefixtures("kept")
async def test_the_export_is_downloaded(
    hass: HomeAssistant, ask: Ask, hass_client: ClientSessionGenerator, hass_client_no_auth: ClientSessionGenerator
) -> None:
    path = (await ask("journal/export"))["path"]
    head, *turns = await lines(await hass_client_no_auth(), path)
    assert (head["intendant_journal"], head["bundle"]) == (1, "00")
    assert {"id": "kitchen", "name": "Kitchen", "aliases": ["cooking area"], "floor_id": "ground"} in head["home"]["areas"]  # fmt: skip
    [ceiling] = [thing for thing in head["home"]["entities"] if thing["id"] == "light.a"]
    assert (ceiling["name"], ceiling["aliases"], ceiling["area_id"], ceiling["labels"]) == ("Ceiling", ["big one"], "kitchen", ["xmas"])  # fmt: skip
    assert "switch.a" not in str(head)
    assert [(turn["id"], turn["utterance"]) for turn in turns] == [(1, "lamp"), (2, "undo"), (3, "film night")]
    assert turns[0]["signals"][0]["kind"] == "undone"
    assert [turn["id"] for turn in (await lines(await hass_client(), "/api/intendant/journal"))[1:]] == [1, 2, 3]
    assert hass.states.is_state("light.b", "off")


@pytest.mark.usefixtures("kept")
async def test_the_export_is_for_administrators(
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    hass_read_only_access_token: str,
) -> None:
    assert (await (await hass_client_no_auth()).get("/api/intendant/journal")).status == 401
    client = await hass_client(hass_read_only_access_token)
    assert (await client.get("/api/intendant/journal")).status == 401


async def test_a_long_journal_is_exported_in_parts(ask: Ask, entry: MockConfigEntry, hass: HomeAssistant) -> None:
    from custom_components.intendant.journal.record import TurnRecord  # noqa: PLC0415 - only here

    await ask("journal/allow", allowed=True)
    for number in range(1, 1252):
        entry.runtime_data.journal.async_write(TurnRecord(number, dt_util.utcnow(), "conversation.x", utterance=f"{number}"))  # fmt: skip
        if number % 500 == 0:
            await entry.runtime_data.journal.async_flush()
    result = await hass.services.async_call(
        "intendant", "export_journal", {"to_file": False}, blocking=True, return_response=True
    )
    assert result is not None
    assert [turn["id"] for turn in result["turns"]] == list(range(1, 1252))  # type: ignore[union-attr, index, call-overload]


@pytest.mark.usefixtures("kept")
async def test_the_actions(hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory) -> None:
    async def act_on(action: str, **data: object) -> Any:  # noqa: ANN401 - each action has its own
        return await hass.services.async_call("intendant", action, data, blocking=True, return_response=True)

    result = await act_on("export_journal")
    path = Path(result["path"])
    assert (result["turns"], path.parent.name) == (3, "intendant")
    text = await hass.async_add_executor_job(path.read_text)
    assert len(text.splitlines()) == 4
    journal = entry.runtime_data.journal
    freezer.tick(3600)
    await journal.async_mark(3, "wrong")
    assert await act_on("forget", before=dt_util.now().isoformat()) == {"deleted": 3}
    await entry.runtime_data.phrasebook.async_learn("x", "en", None, ("light.a",), "page")
    assert await act_on("forget", phrases=True) == {"deleted": 0}
    assert entry.runtime_data.phrasebook.phrases == []
    assert await act_on("forget", all=True) == {"deleted": 0}
    with pytest.raises(ServiceValidationError, match="forget"):
        await act_on("forget")
    MockUser(id="guest").add_to_hass(hass)
    for action in ("forget", "export_journal"):
        with pytest.raises(Unauthorized):
            await hass.services.async_call(
                "intendant", action, {}, blocking=True, context=Context(user_id="guest"), return_response=True
            )


@pytest.mark.usefixtures("agent")
async def test_consent_in_the_form(hass: HomeAssistant, entry: MockConfigEntry, say: Say) -> None:
    async def choose(**data: object) -> None:
        form = await entry.start_reconfigure_flow(hass)
        result = await hass.config_entries.flow.async_configure(form["flow_id"], data)
        assert result["type"] == "abort"
        await hass.async_block_till_done()

    await choose()
    assert not entry.runtime_data.journal.is_keeping
    await choose(journal={"allowed": True, "days": 7.0, "turns": 500})
    assert entry.options["journal"] == {"allowed": True, "days": 7, "turns": 500}
    await say("lamp")
    assert await entry.runtime_data.journal.async_count() == 1
    # A form without it leaves it as it is.
    await choose(bundle="intendant/ours")
    assert (dict(entry.data), entry.runtime_data.journal.is_keeping) == ({"bundle": "intendant/ours"}, True)
    await choose(journal={"allowed": False, "forget": True})
    assert (await entry.runtime_data.journal.async_count(), entry.runtime_data.journal.is_keeping) == (0, False)
    assert entry.options["journal"] == Bounds().as_dict()


@pytest.mark.parametrize("way", ["repair", "page"])
async def test_a_new_journal_is_begun_when_the_key_is_lost(  # noqa: PLR0917 - fixtures are arguments
    hass: HomeAssistant,
    kept: Journal,
    ask: Ask,
    say: Say,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
    issue_registry: ir.IssueRegistry,
    way: str,
) -> None:
    assert await kept.async_count() == 3
    await hass.config_entries.async_unload(entry.entry_id)
    del hass_storage[KEY_STORE]
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    status = (await ask("status"))["journal"]
    assert (status["allowed"], status["kept"], status["key_lost"]) == (True, 0, True)
    assert await ask("journal/list") == "journal_key_lost"
    assert await ask("journal/mark", turn_id=1, mark="right") == "journal_key_lost"
    manager = repairs_flow_manager(hass)
    assert manager is not None
    menu: Any = await manager.async_init("intendant", context={"issue_id": "journal_key_lost"})
    assert menu["menu_options"] == ["retry", "begin_anew"]
    result: Any = await manager.async_configure(menu["flow_id"], {"next_step_id": "retry"})
    assert (result["type"], result["reason"]) == ("abort", "still_lost")
    ways: dict[str, Callable[[], Awaitable[object]]] = {
        "page": lambda: ask("journal/delete", all=True),
        "repair": lambda: _begin_anew(manager),
    }
    await ways[way]()
    assert not issue_registry.async_get_issue("intendant", "journal_key_lost")
    await say("lamp")
    found = await ask("journal/list")
    assert [turn["utterance"] for turn in found["turns"]] == ["lamp"]
    assert not (await ask("status"))["journal"]["key_lost"]


async def _begin_anew(manager: Any) -> None:  # noqa: ANN401 - the repairs' own
    menu = await manager.async_init("intendant", context={"issue_id": "journal_key_lost"})
    result = await manager.async_configure(menu["flow_id"], {"next_step_id": "begin_anew"})
    assert result["type"] == "create_entry"
