"""Show people how far the fetching of weights has come: in a notification, and in the log."""

from typing import TYPE_CHECKING, Final, Self

from homeassistant.components import persistent_notification
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN, LOGGER, NAME

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

_STEP: Final = 5
"""Per cent from one look at the notification to the next."""


class Progress:
    """One thing that is being fetched. Leave the `async with` and the notification goes."""

    def __init__(self, hass: HomeAssistant, name: str) -> None:
        """Take the name of what is fetched."""
        self._hass, self._name = hass, name
        self._id = f"{DOMAIN}_fetching_{name}"
        self._sentence = ""
        self._shown = -_STEP

    async def __aenter__(self) -> Self:
        """Find the words."""
        found = await async_get_translations(self._hass, self._hass.config.language, "exceptions", {DOMAIN})
        self._sentence = found.get(f"component.{DOMAIN}.exceptions.still_fetching.message", "")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Take the notification away."""
        persistent_notification.async_dismiss(self._hass, self._id)

    def report(self, done: int, total: int) -> None:
        """Say how many bytes are there, of how many. In the event loop."""
        percent = 100 * done // max(total, 1)
        if percent < self._shown + _STEP:
            return
        self._shown = percent
        LOGGER.info("Fetching %s: %s %% of %s MB", self._name, percent, total >> 20)
        sentence = self._sentence.replace("{name}", self._name).replace("{percent}", str(percent))
        persistent_notification.async_create(self._hass, sentence, NAME, self._id)
