"""The household's own words in a real home with the real bundle, by what they do."""

from typing import TYPE_CHECKING

import pytest

from .conftest import Say, speech

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
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
