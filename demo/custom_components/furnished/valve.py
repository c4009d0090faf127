"""Valves for water and gas."""

from typing import TYPE_CHECKING, override

from homeassistant.components.valve import ValveDeviceClass, ValveEntity, ValveEntityFeature

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys

OPEN, CLOSED = 100, 0


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the valves in."""
    async_add_entities(entry.runtime_data.build("valve", FurnishedValve))


class FurnishedValve(Furnished, ValveEntity):
    """One valve."""

    @override
    def build(self, keys: Keys) -> None:
        if "device_class" in keys:
            self._attr_device_class = ValveDeviceClass(keys["device_class"])
        self._attr_reports_position = "position" in keys
        features = ValveEntityFeature.OPEN | ValveEntityFeature.CLOSE | ValveEntityFeature.STOP
        if self._attr_reports_position:
            features |= ValveEntityFeature.SET_POSITION
        self._attr_supported_features = features

    @override
    def restore(self) -> None:
        self._attr_is_closed = True
        super().restore()

    @override
    def put(self, keys: Keys) -> None:
        if "position" in keys:
            self._move(int(keys["position"]))
        elif "state" in keys:
            self._move(CLOSED if keys["state"] == "closed" else OPEN)

    @override
    async def async_open_valve(self) -> None:
        self._move(OPEN)
        self.changed()

    @override
    async def async_close_valve(self) -> None:
        self._move(CLOSED)
        self.changed()

    @override
    async def async_stop_valve(self) -> None:
        self.changed()

    @override
    async def async_set_valve_position(self, position: int) -> None:
        self._move(position)
        self.changed()

    def _move(self, position: int) -> None:
        """Be there; a valve that knows no positions is open or closed."""
        self._attr_is_closed = position == CLOSED
        if self._attr_reports_position:
            self._attr_current_valve_position = position
