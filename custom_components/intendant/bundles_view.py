"""Where a bundle is sent to: POST /api/intendant/bundles, for administrators. GET says what became of it.

GET /api/intendant/bundles/in_service (or a version's name) gives a bundle, for the next training to go on from.

The body is the archive itself (application/gzip): a tar with the files of a bundle and gate.json. It is answered as soon as
the bundle is unpacked and loaded, with 202 and its version; the gate then takes its time. With ?then=shadow it only reads along at first.
"""

import asyncio
from http import HTTPStatus
from shutil import rmtree
from typing import TYPE_CHECKING, BinaryIO, Final

from aiohttp.web import StreamResponse
from homeassistant.components.http import KEY_HASS, HomeAssistantView, require_admin
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError

from .const import CONF_SHADOW_FIRST
from .journal_export import async_loaded_entry
from .versions.archive import MOST_SENT, pack, unusable

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp.web import Request, Response
    from homeassistant.core import HomeAssistant

    from .versions import Versions

URL: Final = "/api/intendant/bundles"
_TYPES: Final = frozenset({"application/gzip", "application/x-gzip"})
_BLOCK: Final = 1 << 18
_SECONDS: Final = 600
"""How long sending may take."""
_STATUS: Final = {
    "archive_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "archive_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "archive_unwritable": HTTPStatus.INSUFFICIENT_STORAGE,
    "already_in_service": HTTPStatus.CONFLICT,
    "already_kept": HTTPStatus.CONFLICT,
    "busy_checking": HTTPStatus.CONFLICT,
    "entry_not_loaded": HTTPStatus.SERVICE_UNAVAILABLE,
}


class BundlesView(HomeAssistantView):
    """Takes bundles."""

    url = URL
    name = "api:intendant:bundles"

    @require_admin
    async def post(self, request: Request) -> Response:
        """Take a bundle."""
        hass = request.app[KEY_HASS]
        try:
            return self.json(await _async_take(hass, request), HTTPStatus.ACCEPTED)
        except HomeAssistantError as err:
            status = _STATUS.get(err.translation_key or "", HTTPStatus.BAD_REQUEST)
            return self.json({"error": err.translation_key, "message": str(err)}, status)

    @require_admin
    async def get(self, request: Request) -> Response:
        """Return what is in service, and every version."""
        hass = request.app[KEY_HASS]
        try:
            versions = async_versions(hass)
        except HomeAssistantError as err:
            return self.json({"error": err.translation_key, "message": str(err)}, HTTPStatus.SERVICE_UNAVAILABLE)
        return self.json(
            {"in_service": versions.in_service, "versions": await versions.async_list(hass.config.language)}
        )


class BundleView(HomeAssistantView):
    """Gives one bundle."""

    url = f"{URL}/{{version}}"
    name = "api:intendant:bundle"

    @require_admin
    async def get(self, request: Request, version: str) -> StreamResponse:
        """Return a bundle as an archive like those that are taken, without a verdict."""
        hass = request.app[KEY_HASS]
        try:
            versions = async_versions(hass)
            folder = versions.folder(versions.in_service if version == "in_service" else version)
        except HomeAssistantError as err:
            status = (
                HTTPStatus.NOT_FOUND if err.translation_key == "no_such_version" else HTTPStatus.SERVICE_UNAVAILABLE
            )
            return self.json({"error": err.translation_key, "message": str(err)}, status)
        kept = versions.intake.new_folder()
        try:
            file = await hass.async_add_executor_job(_pack, folder, kept)
            with file:
                response = StreamResponse(headers={"Content-Type": "application/gzip"})
                await response.prepare(request)
                while block := await hass.async_add_executor_job(file.read, _BLOCK):
                    await response.write(block)
                await response.write_eof()
        finally:
            await hass.async_add_executor_job(rmtree, kept, True)  # noqa: FBT003 - it takes no names
        return response


def _pack(folder: Path, into: Path) -> BinaryIO:
    into.mkdir(parents=True)
    pack(folder, into / "archive")
    return (into / "archive").open("rb")


@callback
def async_versions(hass: HomeAssistant) -> Versions:
    """Return the versions of the bundle. Raise a ServiceValidationError when Intendant is not running."""
    versions = async_loaded_entry(hass).runtime_data.versions
    if versions is None:
        raise unusable("entry_not_loaded")
    return versions


async def _async_take(hass: HomeAssistant, request: Request) -> dict[str, str]:
    """Write the body to disk, and give it to whoever judges it; return the version."""
    entry, intake = async_loaded_entry(hass), async_versions(hass).intake
    if request.content_type not in _TYPES:
        raise unusable("archive_type")
    if (request.content_length or 0) > MOST_SENT:
        raise unusable("archive_too_large")
    shadow = request.query.get("then") == "shadow" or bool(entry.data.get(CONF_SHADOW_FIRST))
    folder = intake.new_folder()
    try:
        async with asyncio.timeout(_SECONDS):
            archive = await _async_receive(hass, request, folder)
        return {"version": await intake.async_take(archive, shadow=shadow), "state": "checking"}
    except OSError as err:
        raise unusable("archive_unwritable") from err
    finally:
        await hass.async_add_executor_job(rmtree, folder, True)  # noqa: FBT003 - it takes no names


async def _async_receive(hass: HomeAssistant, request: Request, folder: Path) -> Path:
    """Write the body to a file, block by block, and return its path."""
    archive = folder / "archive"
    await hass.async_add_executor_job(lambda: folder.mkdir(parents=True))
    file = await hass.async_add_executor_job(archive.open, "wb")
    received = 0
    try:
        async for block in request.content.iter_chunked(_BLOCK):
            received += len(block)
            if received > MOST_SENT:
                raise unusable("archive_too_large")
            await hass.async_add_executor_job(file.write, block)
    finally:
        await hass.async_add_executor_job(file.close)
    return archive
