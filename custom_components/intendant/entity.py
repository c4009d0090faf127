"""What all entities of the integration have in common."""

from typing import TYPE_CHECKING

from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.entity import Entity

from .const import DOMAIN, NAME

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigSubentry

    from .runtime import IntendantConfigEntry


class IntendantEntity(Entity):
    """An entity that stands for one subentry."""

    _attr_has_entity_name = True
    _attr_name = None

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
