"""Later, and for a while: across a restart, too."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.core import Context, CoreState
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.intendant.act import Speaker
from custom_components.intendant.core.intentions import Step
from custom_components.intendant.core.values import Call
from custom_components.intendant.schedule import STORE_KEY, Schedule

from .conftest import Say, speech
from .fakes import FakeInterpreter, act

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from homeassistant.core import HomeAssistant

pytestmark = pytest.mark.usefixtures("house")
ON = Step("light.turn_on", ("light.a",))
SPEAKER = Speaker(Context(user_id=None), "en", "device", "assist_satellite.x")


@pytest.fixture
async def schedule(hass: HomeAssistant) -> AsyncIterator[Schedule]:
    schedule = Schedule(hass)
    await schedule.async_start()
    yield schedule
    await schedule.async_stop()


async def after(hass: HomeAssistant, seconds: float) -> None:
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    await hass.async_block_till_done(wait_background_tasks=True)


def light(hass: HomeAssistant) -> str:
    state = hass.states.get("light.a")
    assert state is not None
    return state.state


async def test_later(hass: HomeAssistant, schedule: Schedule) -> None:
    schedule.async_plan([ON], ["light.a"], 600, SPEAKER)
    await after(hass, 500)
    assert light(hass) == "off"
    await after(hass, 601)
    assert light(hass) == "on"
    assert schedule.plans == []


async def test_later_and_for_a_while(hass: HomeAssistant, schedule: Schedule) -> None:
    schedule.async_plan([ON], ["light.a"], 600, SPEAKER, back_after=60)
    await after(hass, 601)
    assert light(hass) == "on"
    [plan] = schedule.plans
    assert plan.former is not None
    await after(hass, 662)
    assert light(hass) == "off"


async def test_for_a_while_and_again_for_a_while_ends_where_it_began(
    hass: HomeAssistant, say: Say, interpreter: FakeInterpreter
) -> None:
    interpreter.meanings["both"] = (act("light.turn_on", "light.a", "light.b", back_after=60),)
    interpreter.meanings["one"] = (act("light.turn_on", "light.a", back_after=300),)
    await say("both")
    await say("one")
    assert light(hass) == "on"
    await after(hass, 61)
    assert (light(hass), hass.states.is_state("light.b", "off")) == ("on", True)
    await say("one")
    await after(hass, 301)
    assert light(hass) == "off"


async def test_what_is_on_already_goes_off_when_the_time_is_over(
    hass: HomeAssistant, say: Say, interpreter: FakeInterpreter
) -> None:
    on = act("light.turn_on", "light.a", back_after=60)
    interpreter.meanings["on"] = (act("light.turn_on", "light.a"),)
    interpreter.meanings["for a minute"] = (replace(on, call=Call("on"), unchanged=("light.a",)),)
    await say("on")
    await say("for a minute")
    assert light(hass) == "on"
    await after(hass, 61)
    assert light(hass) == "off"


async def test_what_would_unlock_by_itself_is_asked_for(
    hass: HomeAssistant, say: Say, interpreter: FakeInterpreter
) -> None:
    await hass.services.async_call("lock", "unlock", {"entity_id": "lock.a"}, blocking=True)
    interpreter.meanings["lock"] = (act("lock.lock", "lock.a", back_after=60),)
    assert speech(await say("lock")) == "Act?"
    assert hass.states.is_state("lock.a", "unlocked")


async def test_cancelled_plans_do_not_happen(hass: HomeAssistant, schedule: Schedule) -> None:
    plan = schedule.async_plan([ON], ["light.a"], 600, SPEAKER)
    assert schedule.async_cancel([plan.id, "gone"]) == [plan]
    await after(hass, 601)
    assert light(hass) == "off"


async def restart(hass: HomeAssistant, schedule: Schedule) -> Schedule:
    """Begin anew as after a restart."""
    await schedule.async_stop()
    hass.set_state(CoreState.not_running)
    again = Schedule(hass)
    await again.async_start()
    return again


async def start_up(hass: HomeAssistant) -> None:
    hass.set_state(CoreState.running)
    hass.bus.async_fire("homeassistant_started")
    await hass.async_block_till_done()


async def test_plans_survive_a_restart(hass: HomeAssistant, schedule: Schedule, hass_storage: dict[str, Any]) -> None:
    schedule.async_plan([ON], ["light.a"], 600, SPEAKER, back_after=60)
    schedule.async_plan_return({"light.b": ("on", {"brightness": 10})}, 700, SPEAKER)
    before = schedule.plans
    again = await restart(hass, schedule)
    assert again.plans == before
    await start_up(hass)
    await after(hass, 601)
    assert light(hass) == "on"
    await after(hass, 701)
    assert hass.states.is_state("light.b", "on")
    await again.async_stop()
    assert STORE_KEY in hass_storage
    await again.async_remove()
    assert STORE_KEY not in hass_storage


@pytest.mark.parametrize(("late", "state"), [(timedelta(minutes=30), "on"), (timedelta(hours=2), "off")])
async def test_what_came_due_meanwhile_happens_unless_it_is_long_ago(
    hass: HomeAssistant, schedule: Schedule, hass_storage: dict[str, Any], late: timedelta, state: str
) -> None:
    schedule.async_plan([ON], ["light.a"], 600, SPEAKER)
    await schedule.async_stop()
    hass_storage[STORE_KEY]["data"]["plans"][0]["at"] = (dt_util.utcnow() - late).isoformat()
    hass.set_state(CoreState.not_running)
    again = Schedule(hass)
    await again.async_start()
    await after(hass, 1)
    assert light(hass) == "off"
    await start_up(hass)
    await after(hass, 1)
    assert light(hass) == state
    assert again.plans == []
    await again.async_stop()


async def test_plans_survive_a_reload(
    hass: HomeAssistant, say: Say, interpreter: FakeInterpreter, entry: MockConfigEntry
) -> None:
    interpreter.meanings["later"] = (act("light.turn_on", "light.a", delay=600),)
    await say("later")
    await hass.config_entries.async_reload(entry.entry_id)
    await after(hass, 601)
    assert light(hass) == "on"


async def test_a_plan_that_fails_is_noted_without_names(
    hass: HomeAssistant, schedule: Schedule, caplog: pytest.LogCaptureFixture
) -> None:
    schedule.async_plan([Step("light.turn_on", ("light.none",))], ["light.none"], 1, SPEAKER)
    await after(hass, 2)
    assert "A plan failed: unavailable" in caplog.text
