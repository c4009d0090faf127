"""Thermostats and air conditioners with one target temperature."""

from typing import TYPE_CHECKING, Any, ClassVar, override

from homeassistant.components.climate import (
    ATTR_HVAC_MODE,
    ClimateEntity,
    ClimateEntityFeature,
    HVACAction,
    HVACMode,
)
from homeassistant.const import ATTR_TEMPERATURE, UnitOfTemperature

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the thermostats in."""
    async_add_entities(entry.runtime_data.build("climate", FurnishedClimate))


class FurnishedClimate(Furnished, ClimateEntity):
    """One thermostat or air conditioner."""

    defaults: ClassVar[Keys] = {"state": "off", "temperature": 20, "current_temperature": 20}
    _attr_temperature_unit = UnitOfTemperature.CELSIUS
    _attr_target_temperature_step = 0.5

    @override
    def build(self, keys: Keys) -> None:
        self._attr_hvac_modes = [HVACMode(_mode(mode)) for mode in keys.get("modes", ["off", "heat"])]
        self._attr_min_temp, self._attr_max_temp = float(keys.get("min", 7)), float(keys.get("max", 35))
        features = ClimateEntityFeature.TARGET_TEMPERATURE
        if HVACMode.OFF in self._attr_hvac_modes:
            features |= ClimateEntityFeature.TURN_ON | ClimateEntityFeature.TURN_OFF
        if presets := keys.get("presets"):
            features |= ClimateEntityFeature.PRESET_MODE
            self._attr_preset_modes = list(presets)
        if fan_modes := keys.get("fan_modes"):
            features |= ClimateEntityFeature.FAN_MODE
            self._attr_fan_modes = [_mode(mode) for mode in fan_modes]
        if "humidity" in keys:
            features |= ClimateEntityFeature.TARGET_HUMIDITY
        self._attr_supported_features = features

    @override
    def restore(self) -> None:
        self._attr_preset_mode = self._attr_fan_mode = None
        super().restore()

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_hvac_mode = HVACMode(keys["state"])
        if "temperature" in keys:
            self._attr_target_temperature = float(keys["temperature"])
        if "current_temperature" in keys:
            self._attr_current_temperature = float(keys["current_temperature"])
        if "preset" in keys:
            self._attr_preset_mode = keys["preset"]
        if "fan_mode" in keys:
            self._attr_fan_mode = _mode(keys["fan_mode"])
        if "humidity" in keys:
            self._attr_target_humidity = int(keys["humidity"])

    @property
    @override
    def hvac_action(self) -> HVACAction | None:
        target, now = self.target_temperature or 0, self.current_temperature or 0
        match self.hvac_mode:
            case HVACMode.OFF:
                return HVACAction.OFF
            case HVACMode.FAN_ONLY:
                return HVACAction.FAN
            case HVACMode.DRY:
                return HVACAction.DRYING
            case HVACMode.HEAT | HVACMode.HEAT_COOL | HVACMode.AUTO if now < target:
                return HVACAction.HEATING
            case HVACMode.COOL | HVACMode.HEAT_COOL | HVACMode.AUTO if now > target:
                return HVACAction.COOLING
        return HVACAction.IDLE

    @override
    async def async_set_hvac_mode(self, hvac_mode: HVACMode) -> None:
        self._attr_hvac_mode = hvac_mode
        self.changed()

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        if kwargs.get(ATTR_TEMPERATURE) is not None:
            self._attr_target_temperature = kwargs[ATTR_TEMPERATURE]
        if kwargs.get(ATTR_HVAC_MODE) is not None:
            self._attr_hvac_mode = kwargs[ATTR_HVAC_MODE]
        self.changed()

    @override
    async def async_set_humidity(self, humidity: int) -> None:
        self._attr_target_humidity = humidity
        self.changed()

    @override
    async def async_set_preset_mode(self, preset_mode: str) -> None:
        self._attr_preset_mode = preset_mode
        self.changed()

    @override
    async def async_set_fan_mode(self, fan_mode: str) -> None:
        self._attr_fan_mode = fan_mode
        self.changed()


def _mode(mode: str | bool) -> str:  # noqa: FBT001 (YAML reads a bare off as false)
    """Return the mode's name, also where YAML took `off` for a truth value."""
    if isinstance(mode, bool):
        return "on" if mode else "off"
    return mode
