"""Scripts, automations and people: domains that take no platforms, so these entities join the domain's own."""

from typing import TYPE_CHECKING, Any, ClassVar, override

from homeassistant.components.automation import BaseAutomationEntity
from homeassistant.components.script import BaseScriptEntity
from homeassistant.core import Context, ServiceCall, SupportsResponse, callback
from homeassistant.helpers.service import async_set_service_schema
from homeassistant.util import dt as dt_util
from propcache.api import cached_property

from .entity import Furnished

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .home import Keys

NOTHING: set[str] = set()


class Routine(Furnished):
    """Something that puts other entities into given states when it runs."""

    runs = 0
    _last: datetime | None = None
    raw_config: dict[str, Any] | None = None
    referenced_blueprint = None
    referenced_areas: cached_property[set[str]] = NOTHING  # type: ignore[assignment]
    referenced_devices: cached_property[set[str]] = NOTHING  # type: ignore[assignment]
    referenced_floors: cached_property[set[str]] = NOTHING  # type: ignore[assignment]
    referenced_labels: cached_property[set[str]] = NOTHING  # type: ignore[assignment]

    @cached_property
    def referenced_entities(self) -> set[str]:
        """Return what it changes."""
        return set(self.piece.keys.get("sets") or ())

    @callback
    def run(self, context: Context | None) -> None:
        """Do what the file says."""
        if context is not None:
            self.async_set_context(context)
        self.runs += 1
        self._last = dt_util.utcnow()
        self.house.apply(self.piece.keys.get("sets") or {})
        self.changed()

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        return {"runs": self.runs, "last_triggered": self._last, "mode": "single", "current": 0}

    @override
    def restore(self) -> None:
        self.runs = 0
        self._last = None
        super().restore()


class FurnishedScript(Routine, BaseScriptEntity):
    """One script; it is over as soon as it began."""

    _attr_is_on = False

    @override
    async def async_added_to_hass(self) -> None:
        """Offer the script as a service of its own, as Home Assistant does."""
        await super().async_added_to_hass()
        name = self.piece.object_id
        self.hass.services.async_register("script", name, self._serve, supports_response=SupportsResponse.OPTIONAL)
        async_set_service_schema(self.hass, "script", name, {"name": self.piece.name, "fields": {}})

    @override
    async def async_will_remove_from_hass(self) -> None:
        await super().async_will_remove_from_hass()
        self.hass.services.async_remove("script", self.piece.object_id)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        self.run(kwargs.get("context"))

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Do nothing: no script is ever running."""

    async def _serve(self, call: ServiceCall) -> dict[str, Any] | None:
        """Run the script by its own service."""
        self.run(call.context)
        return {} if call.return_response else None


class FurnishedAutomation(Routine, BaseAutomationEntity):
    """One automation without triggers."""

    defaults: ClassVar[Keys] = {"state": "on"}

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_is_on = keys["state"] == "on"

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        self._attr_is_on = True
        self.changed()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        self._attr_is_on = False
        self.changed()

    @override
    async def async_trigger(
        self, run_variables: dict[str, Any], context: Context | None = None, skip_condition: bool = False
    ) -> None:
        self.run(context)


class FurnishedPerson(Furnished):
    """Somebody who lives here and is where the file says."""

    device_trackers: ClassVar[list[str]] = []
    defaults: ClassVar[Keys] = {"state": "home"}

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_state = str(keys["state"])

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        return {"editable": False, "id": self.piece.object_id, "device_trackers": self.device_trackers}


ROUTINES = {"script": FurnishedScript, "automation": FurnishedAutomation, "person": FurnishedPerson}
