"""The actions of the journal: write the export into a file, and forget."""

from typing import TYPE_CHECKING, Any, Final

import probatio
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util import dt as dt_util
from homeassistant.util.json import json_loads_object

from .const import DOMAIN, SERVICE_EXPORT_JOURNAL, SERVICE_FORGET
from .journal_export import async_journal, async_lines, async_loaded, async_write_export

if TYPE_CHECKING:
    from datetime import datetime

_TO_FILE: Final = "to_file"
_BEFORE, _ALL, _PHRASES = "before", "all", "phrases"
_EXPORT: Final = probatio.Schema({probatio.Optional(_TO_FILE, default=True): cv.boolean})
_FORGET: Final = probatio.Schema(
    {
        probatio.Exclusive(_BEFORE, "turns"): cv.datetime,
        probatio.Exclusive(_ALL, "turns"): cv.boolean,
        probatio.Optional(_PHRASES, default=False): cv.boolean,
    }
)


@callback
def async_setup_journal_actions(hass: HomeAssistant) -> None:
    """Register the actions."""

    async def export(call: ServiceCall) -> ServiceResponse:
        return await _async_export(hass, to_file=call.data[_TO_FILE])

    async def forget(call: ServiceCall) -> ServiceResponse:
        return await _async_forget(hass, call.data)

    register = async_register_admin_service
    register(hass, DOMAIN, SERVICE_EXPORT_JOURNAL, export, _EXPORT, SupportsResponse.OPTIONAL)
    register(hass, DOMAIN, SERVICE_FORGET, forget, _FORGET, SupportsResponse.OPTIONAL)


async def _async_export(hass: HomeAssistant, *, to_file: bool) -> ServiceResponse:
    """Write a file and return where it lies, or return what would stand in it."""
    if to_file:
        path, turns = await async_write_export(hass)
        return {"path": str(path), "turns": turns}
    lines = [line async for some in async_lines(hass) for line in some.splitlines()]
    head, *turns_found = [json_loads_object(line) for line in lines]
    return {**head, "turns": list(turns_found)}


async def _async_forget(hass: HomeAssistant, wish: dict[str, Any]) -> ServiceResponse:
    """Delete turns and phrases."""
    before: datetime | None = wish.get(_BEFORE)
    if not before and not wish.get(_ALL) and not wish[_PHRASES]:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="forget_what")
    deleted = 0
    if before:
        deleted = await async_journal(hass).async_delete_before(dt_util.as_utc(before))
    elif wish.get(_ALL):
        deleted = await async_journal(hass).async_delete(None)
        await async_loaded(hass).usage.async_forget()
        async_loaded(hass).phrasebook.async_forget_hunches()
    if wish[_PHRASES]:
        await async_loaded(hass).phrasebook.async_forget_all()
    return {"deleted": deleted}
