"""The home as the core sees it, and when it is read anew."""

from typing import TYPE_CHECKING

import pytest
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)

from custom_components.intendant.core.values import Area, Entity, Floor, Label
from custom_components.intendant.home import HouseKeeper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from homeassistant.core import HomeAssistant

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def keeper(hass: HomeAssistant) -> Iterator[HouseKeeper]:
    keeper = HouseKeeper(hass)
    end = keeper.async_listen()
    yield keeper
    end()


async def test_what_is_exposed_with_names_places_labels_and_choices(keeper: HouseKeeper) -> None:
    house = await keeper.async_house()
    assert house.entities["light.a"] == Entity(
        "light.a", "Ceiling", ("big one",), "kitchen", None, ("xmas",), ("rainbow",)
    )
    assert house.entities["media_player.a"].options == ("Radio", "TV")
    assert house.entities["cover.b"].device_class == "garage"
    assert "switch.a" not in house.entities
    assert house.home.areas == (
        Area("kitchen", "Kitchen", ("cooking area",), "ground"),
        Area("hall", "Hall", (), None),
    )
    assert house.home.floors == (Floor("ground", "Ground floor", ("downstairs",), 0),)
    assert house.home.labels == (Label("xmas", "Christmas"),)


async def test_areas_of_the_agent(hass: HomeAssistant) -> None:
    house = await HouseKeeper(hass, ["hall"]).async_house()
    assert "light.b" in house.entities
    assert "light.a" not in house.entities
    assert "weather.a" in house.entities
    assert [area.id for area in house.home.areas] == ["hall"]


async def test_a_name_taken_off_the_list_is_not_a_name(keeper: HouseKeeper, entity_registry: er.EntityRegistry) -> None:
    entity_registry.async_update_entity("light.a", aliases=["sun"])
    assert (await keeper.async_house()).entities["light.a"].name == "sun"
    entity_registry.async_update_entity("light.a", aliases=["sun", er.COMPUTED_NAME])
    entity = (await keeper.async_house()).entities["light.a"]
    assert (entity.name, entity.aliases) == ("sun", ("Ceiling",))
    entity_registry.async_update_entity("light.a", aliases=[])
    assert (await keeper.async_house()).entities["light.a"].name == "Ceiling"


CHANGES: dict[str, Callable[[HomeAssistant], object]] = {
    "area": lambda hass: ar.async_get(hass).async_update("kitchen", name="Galley"),
    "floor": lambda hass: fr.async_get(hass).async_update("ground", name="Below"),
    "label": lambda hass: lr.async_get(hass).async_update("xmas", name="Yule"),
    "entity": lambda hass: er.async_get(hass).async_update_entity("light.a", aliases=["sun"]),
    "device": lambda hass: dr.async_get(hass).async_update_device(
        next(iter(dr.async_get(hass).devices)).id, name_by_user="X"
    ),
    "exposure": lambda hass: async_expose_entity(hass, "conversation", "light.a", False),
    "new": lambda hass: hass.states.async_set("light.new", "on"),
    "gone": lambda hass: hass.states.async_remove("light.b"),
    "renamed": lambda hass: hass.states.async_set("weather.a", "rainy", {"friendly_name": "Sky"}),
    "choices": lambda hass: hass.states.async_set("media_player.a", "on", {"friendly_name": "Player", "source_list": ["TV"]}),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_a_change_of_the_home_replaces_the_house(
    hass: HomeAssistant, keeper: HouseKeeper, change: Callable[[HomeAssistant], object]
) -> None:
    before = await keeper.async_house()
    change(hass)
    await hass.async_block_till_done()
    assert await keeper.async_house() is not before


async def test_a_change_of_state_does_not(hass: HomeAssistant, keeper: HouseKeeper) -> None:
    before = await keeper.async_house()
    await hass.services.async_call("light", "turn_on", {"entity_id": "light.a", "brightness_pct": 3}, blocking=True)
    # A player that is switched off lists no sources: that is no change of what it can play.
    hass.states.async_set("media_player.a", "off", {"friendly_name": "Player"})
    er.async_get(hass).async_update_entity("light.a", icon="mdi:lamp")
    await hass.async_block_till_done()
    assert await keeper.async_house() is before
    hass.states.async_set("light.new", "on")
    assert (await keeper.async_house()).entities["media_player.a"].options == ("Radio", "TV")
