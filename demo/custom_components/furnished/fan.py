"""Fans: on and off, speed, presets, oscillation, direction."""

from typing import TYPE_CHECKING, Any, ClassVar, override

from homeassistant.components.fan import FanEntity, FanEntityFeature

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys

USUAL_SPEED = 50


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the fans in."""
    async_add_entities(entry.runtime_data.build("fan", FurnishedFan))


class FurnishedFan(Furnished, FanEntity):
    """One fan; it remembers its speed while it is off."""

    defaults: ClassVar[Keys] = {"state": "off"}
    _attr_speed_count = 10
    _on = False
    _speed = USUAL_SPEED

    @override
    def build(self, keys: Keys) -> None:
        features = FanEntityFeature.TURN_ON | FanEntityFeature.TURN_OFF
        if "percentage" in keys:
            features |= FanEntityFeature.SET_SPEED
        if presets := keys.get("presets"):
            features |= FanEntityFeature.PRESET_MODE
            self._attr_preset_modes = list(presets)
        if "oscillating" in keys:
            features |= FanEntityFeature.OSCILLATE
        if "direction" in keys:
            features |= FanEntityFeature.DIRECTION
        self._attr_supported_features = features

    @property
    @override
    def is_on(self) -> bool:
        return self._on

    @override
    def restore(self) -> None:
        self._speed = USUAL_SPEED
        self._attr_preset_mode = self._attr_oscillating = self._attr_current_direction = None
        super().restore()
        self._show()

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._on = keys["state"] == "on"
        if keys.get("percentage"):
            self._speed = int(keys["percentage"])
        if "preset" in keys:
            self._attr_preset_mode = keys["preset"]
        if "oscillating" in keys:
            self._attr_oscillating = bool(keys["oscillating"])
        if "direction" in keys:
            self._attr_current_direction = keys["direction"]
        self._show()

    @override
    async def async_turn_on(self, percentage: int | None = None, preset_mode: str | None = None, **kwargs: Any) -> None:
        self._on = True
        if percentage is not None:
            await self.async_set_percentage(percentage)
        if preset_mode is not None:
            await self.async_set_preset_mode(preset_mode)
        self._show()
        self.changed()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        self._on = False
        self._show()
        self.changed()

    @override
    async def async_set_percentage(self, percentage: int) -> None:
        self._on, self._attr_preset_mode = percentage > 0, None
        self._speed = percentage or self._speed
        self._show()
        self.changed()

    @override
    async def async_set_preset_mode(self, preset_mode: str) -> None:
        self._on, self._attr_preset_mode = True, preset_mode
        self._show()
        self.changed()

    @override
    async def async_oscillate(self, oscillating: bool) -> None:
        self._attr_oscillating = oscillating
        self.changed()

    @override
    async def async_set_direction(self, direction: str) -> None:
        self._attr_current_direction = direction
        self.changed()

    def _show(self) -> None:
        """Report no speed while off, as real fans do."""
        self._attr_percentage = self._speed if self._on else 0
