"""The actions of the integration."""

from typing import TYPE_CHECKING

import probatio
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.service import async_register_admin_service

from .const import DOMAIN, SERVICE_RELOAD_BUNDLE
from .core.errors import BundleError
from .engine import issue_of

if TYPE_CHECKING:
    from .runtime import IntendantConfigEntry


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""

    async def reload_bundle(_call: ServiceCall) -> None:
        await _async_reload_bundle(hass)

    async_register_admin_service(hass, DOMAIN, SERVICE_RELOAD_BUNDLE, reload_bundle, probatio.Schema({}))


async def _async_reload_bundle(hass: HomeAssistant) -> None:
    """Load the bundle anew; the one in service stays when the new one is bad."""
    entries: list[IntendantConfigEntry] = hass.config_entries.async_entries(DOMAIN)
    loaded = [entry for entry in entries if entry.state is ConfigEntryState.LOADED]
    if not loaded:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="entry_not_loaded")
    try:
        await loaded[0].runtime_data.engine.async_load(strict=True)
    except BundleError as err:
        raise HomeAssistantError(translation_domain=DOMAIN, translation_key=issue_of(err)) from err
