"""Water heaters, whose state is their mode of operation."""

from typing import TYPE_CHECKING, Any, ClassVar, override

from homeassistant.components.water_heater import WaterHeaterEntity, WaterHeaterEntityFeature
from homeassistant.const import ATTR_TEMPERATURE, STATE_OFF, UnitOfTemperature

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the water heaters in."""
    async_add_entities(entry.runtime_data.build("water_heater", FurnishedWaterHeater))


class FurnishedWaterHeater(Furnished, WaterHeaterEntity):
    """One water heater."""

    defaults: ClassVar[Keys] = {"state": "eco", "temperature": 55}
    _attr_temperature_unit = UnitOfTemperature.CELSIUS
    _attr_min_temp = 30
    _attr_max_temp = 75

    @override
    def build(self, keys: Keys) -> None:
        modes = keys.get("modes", [STATE_OFF, "eco", "performance"])
        self._modes = [STATE_OFF if mode is False else str(mode) for mode in modes]
        self._attr_operation_list = self._modes
        self._attr_supported_features = (
            WaterHeaterEntityFeature.TARGET_TEMPERATURE | WaterHeaterEntityFeature.OPERATION_MODE
        )
        if STATE_OFF in self._modes:
            self._attr_supported_features |= WaterHeaterEntityFeature.ON_OFF

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_current_operation = keys["state"]
        if "temperature" in keys:
            self._attr_target_temperature = float(keys["temperature"])

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        self._attr_target_temperature = kwargs[ATTR_TEMPERATURE]
        self.changed()

    @override
    async def async_set_operation_mode(self, operation_mode: str) -> None:
        self._attr_current_operation = operation_mode
        self.changed()

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        if self._attr_current_operation == STATE_OFF:
            self._attr_current_operation = next(mode for mode in self._modes if mode != STATE_OFF)
        self.changed()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        self._attr_current_operation = STATE_OFF
        self.changed()
