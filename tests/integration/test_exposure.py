"""What is exposed, read without writing anything down."""

from typing import TYPE_CHECKING

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component

from custom_components.intendant.exposure import Exposure

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant


async def test_defaults_are_applied_and_not_written_down(
    hass: HomeAssistant, entity_registry: er.EntityRegistry
) -> None:
    assert await async_setup_component(hass, "homeassistant", {})
    plug = entity_registry.async_get_or_create("switch", "test", "plug").entity_id
    light = entity_registry.async_get_or_create(
        "switch", "test", "led", entity_category=er.EntityCategory.CONFIG
    ).entity_id
    for entity_id in (plug, light, "light.legacy", "script.legacy", "sensor.text", "lock.open"):
        hass.states.async_set(entity_id, "on")
    hass.states.async_set("sensor.heat", "20", {"device_class": "temperature"})
    async_expose_entity(hass, "conversation", "lock.open", should_expose=True)
    exposure = Exposure(hass)
    shown = {state.entity_id for state in hass.states.async_all() if exposure.includes(state.entity_id)}
    assert shown == {plug, "light.legacy", "sensor.heat", "lock.open"}
    entry = entity_registry.async_get(plug)
    assert entry is not None
    assert not entry.options
