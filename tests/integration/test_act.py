"""Carrying out steps: every error has a name, and nothing waits for ever."""

import asyncio
from typing import TYPE_CHECKING, Any

import probatio
import pytest
from homeassistant.auth.permissions import PolicyPermissions
from homeassistant.components import intent as intent_component
from homeassistant.core import Context, ServiceCall, SupportsResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import intent
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockUser, async_mock_intent, async_mock_service

from custom_components.intendant.act import Speaker, async_act, async_look_up
from custom_components.intendant.core.intentions import Step

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

pytestmark = pytest.mark.usefixtures("house")
SPEAKER = Speaker(Context(), "en", "device", "assist_satellite.x", "conversation.intendant")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custom_components.intendant.act.STEP_SECONDS", 0.3)


async def test_one_thing_that_fails_does_not_speak_for_the_others(hass: HomeAssistant) -> None:
    step = Step("light.turn_on", ("light.a", "light.none"), {"brightness_pct": 20})
    outcome = await async_act(hass, (step, Step("switch.turn_on", ("switch.gone",))), SPEAKER)
    assert outcome.failed == {"light.none": "unavailable", "switch.gone": "unavailable"}
    assert hass.states.is_state("light.a", "on")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (HomeAssistantError("no"), "refused_by_service"),
        (ServiceValidationError("no"), "refused_by_service"),
        (probatio.Invalid("no"), "refused_by_service"),
        (TimeoutError(), "timeout"),
        (KeyError("bug"), "refused_by_service"),
    ],
)
async def test_errors_of_services(hass: HomeAssistant, error: Exception, reason: str) -> None:
    def fail(_call: ServiceCall) -> None:
        raise error

    hass.services.async_register("test", "fail", fail)
    step = Step("test.fail", ("light.a",))
    assert (await async_act(hass, (step,), SPEAKER)).failed == {"light.a": reason}
    assert (await async_act(hass, (Step("test.fail"),), SPEAKER)).failed == {"test.fail": reason}


async def test_a_service_that_is_not_there(hass: HomeAssistant) -> None:
    outcome = await async_act(hass, (Step("light.dance", ("light.a",)),), SPEAKER)
    assert outcome.failed == {"light.a": "not_supported"}


async def test_what_a_thing_cannot_do(hass: HomeAssistant) -> None:
    outcome = await async_act(hass, (Step("climate.set_humidity", ("climate.a",), {"humidity": 40}),), SPEAKER)
    assert outcome.failed == {"climate.a": "not_supported"}


@pytest.mark.parametrize("late_error", [None, HomeAssistantError("late")])
async def test_a_service_that_hangs_is_left_running(hass: HomeAssistant, late_error: Exception | None) -> None:
    go_on = asyncio.Event()
    done = []

    async def hang(_call: ServiceCall) -> None:
        await go_on.wait()
        done.append(late_error)
        for error in filter(None, done):
            raise error

    hass.services.async_register("test", "hang", hang)
    outcome = await async_act(hass, (Step("test.hang", ("light.a",)),), SPEAKER)
    assert outcome.failed == {"light.a": "timeout"}
    go_on.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert done == [late_error]


async def test_what_the_speaker_may_not_do(hass: HomeAssistant, hass_read_only_user: MockUser) -> None:
    speaker = Speaker(Context(user_id=hass_read_only_user.id), "en")
    outcome = await async_act(hass, (Step("light.turn_on", ("light.a",)),), speaker)
    assert outcome.failed == {"light.a": "no_permission"}
    assert hass.states.is_state("light.a", "off")
    assert isinstance(hass_read_only_user.permissions, PolicyPermissions)


async def test_intents_know_where_they_were_said(hass: HomeAssistant) -> None:
    handled = async_mock_intent(hass, "HassTest")
    outcome = await async_act(hass, (Step("intent.HassTest", (), {"minutes": 5}),), SPEAKER)
    [found] = handled
    assert not outcome.failed
    assert (found.slots, found.device_id, found.satellite_id) == (
        {"minutes": {"value": 5}},
        "device",
        "assist_satellite.x",
    )


async def test_timers(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "intent", {})
    start = Step("intent.HassStartTimer", (), {"minutes": 5})
    assert (await async_act(hass, (start,), SPEAKER)).failed == {"intent.HassStartTimer": "not_supported"}
    cancel = await async_act(hass, (Step("intent.HassCancelTimer"),), SPEAKER)
    assert cancel.failed == {"intent.HassCancelTimer": "timer_not_found"}
    intent_component.async_register_timer_handler(hass, "device", lambda *_: None)
    assert not (await async_act(hass, (start,), SPEAKER)).failed
    asked = await async_look_up(hass, Step("intent.HassTimerStatus"), SPEAKER)
    assert asked.response is not None
    timers: Any = asked.response["timers"]
    assert timers[0]["start_minutes"] == 5
    unknown = await async_act(hass, (Step("intent.HassNothing"),), SPEAKER)
    assert unknown.failed == {"intent.HassNothing": "not_supported"}


async def test_broadcasts(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "intent", {})
    calls = async_mock_service(hass, "assist_satellite", "announce")
    outcome = await async_act(hass, (Step("intent.HassBroadcast", (), {"message": "dinner"}),), SPEAKER)
    assert not outcome.failed
    assert [call.data["message"] for call in calls] == ["dinner"]


async def test_looking_something_up(hass: HomeAssistant) -> None:
    outcome = await async_look_up(hass, Step("weather.get_forecasts", ("weather.a",), {"type": "daily"}), SPEAKER)
    response: Any = outcome.response
    assert response["weather.a"]["forecast"][0]["condition"] == "sunny"
    failed = await async_look_up(hass, Step("weather.get_forecasts", ("weather.a",), {"type": "x"}), SPEAKER)
    assert failed.failed == {"weather.a": "refused_by_service"}


@pytest.mark.parametrize("said", ["the oat milk", "Oat milk", "oat milks"])
async def test_an_item_is_found_as_the_list_names_it(hass: HomeAssistant, said: str) -> None:
    outcome = await async_act(
        hass, (Step("todo.update_item", ("todo.a",), {"item": said, "status": "completed"}),), SPEAKER
    )
    assert not outcome.failed
    assert hass.states.is_state("todo.a", "0")


async def test_removing_items(hass: HomeAssistant) -> None:
    remove = Step("todo.remove_item", ("todo.a",), {"item": "oat milk"})
    assert not (await async_act(hass, (remove,), SPEAKER)).failed
    assert (await async_act(hass, (remove,), SPEAKER)).failed == {"todo.a": "no_such_item"}


async def test_playing_what_is_searched_for(hass: HomeAssistant) -> None:
    step = Step("media_player.search_and_play", ("media_player.a",), {"search_query": "jazz"})
    assert not (await async_act(hass, (step,), SPEAKER)).failed
    state = hass.states.get("media_player.a")
    assert state is not None
    assert state.attributes["search"] == "jazz"


@pytest.mark.parametrize(("features", "failed"), [(0, {}), (1 << 22, {"media_player.b": "nothing_found"})])
async def test_players_that_cannot_search_or_find_nothing(
    hass: HomeAssistant, features: int, failed: dict[str, str]
) -> None:
    hass.states.async_set("media_player.b", "idle", {"supported_features": features})

    class Nothing:
        result: tuple[str, ...] = ()

    async def search(_call: ServiceCall) -> dict[str, Any]:
        return {"media_player.b": Nothing()}

    hass.services.async_register("media_player", "search_media", search, supports_response=SupportsResponse.ONLY)
    calls = async_mock_service(hass, "media_player", "play_media")
    step = Step("media_player.search_and_play", ("media_player.b",), {"search_query": "jazz"})
    outcome = await async_act(hass, (step,), SPEAKER)
    assert outcome.failed == failed
    assert [call.data["media_content_id"] for call in calls] == ["jazz"] * (1 - len(failed))


async def test_an_intent_that_breaks(hass: HomeAssistant) -> None:
    class Broken(intent.IntentHandler):
        intent_type = "HassBroken"

        async def async_handle(self, _intent: intent.Intent) -> intent.IntentResponse:
            raise intent.IntentHandleError("no")

    intent.async_register(hass, Broken())
    outcome = await async_act(hass, (Step("intent.HassBroken"),), SPEAKER)
    assert outcome.failed == {"intent.HassBroken": "refused_by_service"}
