"""Buttons, whose state is the time of the last press."""

from typing import TYPE_CHECKING, override

from homeassistant.components.button import ButtonEntity

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the buttons in."""
    async_add_entities(entry.runtime_data.build("button", FurnishedButton))


class FurnishedButton(Furnished, ButtonEntity):
    """One button."""

    @override
    async def async_press(self) -> None:
        """Do nothing more than Home Assistant does: it notes the time."""
