"""What the page asks for besides the journal: how things stand, the household's phrases, and its things. For administrators only."""

from typing import TYPE_CHECKING, Any

import probatio
from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er

from .const import DOMAIN
from .core.plan_switching import load_services
from .journal_api import async_name
from .journal_export import async_journal, async_loaded, async_loaded_entry

if TYPE_CHECKING:
    from homeassistant.components.websocket_api import ActiveConnection


@callback
def async_setup_page_api(hass: HomeAssistant) -> None:
    """Register the commands."""
    for command in (ws_status, ws_phrases, ws_forget_phrases, ws_things):
        websocket_api.async_register_command(hass, command)


@websocket_api.websocket_command({probatio.Required("type"): "intendant/status"})
@websocket_api.require_admin
@websocket_api.async_response
async def ws_status(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Return what is kept, which agents there are, which bundle is in service, and how many phrases were learnt."""
    entry, journal = async_loaded_entry(hass), async_journal(hass)
    runtime = entry.runtime_data
    card = runtime.engine.card
    listed = await runtime.versions.async_list(hass.config.language) if runtime.versions else []
    current = next((version for version in listed if version["state"] == "in_service"), None)
    kept = {"kept": await journal.async_count(), "key_lost": journal.key_lost}
    connection.send_result(
        msg["id"],
        {
            "journal": {**journal.bounds.as_dict(), **kept},
            "agents": [
                {"entity_id": agent.entity_id, "name": async_name(hass, agent.entity_id)}
                for agent in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
                if agent.config_subentry_id in runtime.houses
            ],
            "bundle": {
                "name": current["version"] if current else "",
                "hash": runtime.engine.hash,
                "made": current["made"] if current else None,
                "scores": card.scores if card else {},
                "versions": listed,
            },
            "phrases": len(runtime.phrasebook.phrases),
        },
    )


@websocket_api.websocket_command({probatio.Required("type"): "intendant/phrases/list"})
@websocket_api.require_admin
@callback
def ws_phrases(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """List the phrases that were learnt."""
    phrases = [phrase.as_dict() for phrase in async_loaded(hass).phrasebook.phrases]
    for phrase in phrases:
        phrase["names"] = {thing: async_name(hass, thing) for thing in phrase["entity_ids"]}
    connection.send_result(msg["id"], {"phrases": phrases})


@websocket_api.websocket_command(
    {
        probatio.Required("type"): "intendant/phrases/forget",
        probatio.Exclusive("phrase_id", "what"): str,
        probatio.Exclusive("all", "what"): True,
    }
)
@websocket_api.require_admin
@websocket_api.async_response
async def ws_forget_phrases(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Forget a phrase, or all of them."""
    phrasebook = async_loaded(hass).phrasebook
    if "all" in msg:
        await phrasebook.async_forget_all()
    elif "phrase_id" not in msg:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="forget_what")
    else:
        await phrasebook.async_forget(msg["phrase_id"])
    connection.send_result(msg["id"], {})


@websocket_api.websocket_command({probatio.Required("type"): "intendant/things"})
@websocket_api.require_admin
@websocket_api.async_response
async def ws_things(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """List what is exposed, each thing with the verbs that make sense for it."""
    table = await hass.async_add_executor_job(load_services)
    verbs: dict[str, list[str]] = {}
    for verb, spec in table.items():
        for domain in spec["things"]:
            verbs.setdefault(domain, []).append(verb)
    houses = [await keeper.async_house() for keeper in async_loaded(hass).houses.values()]
    things = {
        thing.id: {
            "entity_id": thing.id,
            "name": thing.name,
            "area": house.areas[thing.area_id].name if thing.area_id in house.areas else None,
            "domain": thing.domain,
            "verbs": verbs[thing.domain],
        }
        for house in houses
        for thing in house.home.entities
        if thing.domain in verbs
    }
    connection.send_result(msg["id"], {"things": list(things.values())})
