"""The journal leaves the house only when an administrator asks for it: as a download, or as a file in the configuration folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from aiohttp import web
from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.components.http.decorators import require_admin
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.json import json_bytes
from homeassistant.util import dt as dt_util

from .const import DOMAIN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from .journal import Journal
    from .runtime import IntendantConfigEntry, Runtime

ADDRESS: Final = f"/api/{DOMAIN}/journal"
_CONFLICT: Final = 409


@callback
def async_loaded_entry(hass: HomeAssistant) -> IntendantConfigEntry:
    """Return the entry. Raise a ServiceValidationError when it is not running."""
    entries: list[IntendantConfigEntry] = hass.config_entries.async_entries(DOMAIN)
    for entry in entries:
        if entry.state is ConfigEntryState.LOADED:
            return entry
    raise ServiceValidationError(translation_domain=DOMAIN, translation_key="entry_not_loaded")


@callback
def async_loaded(hass: HomeAssistant) -> Runtime:
    """Return what is running. Raise a ServiceValidationError when nothing is."""
    return async_loaded_entry(hass).runtime_data


@callback
def async_journal(hass: HomeAssistant) -> Journal:
    """Return the journal. Raise a ServiceValidationError when Intendant is not running."""
    if journal := async_loaded(hass).journal:
        return journal
    raise ServiceValidationError(translation_domain=DOMAIN, translation_key="entry_not_loaded")


async def async_lines(hass: HomeAssistant) -> AsyncIterator[str]:
    """Yield the lines of the export, some at a time. Raise a HomeAssistantError when the journal cannot be read."""
    runtime = async_loaded(hass)
    homes = [(await keeper.async_house()).home for keeper in runtime.houses.values()]
    async for lines in async_journal(hass).async_export(homes, runtime.engine.hash):
        yield lines


async def async_write_export(hass: HomeAssistant) -> tuple[Path, int]:
    """Write the export into the configuration folder, readable for Home Assistant only; return the file and its turns."""
    path = Path(hass.config.path(DOMAIN, f"journal-{dt_util.now():%Y-%m-%d-%H%M%S}.jsonl"))
    unfinished = path.with_suffix(".part")
    turns = -1
    try:
        await hass.async_add_executor_job(_begin, unfinished)
        async for lines in async_lines(hass):
            turns += lines.count("\n")
            await hass.async_add_executor_job(_append, unfinished, lines)
        await hass.async_add_executor_job(unfinished.replace, path)
    except OSError as err:
        raise HomeAssistantError(translation_domain=DOMAIN, translation_key="export_failed") from err
    finally:
        await hass.async_add_executor_job(lambda: unfinished.unlink(missing_ok=True))
    return path, turns


def _begin(path: Path) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600)


def _append(path: Path, lines: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(lines)


class JournalView(HomeAssistantView):
    """Sends the export to an administrator."""

    url = ADDRESS
    name = f"api:{DOMAIN}:journal"

    @require_admin
    async def get(self, request: web.Request) -> web.StreamResponse:
        """Send the lines as they are read."""
        hass = request.app[KEY_HASS]
        lines = async_lines(hass)
        try:
            # Before anything is sent, an error can still be told.
            first = [await anext(lines), await anext(lines, "")]
        except HomeAssistantError as err:
            return web.Response(
                body=json_bytes({"message": str(err)}), status=_CONFLICT, content_type="application/json"
            )
        response = web.StreamResponse(
            headers={
                "Content-Type": "application/x-ndjson; charset=utf-8",
                "Content-Disposition": f'attachment; filename="intendant-journal-{dt_util.now():%Y-%m-%d}.jsonl"',
                "Cache-Control": "no-store",
            }
        )
        await response.prepare(request)
        for some in first:
            await response.write(some.encode())
        async for some in lines:
            await response.write(some.encode())
        await response.write_eof()
        return response
