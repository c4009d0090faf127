"""Lights: on and off, brightness, white temperature, colour, effects."""

from typing import TYPE_CHECKING, Any, ClassVar, override

from homeassistant.components.light import (
    ATTR_BRIGHTNESS,
    ATTR_COLOR_TEMP_KELVIN,
    ATTR_EFFECT,
    ATTR_RGB_COLOR,
    ColorMode,
    LightEntity,
    LightEntityFeature,
)
from homeassistant.util.color import color_name_to_rgb

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys

FULL = 255


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the lights in."""
    async_add_entities(entry.runtime_data.build("light", FurnishedLight))


class FurnishedLight(Furnished, LightEntity):
    """One light."""

    defaults: ClassVar[Keys] = {"state": "off", "brightness_pct": 100}

    @override
    def build(self, keys: Keys) -> None:
        modes = {ColorMode(mode) for mode in keys.get("modes", ["brightness"])}
        if modes & {ColorMode.RGB, ColorMode.COLOR_TEMP}:
            modes -= {ColorMode.BRIGHTNESS, ColorMode.ONOFF}
        elif ColorMode.BRIGHTNESS in modes:
            modes -= {ColorMode.ONOFF}
        self._attr_supported_color_modes = modes
        self._attr_min_color_temp_kelvin, self._attr_max_color_temp_kelvin = 2000, 6500
        if effects := keys.get("effects"):
            self._attr_effect_list = list(effects)
            self._attr_supported_features = LightEntityFeature.EFFECT

    @override
    def restore(self) -> None:
        modes = self._attr_supported_color_modes or {ColorMode.ONOFF}
        order = (ColorMode.COLOR_TEMP, ColorMode.RGB, ColorMode.BRIGHTNESS, ColorMode.ONOFF)
        self._attr_color_mode = next(mode for mode in order if mode in modes)
        self._attr_color_temp_kelvin = 2700 if self._attr_color_mode is ColorMode.COLOR_TEMP else None
        self._attr_rgb_color = (255, 255, 255) if self._attr_color_mode is ColorMode.RGB else None
        self._attr_effect = None
        super().restore()

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_is_on = keys["state"] == "on"
        if "brightness_pct" in keys:
            self._attr_brightness = max(1, round(float(keys["brightness_pct"]) * FULL / 100))
        if "color_temp_kelvin" in keys:
            self._whiten(int(keys["color_temp_kelvin"]))
        if "color" in keys:
            self._paint(_rgb(keys["color"]))
        if "effect" in keys:
            self._attr_effect = keys["effect"]

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        self._attr_is_on = True
        if ATTR_BRIGHTNESS in kwargs:
            self._attr_brightness = kwargs[ATTR_BRIGHTNESS]
        if ATTR_COLOR_TEMP_KELVIN in kwargs:
            self._whiten(kwargs[ATTR_COLOR_TEMP_KELVIN])
        if ATTR_RGB_COLOR in kwargs:
            self._paint(kwargs[ATTR_RGB_COLOR])
        if ATTR_EFFECT in kwargs:
            self._attr_effect = kwargs[ATTR_EFFECT]
        self.changed()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        self._attr_is_on = False
        self.changed()

    def _whiten(self, kelvin: int) -> None:
        """Shine white of that temperature."""
        self._attr_color_mode, self._attr_color_temp_kelvin = ColorMode.COLOR_TEMP, kelvin
        self._attr_rgb_color = self._attr_effect = None

    def _paint(self, rgb: tuple[int, int, int]) -> None:
        """Shine in that colour."""
        self._attr_color_mode, self._attr_rgb_color = ColorMode.RGB, rgb
        self._attr_color_temp_kelvin = self._attr_effect = None


def _rgb(color: str | list[int]) -> tuple[int, int, int]:
    """Return a colour's name or list as three numbers."""
    red, green, blue = color_name_to_rgb(color) if isinstance(color, str) else color
    return red, green, blue
