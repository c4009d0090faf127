"""Add speech recognition and voices, or change them: on this machine, or on a server. Whether it works is tried at once."""

from typing import TYPE_CHECKING, Any, ClassVar

import probatio
from homeassistant.config_entries import SOURCE_USER, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_API_KEY, CONF_MODEL, CONF_NAME, CONF_URL
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .const import (
    CONF_ENGINE,
    CONF_HINTS,
    CONF_RESCORE,
    CONF_SPEED,
    CONF_VOICE,
    ENGINE_ESPEAK,
    ENGINE_PIPER,
    ENGINE_SERVER,
    ENGINE_WHISPER,
    NAME,
    SUBENTRY_STT,
)
from .speech import espeak, piper, whisper
from .speech.audio import RATE, WIDTH
from .speech.errors import SpeechError
from .speech.recognizer import make_recognizer
from .speech.sound import FASTEST, SLOWEST
from .speech.voice import make_voice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.typing import VolDictType

_SERVER: VolDictType = {
    probatio.Required(CONF_URL): TextSelector(TextSelectorConfig(type=TextSelectorType.URL)),
    probatio.Optional(CONF_MODEL): TextSelector(),
    probatio.Optional(CONF_API_KEY): TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD)),
}
_HINTS: VolDictType = {probatio.Optional(CONF_HINTS, default=True): BooleanSelector()}
_VOICE: VolDictType = {
    probatio.Optional(CONF_VOICE): TextSelector(),
    probatio.Optional(CONF_SPEED, default=1.0): NumberSelector(
        NumberSelectorConfig(min=SLOWEST, max=FASTEST, step=0.05)
    ),
}

_ESPEAK_VOICES = SelectSelector(
    SelectSelectorConfig(options=[name for names in espeak.VOICES.values() for name in names], custom_value=True)
)


class EngineFlow(ConfigSubentryFlow):
    """Add an engine, or change one."""

    fields: ClassVar[Mapping[str, VolDictType]]
    """Engine → what is asked for it."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask where it shall happen."""
        _ = user_input
        return self.async_show_menu(step_id="user", menu_options=list(self.fields))

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Change the engine that is there."""
        return await self._async_ask(str(self._get_reconfigure_subentry().data[CONF_ENGINE]), user_input)

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
                await async_try(self.hass, self._subentry_type, data)
            except SpeechError as err:
                errors["base"] = err.reason
            else:
                if new:
                    return self.async_create_entry(title=title, data=data)
                return self.async_update_and_abort(self._get_entry(), self._get_reconfigure_subentry(), data=data)
        name: VolDictType = {probatio.Optional(CONF_NAME, default=NAME): TextSelector()} if new else {}
        known = user_input if user_input is not None or new else dict(self._get_reconfigure_subentry().data)
        schema = self.add_suggested_values_to_schema(probatio.Schema({**name, **self.fields[engine]}), known)
        return self.async_show_form(step_id=engine, data_schema=schema, errors=errors)


class SpeechRecognitionFlow(EngineFlow):
    """Add an engine that recognizes speech, or change one."""

    fields: ClassVar[Mapping[str, VolDictType]] = {
        ENGINE_WHISPER: {
            probatio.Optional(CONF_MODEL, default=whisper.DEFAULT_MODEL): SelectSelector(
                SelectSelectorConfig(options=list(whisper.MODELS), custom_value=True)
            ),
            **_HINTS,
            probatio.Optional(CONF_RESCORE, default=True): BooleanSelector(),
        },
        ENGINE_SERVER: {**_SERVER, **_HINTS},
    }

    async def async_step_whisper(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask which model shall be used on this machine."""
        return await self._async_ask(ENGINE_WHISPER, user_input)


class VoiceFlow(EngineFlow):
    """Add an engine that speaks, or change one."""

    fields: ClassVar[Mapping[str, VolDictType]] = {
        ENGINE_PIPER: _VOICE,
        ENGINE_ESPEAK: {**_VOICE, probatio.Optional(CONF_VOICE): _ESPEAK_VOICES},
        ENGINE_SERVER: {**_SERVER, **_VOICE},
    }

    async def async_step_piper(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask which voice shall be used on this machine."""
        return await self._async_ask(ENGINE_PIPER, user_input)

    async def async_step_espeak(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask which voice without weights shall be used."""
        return await self._async_ask(ENGINE_ESPEAK, user_input)


async def async_try(hass: HomeAssistant, kind: str, data: Mapping[str, Any]) -> None:
    """Install what a subentry of a kind needs, or let its server work. Raise SpeechError when it can't be used."""
    engine = data[CONF_ENGINE]
    if engine == ENGINE_WHISPER:
        await whisper.async_install(hass)
    elif engine == ENGINE_PIPER:
        await piper.async_install(hass)
    elif kind == SUBENTRY_STT:
        # Half a second of silence.
        await make_recognizer(hass, data).async_recognize(bytes(RATE * WIDTH // 2), "en", ())
    else:
        voice = data.get(CONF_VOICE) if engine == ENGINE_ESPEAK else None
        async for _ in make_voice(hass, data).async_speak("OK.", "en", voice, 1.0):
            break
