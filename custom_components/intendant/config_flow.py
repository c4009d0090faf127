"""Set Intendant up: nothing must be filled in. The agents are subentries, the bundle belongs to the entry."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, override

import probatio
from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
    ConfigSubentryData,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    AreaSelector,
    AreaSelectorConfig,
    BooleanSelector,
    ConversationAgentSelector,
    EntitySelector,
    EntitySelectorConfig,
    LanguageSelector,
    LanguageSelectorConfig,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .assistant_flow import ASSISTANT_FIELDS, AssistantFlow, InstallSteps
from .const import (
    BREVITIES,
    CONF_APP_POLICY,
    CONF_AREAS,
    CONF_ASSISTANT,
    CONF_BREVITY,
    CONF_BUNDLE,
    CONF_FALLBACK_LANGUAGE,
    CONF_GUARDED,
    CONF_HAND_OVER_TO,
    CONF_HEAR_AND_SPEAK,
    CONF_JOURNAL,
    CONF_PIN,
    CONF_PIN_HASH,
    CONF_REMOVE_PIN,
    CONF_SENSITIVE,
    CONF_SHADOW_FIRST,
    CONF_STRICTNESS,
    CONF_THINGS,
    CONF_VOICE_POLICY,
    DEFAULT_BUNDLE,
    DOMAIN,
    NAME,
    STRICTNESS_ACT,
    STRICTNESS_ASK,
    SUBENTRY_CONVERSATION,
    SUBENTRY_STT,
    SUBENTRY_TTS,
)
from .core.digits import PIN_FORM
from .core.errors import BundleError
from .core.guard import KINDS, POLICIES
from .core.intentions import Guard
from .core.lexicon import LANGUAGES
from .engine import issue_of, load_interpreter
from .journal_flow import JOURNAL_FIELDS, async_take_bounds, suggested_bounds
from .key_flow import KeyFlow
from .pins import hash_pin
from .speech_flow import SpeechRecognitionFlow, VoiceFlow

if TYPE_CHECKING:
    from homeassistant.helpers.typing import VolDictType

_POLICY = SelectSelector(SelectSelectorConfig(options=list(POLICIES), translation_key="policy"))
_THINGS = EntitySelector(EntitySelectorConfig(multiple=True))
SENSITIVE_FIELDS: VolDictType = {
    probatio.Optional(CONF_VOICE_POLICY, default="pin"): _POLICY,
    probatio.Optional(CONF_APP_POLICY, default=Guard().policy): _POLICY,
    probatio.Optional(CONF_PIN): TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD)),
    probatio.Optional(CONF_REMOVE_PIN, default=False): BooleanSelector(),
    probatio.Optional(CONF_GUARDED, default=sorted(Guard().kinds)): SelectSelector(
        SelectSelectorConfig(options=list(KINDS), translation_key=CONF_GUARDED, multiple=True)
    ),
    **{probatio.Optional(key): _THINGS for key in CONF_THINGS.values()},
}
AGENT_FIELDS: VolDictType = {
    probatio.Optional(CONF_STRICTNESS, default=STRICTNESS_ACT): SelectSelector(
        SelectSelectorConfig(options=[STRICTNESS_ACT, STRICTNESS_ASK], translation_key=CONF_STRICTNESS)
    ),
    probatio.Optional(CONF_BREVITY, default=BREVITIES[0]): SelectSelector(
        SelectSelectorConfig(options=list(BREVITIES), translation_key=CONF_BREVITY)
    ),
    probatio.Optional(CONF_HAND_OVER_TO): ConversationAgentSelector(),
    probatio.Optional(CONF_FALLBACK_LANGUAGE): LanguageSelector(LanguageSelectorConfig(languages=list(LANGUAGES))),
    probatio.Optional(CONF_AREAS): AreaSelector(AreaSelectorConfig(multiple=True)),
    probatio.Optional(CONF_SENSITIVE): section(probatio.Schema(SENSITIVE_FIELDS), {"collapsed": True}),
}
AGENT_SCHEMA = probatio.Schema(AGENT_FIELDS)
NEW_ENTRY_SCHEMA = probatio.Schema(
    {
        probatio.Optional(CONF_HEAR_AND_SPEAK, default=False): BooleanSelector(),
        **ASSISTANT_FIELDS,
        **AGENT_FIELDS,
    }
)
NEW_AGENT_SCHEMA = probatio.Schema({probatio.Optional(CONF_NAME, default=NAME): TextSelector(), **AGENT_FIELDS})
ENTRY_SCHEMA = probatio.Schema(
    {
        probatio.Optional(CONF_BUNDLE): TextSelector(),
        probatio.Optional(CONF_SHADOW_FIRST): BooleanSelector(),
        **JOURNAL_FIELDS,
    }
)


class IntendantConfigFlow(InstallSteps, KeyFlow, domain=DOMAIN):
    """Set up the entry, with its first agent; with ears and a voice, if the user wants."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self._chosen: dict[str, Any] | None = None
        self._agent: dict[str, Any] = {}
        self._wanted = False

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Set up with the bundle that comes along."""
        self.errors = {}
        if user_input is not None:
            self._chosen, agent = user_input, dict(user_input)
            hears, self._wanted = agent.pop(CONF_HEAR_AND_SPEAK, False), agent.pop(CONF_ASSISTANT, False)
            self.errors = await self._async_check(DEFAULT_BUNDLE)
            self._agent, bad = await async_agent_data(self.hass, agent)
            self.errors = self.errors or bad
            if not self.errors:
                return await (self.async_step_install() if hears else self.async_step_finish())
        return await self.async_step_form()

    @override
    async def async_step_form(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show the form."""
        schema = self.add_suggested_values_to_schema(NEW_ENTRY_SCHEMA, self._chosen)
        return self.async_show_form(step_id="user", data_schema=schema, errors=self.errors)

    @override
    async def async_step_finish(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Add the entry with all that belongs to it."""
        agent = ConfigSubentryData(subentry_type=SUBENTRY_CONVERSATION, title=NAME, unique_id=None, data=self._agent)
        data = {CONF_ASSISTANT: True} if self.engines and self._wanted else {}
        return self.async_create_entry(title=NAME, data=data, subentries=[agent, *self.engines])

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Choose another bundle (nothing chosen is the one that comes along), and whether turns are kept."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            chosen = user_input.get(CONF_BUNDLE)
            errors = await self._async_check(Path(self.hass.config.path(chosen)) if chosen else DEFAULT_BUNDLE)
            if not errors:
                data = {key: value for key, value in user_input.items() if key != CONF_JOURNAL}
                options = await async_take_bounds(self.hass, entry, user_input.get(CONF_JOURNAL))
                return self.async_update_and_abort(entry, data=data, options=options)
        known = {**entry.data, **suggested_bounds(entry)}
        schema = self.add_suggested_values_to_schema(ENTRY_SCHEMA, user_input or known)
        return self.async_show_form(step_id="reconfigure", data_schema=schema, errors=errors)

    async def _async_check(self, path: Path) -> dict[str, str]:
        """Load a bundle to see whether it can be used."""
        try:
            await self.hass.async_add_executor_job(load_interpreter, path)
        except BundleError as err:
            return {"base": issue_of(err)}
        return {}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> AssistantFlow:
        """Return what sets up ears and a voice later on."""
        return AssistantFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(cls, config_entry: ConfigEntry) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what can be added to the entry."""
        return {SUBENTRY_CONVERSATION: AgentFlow, SUBENTRY_STT: SpeechRecognitionFlow, SUBENTRY_TTS: VoiceFlow}


async def async_agent_data(
    hass: HomeAssistant, user_input: dict[str, Any], pin_hash: str | None = None
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what is stored of an agent's options, and what is wrong with them. A PIN is stored as a hash only.

    `pin_hash` is the one set before: a PIN that is left empty leaves it as it is.
    """
    chosen = dict(user_input.get(CONF_SENSITIVE) or {})
    pin, remove = chosen.pop(CONF_PIN, ""), chosen.pop(CONF_REMOVE_PIN, False)
    data = {key: value for key, value in user_input.items() if key != CONF_SENSITIVE}
    if chosen:
        data[CONF_SENSITIVE] = chosen
    if pin and not PIN_FORM.fullmatch(pin):
        return data, {"base": "pin_form"}
    if pin:
        data[CONF_PIN_HASH] = await hass.async_add_executor_job(hash_pin, pin)
    elif pin_hash and not remove:
        data[CONF_PIN_HASH] = pin_hash
    return data, {}


class AgentFlow(ConfigSubentryFlow):
    """Add an agent or change one."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the options of an agent."""
        if self._get_entry().state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="entry_not_loaded")
        new = self.source == SOURCE_USER
        options = {} if new else self._get_reconfigure_subentry().data
        errors: dict[str, str] = {}
        if user_input is not None:
            data, errors = await async_agent_data(self.hass, user_input, options.get(CONF_PIN_HASH))
            if not errors:
                if new:
                    return self.async_create_entry(title=data.pop(CONF_NAME), data=data)
                return self.async_update_and_abort(self._get_entry(), self._get_reconfigure_subentry(), data=data)
        schema = self.add_suggested_values_to_schema(
            NEW_AGENT_SCHEMA if new else AGENT_SCHEMA, options if user_input is None else user_input
        )
        return self.async_show_form(step_id="user" if new else "reconfigure", data_schema=schema, errors=errors)

    async_step_reconfigure = async_step_user
