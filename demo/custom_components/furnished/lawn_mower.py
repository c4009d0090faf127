"""Robot mowers."""

from typing import TYPE_CHECKING, ClassVar, override

from homeassistant.components.lawn_mower import LawnMowerActivity, LawnMowerEntity, LawnMowerEntityFeature

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the mowers in."""
    async_add_entities(entry.runtime_data.build("lawn_mower", FurnishedMower))


class FurnishedMower(Furnished, LawnMowerEntity):
    """One robot mower."""

    defaults: ClassVar[Keys] = {"state": "docked"}
    _attr_supported_features = (
        LawnMowerEntityFeature.START_MOWING | LawnMowerEntityFeature.PAUSE | LawnMowerEntityFeature.DOCK
    )

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_activity = LawnMowerActivity(keys["state"])

    @override
    async def async_start_mowing(self) -> None:
        self._attr_activity = LawnMowerActivity.MOWING
        self.changed()

    @override
    async def async_pause(self) -> None:
        self._attr_activity = LawnMowerActivity.PAUSED
        self.changed()

    @override
    async def async_dock(self) -> None:
        self._attr_activity = LawnMowerActivity.RETURNING
        self.changed()
