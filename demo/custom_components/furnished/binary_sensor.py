"""Sensors that are on or off."""

from typing import TYPE_CHECKING, ClassVar, override

from homeassistant.components.binary_sensor import BinarySensorDeviceClass, BinarySensorEntity

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the sensors in."""
    async_add_entities(entry.runtime_data.build("binary_sensor", FurnishedBinarySensor))


class FurnishedBinarySensor(Furnished, BinarySensorEntity):
    """One sensor that is on or off."""

    defaults: ClassVar[Keys] = {"state": "off"}

    @override
    def build(self, keys: Keys) -> None:
        if "device_class" in keys:
            self._attr_device_class = BinarySensorDeviceClass(keys["device_class"])

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_is_on = keys["state"] in ("on", "open")
