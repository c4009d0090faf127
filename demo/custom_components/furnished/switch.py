"""Switches and sockets."""

from typing import TYPE_CHECKING, Any, ClassVar, override

from homeassistant.components.switch import SwitchDeviceClass, SwitchEntity

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the switches in."""
    async_add_entities(entry.runtime_data.build("switch", FurnishedSwitch))


class FurnishedSwitch(Furnished, SwitchEntity):
    """One switch."""

    defaults: ClassVar[Keys] = {"state": "off"}

    @override
    def build(self, keys: Keys) -> None:
        if "device_class" in keys:
            self._attr_device_class = SwitchDeviceClass(keys["device_class"])

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_is_on = keys["state"] == "on"

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        self._attr_is_on = True
        self.changed()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        self._attr_is_on = False
        self.changed()
