"""Intendant, a steward for the house: understands what people say with its own small language model."""

from typing import TYPE_CHECKING

from homeassistant.const import Platform
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers import config_validation as cv

from .const import CONF_AREAS, CONF_BUNDLE, CONF_PIN_HASH, DOMAIN, SUBENTRY_CONVERSATION
from .core.errors import BundleError
from .engine import Engine, issue_of
from .home import HouseKeeper
from .pins import Pins
from .runtime import IntendantConfigEntry, Runtime
from .schedule import Schedule
from .services import async_setup_services

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.typing import ConfigType

PLATFORMS = (Platform.CONVERSATION, Platform.STT, Platform.TTS)
CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Set up the actions."""
    async_setup_services(hass)
    return True


# Home Assistant before 2026.11 demands that these return a boolean.
async def async_setup_entry(hass: HomeAssistant, entry: IntendantConfigEntry) -> bool:
    """Put the model in service and start what was planned before a restart."""
    engine = Engine(hass, entry.entry_id, entry.data.get(CONF_BUNDLE))
    try:
        await engine.async_load()
    except BundleError as err:
        raise ConfigEntryError(translation_domain=DOMAIN, translation_key=issue_of(err)) from err
    schedule = Schedule(hass)
    await schedule.async_start()
    entry.async_on_unload(schedule.async_stop)
    houses = {
        subentry.subentry_id: HouseKeeper(hass, subentry.data.get(CONF_AREAS))
        for subentry in entry.get_subentries_of_type(SUBENTRY_CONVERSATION)
    }
    pins = {
        subentry.subentry_id: Pins(hass, subentry.data.get(CONF_PIN_HASH))
        for subentry in entry.get_subentries_of_type(SUBENTRY_CONVERSATION)
    }
    entry.runtime_data = Runtime(engine, schedule, houses=houses, pins=pins)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    entry.async_on_unload(entry.add_update_listener(_async_reload))
    return True


async def async_unload_entry(hass: HomeAssistant, entry: IntendantConfigEntry) -> bool:
    """Take the model out of service."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, _entry: IntendantConfigEntry) -> None:
    """Remove what was planned."""
    await Schedule(hass).async_remove()


async def _async_reload(hass: HomeAssistant, entry: IntendantConfigEntry) -> None:
    """Take over changed options."""
    await hass.config_entries.async_reload(entry.entry_id)
