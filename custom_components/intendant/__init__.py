"""Intendant, a steward for the house: understands what people say with its own small language model."""

from functools import partial
from shutil import rmtree
from typing import TYPE_CHECKING

from homeassistant.const import Platform
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util

from .assistant import async_make_wanted
from .bundles_api import async_setup_bundles_api
from .const import CONF_AREAS, CONF_BUNDLE, CONF_JOURNAL, CONF_PIN_HASH, DOMAIN, SUBENTRY_CONVERSATION
from .core.errors import BundleError
from .engine import Engine, issue_of
from .home import HouseKeeper
from .journal import Bounds, Journal
from .journal_actions import async_setup_journal_actions
from .journal_api import async_setup_journal_api
from .nicknames import async_learn_from_hand
from .page_api import async_setup_page_api
from .panel import async_add_panel, async_forget_panel
from .phrasebook import PhraseBook
from .pins import Pins
from .routines_api import async_setup_routines_api
from .runtime import IntendantConfigEntry, Runtime
from .schedule import Schedule
from .services import async_setup_services
from .situation import SINCE
from .usage import UsageKeeper
from .usage.offers import Offers
from .usage_actions import async_setup_usage_actions
from .versions import Versions
from .versions.shelf import Shelf

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.typing import ConfigType

PLATFORMS = (Platform.CONVERSATION, Platform.STT, Platform.TTS)
CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Set up the actions, and what the page asks for."""
    hass.data[SINCE] = dt_util.utcnow()
    async_setup_services(hass)
    async_setup_journal_actions(hass)
    async_setup_journal_api(hass)
    async_setup_page_api(hass)
    async_setup_bundles_api(hass)
    async_setup_routines_api(hass)
    async_setup_usage_actions(hass)
    return True


# Home Assistant before 2026.11 demands that these return a boolean.
async def async_setup_entry(hass: HomeAssistant, entry: IntendantConfigEntry) -> bool:
    """Put the model in service and start what was planned before a restart."""
    shelf = Shelf(hass, entry.data.get(CONF_BUNDLE))
    await shelf.async_load()
    engine = Engine(hass, entry.entry_id, shelf.path(shelf.index.in_service))
    try:
        await engine.async_load()
    except BundleError as err:
        raise ConfigEntryError(translation_domain=DOMAIN, translation_key=issue_of(err)) from err
    schedule = Schedule(hass)
    await schedule.async_start()
    entry.async_on_unload(schedule.async_stop)
    phrasebook = PhraseBook(hass)
    await phrasebook.async_load()
    houses = {
        subentry.subentry_id: HouseKeeper(hass, subentry.data.get(CONF_AREAS), phrasebook)
        for subentry in entry.get_subentries_of_type(SUBENTRY_CONVERSATION)
    }
    pins = {
        subentry.subentry_id: Pins(hass, subentry.data.get(CONF_PIN_HASH))
        for subentry in entry.get_subentries_of_type(SUBENTRY_CONVERSATION)
    }
    journal = Journal(hass, entry.entry_id, Bounds.of(entry.options))
    await journal.async_start()
    entry.async_on_unload(journal.async_stop)
    usage = UsageKeeper(hass, entry)
    entry.runtime_data = Runtime(engine, schedule, phrasebook, usage, houses=houses, pins=pins, journal=journal)
    journal.async_on_hand(partial(async_learn_from_hand, hass, entry))
    await usage.async_start()
    entry.async_on_unload(usage.async_stop)
    entry.async_on_unload(Offers(hass, entry).async_start())
    entry.runtime_data.set_up_with = _all_but_the_journal(entry)
    entry.runtime_data.versions = Versions(hass, entry, shelf, engine)
    await entry.runtime_data.versions.async_start()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    await async_add_panel(hass, entry)
    await async_make_wanted(hass, entry)
    entry.async_on_unload(entry.add_update_listener(_async_reload))
    return True


async def async_unload_entry(hass: HomeAssistant, entry: IntendantConfigEntry) -> bool:
    """Take the model out of service."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: IntendantConfigEntry) -> None:
    """Remove what was planned, learnt, kept and fetched, and the page."""
    async_forget_panel(hass)
    await Schedule(hass).async_remove()
    await hass.async_add_executor_job(partial(rmtree, hass.config.cache_path(DOMAIN), ignore_errors=True))
    await PhraseBook(hass).async_remove()
    await UsageKeeper(hass).async_remove()
    await Journal(hass, entry.entry_id, Bounds()).async_remove()
    await Shelf(hass, None).async_remove()


async def _async_reload(hass: HomeAssistant, entry: IntendantConfigEntry) -> None:
    """Take over changed options. Another wish about the journal is no reason to load the model anew."""
    runtime = entry.runtime_data
    if runtime.journal is None or runtime.set_up_with != _all_but_the_journal(entry):
        await hass.config_entries.async_reload(entry.entry_id)
    elif runtime.journal.bounds != (bounds := Bounds.of(entry.options)):
        await runtime.journal.async_allow(bounds)


def _all_but_the_journal(entry: IntendantConfigEntry) -> tuple[object, ...]:
    """Return what an entry was set up with, to see whether it changed."""
    options = {key: value for key, value in entry.options.items() if key != CONF_JOURNAL}
    # Home Assistant changes a subentry in place: what it was must be taken down.
    subentries = {key: (each.title, dict(each.data)) for key, each in entry.subentries.items()}
    return entry.title, dict(entry.data), options, subentries
