"""What the page asks for about habits: which were found and why, and whether they may be offered. For administrators only."""

from typing import TYPE_CHECKING, Any, Final

import probatio
from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .core.answer_habits import word_habit, word_why
from .core.house import House
from .core.intentions import Situation
from .core.languages import phrases_of
from .core.values import Home
from .journal_export import async_loaded_entry
from .situation import spoken_language
from .usage import DECISIONS

if TYPE_CHECKING:
    from homeassistant.components.websocket_api import ActiveConnection

    from .core.routines import Routine
    from .runtime import IntendantConfigEntry

_LIST: Final = "intendant/routines/list"
_DECIDE: Final = "intendant/routines/decide"


@callback
def async_setup_routines_api(hass: HomeAssistant) -> None:
    """Register the commands."""
    websocket_api.async_register_command(hass, ws_routines)
    websocket_api.async_register_command(hass, ws_decide)


@websocket_api.websocket_command({probatio.Required("type"): _LIST, probatio.Optional("language"): str})
@websocket_api.require_admin
@websocket_api.async_response
async def ws_routines(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Return the habits in words, with why they are believed to be such."""
    entry = async_loaded_entry(hass)
    runtime = entry.runtime_data
    house = await _async_house(entry)
    language = spoken_language(msg.get("language") or hass.config.language, runtime.engine.languages, {})
    situation = Situation(house, lambda _: None, dt_util.now(), language)
    known = [routine for routine in runtime.usage.routines if routine.entity_id in house.entities]
    told = await hass.async_add_executor_job(_tell, known, situation)
    connection.send_result(msg["id"], {"routines": told})


@websocket_api.websocket_command(
    {
        probatio.Required("type"): _DECIDE,
        # What is called id is the message's own.
        probatio.Required("routine_id"): str,
        probatio.Required("decision"): probatio.In(tuple(DECISIONS)),
    }
)
@websocket_api.require_admin
@websocket_api.async_response
async def ws_decide(hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]) -> None:
    """Keep whether a habit may be offered."""
    if not await async_loaded_entry(hass).runtime_data.usage.async_decide(
        msg["routine_id"], DECISIONS[msg["decision"]]
    ):
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_such_routine")
    connection.send_result(msg["id"], {})


def _tell(routines: list[Routine], situation: Situation) -> list[dict[str, str]]:
    phrases = phrases_of(situation.language)
    return [
        {
            "id": routine.id,
            "text": word_habit(routine, situation, phrases),
            "why": phrases.sentence(word_why(routine, phrases)),
            "state": routine.state,
        }
        for routine in routines
    ]


async def _async_house(entry: IntendantConfigEntry) -> House:
    """Return the home as the agents see it together."""
    houses = [await keeper.async_house() for keeper in entry.runtime_data.houses.values()]
    if len(houses) == 1:
        return houses[0]
    entities = {thing.id: thing for house in houses for thing in house.home.entities}
    return House(Home(entities=tuple(entities.values())))
