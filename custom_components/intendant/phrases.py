"""Say what went wrong with a turn as a whole, in the speaker's language; Home Assistant words errors in English only."""

from typing import TYPE_CHECKING

from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN, LOGGER

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.exceptions import HomeAssistantError

_FILES = {"zh": "zh-Hans"}


async def async_phrase(hass: HomeAssistant, error: HomeAssistantError, language: str) -> str:
    """Return a short sentence for an error of ours; whatever else went wrong is no sentence to be spoken."""
    key = error.translation_key if error.translation_domain == DOMAIN else None
    if key is None:
        LOGGER.warning("A turn failed: %s", type(error).__name__)
        key = "failed"
    sentences = await async_get_translations(hass, _FILES.get(language, language), "exceptions", {DOMAIN})
    return sentences.get(f"component.{DOMAIN}.exceptions.{key}.message", "…")
