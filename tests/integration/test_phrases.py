"""The household's own words in a real home with the real bundle, by what they do."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.core import Context
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockUser, async_fire_time_changed

from .conftest import Say, speech

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers import area_registry as ar
    from pytest_homeassistant_custom_component.common import MockConfigEntry


@pytest.fixture
def loader() -> None:
    """Load the bundle that comes along."""


@pytest.fixture
async def learns(hass: HomeAssistant, say: Say, entry: MockConfigEntry) -> Say:
    """Return what says sentences to an agent that may learn from corrections."""
    hass.config_entries.async_update_entry(entry, options={"journal": {"allowed": True}})
    await hass.async_block_till_done()
    return say


async def test_taught_by_voice(hass: HomeAssistant, say: Say, entry: MockConfigEntry) -> None:
    await hass.services.async_call("light", "turn_on", {"entity_id": "light.a"}, blocking=True)
    answer = await say("when I say film time, turn off the ceiling")
    assert speech(answer) == 'From now on "film time" means: turn off the ceiling.'
    assert hass.states.is_state("light.a", "on")
    assert await hass.config_entries.async_reload(entry.entry_id)
    await say("Film time, please!")
    assert hass.states.is_state("light.a", "off")
    [learnt] = entry.runtime_data.phrasebook.phrases
    assert (learnt.source, learnt.uses) == ("taught", 1)
    await say("forget what film time means")
    assert not entry.runtime_data.phrasebook.phrases
    await hass.services.async_call("light", "turn_on", {"entity_id": "light.a"}, blocking=True)
    await say("film time", "other talk")
    assert hass.states.is_state("light.a", "on")


async def test_a_name_taught_by_voice(hass: HomeAssistant, say: Say) -> None:
    assert speech(await say("Gandalf means the floor lamp")) == 'From now on "gandalf" is the floor lamp.'
    await say("turn on gandalf")
    assert hass.states.is_state("light.b", "on")


async def test_a_correction_is_remembered(hass: HomeAssistant, learns: Say, entry: MockConfigEntry) -> None:
    await learns("turn on Gandalf")
    assert hass.states.is_state("light.b", "off")
    answer = await learns("I mean the floor lamp")
    assert hass.states.is_state("light.b", "on")
    assert "gandalf" in speech(answer).lower()
    await learns("turn off gandalf", "another talk")
    assert hass.states.is_state("light.b", "off")
    [learnt] = entry.runtime_data.phrasebook.phrases
    assert await entry.runtime_data.phrasebook.async_forget(learnt.id)
    assert not await entry.runtime_data.phrasebook.async_forget(learnt.id)
    await learns("turn on gandalf", "a third talk")
    assert hass.states.is_state("light.b", "off")


async def test_nothing_is_learnt_from_corrections_unless_allowed(
    hass: HomeAssistant, say: Say, entry: MockConfigEntry
) -> None:
    await say("turn on Gandalf")
    await say("I mean the floor lamp")
    assert hass.states.is_state("light.b", "on")
    assert not entry.runtime_data.phrasebook.phrases


@pytest.mark.parametrize(
    ("lesson", "said"), [("when I say sesame, unlock the door", "sesame"), ("sesame means the door", "unlock sesame")]
)
async def test_no_phrase_opens_a_door_by_itself(hass: HomeAssistant, say: Say, lesson: str, said: str) -> None:
    await say(lesson)
    answer = await say(said, "other talk")
    assert hass.states.is_state("lock.a", "locked")
    assert answer.continue_conversation


async def test_what_nobody_can_do_is_not_learnt(say: Say, entry: MockConfigEntry) -> None:
    answer = await say("when I say hungry, order me a pizza")
    assert "can't learn" in speech(answer)
    assert not entry.runtime_data.phrasebook.phrases


async def test_a_name_is_found_in_two_sentences(
    hass: HomeAssistant, learns: Say, entry: MockConfigEntry, hass_storage: dict[str, Any]
) -> None:
    book = entry.runtime_data.phrasebook
    for first, then in (("kill the zorgon now", "turn off the floor lamp"), ("zorgon", "turn on the floor lamp")):
        await book.async_consider([("zorgon", first == "zorgon")], first, "en", "light.b")
        assert [learnt.phrase.words for learnt in book.phrases] == (["zorgon"] if first == "zorgon" else []), then
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=2))
        await hass.async_block_till_done()
        assert "zorgon" not in json.dumps(hass_storage["intendant.phrases"]["data"]["hunches"])
    await learns("turn on the zorgon")
    assert hass.states.is_state("light.b", "on")


async def test_what_one_sentence_says_twice_is_no_name(entry: MockConfigEntry, agent: str) -> None:  # noqa: ARG001 - set up
    book = entry.runtime_data.phrasebook
    for _ in range(3):
        assert await book.async_consider([("zorgon", False)], "kill the zorgon", "en", "light.b") is None
    book.async_forget_hunches()
    assert await book.async_consider([("zorgon", False)], "zorgon please", "en", "light.b") is None
    learnt = await book.async_consider([("zorgon", False)], "kill the zorgon", "en", "light.b")
    assert learnt is not None
    # Forgotten on the page, it has to be taught from the beginning.
    assert await book.async_forget(learnt.id)
    assert await book.async_consider([("zorgon", False)], "zorgon now", "en", "light.b") is None


async def test_a_name_is_learnt_from_what_people_do_by_hand(
    hass: HomeAssistant, learns: Say, entry: MockConfigEntry
) -> None:
    MockUser(id="ann", is_owner=True).add_to_hass(hass)
    for sentence in ("turn on the zorgon please", "hey, zorgon on"):
        await learns(sentence, sentence, user_id="ann")
        assert hass.states.is_state("light.b", "off")
        context = Context(user_id="ann")
        await hass.services.async_call("light", "turn_on", {"entity_id": "light.b"}, blocking=True, context=context)
        await hass.services.async_call("light", "turn_off", {"entity_id": "light.b"}, blocking=True)
        await hass.async_block_till_done()
    [learnt] = entry.runtime_data.phrasebook.phrases
    assert (learnt.phrase.words, learnt.phrase.entity_ids, learnt.source) == ("zorgon", ("light.b",), "voice")


async def test_a_room_has_names_of_its_own_too(hass: HomeAssistant, say: Say, area_registry: ar.AreaRegistry) -> None:
    area = area_registry.async_create("Finn's room")
    er.async_get(hass).async_update_entity("light.b", area_id=area.id)
    await hass.async_block_till_done()
    assert speech(await say("the zorgon means finn's room")) == 'From now on "zorgon" is Finn\'s room.'
    await say("lights on in the zorgon")
    assert hass.states.is_state("light.b", "on")
    assert hass.states.is_state("light.a", "off")


async def test_a_sentence_after_which_a_scene_is_run_by_hand_twice_runs_it(
    hass: HomeAssistant, learns: Say, entry: MockConfigEntry
) -> None:
    hass.states.async_set("scene.evening", "0", {"friendly_name": "Evening"})
    MockUser(id="ann", is_owner=True).add_to_hass(hass)
    for number in (1, 2):
        await learns("bunnies to the burrow", f"talk {number}", user_id="ann")
        hass.states.async_set("scene.evening", str(number), context=Context(user_id="ann"))
        await hass.async_block_till_done()
    [learnt] = entry.runtime_data.phrasebook.phrases
    assert (learnt.phrase.words, learnt.phrase.verb, learnt.phrase.entity_ids) == (
        "bunnies to the burrow",
        "run",
        ("scene.evening",),
    )
