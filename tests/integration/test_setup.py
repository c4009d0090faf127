"""Setting up, unloading, reloading, diagnostics."""

from typing import TYPE_CHECKING, Any

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry

from custom_components.intendant.core.errors import BundleCorrupt, BundleMismatch, BundleMissing

from .fakes import FakeInterpreter, FakeLoader, act

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry
    from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

    from .conftest import Say

ERRORS = [(BundleMissing, "bundle_missing"), (BundleCorrupt, "bundle_corrupt"), (BundleMismatch, "bundle_mismatch")]


async def test_each_agent_is_an_entity_of_a_service_device(
    hass: HomeAssistant, agent: str, entry: MockConfigEntry, device_registry: dr.DeviceRegistry
) -> None:
    assert entry.state is ConfigEntryState.LOADED
    [device] = dr.async_entries_for_config_entry(device_registry, entry.entry_id)
    assert (device.name, device.entry_type, device.sw_version) == ("Intendant", dr.DeviceEntryType.SERVICE, "recipe")
    registered = er.async_get(hass).async_get(agent)
    assert registered is not None
    assert registered.unique_id == next(iter(entry.subentries))


async def test_it_can_be_unloaded_and_removed(hass: HomeAssistant, agent: str, entry: MockConfigEntry) -> None:
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state is ConfigEntryState.NOT_LOADED
    assert hass.states.is_state(agent, "unavailable")
    await hass.config_entries.async_remove(entry.entry_id)
    assert hass.states.get(agent) is None


@pytest.mark.parametrize(("error", "issue"), ERRORS)
async def test_without_any_good_bundle_setup_fails_and_says_why(
    hass: HomeAssistant, entry: MockConfigEntry, loader: FakeLoader, error: type[Exception], issue: str
) -> None:
    loader.broken["default"] = error("bad")
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == issue


async def test_a_bad_bundle_of_the_users_own_leaves_the_bundled_one_in_service(
    hass: HomeAssistant, entry: MockConfigEntry, loader: FakeLoader
) -> None:
    loader.broken["ours"] = BundleMismatch("bad")
    hass.config_entries.async_update_entry(entry, data={"bundle": "intendant/ours"})
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert [path.name for path in loader.loaded] == ["default"]


async def test_reloading_the_bundle(
    hass: HomeAssistant, say: Say, loader: FakeLoader, interpreter: FakeInterpreter
) -> None:
    await hass.services.async_call("intendant", "reload_bundle", blocking=True)
    assert [path.name for path in loader.loaded] == ["default", "default"]
    loader.broken["default"] = BundleCorrupt("bad")
    with pytest.raises(HomeAssistantError, match="damaged"):
        await hass.services.async_call("intendant", "reload_bundle", blocking=True)
    # The last good one is still in service.
    interpreter.meanings["lights"] = (act("light.turn_on", "light.a"),)
    await say("lights")
    assert hass.states.is_state("light.a", "on")


async def test_reloading_what_is_not_loaded(hass: HomeAssistant, agent: str, entry: MockConfigEntry) -> None:
    await hass.config_entries.async_unload(entry.entry_id)
    assert hass.states.is_state(agent, "unavailable")
    with pytest.raises(ServiceValidationError, match="not running"):
        await hass.services.async_call("intendant", "reload_bundle", blocking=True)


@pytest.mark.filterwarnings("ignore:It is recommended to use web.RequestKey")
async def test_diagnostics_hold_counts_and_no_words(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    say: Say,
    entry: MockConfigEntry,
    interpreter: FakeInterpreter,
) -> None:
    interpreter.meanings["secret words"] = (act("light.turn_on", "light.a"),)
    await say("secret words")
    await say("secret words", "another talk", user_id="someone")
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert found["turns"] == {"turns": 2, "Act": 2}
    assert set(found["milliseconds"]) == {"median", "p95"}
    assert found["agents"][0]["home"]["entities"]["light"] == 2
    assert found["bundle"]["recipe"] == "recipe"
    text = str(found)
    assert not any(word in text for word in ("secret", "Ceiling", "Kitchen", "light.a", "Ann"))
