"""What the page asks for about the bundle's versions. For administrators only."""

from typing import TYPE_CHECKING, Any, Final

import probatio
from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback

from .bundles_view import BundlesView, BundleView, async_versions
from .journal_api import async_shown

if TYPE_CHECKING:
    from homeassistant.components.websocket_api import ActiveConnection

_MOST_AT_ONCE: Final = 500


@callback
def async_setup_bundles_api(hass: HomeAssistant) -> None:
    """Register the commands, and the view that takes bundles."""
    for command in (ws_list, ws_use, ws_back, ws_shadow, ws_differences):
        websocket_api.async_register_command(hass, command)
    hass.http.register_view(BundlesView)
    hass.http.register_view(BundleView)


@websocket_api.websocket_command(
    {probatio.Required("type"): "intendant/bundles/list", probatio.Optional("language"): str}
)
@websocket_api.require_admin
@websocket_api.async_response
async def ws_list(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """List the versions, what became of each and why, and say which one is in service."""
    versions = async_versions(hass)
    listed = await versions.async_list(msg.get("language") or hass.config.language)
    connection.send_result(msg["id"], {"in_service": versions.in_service, "versions": listed})


@websocket_api.websocket_command(
    {probatio.Required("type"): "intendant/bundles/use", probatio.Required("version"): str}
)
@websocket_api.require_admin
@websocket_api.async_response
async def ws_use(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Put a version in service."""
    await async_versions(hass).async_use(msg["version"])
    connection.send_result(msg["id"], {})


@websocket_api.websocket_command({probatio.Required("type"): "intendant/bundles/back"})
@websocket_api.require_admin
@websocket_api.async_response
async def ws_back(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Put the version in service that was before."""
    await async_versions(hass).async_back()
    connection.send_result(msg["id"], {})


@websocket_api.websocket_command(
    {probatio.Required("type"): "intendant/bundles/shadow", probatio.Required("version"): probatio.Any(str, None)}
)
@websocket_api.require_admin
@websocket_api.async_response
async def ws_shadow(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Let a version read along, or none."""
    await async_versions(hass).async_shadow(msg["version"])
    connection.send_result(msg["id"], {})


@websocket_api.websocket_command(
    {
        probatio.Required("type"): "intendant/bundles/differences",
        probatio.Optional("limit", default=50): probatio.All(int, probatio.Range(min=1, max=_MOST_AT_ONCE)),
    }
)
@websocket_api.require_admin
@websocket_api.async_response
async def ws_differences(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """List the turns in which the version that reads along would have read or done something else."""
    turns = await async_versions(hass).async_differences(msg["limit"])
    connection.send_result(msg["id"], {"turns": await async_shown(hass, turns)})
