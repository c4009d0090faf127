"""What is kept from turn to turn: questions that wait for a yes, undo, cancel, what is planned."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.intendant.core.intentions import Act, Ask, LookUp, Reply, Step, Tell
from custom_components.intendant.core.values import Call, Word

from .conftest import Say, speech
from .fakes import CALL, FakeInterpreter, act, reply

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry


@pytest.fixture(autouse=True)
def _meanings(interpreter: FakeInterpreter) -> None:
    interpreter.meanings |= {
        key: (reply(key),) for key in ("yes", "no", "undo", "cancel", "planned")
    } | {
        "unlock": (act("lock.unlock", "lock.a", confirm=True),),
        "lock": (act("lock.lock", "lock.a"),),
        "off": (act("light.turn_off", "light.a"),),
        "on": (act("light.turn_on", "light.a", brightness_pct=100),),
        "on later": (act("light.turn_on", "light.a", delay=600),),
        "cancel all": (Reply(Call("cancel", None, (Word("all"),)), "cancel"),),
        "is it on": (Tell(CALL, "state", {}, ("light.b",)),),
        "which": (Ask(CALL, "which", ("A", "B"), ("light.a", "light.b")),),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "state", "answer"),
    [
        (["yes"], "unlocked", "Act."),
        (["no"], "locked", "Reply no 1."),
        (["cancel"], "locked", "Reply cancel 1."),
        (["on", "yes"], "locked", "Reply yes 0."),
        (["no", "yes"], "locked", "Reply yes 0."),
    ],
)
async def test_nothing_is_unlocked_before_a_yes(
    hass: HomeAssistant, say: Say, said: list[str], state: str, answer: str
) -> None:
    asked = await say("unlock")
    assert speech(asked).endswith("?")
    assert asked.continue_conversation
    assert hass.states.is_state("lock.a", "locked")
    answers = [speech(await say(text)) for text in said]
    assert answers[-1] == answer
    assert hass.states.is_state("lock.a", state)


async def test_a_question_is_forgotten_after_three_minutes(
    hass: HomeAssistant, say: Say, freezer: FrozenDateTimeFactory
) -> None:
    await say("unlock")
    freezer.move_to(dt_util.utcnow() + timedelta(seconds=181))
    assert speech(await say("yes")) == "Reply yes 0."
    assert hass.states.is_state("lock.a", "locked")


@pytest.mark.parametrize(
    ("satellite", "user", "state"),
    [
        ("assist_satellite.a", None, "unlocked"),
        ("assist_satellite.b", None, "locked"),
        ("assist_satellite.a", "other", "locked"),
    ],
)
async def test_a_satellite_remembers_and_nobody_answers_for_another(
    hass: HomeAssistant, say: Say, satellite: str, user: str | None, state: str
) -> None:
    await say("unlock", None, satellite_id="assist_satellite.a")
    await say("yes", None, satellite_id=satellite, user_id=user)
    assert hass.states.is_state("lock.a", state)


async def test_memory_of_the_turn_before(say: Say, interpreter: FakeInterpreter) -> None:
    for text in ("on", "off", "is it on", "yes", "which", "on"):
        await say(text)
    memories = [situation.memory for situation in interpreter.situations]
    assert [memory.entity_ids for memory in memories] == [
        (),
        ("light.a",),
        ("light.a",),
        ("light.b",),
        ("light.b",),
        ("light.b",),
    ]
    assert memories[5].others == ("light.a", "light.b")
    assert memories[3].reading is not None
    assert memories[3].reading.text == "is it on"
    assert memories[3].former["light.a"][0] == "on"


async def test_the_things_of_a_look_up_are_remembered(say: Say, interpreter: FakeInterpreter) -> None:
    step = Step("todo.get_items", ("todo.a",))
    interpreter.meanings["list"] = (LookUp(CALL, "items", step),)
    await say("list")
    await say("on")
    assert interpreter.situations[1].memory.entity_ids == ("todo.a",)


async def test_undo_and_undo_again(hass: HomeAssistant, say: Say) -> None:
    await say("on")
    undone = await say("undo")
    assert speech(undone) == "Reply undo 1."
    assert [target.id for target in undone.response.success_results] == ["light.a"]
    assert hass.states.is_state("light.a", "off")
    await say("undo")
    assert hass.states.is_state("light.a", "on")


async def test_nothing_to_undo(say: Say) -> None:
    assert speech(await say("undo")) == "Reply undo 0."


@pytest.mark.parametrize(
    ("setting", "steps"),
    [
        ({"valve.a": "closed"}, [Step("valve.open_valve", ("valve.a",))]),
        ({"lawn_mower.a": "returning"}, [Step("lawn_mower.start_mowing", ("lawn_mower.a",))]),
        ({"siren.a": "off"}, [Step("siren.turn_on", ("siren.a",))]),
        ({"cover.a": "open"}, [Step("cover.close_cover", ("cover.a",))]),
        ({"climate.a": "off"}, [Step("climate.set_hvac_mode", ("climate.a",), {"hvac_mode": "cool"})]),
        ({"input_number.a": "3.0"}, [Step("input_number.set_value", ("input_number.a",), {"value": 7})]),
        ({"todo.a": "1"}, [Step("todo.add_item", ("todo.a",), {"item": "eggs"})]),
    ],
)
async def test_undo_of_every_kind(
    hass: HomeAssistant, say: Say, interpreter: FakeInterpreter, setting: dict[str, str], steps: list[Step]
) -> None:
    ids = tuple(setting)
    interpreter.meanings["do"] = (Act(CALL, tuple(steps), ids),)
    await say("do")
    assert not any(hass.states.is_state(entity_id, state) for entity_id, state in setting.items())
    assert speech(await say("undo")) == "Reply undo 1."
    await hass.async_block_till_done()
    assert all(hass.states.is_state(entity_id, state) for entity_id, state in setting.items())


async def test_undo_that_would_let_people_in_asks_first(hass: HomeAssistant, say: Say) -> None:
    await hass.services.async_call("lock", "unlock", {"entity_id": "lock.a"}, blocking=True)
    await say("lock")
    asked = await say("undo")
    assert speech(asked) == "Act?"
    assert hass.states.is_state("lock.a", "locked")
    await say("yes")
    assert hass.states.is_state("lock.a", "unlocked")


async def test_undo_of_what_fails(hass: HomeAssistant, say: Say) -> None:
    await say("on")
    hass.states.async_set("light.a", "unavailable")
    assert speech(await say("undo")) == "Reply undo 1 unavailable."


async def test_cancelling_what_was_planned(say: Say) -> None:
    assert speech(await say("cancel")) == "Reply cancel 0."
    for text in ("on later", "on later", "on later"):
        await say(text)
    assert speech(await say("planned")) == "Reply planned 3."
    assert speech(await say("cancel")) == "Reply cancel 1."
    assert speech(await say("cancel")) == "Reply cancel 1."
    await say("on later")
    assert speech(await say("undo")) == "Reply undo 1."
    assert speech(await say("cancel all")) == "Reply cancel 1."
    assert speech(await say("planned")) == "Reply planned 0."


async def test_a_timer_that_was_not_started_is_not_undone(say: Say, interpreter: FakeInterpreter) -> None:
    step = Step("intent.HassStartTimer", (), {"minutes": 5, "name": "tea"})
    interpreter.meanings["timer"] = (Act(CALL, (step,)),)
    # No device here takes timers: nothing was done, so there is nothing to undo.
    assert speech(await say("timer")) == "Act not_supported."
    assert speech(await say("undo")) == "Reply undo 0."


async def test_a_correction_takes_back_what_was_done(
    hass: HomeAssistant, say: Say, interpreter: FakeInterpreter
) -> None:
    interpreter.meanings["no, b"] = (act("light.turn_on", "light.b"),)
    interpreter.corrections.add("no, b")
    await say("on")
    assert hass.states.is_state("light.a", "on")
    await say("no, b")
    assert hass.states.is_state("light.a", "off")
    assert hass.states.is_state("light.b", "on")
    await say("undo")
    assert hass.states.is_state("light.b", "off")


async def test_a_correction_of_the_same_thing_makes_no_detour(
    hass: HomeAssistant, say: Say, interpreter: FakeInterpreter
) -> None:
    interpreter.corrections.add("off")
    await say("on")
    await say("off")
    assert hass.states.is_state("light.a", "off")
    await say("undo")
    assert hass.states.is_state("light.a", "off")


async def test_only_the_turn_before_is_corrected(hass: HomeAssistant, say: Say, interpreter: FakeInterpreter) -> None:
    interpreter.meanings["no, b"] = (act("light.turn_on", "light.b"),)
    interpreter.corrections.add("no, b")
    for text in ("on", "is it on", "no, b"):
        await say(text)
    assert hass.states.is_state("light.a", "on")


async def test_a_correction_does_not_unlock(hass: HomeAssistant, say: Say, interpreter: FakeInterpreter) -> None:
    interpreter.corrections.add("on")
    for text in ("unlock", "yes", "lock", "on"):
        await say(text)
    assert hass.states.is_state("lock.a", "locked")


async def test_what_was_asked_back_and_spoken_of_is_remembered(say: Say, interpreter: FakeInterpreter) -> None:
    for text in ("on", "which", "is it on", "off"):
        await say(text)
    memories = [situation.memory for situation in interpreter.situations]
    assert memories[2].question is not None
    assert memories[2].question.entity_ids == ("light.a", "light.b")
    assert memories[2].entity_ids == ("light.a",)
    assert memories[3].question is None
    assert memories[3].entity_ids == ("light.b",)
    assert memories[3].earlier == (("light.a",),)


async def test_a_scene_is_undone_by_its_members(hass: HomeAssistant, say: Say, interpreter: FakeInterpreter) -> None:
    dark = {"scene_id": "dark", "entities": {"light.a": "off"}}
    assert await async_setup_component(hass, "scene", {})
    await hass.services.async_call("scene", "create", dark, blocking=True)
    interpreter.meanings["dark"] = (act("scene.turn_on", "scene.dark"),)
    for text in ("on", "dark"):
        await say(text)
    assert hass.states.is_state("light.a", "off")
    await say("undo")
    assert hass.states.is_state("light.a", "on")


async def test_what_cannot_be_taken_back_is_named(hass: HomeAssistant, say: Say, interpreter: FakeInterpreter) -> None:
    await async_setup_component(hass, "input_button", {"input_button": {"bell": {"name": "Bell"}}})
    interpreter.meanings["ring"] = (act("input_button.press", "input_button.bell"),)
    await say("ring")
    assert speech(await say("undo")) == "Reply undo 0."


async def test_cancel_leaves_a_question_and_not_a_plan(say: Say, entry: MockConfigEntry) -> None:
    await say("on later", "other")
    await say("which")
    assert speech(await say("cancel")) == "Reply cancel 1."
    assert len(entry.runtime_data.schedule.plans) == 1


async def test_the_other_one_is_what_the_question_had_offered(say: Say, interpreter: FakeInterpreter) -> None:
    for text in ("which", "on", "off"):
        await say(text)
    assert interpreter.situations[2].memory.others == ("light.a", "light.b")
    assert interpreter.situations[2].memory.entity_ids == ("light.a",)


async def test_what_waits_for_a_yes_is_known(say: Say, interpreter: FakeInterpreter) -> None:
    await say("unlock")
    await say("which")
    assert interpreter.situations[1].memory.pending == ("lock.a",)


async def test_a_correction_of_one_of_many_leaves_the_others(
    hass: HomeAssistant, say: Say, interpreter: FakeInterpreter
) -> None:
    interpreter.meanings["both on"] = (act("light.turn_on", "light.a", "light.b"),)
    interpreter.corrections.add("off")
    await say("both on")
    await say("off")
    assert hass.states.is_state("light.a", "off")
    assert hass.states.is_state("light.b", "on")


async def test_another_time_takes_the_place_of_the_one_that_was_planned(
    hass: HomeAssistant, say: Say, interpreter: FakeInterpreter
) -> None:
    interpreter.meanings |= {
        "make that a minute": (act("light.turn_on", "light.a", delay=60),),
        "for a while": (act("light.turn_on", "light.b", back_after=600),),
        "for a minute": (act("light.turn_on", "light.b", back_after=60),),
    }
    interpreter.retimings = {"make that a minute", "for a minute"}

    def planned() -> bool:
        return interpreter.situations[-1].memory.planned is not None

    await say("on later")
    await say("is it on")
    assert planned()
    await say("make that a minute")
    assert speech(await say("planned")) == "Reply planned 1."
    await say("is it on")
    assert planned()
    await say("off")
    await say("is it on")
    assert not planned()
    await say("cancel all")
    assert hass.states.is_state("light.b", "off")
    await say("for a while")
    await say("for a minute")
    assert speech(await say("planned")) == "Reply planned 1."
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=61))
    await hass.async_block_till_done()
    assert hass.states.is_state("light.b", "off")
