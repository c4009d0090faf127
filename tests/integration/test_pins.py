"""Sensitive things: what a satellite and a signed-in user may do, PINs, and that a PIN is nowhere to be found afterwards."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.components.conversation import chat_log as chat_logs
from homeassistant.helpers import chat_session
from homeassistant.util import dt as dt_util

from custom_components.intendant.const import CONF_PIN_HASH
from custom_components.intendant.pins import hash_pin, is_pin

from .conftest import Say, speech
from .fakes import FakeInterpreter, act, reply

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

HASH = hash_pin("4079")
WITH_PIN: dict[str, Any] = {CONF_PIN_HASH: HASH}
SATELLITE = "assist_satellite.a"


@pytest.fixture(autouse=True)
def _meanings(interpreter: FakeInterpreter) -> None:
    interpreter.meanings |= {key: (reply(key),) for key in ("yes", "no", "undo")} | {
        "unlock": (act("lock.unlock", "lock.a", confirm=True),),
        "lock": (act("lock.lock", "lock.a"),),
        "lamp": (act("light.turn_on", "light.b"),),
    }


def test_a_pin_is_stored_as_a_hash_with_its_own_salt() -> None:
    assert "4079" not in HASH
    assert hash_pin("4079") != HASH
    assert is_pin("4079", HASH)
    assert not is_pin("4078", HASH)


@pytest.mark.parametrize(
    ("options", "said", "state"),
    [
        (WITH_PIN, ["unlock", "4079"], "unlocked"),
        (WITH_PIN, ["unlock", "the pin is four oh seven nine"], "unlocked"),
        (WITH_PIN, ["unlock", "yes"], "locked"),
        (WITH_PIN, ["unlock", "yes", "4079"], "unlocked"),
        (WITH_PIN, ["unlock", "4078"], "locked"),
        (WITH_PIN, ["unlock", "4078", "4079"], "unlocked"),
        (WITH_PIN, ["unlock", "4078", "4077", "4076", "4079"], "locked"),
        (WITH_PIN, ["unlock", "4078", "4077", "4076", "unlock", "4079"], "locked"),
        (WITH_PIN, ["unlock", "lamp", "4079"], "locked"),
        (WITH_PIN, ["4079", "unlock"], "locked"),
        (WITH_PIN, ["unlock", "no", "4079"], "locked"),
        ({}, ["unlock", "yes"], "unlocked"),
        ({"sensitive": {"voice_policy": "allow"}}, ["unlock"], "locked"),
        ({"sensitive": {"pin_things": ["light.b"]}, **WITH_PIN}, ["lamp", "4079"], "locked"),
    ],
)
async def test_at_a_satellite(hass: HomeAssistant, say: Say, said: list[str], state: str) -> None:
    for text in said:
        await say(text, satellite_id=SATELLITE)
    assert hass.states.is_state("lock.a", state)


@pytest.mark.parametrize(
    ("options", "said", "state"),
    [
        ({"sensitive": {"confirm_things": ["light.b"]}}, ["lamp"], "off"),
        ({"sensitive": {"confirm_things": ["light.b"]}}, ["lamp", "yes"], "on"),
        ({"sensitive": {"pin_things": ["light.b"]}, **WITH_PIN}, ["lamp", "yes"], "off"),
        ({"sensitive": {"pin_things": ["light.b"]}, **WITH_PIN}, ["lamp", "4079"], "on"),
        ({"sensitive": {"refuse_things": ["light.b"]}}, ["lamp", "yes"], "off"),
        ({}, ["lamp"], "on"),
    ],
)
async def test_what_the_user_adds(hass: HomeAssistant, say: Say, said: list[str], state: str) -> None:
    for text in said:
        await say(text)
    assert hass.states.is_state("light.b", state)


@pytest.mark.parametrize("options", [WITH_PIN])
async def test_the_pin_is_not_in_the_chat_log(hass: HomeAssistant, say: Say) -> None:
    await say("unlock")
    await say("4079")
    with (
        chat_session.async_get_chat_session(hass, "talk") as session,
        chat_logs.async_get_chat_log(hass, session) as log,
    ):
        assert "4079" not in repr(log.content)
    assert hass.states.is_state("lock.a", "unlocked")


@pytest.mark.parametrize("options", [WITH_PIN])
async def test_after_three_wrong_pins_none_is_taken_for_five_minutes(
    hass: HomeAssistant, say: Say, freezer: FrozenDateTimeFactory
) -> None:
    for text in ("unlock", "1111", "2222", "3333"):
        answer = await say(text)
    assert speech(answer) == "Refuse pin_closed."
    assert speech(await say("unlock")) == "Refuse pin_closed."
    freezer.move_to(dt_util.utcnow() + timedelta(minutes=5, seconds=1))
    await say("unlock")
    await say("4079")
    assert hass.states.is_state("lock.a", "unlocked")


@pytest.mark.parametrize("options", [WITH_PIN])
async def test_undo_takes_the_pin_too(hass: HomeAssistant, say: Say) -> None:
    for text in ("unlock", "4079", "lock", "undo"):
        await say(text)
    assert hass.states.is_state("lock.a", "locked")
    await say("4079")
    assert hass.states.is_state("lock.a", "unlocked")


@pytest.mark.usefixtures("agent")
async def test_a_pin_is_set_kept_and_removed_in_the_options(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    subentries = hass.config_entries.subentries
    [subentry] = entry.subentries.values()

    async def change(**sensitive: object) -> dict[str, Any]:
        form = await entry.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
        result = await subentries.async_configure(form["flow_id"], {"sensitive": sensitive})
        await hass.async_block_till_done()
        return dict(result.get("errors") or {})

    def stored() -> str:
        return str(entry.subentries[subentry.subentry_id].data.get(CONF_PIN_HASH, ""))

    assert await change(pin="12") == {"base": "pin_form"}
    assert await change(pin="5512") == {}
    assert is_pin("5512", stored())
    assert "5512" not in repr(entry.as_dict())
    await change(voice_policy="confirm")
    assert is_pin("5512", stored())
    await change(remove_pin=True)
    assert not stored()


@pytest.mark.parametrize("options", [WITH_PIN])
@pytest.mark.parametrize("text", ["I think it was 4079 or so", "4079 I said, thank you very much my friend"])
async def test_digits_go_nowhere_else_while_a_pin_is_waited_for(
    hass: HomeAssistant, say: Say, interpreter: FakeInterpreter, text: str
) -> None:
    await say("unlock")
    heard = len(interpreter.situations)
    assert speech(await say(text)) == "Refuse needs_pin."
    assert len(interpreter.situations) == heard
    assert hass.states.is_state("lock.a", "locked")
    await say("4079")
    assert hass.states.is_state("lock.a", "unlocked")


@pytest.mark.parametrize("options", [WITH_PIN])
async def test_a_pin_nobody_asked_for_is_hidden_too(hass: HomeAssistant, say: Say) -> None:
    assert speech(await say("4079")) == "Refuse pin_unasked."
    with (
        chat_session.async_get_chat_session(hass, "talk") as session,
        chat_logs.async_get_chat_log(hass, session) as log,
    ):
        assert "4079" not in repr(log.content)


@pytest.mark.parametrize("options", [{"sensitive": {"pin_things": ["light.b"]}, **WITH_PIN}])
async def test_undo_of_a_thing_with_a_policy_takes_it_too(hass: HomeAssistant, say: Say) -> None:
    for text in ("lamp", "4079", "undo"):
        await say(text)
    assert hass.states.is_state("light.b", "on")
    await say("4079")
    assert hass.states.is_state("light.b", "off")
