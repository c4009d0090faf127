"""Add speech recognition or change it: on this machine with faster-whisper, or on a server. Whether it works is tried at once."""

from typing import TYPE_CHECKING, Any, Final

import probatio
from homeassistant.config_entries import SOURCE_USER, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_API_KEY, CONF_MODEL, CONF_NAME, CONF_URL
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .const import CONF_ENGINE, ENGINE_SERVER, ENGINE_WHISPER, NAME
from .speech.audio import RATE, WIDTH
from .speech.errors import SpeechError
from .speech.recognizer import make_recognizer
from .speech.whisper import DEFAULT_MODEL, MODELS, async_install

if TYPE_CHECKING:
    from homeassistant.helpers.typing import VolDictType

_WHISPER_FIELDS: VolDictType = {
    probatio.Optional(CONF_MODEL, default=DEFAULT_MODEL): SelectSelector(
        SelectSelectorConfig(options=list(MODELS), custom_value=True)
    )
}
_SERVER_FIELDS: VolDictType = {
    probatio.Required(CONF_URL): TextSelector(TextSelectorConfig(type=TextSelectorType.URL)),
    probatio.Optional(CONF_MODEL): TextSelector(),
    probatio.Optional(CONF_API_KEY): TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD)),
}
_FIELDS: Final = {ENGINE_WHISPER: _WHISPER_FIELDS, ENGINE_SERVER: _SERVER_FIELDS}


class SpeechRecognitionFlow(ConfigSubentryFlow):
    """Add an engine that recognizes speech, or change one."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask where speech shall be recognized."""
        _ = user_input
        return self.async_show_menu(step_id="user", menu_options=[ENGINE_WHISPER, ENGINE_SERVER])

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Change the engine that is there."""
        return await self._async_ask(str(self._get_reconfigure_subentry().data[CONF_ENGINE]), user_input)

    async def async_step_whisper(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask which model shall be used on this machine."""
        return await self._async_ask(ENGINE_WHISPER, user_input)

    async def async_step_server(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the address of a server."""
        return await self._async_ask(ENGINE_SERVER, user_input)

    async def _async_ask(self, engine: str, user_input: dict[str, Any] | None) -> SubentryFlowResult:
        new = self.source == SOURCE_USER
        errors: dict[str, str] = {}
        if user_input is not None:
            data = {**user_input, CONF_ENGINE: engine}
            title = data.pop(CONF_NAME, NAME)
            try:
                await self._async_try(engine, data)
            except SpeechError as err:
                errors["base"] = err.reason
            else:
                if new:
                    return self.async_create_entry(title=title, data=data)
                return self.async_update_and_abort(self._get_entry(), self._get_reconfigure_subentry(), data=data)
        name: VolDictType = {probatio.Optional(CONF_NAME, default=NAME): TextSelector()} if new else {}
        known = user_input if user_input is not None or new else dict(self._get_reconfigure_subentry().data)
        schema = self.add_suggested_values_to_schema(probatio.Schema({**name, **_FIELDS[engine]}), known)
        return self.async_show_form(step_id=engine if new else "reconfigure", data_schema=schema, errors=errors)

    async def _async_try(self, engine: str, data: dict[str, Any]) -> None:
        """Raise SpeechError when the engine can't be used: no package for this machine, no server at the address."""
        if engine == ENGINE_WHISPER:
            await async_install(self.hass)
            return
        silence = bytes(RATE * WIDTH // 2)
        await make_recognizer(self.hass, data).async_recognize(silence, "en", ())
