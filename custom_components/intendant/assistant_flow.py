"""The steps that set up ears, a voice and an assistant in one click: when Intendant is added, or later under *Configure*."""

from typing import TYPE_CHECKING, Any

import probatio
from homeassistant.config_entries import ConfigEntryBaseFlow, ConfigFlowResult, OptionsFlow
from homeassistant.helpers.selector import BooleanSelector

from .assistant import add_missing, async_install_engines, async_make_assistant
from .const import CONF_ASSISTANT
from .speech.errors import SpeechError

if TYPE_CHECKING:
    import asyncio

    from homeassistant.config_entries import ConfigSubentryData
    from homeassistant.helpers.typing import VolDictType

ASSISTANT_FIELDS: VolDictType = {probatio.Optional(CONF_ASSISTANT, default=True): BooleanSelector()}


class InstallSteps(ConfigEntryBaseFlow):
    """Installing the engines while the form shows that something happens, which takes a minute or two.

    `engines` holds the subentries when `async_step_finish` is called; `errors` why there are none when `async_step_form` is.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self._installing: asyncio.Task[list[ConfigSubentryData]] | None = None
        self.engines: list[ConfigSubentryData] = []
        self.errors: dict[str, str] = {}

    async def async_step_install(self, _user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Install, and wait for it."""
        task = self._installing
        if task is None:
            task = self._installing = self.hass.async_create_task(async_install_engines(self.hass))
        if not task.done():
            return self.async_show_progress(step_id="install", progress_action="install", progress_task=task)
        self._installing = None
        try:
            self.engines = task.result()
        except SpeechError as err:
            self.errors = {"base": err.reason}
            return self.async_show_progress_done(next_step_id="form")
        return self.async_show_progress_done(next_step_id="finish")

    async def async_step_form(self, _user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show the form again, with what went wrong."""
        raise NotImplementedError

    async def async_step_finish(self, _user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Add what was installed."""
        raise NotImplementedError


class AssistantFlow(InstallSteps, OptionsFlow):
    """Give an entry that is there already ears and a voice, as far as it has none, and make an assistant of them."""

    def __init__(self) -> None:
        """Begin with an assistant wanted."""
        super().__init__()
        self._wanted = True

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask whether an assistant shall be made."""
        if user_input is not None:
            self._wanted = bool(user_input.get(CONF_ASSISTANT))
            return await self.async_step_install()
        return self.async_show_form(step_id="init", data_schema=probatio.Schema(ASSISTANT_FIELDS), errors=self.errors)

    async def async_step_form(self, _user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show the form again, with what went wrong."""
        return await self.async_step_init()

    async def async_step_finish(self, _user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Add what is missing; the assistant is made when that is in service."""
        entry = self.config_entry
        missing = any(not list(entry.get_subentries_of_type(each["subentry_type"])) for each in self.engines)
        if missing and self._wanted:
            self.hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_ASSISTANT: True})
        if not add_missing(self.hass, entry, self.engines) and self._wanted:
            await async_make_assistant(self.hass, entry)
        return self.async_create_entry(data=dict(entry.options))
