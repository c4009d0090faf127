"""Several timers at once, and names that are nearly right."""

from typing import TYPE_CHECKING

import pytest
from homeassistant.components.intent import async_register_timer_handler
from homeassistant.components.intent.const import TIMER_DATA
from homeassistant.core import Context
from homeassistant.setup import async_setup_component

from custom_components.intendant.act import Speaker, async_act
from custom_components.intendant.core.intentions import Act, Ask, Result, Step
from custom_components.intendant.core.values import Call
from custom_components.intendant.timers import async_find_timer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homeassistant.core import HomeAssistant

CANCEL, PAUSE = "intent.HassCancelTimer", "intent.HassPauseTimer"
DEVICE = "kitchen"


@pytest.fixture
async def speaker(hass: HomeAssistant) -> Speaker:
    """Return somebody who speaks to a device that has timers."""
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "intent", {})
    async_register_timer_handler(hass, DEVICE, lambda _kind, _timer: None)
    return Speaker(Context(), "en", device_id=DEVICE)


@pytest.fixture(autouse=True)
def _stop(hass: HomeAssistant, speaker: Speaker) -> Iterator[None]:
    """Leave no timer running."""
    _ = speaker  # set up before, so that there are timers
    yield
    for timer_id in list(hass.data[TIMER_DATA].timers):
        hass.data[TIMER_DATA].cancel_timer(timer_id)


async def started(hass: HomeAssistant, speaker: Speaker, *timers: dict[str, object]) -> None:
    for timer in timers:
        assert not (await async_act(hass, [Step("intent.HassStartTimer", (), timer)], speaker)).failed


@pytest.mark.parametrize(
    ("service", "slots", "choices"),
    [
        (CANCEL, {}, ("pasta", "PT600S", "eggs")),
        (PAUSE, {}, ("pasta", "PT600S", "eggs")),
        (CANCEL, {"start_minutes": 20}, None),
        (CANCEL, {"name": "pastas"}, ()),
        (CANCEL, {"name": "the eggs"}, ()),
        (CANCEL, {"name": "cake"}, None),
    ],
)
async def test_which_timer(
    hass: HomeAssistant, speaker: Speaker, service: str, slots: dict[str, object], choices: tuple[str, ...] | None
) -> None:
    await started(hass, speaker, {"minutes": 5, "name": "pasta"}, {"minutes": 10}, {"minutes": 7, "name": "eggs"})
    act = Act(Call("timer_cancel"), (Step(service, (), slots),))
    failed = (await async_act(hass, act.steps, speaker)).failed
    assert failed
    found = await async_find_timer(hass, Result(act, failed), speaker)
    left = len(hass.data[TIMER_DATA].timers)
    if choices:
        assert isinstance(found.intention, Ask)
        assert (found.intention.choices, left) == (choices, 3)
    elif choices is None:
        assert (found.failed, left) == (failed, 3)
    else:
        assert (found.failed, left) == ({}, 2)


async def test_timers_that_are_called_the_same_are_not_asked_about(hass: HomeAssistant, speaker: Speaker) -> None:
    await started(hass, speaker, {"minutes": 10}, {"minutes": 10})
    act = Act(Call("timer_cancel"), (Step(CANCEL),))
    result = Result(act, (await async_act(hass, act.steps, speaker)).failed)
    assert await async_find_timer(hass, result, speaker) is result
