"""The action that counts up how things are used, at once, or from an exported journal."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import probatio
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service

from .const import DOMAIN, SERVICE_LEARN_USAGE
from .journal_export import async_loaded

if TYPE_CHECKING:
    from homeassistant.util.json import JsonObjectType

    from .usage import UsageKeeper

_JOURNAL: Final = "journal"
_SCHEMA: Final = probatio.Schema({probatio.Optional(_JOURNAL): cv.string})


@callback
def async_setup_usage_actions(hass: HomeAssistant) -> None:
    """Register the action."""

    async def learn(call: ServiceCall) -> ServiceResponse:
        usage = async_loaded(hass).usage
        if not usage.allowed:
            raise ServiceValidationError(translation_domain=DOMAIN, translation_key="usage_not_allowed")
        if name := call.data.get(_JOURNAL):
            return {"turns": await usage.async_import(_path(hass, name)), **_found(usage)}
        await usage.async_refresh()
        return _found(usage)

    async_register_admin_service(hass, DOMAIN, SERVICE_LEARN_USAGE, learn, _SCHEMA, SupportsResponse.OPTIONAL)


def _found(usage: UsageKeeper) -> JsonObjectType:
    return {"things": len(usage.usage.counts), "routines": len(usage.routines)}


def _path(hass: HomeAssistant, name: str) -> Path:
    """Return where an export lies: in our folder of the configuration, and nowhere else."""
    folder = Path(hass.config.path(DOMAIN))
    path = folder / Path(name).name
    if path.name != name.rpartition("/")[2] or not path.name:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_journal_export")
    return path
