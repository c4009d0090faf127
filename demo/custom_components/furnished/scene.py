"""Scenes, which put other entities into the states that the file gives."""

from typing import TYPE_CHECKING, Any, override

from homeassistant.components.scene import Scene

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the scenes in."""
    async_add_entities(entry.runtime_data.build("scene", FurnishedScene))


class FurnishedScene(Furnished, Scene):
    """One scene."""

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Name the members, as Home Assistant's own scenes do."""
        return {**(super().extra_state_attributes or {}), "entity_id": list(self.piece.keys.get("sets") or {})}

    @override
    async def async_activate(self, **kwargs: Any) -> None:
        self.house.apply(self.piece.keys.get("sets") or {})
