"""Numbers within a range."""

from typing import TYPE_CHECKING, override

from homeassistant.components.number import NumberEntity

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the numbers in."""
    async_add_entities(entry.runtime_data.build("number", FurnishedNumber))


class FurnishedNumber(Furnished, NumberEntity):
    """One number."""

    @override
    def build(self, keys: Keys) -> None:
        self._attr_native_min_value = float(keys.get("min", 0))
        self._attr_native_max_value = float(keys.get("max", 100))
        self._attr_native_step = float(keys.get("step", 1))
        self._attr_native_unit_of_measurement = keys.get("unit")

    @override
    def restore(self) -> None:
        self._attr_native_value = self._attr_native_min_value
        super().restore()

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_native_value = float(keys["state"])

    @override
    async def async_set_native_value(self, value: float) -> None:
        self._attr_native_value = value
        self.changed()
