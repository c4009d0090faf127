# ruff: noqa: ARG001 - fixtures must be there first
"""What is learnt from weeks of use in the recorder's database and the journal, and what comes of it in a real Home Assistant."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components.assist_pipeline import async_get_pipeline, async_update_pipeline
from homeassistant.const import EVENT_CALL_SERVICE
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_capture_events, async_fire_time_changed
from pytest_homeassistant_custom_component.components.recorder.common import async_wait_recording_done

from custom_components.furnished.const import EVENT_ANNOUNCED, EVENT_ASKED
from custom_components.intendant.core.answer import word_answer
from custom_components.intendant.core.decide import Thresholds
from custom_components.intendant.core.interpret import Interpreter
from custom_components.intendant.core.routines import NEVER, Routine
from custom_components.intendant.journal.record import CORRECTED, CalledStep, Signal, TurnRecord
from custom_components.intendant.usage import STORE_KEY, UsageKeeper, recorded
from custom_components.intendant.usage.calls import Exposed, read_call
from custom_components.intendant.usage.kept import Kept
from custom_components.intendant.usage.mine import mine
from custom_components.intendant.usage.tally import Tally, day_of
from custom_components.intendant.usage.turns import read_export

from .conftest import speech  # furnished is found by conftest

if TYPE_CHECKING:
    from pathlib import Path

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.components.recorder import Recorder
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
    from pytest_homeassistant_custom_component.typing import WebSocketGenerator

    from .conftest import Say

NOW = datetime(2026, 11, 25, 21, 50, tzinfo=UTC)
"""A Wednesday evening; Home Assistant's clock is set to UTC."""
DAYS = 21


# --- the parts, without any history -----------------------------------------------------------------


EXPOSED = Exposed(
    {"light.a": "kitchen", "light.b": "hall", "cover.a": None, "climate.a": "kitchen", "script.tea": None}
)


@pytest.mark.parametrize(
    ("domain", "service", "data", "found"),
    [
        ("light", "turn_on", {"entity_id": "light.a", "brightness": 102}, [("light.a", "light.turn_on", {"brightness": 40.0})]),
        ("light", "turn_on", {"entity_id": ["light.a"], "brightness_pct": 41}, [("light.a", "light.turn_on", {"brightness": 40.0})]),
        ("light", "turn_on", {"entity_id": ["light.a"], "brightness_pct": 3}, [("light.a", "light.turn_on", {"brightness": 3.0})]),
        ("light", "turn_off", {"entity_id": "all"}, [("light.a", "light.turn_off", {}), ("light.b", "light.turn_off", {})]),
        ("light", "turn_off", {"area_id": "kitchen"}, [("light.a", "light.turn_off", {})]),
        ("homeassistant", "turn_off", {"entity_id": "cover.a"}, [("cover.a", "cover.close_cover", {"position": 0.0})]),
        ("climate", "set_temperature", {"entity_id": "climate.a", "temperature": 19.6}, [("climate.a", "climate.set_temperature", {"temperature": 19.5})]),
        ("climate", "set_temperature", {"entity_id": "climate.a", "temperature": float("nan")}, [("climate.a", "climate.set_temperature", {})]),
        ("climate", "set_temperature", {"entity_id": "climate.a", "temperature": 1e9}, [("climate.a", "climate.set_temperature", {})]),
        ("climate", "set_temperature", {"entity_id": "climate.a", "temperature": "warm"}, [("climate.a", "climate.set_temperature", {})]),
        ("script", "tea", {}, [("script.tea", "script.turn_on", {})]),
        ("light", "turn_on", {"entity_id": "light.secret"}, []),
        ("light", "turn_on", {"entity_id": {"a": 1}}, []),
        ("light", "turn_on", "light.a", []),
        ("switch", "turn_on", {"entity_id": "light.a"}, []),
        ("light", "'; DROP TABLE events; --", {"entity_id": "light.a"}, []),
        (None, 7, None, []),
    ],
)  # fmt: skip
def test_calls(domain: object, service: object, data: object, found: list[tuple[str, str, dict[str, float]]]) -> None:
    calls = read_call(domain, service, data, EXPOSED)
    assert [(called.entity_id, called.service, dict(called.values)) for called in calls] == found


def _tally(*uses: tuple[str, str, list[str]], days: int = DAYS, skip: tuple[int, ...] = ()) -> Tally:
    """Return uses: thing, service, times; done on every day but some, counted backwards from yesterday."""
    tally = Tally()
    for ago in range(1, days + 1):
        at = NOW - timedelta(days=ago)
        tally.note_day(at)
        for entity_id, service, times in uses if ago not in skip else ():
            for time in times:
                hour, minute = map(int, time.split(":"))
                # Nobody is punctual.
                moment = at.replace(hour=hour, minute=minute) + timedelta(minutes=(ago * 7) % 20)
                domain, _, name = service.partition(".")
                for called in read_call(domain, name, {"entity_id": entity_id}, EXPOSED):
                    tally.add(moment, called)
    return tally


@pytest.mark.parametrize(
    ("tally", "found"),
    [
        (_tally(("cover.a", "cover.close_cover", ["21:40"])), [("all", 1301, 1316, 10, 10)]),
        (_tally(("cover.a", "cover.close_cover", ["21:40"]), skip=(3,)), [("all", 1302, 1316, 9, 10)]),
        (_tally(("cover.a", "cover.close_cover", ["23:50"])), [("all", 1431, 6, 10, 10)]),
        (_tally(("cover.a", "cover.close_cover", ["21:40"]), skip=(3, 4, 10, 11)), [("weekdays", 1302, 1318, 10, 10)]),
        (_tally(("cover.a", "cover.close_cover", ["21:40"]), skip=tuple(i for i in range(30) if i % 7 not in (3, 4))), [("weekend", 1301, 1317, 4, 4)]),
        (_tally(("light.a", "light.turn_on", ["7:00", "18:00"])), [("all", 421, 436, 10, 10), ("all", 1081, 1096, 10, 10)]),
        # Too seldom, too short a time, all day long, more than one at a time, nothing to offer.
        (_tally(("cover.a", "cover.close_cover", ["21:40"]), skip=tuple(range(2, 30, 2))), []),
        (_tally(("cover.a", "cover.close_cover", ["21:40"]), days=5), []),
        (_tally(("light.a", "light.turn_on", [f"{hour}:{minute}" for hour in range(7, 22) for minute in (0, 30)])), []),
        (_tally(("light.a", "light.toggle", ["21:40"])), []),
        (_tally(), []),
        (Tally(), []),
    ],
)  # fmt: skip
def test_habits_need_support_confidence_and_lift(tally: Tally, found: list[tuple[str, int, int, int, int]]) -> None:
    routines = mine(tally, day_of(NOW))
    assert sorted((r.days, r.first, r.last, r.hits, r.of) for r in routines) == found


def test_counts_fade_and_are_taken_once() -> None:
    kept, today = Kept(), day_of(NOW)
    tally = _tally(("light.a", "light.turn_on", ["21:00"]))
    kept.take(tally, today)
    first = kept.usage().weight("light.a", NOW)
    kept.take(tally, today)
    assert kept.usage().weight("light.a", NOW) == first
    kept.take(Tally(first=today), today + 21)
    assert kept.usage().weight("light.a", NOW) == pytest.approx(first / 2)
    kept.take(Tally(), today + 100)
    assert kept.usage().weight("light.a", NOW) == pytest.approx(first / 2)
    kept.take(Tally(first=today), today + 400)
    assert kept.counts == {"light.a": {}}
    again = Kept.from_json(json.loads(json.dumps(kept.as_json())))
    assert again == kept
    kept.limit({})
    assert (kept.counts, kept.values, kept.routines) == ({}, {}, [])


def _turn(days_ago: int, **changes: Any) -> TurnRecord:
    step = CalledStep("light.turn_on", ("light.a",), {"brightness_pct": 30})
    values: dict[str, Any] = {"decision": "act", "outcome": "done", "steps": (step,), "source": "satellite"} | changes
    values.setdefault("id", days_ago)
    return TurnRecord(at=NOW - timedelta(days=days_ago), agent="conversation.intendant", **values)


def _export(*turns: TurnRecord) -> list[str]:
    return [json.dumps(line) for line in ({"intendant_journal": 1}, *(turn.to_json() for turn in turns))]


def test_an_exported_journal_counts_what_was_done_and_meant() -> None:
    mistaken = Signal(CORRECTED, NOW)
    turns = (
        _turn(1),
        _turn(2, outcome="failed"),
        _turn(3, decision="ask"),
        _turn(4, signals=(mistaken,)),
        _turn(5, mark="wrong"),
    )
    tally = Tally()
    lines = [*_export(*turns), "{", "[]", '{"at": 7}', "x" * 300_000]
    assert read_export(lines, EXPOSED, tally) == 1
    assert list(tally.values.values()) == [{day_of(NOW) - 1: 30.0}]
    with pytest.raises(HomeAssistantError):
        read_export(['{"other": 1}'], EXPOSED, Tally())


# --- in a real Home Assistant with a recorder -------------------------------------------------------


@pytest.fixture
def mock_recorder_before_hass(async_test_recorder: object) -> None:
    """Let the recorder be there first."""


@pytest.fixture
def interpreter() -> Interpreter:
    """Return the real core. Nothing here is read by the model, so it has none."""
    return Interpreter(SimpleNamespace(special_ids={}, thresholds=Thresholds()))  # type: ignore[arg-type]


@pytest.fixture
async def home(
    hass: HomeAssistant, recorder_mock: Recorder, freezer: FrozenDateTimeFactory, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch,
) -> MockConfigEntry:  # fmt: skip
    """Return the entry, where use may be counted and sentences are worded for real."""
    await hass.config.async_set_time_zone("UTC")
    freezer.move_to(NOW)
    monkeypatch.setattr("custom_components.intendant.engine.word_answer", word_answer)
    hass.config_entries.async_update_entry(entry, options={"journal": {"allowed": True}})
    return entry


async def _plant(hass: HomeAssistant, user: str) -> None:
    """Plant three weeks of use in the recorder's database, among what must not count."""
    machine = await hass.auth.async_create_system_user("machine")
    for ago in range(DAYS, 0, -1):
        day = (NOW - timedelta(days=ago)).replace(hour=0, minute=0)

        def call(
            time: str, service: str, data: object, user_id: str | None = user, context: Context | None = None, day: datetime = day
        ) -> None:  # fmt: skip
            hour, minute = map(int, time.split(":"))
            domain, _, name = service.partition(".")
            hass.bus.async_fire(
                EVENT_CALL_SERVICE,
                {"domain": domain, "service": name, "service_data": data},
                context=context or Context(user_id=user_id),
                time_fired=(day + timedelta(hours=hour, minutes=minute)).timestamp(),
            )

        if ago != 4:
            call(f"21:{43 + ago % 8}", "cover.close_cover", {"entity_id": ["cover.a"]})
        call("20:10", "light.turn_on", {"entity_id": "light.a", "brightness_pct": 40})
        call("18:00", "lock.unlock", {"entity_id": "lock.a"})
        # An intent calls twice in one context.
        twice = Context(user_id=user)
        call("8:00", "homeassistant.turn_on", {"entity_id": "light.b"}, context=twice)
        call("8:00", "light.turn_on", {"entity_id": "light.b"}, context=twice)
        # An automation, an integration, and a machine's user do things too.
        automation = Context()
        hass.bus.async_fire(
            "automation_triggered", {}, context=automation, time_fired=(day + timedelta(hours=22)).timestamp()
        )
        call("22:00", "light.turn_off", {"entity_id": "light.a"}, context=automation)
        call("22:01", "light.turn_off", {"entity_id": "light.a"})
        call("21:45", "light.turn_on", {"entity_id": "light.b", "brightness_pct": 77}, None)
        call("21:45", "lawn_mower.dock", {"entity_id": "lawn_mower.a"}, machine.id)
        # What is not exposed, not a call, or too big.
        call("21:45", "switch.turn_on", {"entity_id": "switch.a"})
        call("21:45", "light.turn_on", "light.a")
        call("21:45", "'; DROP TABLE events; --", {"entity_id": ["light.a", None, 7, {"x": "y"}]})
        call("21:45", "light.turn_on", {"entity_id": "light.a", "brightness_pct": 5, "x": "\N{GRINNING FACE}" * 30_000})
    await async_wait_recording_done(hass)


@pytest.fixture
async def planted(hass: HomeAssistant, home: MockConfigEntry, hass_admin_user: MockUser) -> MockConfigEntry:
    """Return the entry, not set up yet, where there are three weeks of history."""
    await _plant(hass, hass_admin_user.id)
    return home


async def _learn(hass: HomeAssistant, **data: str) -> dict[str, Any]:
    found = await hass.services.async_call("intendant", "learn_usage", data, blocking=True, return_response=True)
    return dict(found or {})


@pytest.mark.filterwarnings("ignore::aiohttp.web_exceptions.NotAppKeyWarning")
async def test_weeks_of_use(
    hass: HomeAssistant, planted: MockConfigEntry, agent: str, say: Say, hass_ws_client: WebSocketGenerator, hass_storage: dict[str, Any],
    hass_admin_user: MockUser,
) -> None:  # fmt: skip
    home, found = planted, await _learn(hass)
    keeper: UsageKeeper = planted.runtime_data.usage
    assert keeper.failures == 0
    usage = keeper.usage
    assert set(usage.counts) == {"cover.a", "light.a", "lock.a", "light.b"}
    assert usage.values["light.a"] == {"brightness": {"evening": {40.0: pytest.approx(14.5, abs=1)}}}
    assert "brightness" not in usage.values.get("light.b", {})
    habits = {(routine.entity_id, routine.service) for routine in usage.routines}
    assert habits == {("cover.a", "cover.close_cover"), ("light.a", "light.turn_on"), ("light.b", "light.turn_on")}
    assert found == {"things": 4, "routines": 3}
    stored = json.dumps(hass_storage[STORE_KEY]["data"])
    assert hass_admin_user.id not in stored
    assert "switch.a" not in stored

    # Asked for, said why, done after a yes.
    offered = await say("any suggestions?")
    assert (
        speech(offered)
        == "You usually close the blind now, on 9 of the last 10 evenings between 21:40 and 21:50. Shall I?"
    )
    assert offered.continue_conversation
    assert hass.states.is_state("cover.a", "open")
    await say("yes")
    assert hass.states.is_state("cover.a", "closed")
    assert speech(await say("any suggestions?")) == "That's all I can think of."

    # The usual, with its value, and undone.
    assert speech(await say("set the ceiling to the usual")) == "Ceiling at 40 percent."
    assert hass.states.get("light.a").attributes["brightness"] == 102  # type: ignore[union-attr]
    assert speech(await say("set the heating to the usual")) == "I don't know yet what's usual for the heating."

    # The page shows what was found, and decides.
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "intendant/routines/list"})
    routines = (await client.receive_json())["result"]["routines"]
    blind = next(row for row in routines if "blind" in row["text"])
    assert blind == {
        "id": blind["id"],
        "text": "You usually close the blind in the evening.",
        "why": "On 9 of the last 10 evenings between 21:40 and 21:50.",
        "state": "offered",
    }  # fmt: skip
    await client.send_json_auto_id(
        {"type": "intendant/routines/decide", "routine_id": blind["id"], "decision": "allow"}
    )
    assert (await client.receive_json())["success"]
    assert next(r for r in keeper.routines if r.id == blind["id"]).state == "allowed"
    await client.send_json_auto_id({"type": "intendant/routines/decide", "routine_id": "nothing", "decision": "never"})
    assert (await client.receive_json())["error"]["translation_key"] == "no_such_routine"

    # Never again, by voice; it stays so when counted anew, and after a restart.
    await hass.services.async_call("cover", "open_cover", {"entity_id": "cover.a"}, blocking=True)
    await say("any suggestions", "another talk")
    assert speech(await say("never suggest that again", "another talk")) == "I won't suggest that again."
    await _learn(hass)
    assert await hass.config_entries.async_reload(home.entry_id)
    keeper = home.runtime_data.usage
    assert next(r for r in keeper.routines if r.id == blind["id"]).state == NEVER
    assert speech(await say("any suggestions", "third talk")).startswith("Nothing comes to mind")

    # Not allowed any more: nothing of it is used. Forgotten: nothing of it is left.
    hass.config_entries.async_update_entry(home, options={"journal": {"allowed": False}})
    await hass.async_block_till_done()
    assert home.runtime_data.usage.routines == ()
    assert speech(await say("any suggestions", "fourth talk")).startswith("I don't keep track")
    with pytest.raises(ServiceValidationError):
        await _learn(hass)
    await home.runtime_data.usage.async_forget()
    assert STORE_KEY not in hass_storage


async def test_only_so_much_is_read(
    hass: HomeAssistant, planted: MockConfigEntry, agent: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """Of a gigantic history the newest events are read."""
    monkeypatch.setattr(recorded, "MOST_EVENTS", 40)
    exposed, tally = Exposed({"cover.a": None}), Tally()
    since = dt_util.utcnow() - timedelta(days=28)
    count = await hass.data["recorder_instance"].async_add_executor_job(
        recorded.read_recorder, hass, since, exposed, [], tally
    )
    assert count == 40
    assert set(tally.times["cover.a", "cover.close_cover"]) == {day_of(NOW) - ago for ago in (1, 2, 3)}


async def test_a_database_that_fails_costs_nothing(
    hass: HomeAssistant, planted: MockConfigEntry, agent: str, caplog: pytest.LogCaptureFixture, recorder_mock: Recorder
) -> None:  # fmt: skip
    await _learn(hass)
    keeper: UsageKeeper = planted.runtime_data.usage
    before = keeper.usage.counts
    assert before

    def rename(old: str, new: str) -> None:
        with recorder_mock.engine.begin() as connection:  # type: ignore[union-attr]
            connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    await async_wait_recording_done(hass)
    await recorder_mock.async_add_executor_job(rename, "events", "away")
    await keeper.async_refresh()
    await recorder_mock.async_add_executor_job(rename, "away", "events")
    assert keeper.failures == 1
    assert keeper.usage.counts == before
    assert "could not be read from the recorder's database: OperationalError" in caplog.text


async def test_an_export_is_imported_once(
    hass: HomeAssistant, home: MockConfigEntry, agent: str, tmp_path: Path
) -> None:
    lines = _export(*(_turn(days) for days in range(40, 30, -1)))
    folder = tmp_path / "intendant"
    folder.mkdir(exist_ok=True)
    (folder / "old.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert (await _learn(hass, journal="old.jsonl"))["turns"] == 10
    counts = home.runtime_data.usage.usage.counts
    assert set(counts) == {"light.a"}
    await _learn(hass, journal="old.jsonl")
    assert home.runtime_data.usage.usage.counts == counts
    (folder / "broken.jsonl").write_bytes(b"\xff\xfe\x00")
    for name in ("missing.jsonl", "broken.jsonl", "../secrets.yaml", "..", ""):
        before = home.runtime_data.usage.usage.counts
        if name:
            with pytest.raises(HomeAssistantError):
                await _learn(hass, journal=name)
        assert home.runtime_data.usage.usage.counts == before


async def test_turns_by_voice_are_counted_from_the_journal(
    hass: HomeAssistant, home: MockConfigEntry, agent: str
) -> None:
    journal = home.runtime_data.journal
    for days in range(10, 0, -1):
        journal.async_write(_turn(days))
        journal.async_write(
            _turn(days, id=days + 50, source="app", steps=(CalledStep("light.turn_on", ("light.b",), {}),))
        )
    await journal.async_flush()
    # What came after the first count is only counted the day after.
    await home.runtime_data.usage.async_forget()
    await _learn(hass)
    assert set(home.runtime_data.usage.usage.counts) == {"light.a"}


@pytest.mark.parametrize(
    "stored",
    [{"counts": 7}, {"since": 1, "until": 1, "counts": {}, "values": {"a": 3}, "routines": [], "decisions": {}}],
)
async def test_a_damaged_store_is_begun_anew(
    hass: HomeAssistant, entry: MockConfigEntry, hass_storage: dict[str, Any], stored: dict[str, Any], house: object
) -> None:  # fmt: skip
    hass_storage[STORE_KEY] = {"version": 1, "key": STORE_KEY, "data": stored}
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert entry.runtime_data.usage.usage.counts == {}


async def test_no_recorder(hass: HomeAssistant, entry: MockConfigEntry, agent: str) -> None:
    """Without a recorder there are the journal's turns only, and no error."""
    assert "recorder" not in hass.config.components
    hass.config_entries.async_update_entry(entry, options={"journal": {"allowed": True}})
    await hass.async_block_till_done()
    assert await _learn(hass) == {"things": 0, "routines": 0}
    assert entry.runtime_data.usage.failures == 0


# --- offered by voice -------------------------------------------------------------------------------


EVENING = NOW.replace(day=26, minute=33)
HABIT = Routine("blind", "cover.a", "cover.close_cover", "all", 1290, 1300, 9, 10)
QUESTION = "You usually close the blind now, on 9 of the last 10 evenings between 21:30 and 21:40. Shall I?"


@pytest.fixture
async def habit(
    hass: HomeAssistant, home: MockConfigEntry, hass_storage: dict[str, Any], agent: str
) -> MockConfigEntry:
    """Return the entry where closing the blind is a habit that may be offered, and satellites talk to the agent."""
    assert await async_setup_component(hass, "assist_pipeline", {})
    pipeline = async_get_pipeline(hass)
    await async_update_pipeline(hass, pipeline, conversation_engine=agent, conversation_language="en")
    keeper: UsageKeeper = home.runtime_data.usage
    await keeper.async_forget()
    hass_storage[STORE_KEY] = {
        "version": 1,
        "key": STORE_KEY,
        "data": Kept(routines=[HABIT], decisions={"blind": "allowed"}).as_json(),
    }
    assert await hass.config_entries.async_reload(home.entry_id)
    await hass.async_block_till_done()
    return home


async def _wait(hass: HomeAssistant, freezer: FrozenDateTimeFactory, minutes: float) -> None:
    freezer.tick(timedelta(minutes=minutes))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_a_habit_is_offered_at_its_time_and_a_yes_does_it(
    hass: HomeAssistant, habit: MockConfigEntry, say: Say, freezer: FrozenDateTimeFactory
) -> None:  # fmt: skip
    asked, announced = async_capture_events(hass, EVENT_ASKED), async_capture_events(hass, EVENT_ANNOUNCED)
    hass.states.async_set("person.a", "home")
    freezer.move_to(EVENING - timedelta(minutes=13))
    await _wait(hass, freezer, 3)
    assert not asked
    freezer.move_to(EVENING)
    await _wait(hass, freezer, 3)
    assert [event.data["message"] for event in asked] == [QUESTION]
    await _wait(hass, freezer, 3)
    assert len(asked) == 1
    assert not announced
    assert hass.states.is_state("cover.a", "open")
    satellite = asked[0].data["entity_id"]
    await say("yes", None, satellite_id=satellite)
    assert hass.states.is_state("cover.a", "closed")

    # The next evening it is closed already; the one after that nobody is there; then "never again" is said.
    freezer.move_to(EVENING + timedelta(days=1))
    await _wait(hass, freezer, 3)
    await hass.services.async_call("cover", "open_cover", {"entity_id": "cover.a"}, blocking=True)
    hass.states.async_set("person.a", "not_home")
    await _wait(hass, freezer, 3)
    assert len(asked) == 1
    hass.states.async_set("person.a", "home")
    await _wait(hass, freezer, 3)
    assert len(asked) == 2
    assert speech(await say("don't ask me that again", None, satellite_id=satellite)) == "I won't suggest that again."
    assert hass.states.is_state("cover.a", "open")
    freezer.move_to(EVENING + timedelta(days=2))
    await _wait(hass, freezer, 3)
    assert len(asked) == 2


async def test_a_satellite_that_cannot_listen_announces(
    hass: HomeAssistant, habit: MockConfigEntry, freezer: FrozenDateTimeFactory, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    asked, announced = async_capture_events(hass, EVENT_ASKED), async_capture_events(hass, EVENT_ANNOUNCED)
    for satellite in hass.states.async_all("assist_satellite"):
        hass.states.async_set(satellite.entity_id, "idle", {**satellite.attributes, "supported_features": 1})
    hass.states.async_set("person.a", "home")
    freezer.move_to(EVENING)
    await _wait(hass, freezer, 3)
    assert [event.data["message"] for event in announced] == [QUESTION]
    assert not asked


@pytest.mark.parametrize("why", ["only when asked", "another agent", "busy", "refused"])
async def test_no_offer(
    hass: HomeAssistant, habit: MockConfigEntry, hass_storage: dict[str, Any], freezer: FrozenDateTimeFactory, why: str
) -> None:  # fmt: skip
    asked, announced = async_capture_events(hass, EVENT_ASKED), async_capture_events(hass, EVENT_ANNOUNCED)
    hass.states.async_set("person.a", "home")
    match why:
        case "only when asked":
            await habit.runtime_data.usage.async_decide("blind", "offered")
        case "another agent":
            await async_update_pipeline(
                hass, async_get_pipeline(hass), conversation_engine="conversation.home_assistant"
            )
        case "busy":
            for satellite in hass.states.async_all("assist_satellite"):
                hass.states.async_set(satellite.entity_id, "listening", satellite.attributes)
        case _:
            # Nobody is kept from closing: what is refused is opening.
            await hass.services.async_call("cover", "close_cover", {"entity_id": "cover.a"}, blocking=True)
            opening = Kept(routines=[replace(HABIT, service="cover.open_cover")], decisions={"blind": "allowed"})
            assert await hass.config_entries.async_unload(habit.entry_id)
            hass_storage[STORE_KEY]["data"] = opening.as_json()
            [subentry] = habit.get_subentries_of_type("conversation")
            hass.config_entries.async_update_subentry(
                habit, subentry, data={"sensitive": {"refuse_things": ["cover.a"]}}
            )
            assert await hass.config_entries.async_setup(habit.entry_id)
            await hass.async_block_till_done()
    freezer.move_to(EVENING)
    await _wait(hass, freezer, 3)
    assert not asked
    assert not announced
