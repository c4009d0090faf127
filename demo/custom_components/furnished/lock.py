"""Locks."""

from typing import TYPE_CHECKING, Any, ClassVar, override

from homeassistant.components.lock import LockEntity, LockEntityFeature

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the locks in."""
    async_add_entities(entry.runtime_data.build("lock", FurnishedLock))


class FurnishedLock(Furnished, LockEntity):
    """One lock; some can also pull the latch."""

    defaults: ClassVar[Keys] = {"state": "locked"}

    @override
    def build(self, keys: Keys) -> None:
        if keys.get("can_open"):
            self._attr_supported_features = LockEntityFeature.OPEN

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_is_locked = keys["state"] == "locked"
            self._attr_is_open = keys["state"] == "open"
            self._attr_is_jammed = keys["state"] == "jammed"

    @override
    async def async_lock(self, **kwargs: Any) -> None:
        self.put({"state": "locked"})
        self.changed()

    @override
    async def async_unlock(self, **kwargs: Any) -> None:
        self.put({"state": "unlocked"})
        self.changed()

    @override
    async def async_open(self, **kwargs: Any) -> None:
        self.put({"state": "open"})
        self.changed()
