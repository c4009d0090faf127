"""Ask for the key of a speech server anew, when the server no longer accepts the one that it was given."""

from typing import TYPE_CHECKING, Any

import probatio
from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig, TextSelectorType

from .const import CONF_SUBENTRY
from .speech.errors import SpeechError
from .speech_flow import async_try

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCHEMA = probatio.Schema(
    {probatio.Optional(CONF_API_KEY): TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))}
)


class KeyFlow(ConfigFlow):
    """The steps of a flow that asks for a key."""

    _subentry_id = ""

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Begin with the subentry whose server refused the key."""
        self._subentry_id = str(entry_data.get(CONF_SUBENTRY))
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for another key, and try it."""
        entry = self._get_reauth_entry()
        subentry = entry.subentries.get(self._subentry_id)
        if subentry is None:
            return self.async_abort(reason="removed_meanwhile")
        errors: dict[str, str] = {}
        if user_input is not None:
            others = {key: value for key, value in subentry.data.items() if key != CONF_API_KEY}
            try:
                await async_try(self.hass, subentry.subentry_type, {**others, **user_input})
            except SpeechError as err:
                errors["base"] = err.reason
            else:
                self._take(subentry.data, user_input)
                return self.async_abort(reason="reauth_successful")
        return self.async_show_form(
            step_id="reauth_confirm",
            data_schema=_SCHEMA,
            errors=errors,
            description_placeholders={"name": subentry.title, "url": str(subentry.data.get(CONF_URL))},
        )

    def _take(self, refused: Mapping[str, Any], key: dict[str, Any]) -> None:
        """Give the key to everything that showed the refused one to the same server: ears and voice often share it."""
        entry = self._get_reauth_entry()
        same = (refused.get(CONF_URL), refused.get(CONF_API_KEY))
        for subentry in list(entry.subentries.values()):
            if (subentry.data.get(CONF_URL), subentry.data.get(CONF_API_KEY)) == same:
                others = {name: value for name, value in subentry.data.items() if name != CONF_API_KEY}
                self.hass.config_entries.async_update_subentry(entry, subentry, data={**others, **key})
