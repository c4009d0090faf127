"""Which entities the user shows to voice assistants.

Home Assistant's own question for that writes down a default when none was set, in the versions before 2026.11; looking
must not change anything, so this applies the same rules to what is written down.
"""

from typing import TYPE_CHECKING

from homeassistant.components.conversation import DOMAIN as CONVERSATION
from homeassistant.components.homeassistant.exposed_entities import (
    DATA_EXPOSED_ENTITIES,
    DEFAULT_EXPOSED_BINARY_SENSOR_DEVICE_CLASSES,
    DEFAULT_EXPOSED_DOMAINS,
    DEFAULT_EXPOSED_SENSOR_DEVICE_CLASSES,
)
from homeassistant.core import HomeAssistant, callback, split_entity_id
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import get_device_class

if TYPE_CHECKING:
    from collections.abc import Collection

_CLASSES: dict[str, Collection[str]] = {
    "binary_sensor": DEFAULT_EXPOSED_BINARY_SENSOR_DEVICE_CLASSES,
    "sensor": DEFAULT_EXPOSED_SENSOR_DEVICE_CLASSES,
}


class Exposure:
    """The exposure of all entities at one moment."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Read what is written down."""
        exposed = hass.data[DATA_EXPOSED_ENTITIES]
        self._hass = hass
        self._entities = er.async_get(hass)
        self._settings = exposed.async_get_assistant_settings(CONVERSATION)
        self._new_ones = exposed.async_get_expose_new_entities(CONVERSATION)

    @callback
    def includes(self, entity_id: str) -> bool:
        """Return whether an entity is exposed."""
        setting = self._settings.get(entity_id, {}).get("should_expose")
        if setting is not None:
            return bool(setting)
        return self._new_ones and self._by_default(entity_id)

    def _by_default(self, entity_id: str) -> bool:
        entry = self._entities.async_get(entity_id)
        if entry and (entry.entity_category is not None or entry.hidden_by is not None):
            return False
        domain = split_entity_id(entity_id)[0]
        if domain in DEFAULT_EXPOSED_DOMAINS:
            return True
        return domain in _CLASSES and get_device_class(self._hass, entity_id) in _CLASSES[domain]
