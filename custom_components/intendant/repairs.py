"""Fix a bundle that cannot be used: try again, or go back to the one that comes along. Fix a journal whose key is lost."""

from typing import TYPE_CHECKING

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers import issue_registry as ir

from .const import CONF_BUNDLE, DOMAIN, ISSUE_JOURNAL_KEY_LOST
from .versions.shelf import async_use_default

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .runtime import IntendantConfigEntry


class BundleRepairFlow(RepairsFlow):
    """Get a bundle into service again."""

    def __init__(self, entry_id: str, *, bundled: bool) -> None:
        """Take the entry; `bundled` when it is the bundle that comes along that is bad."""
        super().__init__()
        self._entry_id = entry_id
        self._bundled = bundled

    async def async_step_init(self, _user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Offer what can be done."""
        return self.async_show_menu(menu_options=["retry"] if self._bundled else ["retry", "use_bundled"])

    async def async_step_retry(self, _user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Load the bundle again."""
        await self.hass.config_entries.async_reload(self._entry_id)
        return self._finish()

    async def async_step_use_bundled(self, _user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Go back to the bundle that comes along."""
        if entry := self.hass.config_entries.async_get_entry(self._entry_id):
            await async_use_default(self.hass, entry.data.get(CONF_BUNDLE))
            data = {key: value for key, value in entry.data.items() if key != CONF_BUNDLE}
            self.hass.config_entries.async_update_entry(entry, data=data)
        return await self.async_step_retry()

    def _finish(self) -> RepairsFlowResult:
        if ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id):
            return self.async_abort(reason="still_bad")
        return self.async_create_entry(data={})


class JournalRepairFlow(RepairsFlow):
    """Read a journal again, or begin a new one."""

    def __init__(self, entry_id: str) -> None:
        """Take the entry."""
        super().__init__()
        self._entry_id = entry_id

    async def async_step_init(self, _user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Offer what can be done."""
        return self.async_show_menu(menu_options=["retry", "begin_anew"])

    async def async_step_retry(self, _user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Look whether the key is back, from a backup."""
        await self.hass.config_entries.async_reload(self._entry_id)
        if ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id):
            return self.async_abort(reason="still_lost")
        return self.async_create_entry(data={})

    async def async_step_begin_anew(self, _user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Delete what cannot be read any more."""
        entry: IntendantConfigEntry | None = self.hass.config_entries.async_get_entry(self._entry_id)
        if entry is None or entry.state is not ConfigEntryState.LOADED or entry.runtime_data.journal is None:
            return self.async_abort(reason="entry_not_loaded")
        await entry.runtime_data.journal.async_delete(None)
        return self.async_create_entry(data={})


async def async_create_fix_flow(
    _hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Create the flow that fixes an issue."""
    facts = data or {}
    if issue_id == ISSUE_JOURNAL_KEY_LOST:
        return JournalRepairFlow(str(facts.get("entry_id")))
    return BundleRepairFlow(str(facts.get("entry_id")), bundled=bool(facts.get("bundled")))
