"""Write floors, areas, labels, names and exposure into Home Assistant's registries."""

from typing import TYPE_CHECKING

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)

from .const import ASSISTANT, DOMAIN, PHONE

if TYPE_CHECKING:
    from .home import Home, Piece


@callback
def async_build_rooms(hass: HomeAssistant, home: Home) -> None:
    """Make the home's floors, areas and labels, with the ids that the file gives them."""
    floors, areas, labels = fr.async_get(hass), ar.async_get(hass), lr.async_get(hass)
    for label in home.labels:
        # An id is derived from the first name, so the id comes first as a name.
        if labels.async_get_label(label.id) is None:
            labels.async_create(label.id)
        labels.async_update(label.id, name=label.name)
    for floor in home.floors:
        if floors.async_get_floor(floor.id) is None:
            floors.async_create(floor.id)
        floors.async_update(floor.id, name=floor.name, level=floor.level or 0, aliases=set(floor.aliases))
    for area in home.areas:
        if areas.async_get_area(area.id) is None:
            areas.async_create(area.id)
        areas.async_update(area.id, name=area.name, floor_id=area.floor, aliases=set(area.aliases))


@callback
def async_arrange(hass: HomeAssistant, home: Home, entry_id: str) -> None:
    """Give every entity its area, aliases, labels and exposure, and every satellite its area."""
    entities, devices = er.async_get(hass), dr.async_get(hass)
    for piece in home.pieces:
        _arrange(hass, entities, piece)
    for device in dr.async_entries_for_config_entry(devices, entry_id):
        for domain, identifier in device.identifiers:
            area = identifier.removeprefix("satellite_")
            if domain == DOMAIN and area != PHONE:
                devices.async_update_device(device.id, area_id=area)
    for entry in er.async_entries_for_config_entry(entities, entry_id):
        if entry.domain == "assist_satellite":
            async_expose_entity(hass, ASSISTANT, entry.entity_id, should_expose=False)


def _arrange(hass: HomeAssistant, entities: er.EntityRegistry, piece: Piece) -> None:
    """Give one entity its area, aliases, labels and exposure."""
    entities.async_update_entity(
        piece.id,
        area_id=piece.area,
        aliases=[er.COMPUTED_NAME, *piece.aliases],
        labels=set(piece.labels),
    )
    async_expose_entity(hass, ASSISTANT, piece.id, should_expose=piece.exposed)
