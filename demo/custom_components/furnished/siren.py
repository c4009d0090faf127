"""Sirens."""

from typing import TYPE_CHECKING, Any, ClassVar, override

from homeassistant.components.siren import SirenEntity, SirenEntityFeature

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the sirens in."""
    async_add_entities(entry.runtime_data.build("siren", FurnishedSiren))


class FurnishedSiren(Furnished, SirenEntity):
    """One siren."""

    defaults: ClassVar[Keys] = {"state": "off"}

    @override
    def build(self, keys: Keys) -> None:
        self._attr_supported_features = SirenEntityFeature.TURN_ON | SirenEntityFeature.TURN_OFF

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_is_on = keys["state"] == "on"

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        self._attr_is_on = True
        self.changed()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        self._attr_is_on = False
        self.changed()
