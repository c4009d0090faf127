"""Set Intendant up: nothing must be filled in. The agents are subentries, the bundle belongs to the entry."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, override

import probatio
from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryData,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    AreaSelector,
    AreaSelectorConfig,
    ConversationAgentSelector,
    LanguageSelector,
    LanguageSelectorConfig,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
)

from .const import (
    CONF_AREAS,
    CONF_BUNDLE,
    CONF_FALLBACK_LANGUAGE,
    CONF_HAND_OVER_TO,
    CONF_STRICTNESS,
    DEFAULT_BUNDLE,
    DOMAIN,
    NAME,
    STRICTNESS_ACT,
    STRICTNESS_ASK,
    SUBENTRY_CONVERSATION,
)
from .core.errors import BundleError
from .core.lexicon import LANGUAGES
from .engine import issue_of, load_interpreter

if TYPE_CHECKING:
    from homeassistant.helpers.typing import VolDictType

AGENT_FIELDS: VolDictType = {
    probatio.Optional(CONF_STRICTNESS, default=STRICTNESS_ACT): SelectSelector(
        SelectSelectorConfig(options=[STRICTNESS_ACT, STRICTNESS_ASK], translation_key=CONF_STRICTNESS)
    ),
    probatio.Optional(CONF_HAND_OVER_TO): ConversationAgentSelector(),
    probatio.Optional(CONF_FALLBACK_LANGUAGE): LanguageSelector(LanguageSelectorConfig(languages=list(LANGUAGES))),
    probatio.Optional(CONF_AREAS): AreaSelector(AreaSelectorConfig(multiple=True)),
}
AGENT_SCHEMA = probatio.Schema(AGENT_FIELDS)
NEW_AGENT_SCHEMA = probatio.Schema({probatio.Optional(CONF_NAME, default=NAME): TextSelector(), **AGENT_FIELDS})
ENTRY_SCHEMA = probatio.Schema({probatio.Optional(CONF_BUNDLE): TextSelector()})


class IntendantConfigFlow(ConfigFlow, domain=DOMAIN):
    """Set up the entry, with its first agent."""

    VERSION = 1
    MINOR_VERSION = 1

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Set up with the bundle that comes along."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = await self._async_check(DEFAULT_BUNDLE)
            if not errors:
                agent = ConfigSubentryData(
                    subentry_type=SUBENTRY_CONVERSATION, title=NAME, unique_id=None, data=user_input
                )
                return self.async_create_entry(title=NAME, data={}, subentries=[agent])
        schema = self.add_suggested_values_to_schema(AGENT_SCHEMA, user_input)
        return self.async_show_form(step_id="user", data_schema=schema, errors=errors)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Choose another bundle; nothing chosen is the one that comes along."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            chosen = user_input.get(CONF_BUNDLE)
            errors = await self._async_check(Path(self.hass.config.path(chosen)) if chosen else DEFAULT_BUNDLE)
            if not errors:
                return self.async_update_and_abort(entry, data=user_input)
        schema = self.add_suggested_values_to_schema(ENTRY_SCHEMA, user_input or entry.data)
        return self.async_show_form(step_id="reconfigure", data_schema=schema, errors=errors)

    async def _async_check(self, path: Path) -> dict[str, str]:
        """Load a bundle to see whether it can be used."""
        try:
            await self.hass.async_add_executor_job(load_interpreter, path)
        except BundleError as err:
            return {"base": issue_of(err)}
        return {}

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(cls, config_entry: ConfigEntry) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what can be added to the entry."""
        return {SUBENTRY_CONVERSATION: AgentFlow}


class AgentFlow(ConfigSubentryFlow):
    """Add an agent or change one."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the options of an agent."""
        if self._get_entry().state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="entry_not_loaded")
        new = self.source == SOURCE_USER
        if user_input is not None:
            if new:
                return self.async_create_entry(title=user_input.pop(CONF_NAME), data=user_input)
            return self.async_update_and_abort(self._get_entry(), self._get_reconfigure_subentry(), data=user_input)
        options = None if new else self._get_reconfigure_subentry().data
        schema = self.add_suggested_values_to_schema(NEW_AGENT_SCHEMA if new else AGENT_SCHEMA, options)
        return self.async_show_form(step_id="user" if new else "reconfigure", data_schema=schema)

    async_step_reconfigure = async_step_user
