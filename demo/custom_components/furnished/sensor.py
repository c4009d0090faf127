"""Sensors with a number or a text."""

from datetime import UTC
from typing import TYPE_CHECKING, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorStateClass
from homeassistant.util import dt as dt_util

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys

COUNTERS = {SensorDeviceClass.ENERGY, SensorDeviceClass.GAS, SensorDeviceClass.WATER}


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the sensors in."""
    async_add_entities(entry.runtime_data.build("sensor", FurnishedSensor))


class FurnishedSensor(Furnished, SensorEntity):
    """One sensor."""

    @override
    def build(self, keys: Keys) -> None:
        if "device_class" in keys:
            self._attr_device_class = SensorDeviceClass(keys["device_class"])
        if "unit" in keys:
            self._attr_native_unit_of_measurement = keys["unit"]
            counter = self._attr_device_class in COUNTERS if "device_class" in keys else False
            self._attr_state_class = SensorStateClass.TOTAL_INCREASING if counter else SensorStateClass.MEASUREMENT

    @override
    def put(self, keys: Keys) -> None:
        if "state" not in keys:
            return
        value = keys["state"]
        if "unit" in self.piece.keys:
            self._attr_native_value = float(value) if value is not None else None
        elif self.piece.keys.get("device_class") == "timestamp":
            moment = dt_util.parse_datetime(str(value))
            self._attr_native_value = moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None
        else:
            self._attr_native_value = value
