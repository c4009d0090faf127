"""The journal: what is kept of a turn and of what followed it, and what is never kept."""

import json
import logging
import sqlite3
import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components import conversation
from homeassistant.components.conversation import chat_log as chat_logs, trace
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockUser, async_fire_time_changed
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry

from custom_components.intendant.core.intentions import Ask, Refuse, Tell
from custom_components.intendant.core.values import Call, Mark, Pointer, Reading, Ref
from custom_components.intendant.journal import Bounds, Journal
from custom_components.intendant.journal.record import CalledStep, TurnRecord
from custom_components.intendant.journal.vault import KEY_STORE
from custom_components.intendant.pins import hash_pin

from .fakes import CALL, FakeInterpreter, act, reply

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers import entity_registry as er, issue_registry as ir
    from pytest_homeassistant_custom_component.common import MockConfigEntry
    from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

    from .conftest import Say

# Home Assistant's http.
pytestmark = pytest.mark.filterwarnings("ignore:It is recommended to use web.RequestKey")
MARKED = Reading("lamp", "en", (Mark(0, 4, ("light",), (Ref("entity", "light.b"),)),), (Call("on", None, (Pointer(1),)),), 0.9, 0.8, 0.01)  # fmt: skip
NOTHING = Refuse(Call("none"), "not_sure")


@pytest.fixture
async def journal(agent: str, entry: MockConfigEntry) -> Journal:  # noqa: ARG001 - must be there first
    """Return a journal in which turns are kept."""
    journal: Journal = entry.runtime_data.journal
    await journal.async_allow(Bounds(allowed=True))
    return journal


@pytest.fixture(autouse=True)
def _meanings(interpreter: FakeInterpreter) -> None:
    trace.async_clear_traces()
    interpreter.meanings |= {key: (reply(key),) for key in ("yes", "no", "undo")} | {
        "lamp": (act("light.turn_on", "light.b"),),
        "the lamp": (act("light.turn_on", "light.b"),),
        "lamp please": (act("light.turn_on", "light.b"),),
        "louder": (act("light.turn_on", "light.a"),),
        "ceiling": (act("light.turn_on", "light.a"),),
        "later": (act("light.turn_on", "light.a", delay=60),),
        "gone": (act("switch.turn_on", "switch.gone"),),
        "unlock": (act("lock.unlock", "lock.a", confirm=True),),
        "which": (Ask(CALL, "which", ("a", "b"), ("light.a", "light.b")),),
        "warm": (Tell(CALL, "state", {}, ("climate.a",)),),
        "lam": (NOTHING,),
        "mumble": (NOTHING,),
        "no the ceiling": (act("light.turn_on", "light.a"),),
    }
    interpreter.readings |= {key: Reading(key, "en", (), (Call(key),)) for key in ("yes", "no", "undo")}
    interpreter.readings["lamp"] = MARKED
    interpreter.corrections.add("no the ceiling")


async def turns(journal: Journal, shown: str = "all") -> list[TurnRecord]:
    """Return what is kept, the oldest first."""
    found, _, _ = await journal.async_list(shown)
    return found[::-1]


def signals(record: TurnRecord) -> list[tuple[str, int | None, tuple[str, ...]]]:
    return [(signal.kind, signal.by, signal.entity_ids) for signal in record.signals]


def folder(hass: HomeAssistant) -> list[str]:
    """Return the journal's files."""
    return sorted(path.name for path in Path(hass.config.path("intendant")).glob("journal*"))


def holds(hass: HomeAssistant, words: bytes) -> bool:
    """Return whether a file of the journal holds words as they are."""
    files = list(Path(hass.config.path("intendant")).iterdir())
    assert len(files) == 3
    return any(words in path.read_bytes() for path in files)


def damage(hass: HomeAssistant, start: int, rubbish: bytes) -> None:
    """Write rubbish into the journal's file; nothing but rubbish if it starts nowhere."""
    db = Path(hass.config.path("intendant", "journal.db"))
    assert db.stat().st_mode & 0o777 == 0o600
    whole = db.read_bytes()
    db.write_bytes(rubbish if start < 0 else whole[:start] + rubbish + whole[start + len(rubbish) :])


async def test_off_by_default_and_then_nothing_is_written(
    hass: HomeAssistant, say: Say, entry: MockConfigEntry
) -> None:
    await say("lamp")
    await say("hello there")
    await hass.async_block_till_done()
    journal = entry.runtime_data.journal
    assert (journal.is_keeping, await journal.async_list(), await journal.async_count()) == (False, ([], False, 0), 0)
    await hass.config_entries.async_unload(entry.entry_id)
    assert folder(hass) == []


async def test_what_is_kept_of_a_turn(
    hass: HomeAssistant, journal: Journal, say: Say, agent: str, entity_registry: er.EntityRegistry
) -> None:
    satellite = entity_registry.async_get_or_create("assist_satellite", "test", "1")
    entity_registry.async_update_entity(satellite.entity_id, area_id="kitchen")
    await say("lamp", satellite_id=satellite.entity_id)
    [turn] = await turns(journal)
    plain = json.loads(json.dumps(turn.to_json()))
    assert dt_util.utcnow() - turn.at < timedelta(seconds=10)
    assert {key: value for key, value in plain.items() if key not in ("at", "conversation")} == {
        "id": 1,
        "agent": agent,
        "language": "en",
        "area": "kitchen",
        "source": "satellite",
        "utterance": "lamp",
        "marks": [[0, 4, ["light"], [["entity", "light.b"]]]],
        "reading": "on @1",
        "before": "",
        "confidence": 0.9,
        "weakest": 0.8,
        "outside": 0.01,
        "decision": "act",
        "reason": None,
        "steps": [{"service": "light.turn_on", "entity_ids": ["light.b"], "data": {}}],
        "outcome": "done",
        "answer": "Act.",
        "signals": [],
        "mark": None,
        "meant": None,
        "bundle": "00",
        "shadow": None,
    }
    assert TurnRecord.from_json(plain).to_json() == turn.to_json()
    assert hass.states.is_state("light.b", "on")
    await say("lamp", satellite_id=satellite.entity_id)
    assert (await turns(journal))[-1].before == "<prev><on><light>"


@pytest.mark.parametrize(
    ("said", "decision", "reason", "outcome", "shown"),
    [
        ("lamp", "act", None, "done", set()),
        ("gone", "act", "unavailable", "failed", set()),
        ("later", "act", None, "waiting", set()),
        ("unlock", "ask", "confirm", "waiting", set()),
        ("which", "ask", "which", "waiting", set()),
        ("warm", "tell", None, "done", set()),
        ("mumble", "refuse", "not_sure", "none", {"not_understood", "unsure"}),
        ("undo", "reply", "undo", "none", set()),
        ("how tall is the moon", "hand_over", "no_intent_match", "failed", {"not_understood", "handed_over"}),
    ],
)
async def test_what_was_decided_and_what_came_of_it(
    journal: Journal, say: Say, said: str, decision: str, reason: str | None, outcome: str, shown: set[str]
) -> None:
    await say(said)
    [turn] = await turns(journal)
    assert (turn.utterance, turn.decision, turn.reason, turn.outcome) == (said, decision, reason, outcome)
    filters = {"not_understood", "corrected", "wrong", "unsure", "handed_over"}
    assert {shown for shown in filters if await turns(journal, shown)} == shown


async def test_what_another_agent_answers_is_kept_under_its_name(
    hass: HomeAssistant, journal: Journal, say: Say
) -> None:
    hass.states.async_set("light.x", "on", {"friendly_name": "Porch"})
    await say("what time is it")
    [turn] = await turns(journal)
    assert (turn.agent, turn.decision) == ("conversation.home_assistant", "hand_over")
    assert turn.answer


async def test_a_turn_in_which_the_model_fails_is_kept(
    journal: Journal, say: Say, interpreter: FakeInterpreter
) -> None:
    interpreter.error = ValueError("secret words")
    await say("lamp")
    [turn] = await turns(journal)
    assert (turn.utterance, turn.decision, turn.reason) == ("lamp", "error", "understanding_failed")


SIGNALS: list[tuple[list[str], list[list[tuple[str, int | None, tuple[str, ...]]]]]] = [
    (["lamp", "undo"], [[("undone", 2, ())], []]),
    (["lamp", "warm", "undo"], [[("undone", 3, ())], [], []]),
    (["lamp", "no the ceiling"], [[("corrected", 2, ("light.a",))], []]),
    (["unlock", "yes"], [[("answered", 2, ("lock.a",))], []]),
    (["unlock", "no"], [[("answered", 2, ())], []]),
    (["unlock", "lamp"], [[], []]),
    (["lam", "lamp"], [[("rephrased", 2, ("light.b",))], []]),
    (["mumble", "ceiling"], [[], []]),
    (["mumble", "mumble"], [[("repeated", 2, ())], []]),
    (["lamp", "Lamp!"], [[("repeated", 2, ())], []]),
    (["lamp", "lamp"], [[("repeated", 2, ("light.b",))], []]),
    (["lamp", "ceiling"], [[], []]),
]


@pytest.mark.parametrize(("said", "expected"), SIGNALS)
async def test_what_is_said_next_is_a_signal(
    journal: Journal,
    say: Say,
    said: list[str],
    expected: list[list[tuple[str, int | None, tuple[str, ...]]]],
) -> None:
    for sentence in said:
        await say(sentence)
    assert [signals(turn) for turn in await turns(journal)] == expected


async def test_what_is_said_several_times_because_it_works_is_no_signal(
    journal: Journal, say: Say, interpreter: FakeInterpreter
) -> None:
    interpreter.readings["louder"] = Reading("louder", "en", (), (Call("more"),))
    await say("louder")
    await say("louder")
    assert [turn.signals for turn in await turns(journal)] == [(), ()]


async def test_an_answer_that_completes_a_question(journal: Journal, say: Say, interpreter: FakeInterpreter) -> None:
    asked = Reading("which", "en", (), (Call("on"),))
    mark = Mark(0, 0, ("light",), (Ref("entity", "light.a"),))
    interpreter.readings["which"] = asked
    interpreter.readings["the left one"] = Reading("which", "en", (mark,), (Call("on", None, (Pointer(1),)),))
    interpreter.meanings["the left one"] = (act("light.turn_on", "light.a"),)
    await say("which")
    await say("the left one")
    first, second = await turns(journal)
    assert signals(first) == [("answered", 2, ("light.a",))]
    # The pointer points into the sentence before.
    assert (second.utterance, second.marks, second.reading) == ("the left one", (), "on {light}")
    figures = await journal.async_figures(7)
    assert [week["turns"] for week in figures["weeks"]][-1] == 1


async def test_words_in_another_conversation_or_much_later_are_no_signal(
    journal: Journal, say: Say, freezer: FrozenDateTimeFactory
) -> None:
    await say("lam")
    await say("lamp", "other talk")
    await say("lam", "other talk")
    freezer.tick(61)
    await say("lamp", "other talk")
    assert [turn.signals for turn in await turns(journal)] == [(), (), (), ()]


BY_HAND: list[tuple[str, str, str, dict[str, Any], bool]] = [
    # said, by whom, service by hand, whether it is a signal
    ("lamp", "", "turn_off", {"entity_id": "light.b"}, True),
    ("lamp", "ann", "turn_off", {"entity_id": "light.b"}, True),
    ("lamp", "", "turn_off", {"entity_id": "light.a"}, False),
    ("mumble", "ann", "turn_on", {"entity_id": "light.b"}, True),
    ("mumble", "", "turn_on", {"entity_id": "light.b"}, False),
    ("warm", "ann", "turn_on", {"entity_id": "light.b"}, False),
]


@pytest.mark.parametrize(("said", "speaker", "service", "data", "expected"), BY_HAND)
async def test_what_is_done_by_hand_is_a_signal(  # noqa: PLR0917 - a table has columns
    hass: HomeAssistant,
    journal: Journal,
    say: Say,
    said: str,
    speaker: str,
    service: str,
    data: dict[str, Any],
    expected: bool,
) -> None:
    MockUser(id="ann", is_owner=True).add_to_hass(hass)
    await say(said, user_id=speaker or None)
    other = await hass.services.async_call("light", "turn_on", {"entity_id": "light.a"}, blocking=True)
    assert other is None
    await hass.services.async_call("light", service, data, blocking=True, context=Context(user_id="ann"))
    await hass.async_block_till_done()
    [turn] = await turns(journal)
    thing = data["entity_id"]
    assert signals(turn) == ([("by_hand", None, (thing,))] if expected else [])
    assert bool(await turns(journal, "corrected")) is expected


async def test_a_switch_on_the_wall_is_a_hand_and_an_automation_is_none(
    hass: HomeAssistant, journal: Journal, say: Say
) -> None:
    await say("lamp")
    await hass.services.async_call(
        "light", "turn_off", {"entity_id": "light.b"}, blocking=True, context=Context(parent_id="automation")
    )
    await hass.async_block_till_done()
    assert [turn.signals for turn in await turns(journal)] == [()]
    await say("lamp", "later talk")
    await hass.services.async_call("light", "turn_off", {"entity_id": "light.b"}, blocking=True)
    await hass.async_block_till_done()
    assert [signals(turn) for turn in await turns(journal)] == [[], [("by_hand", None, ("light.b",))]]


async def test_what_a_sentence_or_a_plan_changes_is_not_done_by_hand(
    hass: HomeAssistant, journal: Journal, say: Say, interpreter: FakeInterpreter
) -> None:
    MockUser(id="ann", is_owner=True).add_to_hass(hass)
    interpreter.meanings["for a while"] = (act("light.turn_on", "light.b", back_after=30),)
    interpreter.meanings["off again"] = (act("light.turn_off", "light.b"),)
    await say("for a while", user_id="ann")
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=31))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.states.is_state("light.b", "off")
    await say("lamp", user_id="ann")
    await say("off again", user_id="ann")
    assert [turn.signals for turn in await turns(journal)] == [(), (), ()]


async def test_after_a_minute_hands_are_free(
    hass: HomeAssistant, journal: Journal, say: Say, freezer: FrozenDateTimeFactory
) -> None:
    MockUser(id="ann", is_owner=True).add_to_hass(hass)
    await say("lamp")
    freezer.tick(61)
    await hass.services.async_call(
        "light", "turn_off", {"entity_id": "light.b"}, blocking=True, context=Context(user_id="ann")
    )
    assert [turn.signals for turn in await turns(journal)] == [()]


async def test_what_other_agents_fail_at_is_kept(
    hass: HomeAssistant, journal: Journal, agent: str, entry: MockConfigEntry
) -> None:
    assert agent
    await conversation.async_converse(hass, "open the pod bay doors", None, Context(), "en")
    await conversation.async_converse(hass, "turn on the floor lamp", None, Context(), "en")
    for seconds in (2, 6, 20):
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
        await hass.async_block_till_done()
    [turn] = await turns(journal)
    assert (turn.agent, turn.utterance) == ("conversation.home_assistant", "open the pod bay doors")
    assert (turn.decision, turn.reason, turn.outcome) == ("error", "no_valid_targets", "failed")
    assert [found["agent"] for found in (await journal.async_figures(7))["by_agent"]] == [turn.agent]
    await journal.async_allow(Bounds(allowed=False))
    await conversation.async_converse(hass, "open the pod bay doors", None, Context(), "en")
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=60))
    await hass.async_block_till_done()
    assert await entry.runtime_data.journal.async_count() == 1


async def test_what_was_handed_over_is_kept_once(hass: HomeAssistant, journal: Journal, say: Say) -> None:
    await say("open the pod bay doors")
    for seconds in (2, 6, 20, 60):
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
        await hass.async_block_till_done()
    assert len(await turns(journal)) == 1


@pytest.mark.parametrize("options", [{"pin_hash": hash_pin("4079")}])
async def test_no_word_of_a_pin_is_kept(
    hass: HomeAssistant, journal: Journal, say: Say, interpreter: FakeInterpreter
) -> None:
    for said in ("unlock", "4078", "the pin is four oh seven nine", "lamp", "4079"):
        await say(said, satellite_id="assist_satellite.a")
    assert hass.states.is_state("lock.a", "unlocked")
    kept = await turns(journal)
    assert [turn.utterance for turn in kept] == ["unlock", "••••", "••••", "lamp", "••••"]
    assert [turn.reading for turn in kept if turn.utterance == "••••"] == ["", "", ""]
    assert signals(kept[0]) == [("answered", 2, ())]
    assert [step.service for step in kept[2].steps] == ["lock.unlock"]
    interpreter.meanings["4079 open"] = (NOTHING,)
    lines = "".join([line async for line in journal.async_export((), "")])
    assert not any(digits in lines for digits in ("4079", "4078", "four oh"))


async def test_bounds(hass: HomeAssistant, journal: Journal, say: Say, freezer: FrozenDateTimeFactory) -> None:
    await say("lamp")
    freezer.tick(timedelta(days=2))
    for number in range(5):
        await say("ceiling", f"talk {number}")
    await journal.async_allow(Bounds(allowed=True, days=1, turns=100))
    assert [turn.id for turn in await turns(journal)] == [2, 3, 4, 5, 6]
    await journal.async_allow(Bounds(allowed=True, days=1, turns=3))
    assert [turn.id for turn in await turns(journal)] == [4, 5, 6]
    # A day later they are too old, whether or not anybody speaks.
    freezer.tick(timedelta(days=1, minutes=1))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert await turns(journal) == []
    # Numbers are never given twice.
    await say("lamp")
    assert [turn.id for turn in await turns(journal)] == [7]


async def test_many_turns_are_bounded_while_they_are_written(journal: Journal) -> None:
    await journal.async_allow(Bounds(allowed=True, turns=100))
    for number in range(1, 451):
        journal.async_write(TurnRecord(number, dt_util.utcnow(), "conversation.x"))
    await journal.async_flush()
    assert 100 <= await journal.async_count() <= 300


async def test_it_is_there_after_a_restart(hass: HomeAssistant, say: Say, entry: MockConfigEntry) -> None:
    hass.config_entries.async_update_entry(entry, options={"journal": {"allowed": True, "days": 30, "turns": 1000}})
    await hass.async_block_till_done()
    await say("lamp")
    assert await hass.config_entries.async_reload(entry.entry_id)
    journal = entry.runtime_data.journal
    assert journal.bounds == Bounds(allowed=True, days=30, turns=1000)
    await say("ceiling")
    assert [(turn.id, turn.utterance) for turn in await turns(journal)] == [(1, "lamp"), (2, "ceiling")]


async def test_removed_with_the_entry(hass: HomeAssistant, journal: Journal, say: Say, entry: MockConfigEntry) -> None:
    await say("lamp")
    assert await journal.async_count() == 1
    assert folder(hass)
    await hass.config_entries.async_remove(entry.entry_id)
    assert folder(hass) == []


@pytest.mark.parametrize("key", [None, {"key": "00" * 32}, {"key": "nonsense"}, {}])
async def test_without_its_key_the_journal_says_so_and_all_else_works(
    hass: HomeAssistant,
    journal: Journal,
    say: Say,
    entry: MockConfigEntry,
    issue_registry: ir.IssueRegistry,
    hass_storage: dict[str, Any],
    key: dict[str, Any] | None,
) -> None:
    hass.config_entries.async_update_entry(entry, options={"journal": Bounds(allowed=True).as_dict()})
    await say("lamp")
    await hass.config_entries.async_unload(entry.entry_id)
    kept = hass_storage.pop(KEY_STORE)
    hass_storage |= {KEY_STORE: {**kept, "data": key}} if key else {}
    await hass.config_entries.async_setup(entry.entry_id)
    journal = entry.runtime_data.journal
    assert (journal.key_lost, journal.is_keeping) == (True, False)
    assert issue_registry.async_get_issue("intendant", "journal_key_lost")
    await hass.services.async_call("light", "turn_off", {"entity_id": "light.b"}, blocking=True)
    assert (await say("lamp")).response.error_code is None
    assert hass.states.is_state("light.b", "on")
    with pytest.raises(HomeAssistantError, match="key"):
        await journal.async_list()
    # The key comes back, from a backup.
    hass_storage[KEY_STORE] = kept
    await hass.config_entries.async_reload(entry.entry_id)
    journal = entry.runtime_data.journal
    assert [turn.utterance for turn in await turns(journal)] == ["lamp"]
    assert not issue_registry.async_get_issue("intendant", "journal_key_lost")


@pytest.mark.parametrize(
    ("start", "rubbish", "found"),
    [(0, b"this is no database", True), (4096, b"\xff" * 3000, True), (-1, b"\x00" * 9000, True), (-1, b"", False)],
)
async def test_a_damaged_file_is_set_aside(  # noqa: PLR0917 - fixtures are arguments
    hass: HomeAssistant,
    journal: Journal,
    say: Say,
    entry: MockConfigEntry,
    issue_registry: ir.IssueRegistry,
    start: int,
    rubbish: bytes,
    found: bool,
) -> None:
    hass.config_entries.async_update_entry(entry, options={"journal": Bounds(allowed=True).as_dict()})
    for number in range(30):
        await say("lamp", f"talk {number}")
    await journal.async_flush()
    await hass.config_entries.async_unload(entry.entry_id)
    damage(hass, start, rubbish)
    await hass.config_entries.async_setup(entry.entry_id)
    await say("ceiling")
    await hass.async_block_till_done()
    journal = entry.runtime_data.journal
    await journal.async_flush()
    assert (await turns(journal))[-1].utterance == "ceiling"
    assert bool(issue_registry.async_get_issue("intendant", "journal_damaged")) is found
    assert ("journal.damaged" in folder(hass)) is found
    await journal.async_delete(None)
    assert "journal.damaged" not in folder(hass)
    assert not issue_registry.async_get_issue("intendant", "journal_damaged")


async def test_a_disk_that_cannot_be_written_disturbs_no_turn(
    hass: HomeAssistant, say: Say, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    # A file where the folder should be.
    await hass.async_add_executor_job(Path(hass.config.path("intendant")).touch)
    journal = entry.runtime_data.journal
    await journal.async_allow(Bounds(allowed=True))
    assert not journal.is_keeping
    await say("lamp")
    assert hass.states.is_state("light.b", "on")
    assert "The journal cannot be opened" in caplog.text


async def test_a_full_disk_in_mid_life_disturbs_no_turn(
    hass: HomeAssistant, journal: Journal, say: Say, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_args: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("custom_components.intendant.journal.store.JournalFile.add", full)
        await say("lamp")
        await journal.async_flush()
    assert hass.states.is_state("light.b", "on")
    assert (journal.failures, "OperationalError" in caplog.text) == (1, True)
    await say("ceiling")
    assert [turn.utterance for turn in await turns(journal)] == ["ceiling"]


async def test_a_mistake_of_the_journals_own_disturbs_no_turn(
    hass: HomeAssistant, journal: Journal, say: Say, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("custom_components.intendant.journal.compose", lambda *_: 1 / 0)
    await say("lamp")
    assert hass.states.is_state("light.b", "on")
    assert "ZeroDivisionError" in caplog.text
    assert await turns(journal) == []


async def test_planted_secrets_are_found_nowhere(  # noqa: PLR0917 - fixtures are arguments
    hass: HomeAssistant,
    journal: Journal,
    say: Say,
    interpreter: FakeInterpreter,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    # What other parts of Home Assistant log of sentences when they are debugged is their own.
    for other in ("homeassistant", "asyncio"):
        logging.getLogger(other).setLevel(logging.INFO)
    secrets = [f"zanzibar{number:04}quux" for number in range(1000)]
    interpreter.meanings |= dict.fromkeys(secrets[:250], (act("light.turn_on", "light.b"),))
    interpreter.meanings |= dict.fromkeys(secrets[250:500], (NOTHING,))
    interpreter.meanings |= {said: (act("todo.add_item", "todo.a", item=said),) for said in secrets[500:750]}
    for number, said in enumerate(secrets):
        await say(said, f"talk {number}")
    await journal.async_flush()
    assert await journal.async_count() == 1000
    assert not holds(hass, b"zanzibar")
    assert "zanzibar" not in json.dumps({key: value for key, value in hass_storage.items() if "furnished" not in key})
    assert "zanzibar" not in caplog.text
    diagnostics = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert "zanzibar" not in json.dumps(diagnostics)
    assert diagnostics["journal"] == {**Bounds(allowed=True).as_dict(), "kept": 1000, "key_lost": False, "failures": 0}
    chat_logs.current_chat_log.set(None)
    # They are in there, for who has the key.
    found, more, total = await journal.async_list(search="zanzibar0777QUUX")
    assert ([turn.utterance for turn in found], more, total) == (["zanzibar0777quux"], False, 1)
    await journal.async_delete(None)
    assert await journal.async_count() == 0


async def test_codes_in_what_is_called_are_left_out(journal: Journal, say: Say, interpreter: FakeInterpreter) -> None:
    interpreter.meanings["alarm"] = (act("alarm_control_panel.alarm_arm_away", "alarm_control_panel.a", code="4711"),)
    await say("alarm")
    [turn] = await turns(journal)
    assert turn.steps == (CalledStep("alarm_control_panel.alarm_arm_away", ("alarm_control_panel.a",), {}),)


async def test_neither_writing_nor_listing_takes_long(
    journal: Journal, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 3001):
        journal.async_write(TurnRecord(number, dt_util.utcnow(), "conversation.x", utterance=f"sentence {number}"))
        if number % 500 == 0:
            await journal.async_flush()
    note, spent = Journal.async_note, []

    def timed(self: Journal, heard: Any, dialogue: object) -> int | None:  # noqa: ANN401 - handed on as it is
        began = time.thread_time()
        found = note(self, heard, dialogue)
        spent.append(time.thread_time() - began)
        return found

    monkeypatch.setattr(Journal, "async_note", timed)
    for number in range(20):
        await say("lamp", f"talk {number}")
    # Of the event loop's own time; what others on this machine do meanwhile is not the journal's.
    assert median(spent) < 0.002
    began = time.monotonic()
    turns_found, more, total = await journal.async_list()
    assert time.monotonic() - began < 1
    assert (len(turns_found), more, total) == (50, True, 3020)


async def test_who_reads_while_all_is_deleted_gets_what_is_there_afterwards(
    journal: Journal, say: Say, hass: HomeAssistant
) -> None:
    await say("lamp")
    await journal.async_flush()
    deleting = hass.async_create_task(journal.async_delete(None))
    allowing = hass.async_create_task(journal.async_allow(Bounds(allowed=True, days=7)))
    found = [await journal.async_list() for _ in range(20)]
    assert found[-1] == ([], False, 0)
    assert await deleting == 1
    await allowing
    assert journal.bounds.days == 7
    await say("lamp")
    assert [turn.utterance for turn in await turns(journal)] == ["lamp"]
