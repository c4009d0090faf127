"""Consent to the journal in a form, in plain words: whether turns are kept, for how long, and how many."""

from typing import TYPE_CHECKING, Any

import probatio
from homeassistant.config_entries import ConfigEntryState
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)

from .const import CONF_ALLOWED, CONF_DAYS, CONF_FORGET, CONF_JOURNAL, CONF_TURNS
from .journal import DEFAULT_DAYS, DEFAULT_TURNS, FEWEST_TURNS, MOST_DAYS, MOST_TURNS, Bounds, Journal

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.typing import VolDictType

    from .runtime import IntendantConfigEntry


def _number(fewest: int, most: int) -> probatio.All[Any]:
    selector = NumberSelector(NumberSelectorConfig(min=fewest, max=most, step=1, mode=NumberSelectorMode.BOX))
    return probatio.All(selector, probatio.Coerce(int))


JOURNAL_FIELDS: VolDictType = {
    probatio.Optional(CONF_JOURNAL): section(
        probatio.Schema(
            {
                probatio.Optional(CONF_ALLOWED, default=False): BooleanSelector(),
                probatio.Optional(CONF_DAYS, default=DEFAULT_DAYS): _number(1, MOST_DAYS),
                probatio.Optional(CONF_TURNS, default=DEFAULT_TURNS): _number(FEWEST_TURNS, MOST_TURNS),
                probatio.Optional(CONF_FORGET, default=False): BooleanSelector(),
            }
        ),
        {"collapsed": False},
    )
}


def suggested_bounds(entry: IntendantConfigEntry) -> dict[str, Any]:
    """Return what the form shows: what holds now."""
    return {CONF_JOURNAL: {**Bounds.of(entry.options).as_dict(), CONF_FORGET: False}}


async def async_take_bounds(
    hass: HomeAssistant, entry: IntendantConfigEntry, wish: dict[str, Any] | None
) -> dict[str, Any]:
    """Return the entry's options with what the user wishes of the journal; delete what is kept if that is wished."""
    if wish is None:
        return dict(entry.options)
    bounds = Bounds.of({CONF_JOURNAL: wish})
    if wish.get(CONF_FORGET):
        running = entry.runtime_data.journal if entry.state is ConfigEntryState.LOADED else None
        if running:
            await running.async_allow(bounds, forget=True)
        else:
            await Journal(hass, entry.entry_id, Bounds()).async_remove()
    return {**entry.options, CONF_JOURNAL: bounds.as_dict()}
