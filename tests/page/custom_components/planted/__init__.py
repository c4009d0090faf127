"""Plants turns in the journal, and answers commands of parts that have nothing of their own to show in a test."""

from typing import TYPE_CHECKING, Any

import probatio
from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback

from custom_components.intendant.const import DOMAIN as INTENDANT
from custom_components.intendant.journal.record import TurnRecord

if TYPE_CHECKING:
    from homeassistant.components.websocket_api import ActiveConnection

    from custom_components.intendant.journal.store import JournalFile

DOMAIN = "planted"
CONFIG_SCHEMA = probatio.Schema({}, extra=probatio.ALLOW_EXTRA)
COMMANDS = "websocket_api"


async def async_setup(hass: HomeAssistant, _config: dict[str, Any]) -> bool:
    """Register what the tests use."""
    hass.data[DOMAIN] = {}
    websocket_api.async_register_command(hass, ws_turns)
    websocket_api.async_register_command(hass, ws_answers)
    websocket_api.async_register_command(hass, ws_without)
    return True


@websocket_api.websocket_command(
    {
        probatio.Required("type"): "planted/turns",
        probatio.Required("turns"): [dict],
        probatio.Optional("times", default=1): int,
    }
)
@websocket_api.async_response
async def ws_turns(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Write turns into the journal, so many times; all at once, for the journal lets go what comes faster than it writes."""
    [entry] = hass.config_entries.async_loaded_entries(INTENDANT)
    vault, turns = entry.runtime_data.journal._vault, msg["turns"]  # noqa: SLF001 - see above

    def write(file: JournalFile) -> None:
        for number in range(msg["times"]):
            for turn in turns:
                file.add(TurnRecord.from_json({**turn, "id": turn["id"] + number * len(turns)}))

    await vault.async_do(write)
    connection.send_result(msg["id"], {})


@websocket_api.websocket_command(
    {probatio.Required("type"): "planted/answers", probatio.Required("answers"): {str: dict}}
)
@callback
def ws_answers(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Answer these commands with what is given; what they are asked is kept, and told by the next such command."""
    asked = hass.data[DOMAIN].setdefault("asked", [])
    for command, result in msg["answers"].items():
        _answer(hass, command, result, asked)
    connection.send_result(msg["id"], {"asked": list(asked)})
    asked.clear()


def _answer(hass: HomeAssistant, command: str, result: dict[str, Any], asked: list[dict[str, Any]]) -> None:
    @websocket_api.require_admin
    @callback
    def answer(_hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
        asked.append(msg)
        connection.send_result(msg["id"], result)

    schema = websocket_api.BASE_COMMAND_MESSAGE_SCHEMA.extend(
        {probatio.Required("type"): command}, extra=probatio.ALLOW_EXTRA
    )
    websocket_api.async_register_command(hass, command, answer, schema)


@websocket_api.websocket_command({probatio.Required("type"): "planted/without", probatio.Required("commands"): [str]})
@callback
def ws_without(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Let Home Assistant not know these commands."""
    for command in msg["commands"]:
        hass.data[COMMANDS].pop(command, None)
    connection.send_result(msg["id"], {})
