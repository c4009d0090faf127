"""Every service of every furnished domain really changes what it should (demo/custom_components/furnished)."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from homeassistant.components.homeassistant.exposed_entities import async_should_expose
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
)
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_capture_events

import custom_components

ROOT = Path(__file__).parents[2]
if str(ROOT / "demo/custom_components") not in custom_components.__path__:
    custom_components.__path__.append(str(ROOT / "demo/custom_components"))

from custom_components.furnished import async_furnish  # noqa: E402
from custom_components.furnished.home import HomeError, load_home, parse_home  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant

    from custom_components.furnished.entity import House

HOME = """
name: Test
floors: [{id: ground, name: Ground floor, level: 0, aliases: [downstairs]}]
areas: [{id: kitchen, name: Küche, floor: ground, aliases: [cooking area]}, {id: hall, name: Hall}]
labels: [{id: xmas, name: Christmas}]
entities:
  - {id: light.a, name: A, area: kitchen, aliases: [big one], labels: [xmas], modes: [rgb, color_temp], effects: [rainbow], brightness_pct: 50}
  - {id: light.b, name: B, modes: [onoff]}
  - {id: switch.a, name: Hidden, exposed: false}
  - {id: switch.gone, name: Gone, available: false}
  - {id: fan.a, name: Fan, percentage: 0, presets: [sleep], oscillating: false, direction: forward}
  - {id: fan.b, name: Plain fan}
  - {id: cover.a, name: Blind, device_class: blind, position: 100, tilt: 0}
  - {id: cover.b, name: Garage, device_class: garage}
  - {id: valve.a, name: Water, device_class: water, position: 0}
  - {id: lock.a, name: Door, can_open: true}
  - {id: climate.a, name: Heating, modes: [off, heat, cool], presets: [eco, comfort], fan_modes: [low, high], humidity: 50}
  - {id: humidifier.a, name: Humidifier, modes: [auto, sleep]}
  - {id: water_heater.a, name: Boiler}
  - {id: media_player.a, name: Player, sources: [Radio, TV], state: playing}
  - {id: vacuum.a, name: Vacuum, areas: [kitchen, hall], fan_speeds: [quiet, turbo]}
  - {id: lawn_mower.a, name: Mower}
  - {id: alarm_control_panel.a, name: Alarm}
  - {id: scene.a, name: Scene, sets: {light.a: {state: on, brightness_pct: 20}, light.b: on}}
  - {id: script.a, name: Script, sets: {light.b: on}}
  - {id: automation.a, name: Automation, sets: {light.b: on}}
  - {id: siren.a, name: Siren}
  - {id: select.a, name: Select, options: [one, two]}
  - {id: number.a, name: Number, min: 1, max: 9, state: 3, unit: min}
  - {id: input_select.a, name: Mode, options: [one, two]}
  - {id: input_number.a, name: Input number, min: 1, max: 9, state: 3}
  - {id: input_boolean.a, name: Guests}
  - {id: input_text.a, name: Note, state: hello}
  - {id: input_button.a, name: Bell}
  - {id: button.a, name: Button}
  - {id: todo.a, name: Shopping, items: [milk, {summary: rent, done: true}]}
  - {id: calendar.a, name: Calendar, events: [{summary: Dentist, in_hours: 26}]}
  - {id: weather.a, name: Weather, state: rainy, forecast: [{in_days: 1, condition: sunny, high: 18, low: 9}]}
  - {id: sensor.a, name: Sensor, device_class: temperature, unit: °C, state: 21.5}
  - {id: sensor.b, name: Moment, device_class: timestamp, state: "2026-11-23T08:00:00"}
  - {id: binary_sensor.a, name: Window, device_class: window, state: on}
  - {id: person.a, name: Ann, state: Work}
"""

# service, entity, data, state after it, attributes after it
SERVICES: list[tuple[str, str, dict[str, Any], str, dict[str, Any]]] = [
    ("light.turn_on", "light.a", {}, "on", {"brightness": 128}),
    ("light.turn_on", "light.a", {"brightness_pct": 20}, "on", {"brightness": 51}),
    ("light.turn_on", "light.a", {"rgb_color": [255, 0, 0]}, "on", {"rgb_color": (255, 0, 0), "color_mode": "rgb"}),
    ("light.turn_on", "light.a", {"color_temp_kelvin": 4000}, "on", {"color_temp_kelvin": 4000}),
    ("light.turn_on", "light.a", {"effect": "rainbow"}, "on", {"effect": "rainbow"}),
    ("light.toggle", "light.b", {}, "on", {"color_mode": "onoff"}),
    ("switch.turn_on", "switch.a", {}, "on", {}),
    ("fan.turn_on", "fan.a", {}, "on", {"percentage": 50}),
    ("fan.turn_on", "fan.a", {"percentage": 30}, "on", {"percentage": 30}),
    ("fan.set_percentage", "fan.a", {"percentage": 70}, "on", {"percentage": 70}),
    ("fan.set_preset_mode", "fan.a", {"preset_mode": "sleep"}, "on", {"preset_mode": "sleep"}),
    ("fan.oscillate", "fan.a", {"oscillating": True}, "off", {"oscillating": True}),
    ("fan.set_direction", "fan.a", {"direction": "reverse"}, "off", {"direction": "reverse"}),
    ("fan.turn_on", "fan.b", {}, "on", {}),
    ("cover.close_cover", "cover.a", {}, "closed", {"current_position": 0}),
    ("cover.set_cover_position", "cover.a", {"position": 40}, "open", {"current_position": 40}),
    ("cover.set_cover_tilt_position", "cover.a", {"tilt_position": 40}, "open", {"current_tilt_position": 40}),
    ("cover.open_cover_tilt", "cover.a", {}, "open", {"current_tilt_position": 100}),
    ("cover.open_cover", "cover.b", {}, "open", {}),
    ("valve.open_valve", "valve.a", {}, "open", {"current_position": 100}),
    ("valve.set_valve_position", "valve.a", {"position": 25}, "open", {"current_position": 25}),
    ("lock.unlock", "lock.a", {}, "unlocked", {}),
    ("lock.open", "lock.a", {}, "open", {}),
    ("climate.set_hvac_mode", "climate.a", {"hvac_mode": "cool"}, "cool", {}),
    ("climate.turn_on", "climate.a", {}, "heat", {}),
    ("climate.set_temperature", "climate.a", {"temperature": 23, "hvac_mode": "heat"}, "heat", {"temperature": 23}),
    ("climate.set_preset_mode", "climate.a", {"preset_mode": "eco"}, "off", {"preset_mode": "eco"}),
    ("climate.set_fan_mode", "climate.a", {"fan_mode": "high"}, "off", {"fan_mode": "high"}),
    ("climate.set_humidity", "climate.a", {"humidity": 60}, "off", {"humidity": 60}),
    ("humidifier.turn_on", "humidifier.a", {}, "on", {}),
    ("humidifier.set_humidity", "humidifier.a", {"humidity": 40}, "off", {"humidity": 40}),
    ("humidifier.set_mode", "humidifier.a", {"mode": "sleep"}, "off", {"mode": "sleep"}),
    ("water_heater.set_operation_mode", "water_heater.a", {"operation_mode": "performance"}, "performance", {}),
    ("water_heater.set_temperature", "water_heater.a", {"temperature": 60}, "eco", {"temperature": 60}),
    ("water_heater.turn_off", "water_heater.a", {}, "off", {}),
    ("media_player.media_pause", "media_player.a", {}, "paused", {}),
    ("media_player.media_stop", "media_player.a", {}, "idle", {}),
    ("media_player.turn_off", "media_player.a", {}, "off", {}),
    ("media_player.media_next_track", "media_player.a", {}, "playing", {"media_track": 2}),
    ("media_player.volume_set", "media_player.a", {"volume_level": 0.7}, "playing", {"volume_level": 0.7}),
    ("media_player.volume_up", "media_player.a", {}, "playing", {"volume_level": 0.5}),
    ("media_player.volume_mute", "media_player.a", {"is_volume_muted": True}, "playing", {"is_volume_muted": True}),
    ("media_player.select_source", "media_player.a", {"source": "TV"}, "playing", {"source": "TV"}),
    ("media_player.shuffle_set", "media_player.a", {"shuffle": True}, "playing", {"shuffle": True}),
    ("media_player.repeat_set", "media_player.a", {"repeat": "one"}, "playing", {"repeat": "one"}),
    (
        "media_player.play_media",
        "media_player.a",
        {"media_content_id": "jazz", "media_content_type": "music"},
        "playing",
        {"search": "jazz", "media_title": "jazz"},
    ),
    ("vacuum.start", "vacuum.a", {}, "cleaning", {}),
    ("vacuum.return_to_base", "vacuum.a", {}, "returning", {}),
    ("vacuum.clean_area", "vacuum.a", {"cleaning_area_id": ["kitchen"]}, "cleaning", {"cleaning": ["kitchen"]}),
    ("vacuum.locate", "vacuum.a", {}, "docked", {"located": 1}),
    ("vacuum.set_fan_speed", "vacuum.a", {"fan_speed": "turbo"}, "docked", {"fan_speed": "turbo"}),
    ("lawn_mower.start_mowing", "lawn_mower.a", {}, "mowing", {}),
    ("lawn_mower.dock", "lawn_mower.a", {}, "returning", {}),
    ("alarm_control_panel.alarm_arm_away", "alarm_control_panel.a", {}, "armed_away", {}),
    ("script.turn_on", "script.a", {}, "off", {"runs": 1}),
    ("automation.trigger", "automation.a", {}, "on", {"runs": 1}),
    ("automation.turn_off", "automation.a", {}, "off", {"runs": 0}),
    ("siren.turn_on", "siren.a", {}, "on", {}),
    ("select.select_option", "select.a", {"option": "two"}, "two", {}),
    ("number.set_value", "number.a", {"value": 5}, "5.0", {}),
    ("input_select.select_option", "input_select.a", {"option": "two"}, "two", {}),
    ("input_number.set_value", "input_number.a", {"value": 5}, "5.0", {}),
    ("input_number.increment", "input_number.a", {}, "4.0", {}),
    ("input_boolean.toggle", "input_boolean.a", {}, "on", {}),
    ("input_text.set_value", "input_text.a", {"value": "bye"}, "bye", {}),
    ("todo.add_item", "todo.a", {"item": "eggs"}, "2", {}),
    ("todo.update_item", "todo.a", {"item": "milk", "status": "completed"}, "0", {}),
    ("todo.remove_item", "todo.a", {"item": ["milk"]}, "0", {}),
]

FIRST_STATES = {
    "light.a": "off",
    "switch.gone": "unavailable",
    "cover.a": "open",
    "valve.a": "closed",
    "lock.a": "locked",
    "climate.a": "off",
    "alarm_control_panel.a": "disarmed",
    "todo.a": "1",
    "calendar.a": "off",
    "weather.a": "rainy",
    "sensor.a": "21.5",
    "sensor.b": "2026-11-23T08:00:00+00:00",
    "binary_sensor.a": "on",
    "person.a": "Work",
    "input_text.a": "hello",
    "number.a": "3.0",
}


@pytest.fixture
async def house(hass: HomeAssistant, tmp_path: Path) -> House:
    (tmp_path / "home.yaml").write_text(HOME)
    assert await async_setup_component(hass, "homeassistant", {})
    return await async_furnish(hass, str(tmp_path / "home.yaml"))


def state_and(hass: HomeAssistant, entity_id: str, names: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    state = hass.states.get(entity_id)
    assert state is not None
    return state.state, {name: state.attributes.get(name) for name in names}


def jsonable(response: object) -> dict[str, Any]:
    assert isinstance(response, dict)
    return response


@pytest.mark.usefixtures("house")
async def test_first_states(hass: HomeAssistant) -> None:
    assert {entity_id: state_and(hass, entity_id, {})[0] for entity_id in FIRST_STATES} == FIRST_STATES


async def test_every_service_does_what_it_says_and_can_be_undone(hass: HomeAssistant, house: House) -> None:
    results = []
    for service, entity_id, data, _state, attributes in SERVICES:
        domain, name = service.split(".")
        await hass.services.async_call(domain, name, {"entity_id": entity_id, **data}, blocking=True)
        results.append((service, entity_id, data, *state_and(hass, entity_id, attributes)))
        house.restore()
    assert results == SERVICES
    assert {entity_id: state_and(hass, entity_id, {})[0] for entity_id in FIRST_STATES} == FIRST_STATES


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("service", "entity_id", "data"),
    [
        ("fan.set_percentage", "fan.b", {"percentage": 50}),
        ("cover.set_cover_position", "cover.b", {"position": 50}),
        ("climate.set_temperature", "climate.a", {"temperature": 99}),
        ("select.select_option", "select.a", {"option": "three"}),
        ("alarm_control_panel.alarm_arm_vacation", "alarm_control_panel.a", {}),
    ],
)
async def test_what_is_unsupported_is_refused(
    hass: HomeAssistant, service: str, entity_id: str, data: dict[str, Any]
) -> None:
    domain, name = service.split(".")
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call(domain, name, {"entity_id": entity_id, **data}, blocking=True)


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("service", ["scene.turn_on", "script.turn_on", "automation.trigger", "script.a"])
async def test_scenes_and_routines_apply_what_they_set(hass: HomeAssistant, service: str) -> None:
    domain, name = service.split(".")
    target = {"entity_id": f"{domain}.a"} if name != "a" else {}
    await hass.services.async_call(domain, name, target, blocking=True)
    assert hass.states.is_state("light.b", "on")


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("entity_id", ["button.a", "input_button.a"])
async def test_a_button_notes_when_it_was_pressed(hass: HomeAssistant, entity_id: str) -> None:
    await hass.services.async_call(
        entity_id.split(".", maxsplit=1)[0], "press", {"entity_id": entity_id}, blocking=True
    )
    assert not hass.states.is_state(entity_id, "unknown")


@pytest.mark.usefixtures("house")
async def test_search_finds_what_was_asked_for(hass: HomeAssistant) -> None:
    found = await hass.services.async_call(
        "media_player",
        "search_media",
        {"entity_id": "media_player.a", "search_query": "some jazz"},
        blocking=True,
        return_response=True,
    )
    assert [item.media_content_id for item in jsonable(found)["media_player.a"].result] == ["some jazz"]


@pytest.mark.usefixtures("house")
async def test_forecast_and_events_can_be_asked_for(hass: HomeAssistant) -> None:
    forecast = await hass.services.async_call(
        "weather",
        "get_forecasts",
        {"entity_id": "weather.a", "type": "daily"},
        blocking=True,
        return_response=True,
    )
    events = await hass.services.async_call(
        "calendar",
        "get_events",
        {"entity_id": "calendar.a", "duration": {"hours": 72}},
        blocking=True,
        return_response=True,
    )
    assert jsonable(forecast)["weather.a"]["forecast"][0]["condition"] == "sunny"
    assert [event["summary"] for event in jsonable(events)["calendar.a"]["events"]] == ["Dentist"]


@pytest.mark.usefixtures("house")
async def test_rooms_names_and_exposure(hass: HomeAssistant) -> None:
    area = ar.async_get(hass).async_get_area("kitchen")
    floor = fr.async_get(hass).async_get_floor("ground")
    entry = er.async_get(hass).async_get("light.a")
    assert area is not None
    assert floor is not None
    assert entry is not None
    assert (area.name, area.floor_id, area.aliases) == ("Küche", "ground", {"cooking area"})
    assert (floor.level, floor.aliases) == (0, {"downstairs"})
    assert (entry.area_id, er.async_get_entity_aliases(hass, entry), entry.labels) == (
        "kitchen",
        ["A", "big one"],
        {"xmas"},
    )
    exposed = {name: async_should_expose(hass, "conversation", name) for name in ("light.a", "switch.a", "script.a")}
    assert exposed == {"light.a": True, "switch.a": False, "script.a": True}
    assert not async_should_expose(hass, "conversation", "assist_satellite.hall")


@pytest.mark.usefixtures("house")
async def test_satellites_stand_in_their_areas_and_say_what_they_would_say(hass: HomeAssistant) -> None:
    satellite = er.async_get(hass).async_get("assist_satellite.hall")
    assert satellite is not None
    assert satellite.device_id is not None
    device = dr.async_get(hass).async_get(satellite.device_id)
    assert device is not None
    assert device.area_id == "hall"
    announced = async_capture_events(hass, "furnished_announced")
    await hass.services.async_call(
        "assist_satellite", "announce", {"entity_id": satellite.entity_id, "message": "hello"}, blocking=True
    )
    assert [event.data["message"] for event in announced] == ["hello"]


@pytest.mark.parametrize("file", ["demo/homes/larsens.yaml", *(ROOT / "training/benchmark/homes").glob("*.yaml")])
def test_every_home_of_the_repository_can_be_read(file: str | Path) -> None:
    assert load_home(ROOT / file).pieces


@pytest.mark.parametrize(
    "mistake",
    [
        {"areas": [{"id": "a", "name": "A", "floor": "none"}]},
        {"entities": [{"id": "light.a", "area": "none"}]},
        {"entities": [{"id": "light.a"}, {"id": "light.a"}]},
        {"entities": [{"id": "scene.a", "sets": {"light.none": "on"}}]},
        {"entities": [{"id": "light.a", "labels": ["none"]}]},
        {"entities": [{"name": "nameless"}]},
    ],
)
def test_a_home_with_loose_ends_is_refused(mistake: dict[str, Any]) -> None:
    with pytest.raises(HomeError):
        parse_home(mistake)


def test_the_demo_home_is_as_large_as_the_demo_promises() -> None:
    home = load_home(ROOT / "demo/homes/larsens.yaml")
    domains = {piece.domain for piece in home.pieces if piece.exposed}
    listed = {piece.domain for piece in parse_home(yaml.safe_load(HOME)).pieces}
    assert len(home.areas) >= 10
    assert sum(piece.exposed for piece in home.pieces) >= 75
    assert sum(not piece.exposed for piece in home.pieces) >= 6
    assert domains == listed
