"""Take the home from configuration.yaml, or ask for its file."""

from typing import Any, override

import probatio
from homeassistant.config_entries import ConfigFlow, ConfigFlowResult

from .const import CONF_HOME, DOMAIN
from .home import HomeError, load_home


class FurnishedConfigFlow(ConfigFlow, domain=DOMAIN):
    """Keep one home per Home Assistant."""

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        errors = {}
        if user_input is not None:
            try:
                return await self.async_step_import(user_input)
            except HomeError, OSError:
                errors["base"] = "unreadable"
        schema = probatio.Schema({probatio.Required(CONF_HOME): str})
        return self.async_show_form(step_id="user", data_schema=schema, errors=errors)

    async def async_step_import(self, data: dict[str, Any]) -> ConfigFlowResult:
        """Build the home, or move to another one."""
        home = await self.hass.async_add_executor_job(load_home, data[CONF_HOME])
        if entry := await self.async_set_unique_id(DOMAIN):
            return self.async_update_reload_and_abort(entry, title=home.name, data=data)
        return self.async_create_entry(title=home.name, data=data)
