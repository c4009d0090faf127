"""Selections."""

from typing import TYPE_CHECKING, override

from homeassistant.components.select import SelectEntity

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the selections in."""
    async_add_entities(entry.runtime_data.build("select", FurnishedSelect))


class FurnishedSelect(Furnished, SelectEntity):
    """One selection."""

    @override
    def build(self, keys: Keys) -> None:
        self._attr_options = [str(option) for option in keys["options"]]

    @override
    def restore(self) -> None:
        self._attr_current_option = self._attr_options[0]
        super().restore()

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_current_option = str(keys["state"])

    @override
    async def async_select_option(self, option: str) -> None:
        self._attr_current_option = option
        self.changed()
