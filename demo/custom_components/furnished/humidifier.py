"""Humidifiers and dehumidifiers."""

from typing import TYPE_CHECKING, Any, ClassVar, override

from homeassistant.components.humidifier import HumidifierDeviceClass, HumidifierEntity, HumidifierEntityFeature

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the humidifiers in."""
    async_add_entities(entry.runtime_data.build("humidifier", FurnishedHumidifier))


class FurnishedHumidifier(Furnished, HumidifierEntity):
    """One humidifier or dehumidifier."""

    defaults: ClassVar[Keys] = {"state": "off", "humidity": 50}

    @override
    def build(self, keys: Keys) -> None:
        self._attr_device_class = HumidifierDeviceClass(keys.get("device_class", "humidifier"))
        if modes := keys.get("modes"):
            self._attr_supported_features = HumidifierEntityFeature.MODES
            self._attr_available_modes = list(modes)
            self._attr_mode = keys.get("mode", modes[0])

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_is_on = keys["state"] == "on"
        if "humidity" in keys:
            self._attr_target_humidity = float(keys["humidity"])
        if "mode" in keys:
            self._attr_mode = keys["mode"]

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        self._attr_is_on = True
        self.changed()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        self._attr_is_on = False
        self.changed()

    @override
    async def async_set_humidity(self, humidity: int) -> None:
        self._attr_target_humidity = humidity
        self.changed()

    @override
    async def async_set_mode(self, mode: str) -> None:
        self._attr_mode = mode
        self.changed()
