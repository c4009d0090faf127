"""What all entities of the integration have in common."""

from typing import TYPE_CHECKING, override

from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.entity import Entity

from .const import CONF_SUBENTRY, DOMAIN, NAME

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigSubentry

    from .runtime import IntendantConfigEntry
    from .speech.standing import Standing


class IntendantEntity(Entity):
    """An entity that stands for one subentry."""

    _attr_has_entity_name = True
    _attr_name: str | None = None

    def __init__(self, entry: IntendantConfigEntry, subentry: ConfigSubentry) -> None:
        """Take identity and device from the subentry."""
        self.entry = entry
        self.subentry = subentry
        self._attr_unique_id = subentry.subentry_id
        self._attr_device_info = dr.DeviceInfo(
            identifiers={(DOMAIN, subentry.subentry_id)},
            name=subentry.title,
            manufacturer=NAME,
            sw_version=entry.runtime_data.engine.version,
            entry_type=dr.DeviceEntryType.SERVICE,
        )


class EngineEntity(IntendantEntity):
    """An entity that is there as long as its engine can be used; a key that is refused is asked for again."""

    def __init__(self, entry: IntendantConfigEntry, subentry: ConfigSubentry, standing: Standing) -> None:
        """Take how the engine stands."""
        super().__init__(entry, subentry)
        self._standing = standing

    @property
    @override
    def available(self) -> bool:
        return self._standing.reason is None

    @override
    async def async_added_to_hass(self) -> None:
        """Follow how the engine stands."""
        await super().async_added_to_hass()
        self._standing.listen(self._async_changed)

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Follow it no more."""
        self._standing.listen(None)

    @callback
    def _async_changed(self) -> None:
        self.async_write_ha_state()
        if self._standing.reason == "server_denies":
            self.entry.async_start_reauth(self.hass, data={CONF_SUBENTRY: self.subentry.subentry_id})
