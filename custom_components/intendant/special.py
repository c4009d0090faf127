"""Steps that no single service of Home Assistant's carries out: play what is searched for, find an item of a list."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from homeassistant.components.media_player import DOMAIN as MEDIA_PLAYER, MediaPlayerEntityFeature
from homeassistant.components.todo import DOMAIN as TODO
from homeassistant.const import ATTR_ENTITY_ID, ATTR_SUPPORTED_FEATURES
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from rapidfuzz import fuzz

_ALIKE = 80
"""How alike what was said and what stands on the list must be, of 100."""

type Special = Callable[[HomeAssistant, str, Mapping[str, object], Context], Awaitable[None]]


class StepFailedError(HomeAssistantError):
    """A step failed for a reason that has a name of its own."""

    def __init__(self, reason: str) -> None:
        """Take the name of the reason."""
        super().__init__(reason)
        self.reason = reason


async def async_search_and_play(
    hass: HomeAssistant, entity_id: str, data: Mapping[str, object], context: Context
) -> None:
    """Play the first thing a player finds; a player that cannot search is handed the words."""
    query = str(data["search_query"])
    content = {"media_content_id": query, "media_content_type": "music"}
    state = hass.states.get(entity_id)
    if state and state.attributes.get(ATTR_SUPPORTED_FEATURES, 0) & MediaPlayerEntityFeature.SEARCH_MEDIA:
        response: Any = await hass.services.async_call(
            MEDIA_PLAYER,
            "search_media",
            {ATTR_ENTITY_ID: entity_id, "search_query": query},
            blocking=True,
            context=context,
            return_response=True,
        )
        if not (found := response[entity_id].result):
            raise StepFailedError("nothing_found")
        content = {
            "media_content_id": found[0].media_content_id,
            "media_content_type": found[0].media_content_type,
        }
    await hass.services.async_call(
        MEDIA_PLAYER, "play_media", {ATTR_ENTITY_ID: entity_id, **content}, blocking=True, context=context
    )


async def async_update_item(hass: HomeAssistant, entity_id: str, data: Mapping[str, object], context: Context) -> None:
    """Change the item that was meant: of this list, or of one of those in `or_in`."""
    found, item = await _async_find_item(hass, entity_id, data, context)
    change = {name: value for name, value in data.items() if name != "or_in"}
    await hass.services.async_call(
        TODO, "update_item", {**change, ATTR_ENTITY_ID: found, "item": item}, blocking=True, context=context
    )


async def async_remove_item(hass: HomeAssistant, entity_id: str, data: Mapping[str, object], context: Context) -> None:
    """Remove the item that was meant: of this list, or of one of those in `or_in`."""
    found, item = await _async_find_item(hass, entity_id, data, context)
    await hass.services.async_call(
        TODO, "remove_item", {ATTR_ENTITY_ID: found, "item": [item]}, blocking=True, context=context
    )


async def _async_find_item(
    hass: HomeAssistant, entity_id: str, data: Mapping[str, object], context: Context
) -> tuple[str, str]:
    """Return the list that holds what was said, and how it names it ("the oat milk" for "Oat milk"), open items before done ones."""
    others = data.get("or_in")
    lists = [entity_id, *(others if isinstance(others, (list, tuple)) else ())]
    response: Any = await hass.services.async_call(
        TODO, "get_items", {ATTR_ENTITY_ID: lists}, blocking=True, context=context, return_response=True
    )
    items = [(name, item) for name in lists for item in response[name]["items"]]
    items.sort(key=lambda found: found[1].get("status") != "needs_action")
    said = str(data["item"]).casefold()
    scores = [_alike(said, str(item["summary"]).casefold()) for _, item in items]
    best = max(range(len(items)), key=scores.__getitem__, default=None)
    if best is not None and scores[best] < _ALIKE:
        best = None
    if best is None:
        raise StepFailedError("no_such_item")
    found, item = items[best]
    return found, str(item.get("uid") or item["summary"])


def _alike(said: str, summary: str) -> float:
    """Return how alike an item and what was said of it are, 0 to 100: the same words, more of them, or nearly the same letters."""
    words, whole = set(re.findall(r"\w+", said)), set(re.findall(r"\w+", summary))
    if words and (words <= whole or whole <= words):
        return 90 + fuzz.ratio(said, summary) / 10
    if not said.isascii() and (said in summary or summary in said):
        return 90.0
    return max(fuzz.ratio(said, summary), fuzz.token_sort_ratio(said, summary))


SPECIAL: Final[Mapping[str, Special]] = {
    "media_player.search_and_play": async_search_and_play,
    "todo.update_item": async_update_item,
    "todo.remove_item": async_remove_item,
}
