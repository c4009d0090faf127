"""Why nothing could be heard."""

from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN


class SpeechError(HomeAssistantError):
    """Recognizing speech failed, for a reason that has a name; its words lie in the translations."""

    def __init__(self, reason: str, **placeholders: str) -> None:
        """Take the name of the reason (a key under `exceptions` in the translations)."""
        super().__init__(translation_domain=DOMAIN, translation_key=reason, translation_placeholders=placeholders)
        self.reason = reason
