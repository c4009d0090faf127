"""A whole home from one YAML file (demo/HOMES.md), for the demo, the tests and the benchmark."""

from typing import TYPE_CHECKING

import probatio
from homeassistant.config_entries import SOURCE_IMPORT, ConfigEntry
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.entity_component import DATA_INSTANCES
from homeassistant.setup import async_setup_component

from .const import CONF_HOME, DOMAIN, PLATFORMS
from .entity import House
from .home import load_home
from .rooms import async_arrange, async_build_rooms

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.typing import ConfigType

type FurnishedConfigEntry = ConfigEntry[House]

CONFIG_SCHEMA = probatio.Schema(
    {DOMAIN: probatio.Schema({probatio.Required(CONF_HOME): cv.string})}, extra=probatio.ALLOW_EXTRA
)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Take the home that configuration.yaml names."""
    if DOMAIN in config:
        # A task, because the entry's set-up waits until this one is done.
        hass.async_create_task(
            hass.config_entries.flow.async_init(
                DOMAIN, context={"source": SOURCE_IMPORT}, data={CONF_HOME: config[DOMAIN][CONF_HOME]}
            )
        )
    return True


async def async_furnish(hass: HomeAssistant, path: str) -> House:
    """Build the home of a file and return it: the short way for tests and the benchmark."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_IMPORT}, data={CONF_HOME: str(path)}
    )
    entry: FurnishedConfigEntry = result["result"]
    await hass.async_block_till_done()
    return entry.runtime_data


async def async_setup_entry(hass: HomeAssistant, entry: FurnishedConfigEntry) -> bool:
    """Build rooms first, then entities, then put these into those."""
    home = await hass.async_add_executor_job(load_home, entry.data[CONF_HOME])
    entry.runtime_data = House(home)
    async_build_rooms(hass, home)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    await _async_add_without_platform(hass, entry.runtime_data)
    async_arrange(hass, home, entry.entry_id)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: FurnishedConfigEntry) -> bool:
    """Take everything out again."""
    for entity in entry.runtime_data.entities.values():
        if entity.platform.config_entry is None:
            await entity.async_remove()
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def _async_add_without_platform(hass: HomeAssistant, house: House) -> None:
    """Add helpers, scripts, automations and people to the domain itself."""
    # Imported late: these modules pull whole integrations in, which Home Assistant must have set up first.
    from .helpers import HELPERS  # noqa: PLC0415
    from .routines import ROUTINES  # noqa: PLC0415

    for domain, make in {**HELPERS, **ROUTINES}.items():
        if house.home.of_domain(domain):
            await async_setup_component(hass, domain, {})
            await hass.data[DATA_INSTANCES][domain].async_add_entities(house.build(domain, make))
