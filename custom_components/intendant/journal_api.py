"""What the page asks for about the journal. For administrators only."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import probatio
from homeassistant.components import websocket_api
from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import area_registry as ar, config_validation as cv, entity_registry as er

from .const import CONF_ALLOWED, CONF_DAYS, CONF_FORGET, CONF_JOURNAL, CONF_TURNS, DOMAIN
from .core.catalog import load_catalog
from .core.values import AREA
from .journal import FEWEST_TURNS, FILTERS, MOST_DAYS, MOST_TURNS, Bounds
from .journal.record import HIDDEN, RIGHT, WRONG
from .journal_export import ADDRESS, JournalView, async_journal, async_loaded
from .phrasebook import PAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from homeassistant.components.websocket_api import ActiveConnection

    from .journal.record import TurnRecord

_MOST_AT_ONCE: Final = 500
_MOST_SEARCHED: Final = 200
_VALID_FOR: Final = timedelta(minutes=10)
_ID: Final = probatio.All(int, probatio.Range(min=1))
_MEANT: Final = probatio.Schema(
    {
        probatio.Required("verb"): cv.string,
        probatio.Required("entity_ids"): probatio.All([cv.entity_id], probatio.Length(min=1, max=_MOST_AT_ONCE)),
    }
)
DAYS: Final = probatio.All(int, probatio.Range(min=1, max=MOST_DAYS))
TURNS: Final = probatio.All(int, probatio.Range(min=FEWEST_TURNS, max=MOST_TURNS))


@callback
def async_setup_journal_api(hass: HomeAssistant) -> None:
    """Register the commands, and the view that sends the export."""
    for command in (ws_allow, ws_list, ws_mark, ws_delete, ws_export, ws_figures):
        websocket_api.async_register_command(hass, command)
    hass.http.register_view(JournalView)


@websocket_api.websocket_command(
    {
        probatio.Required("type"): "intendant/journal/allow",
        probatio.Required(CONF_ALLOWED): bool,
        probatio.Optional(CONF_DAYS): DAYS,
        probatio.Optional(CONF_TURNS): TURNS,
        probatio.Optional(CONF_FORGET, default=False): bool,
    }
)
@websocket_api.require_admin
@websocket_api.async_response
async def ws_allow(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Begin or end keeping turns, or keep them for another time."""
    journal = async_journal(hass)
    bounds = Bounds(
        msg[CONF_ALLOWED], msg.get(CONF_DAYS, journal.bounds.days), msg.get(CONF_TURNS, journal.bounds.turns)
    )
    await journal.async_allow(bounds, forget=msg[CONF_FORGET])
    if msg[CONF_FORGET]:
        await async_loaded(hass).usage.async_forget()
        async_loaded(hass).phrasebook.async_forget_hunches()
    async_store_bounds(hass, bounds)
    connection.send_result(msg["id"], {})


@callback
def async_store_bounds(hass: HomeAssistant, bounds: Bounds) -> None:
    """Keep the user's wish in the entry's options."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        hass.config_entries.async_update_entry(entry, options={**entry.options, CONF_JOURNAL: bounds.as_dict()})


@websocket_api.websocket_command(
    {
        probatio.Required("type"): "intendant/journal/list",
        probatio.Optional("filter", default="all"): probatio.In(list(FILTERS)),
        probatio.Optional("search", default=""): probatio.All(str, probatio.Length(max=_MOST_SEARCHED)),
        probatio.Optional("before"): probatio.Any(None, _ID),
        probatio.Optional("limit", default=50): probatio.All(int, probatio.Range(min=1, max=_MOST_AT_ONCE)),
    }
)
@websocket_api.require_admin
@websocket_api.async_response
async def ws_list(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """List turns, the newest first."""
    turns, more, total = await async_journal(hass).async_list(
        msg["filter"], msg["search"], msg.get("before"), msg["limit"]
    )
    connection.send_result(msg["id"], {"turns": await async_shown(hass, turns), "more": more, "total": total})


@websocket_api.websocket_command(
    {
        probatio.Required("type"): "intendant/journal/mark",
        # What is called id is the message's own.
        probatio.Required("turn_id"): _ID,
        probatio.Required("mark"): probatio.In([RIGHT, WRONG, None]),
        probatio.Optional("meant"): probatio.Any(None, _MEANT),
        probatio.Optional("remember", default=False): bool,
    }
)
@websocket_api.require_admin
@websocket_api.async_response
async def ws_mark(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Note that a turn was right or wrong, and what was meant; remember it as a phrase if that is wished."""
    journal = async_journal(hass)
    record = await journal.async_get(msg["turn_id"])
    if record is None:
        raise gone()
    meant = msg.get("meant", None if msg["mark"] == RIGHT else record.meant)
    if meant and meant["verb"] not in load_catalog().verbs:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_such_verb")
    changed = await journal.async_mark(record.id, msg["mark"], meant)
    if changed is None:
        raise gone()
    if msg["remember"] and meant and changed.utterance != HIDDEN:
        things = tuple(meant["entity_ids"])
        await async_loaded(hass).phrasebook.async_learn(
            changed.utterance, changed.language, meant["verb"], things, PAGE
        )
    [turn] = await async_shown(hass, [changed])
    connection.send_result(msg["id"], {"turn": turn})


def gone() -> ServiceValidationError:
    """Return the error for a turn that is not there any more."""
    return ServiceValidationError(translation_domain=DOMAIN, translation_key="turn_gone")


@websocket_api.websocket_command(
    {
        probatio.Required("type"): "intendant/journal/delete",
        probatio.Exclusive("ids", "what"): probatio.All([_ID], probatio.Length(min=1, max=_MOST_AT_ONCE)),
        probatio.Exclusive("all", "what"): True,
    }
)
@websocket_api.require_admin
@websocket_api.async_response
async def ws_delete(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Delete turns, or all of them."""
    if "ids" not in msg and "all" not in msg:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="forget_what")
    deleted = await async_journal(hass).async_delete(msg.get("ids"))
    if "all" in msg:
        async_loaded(hass).phrasebook.async_forget_hunches()
    connection.send_result(msg["id"], {"deleted": deleted})


@websocket_api.websocket_command({probatio.Required("type"): "intendant/journal/export"})
@websocket_api.require_admin
@websocket_api.async_response
async def ws_export(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Return an address from which the export can be fetched for some minutes."""
    async_journal(hass)
    path = async_sign_path(hass, ADDRESS, _VALID_FOR, refresh_token_id=connection.refresh_token_id)
    connection.send_result(msg["id"], {"path": path})


@websocket_api.websocket_command(
    {probatio.Required("type"): "intendant/journal/figures", probatio.Optional("days", default=90): DAYS}
)
@websocket_api.require_admin
@websocket_api.async_response
async def ws_figures(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Return how well it went, by week and by agent."""
    found = await async_journal(hass).async_figures(msg["days"])
    agents = [{**agent, "name": async_name(hass, agent["agent"])} for agent in found["by_agent"]]
    connection.send_result(msg["id"], {"weeks": found["weeks"], "by_agent": agents})


async def async_shown(hass: HomeAssistant, turns: Iterable[TurnRecord]) -> list[dict[str, Any]]:
    """Return turns as the page shows them: with the names of the things they are about."""
    houses = [await keeper.async_house() for keeper in async_loaded(hass).houses.values()]
    known = {thing.id: thing.name for house in houses for thing in house.home.entities}
    return [
        {**turn.to_json(), "names": {i: known.get(i) or async_name(hass, i) for i in turn.entity_ids}} for turn in turns
    ]


@callback
def async_name(hass: HomeAssistant, entity_id: str) -> str:
    """Return what an entity, or a room with "area." before its id, is called, or was before it went."""
    if entity_id.startswith(AREA) and (area := ar.async_get(hass).async_get_area(entity_id.removeprefix(AREA))):
        return area.name
    if state := hass.states.get(entity_id):
        return state.name
    entry = er.async_get(hass).async_get(entity_id)
    return (entry and (entry.name or entry.original_name)) or entity_id
