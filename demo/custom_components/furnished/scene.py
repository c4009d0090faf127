"""Scenes, which put other entities into the states that the file gives."""

from typing import Any, override

from homeassistant.components.scene import Scene
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from . import FurnishedConfigEntry
from .entity import Furnished


async def async_setup_entry(
    hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the scenes in."""
    async_add_entities(entry.runtime_data.build("scene", FurnishedScene))


class FurnishedScene(Furnished, Scene):
    """One scene."""

    @override
    async def async_activate(self, **kwargs: Any) -> None:
        self.house.apply(self.piece.keys.get("sets") or {})
