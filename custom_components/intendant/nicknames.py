"""Learn the names that the household gives its things from what people do when a sentence did not help (core/nickname.py)."""

from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant, State, callback

from .core.lesson import lesson_by_hand
from .core.nickname import wanted_by_hand
from .journal.record import HIDDEN

if TYPE_CHECKING:
    from .core.house import House
    from .core.nickname import Wanted
    from .journal.record import TurnRecord
    from .runtime import IntendantConfigEntry


_RUN: Final = frozenset({"scene", "script"})
"""What people have whole sentences for: "lights out"."""


@callback
def async_look_for_name(
    hass: HomeAssistant, entry: IntendantConfigEntry, text: str, wanted: Wanted, house: House, language: str
) -> None:
    """Look for a name of what was wanted in a sentence. It takes some reads of the model, for which nobody waits."""

    async def look() -> None:
        names = await entry.runtime_data.engine.async_names(text, wanted, house, language)
        await entry.runtime_data.phrasebook.async_consider(names, text, language, wanted.thing)

    entry.async_create_task(hass, look(), "intendant nickname")


@callback
def async_learn_from_hand(
    hass: HomeAssistant, entry: IntendantConfigEntry, record: TurnRecord, old: State, new: State
) -> None:
    """Take what was done by hand after a turn that did nothing for what was wanted."""
    wanted = wanted_by_hand(new.entity_id, old.state, new.state)
    if wanted is None or record.decision == "act" or record.utterance == HIDDEN:
        return

    async def look() -> None:
        book = entry.runtime_data.phrasebook
        if new.domain in _RUN and (lesson := lesson_by_hand(record.utterance, new.entity_id, record.language)):
            await book.async_take(lesson)
            return
        for keeper in entry.runtime_data.houses.values():
            house = await keeper.async_house()
            if new.entity_id in house.entities:
                async_look_for_name(hass, entry, record.utterance, wanted, house, record.language)
                return

    entry.async_create_task(hass, look(), "intendant nickname by hand")
