"""Alarms without a code."""

from typing import TYPE_CHECKING, ClassVar, override

from homeassistant.components.alarm_control_panel import (
    AlarmControlPanelEntity,
    AlarmControlPanelEntityFeature,
    AlarmControlPanelState,
)

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the alarms in."""
    async_add_entities(entry.runtime_data.build("alarm_control_panel", FurnishedAlarm))


class FurnishedAlarm(Furnished, AlarmControlPanelEntity):
    """One alarm."""

    defaults: ClassVar[Keys] = {"state": "disarmed"}
    _attr_code_arm_required = False

    @override
    def build(self, keys: Keys) -> None:
        features = AlarmControlPanelEntityFeature(0)
        for mode in keys.get("modes", ["home", "away", "night"]):
            features |= AlarmControlPanelEntityFeature[f"ARM_{mode.upper()}"]
        self._attr_supported_features = features

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_alarm_state = AlarmControlPanelState(keys["state"])

    @override
    async def async_alarm_disarm(self, code: str | None = None) -> None:
        self._become(AlarmControlPanelState.DISARMED)

    @override
    async def async_alarm_arm_home(self, code: str | None = None) -> None:
        self._become(AlarmControlPanelState.ARMED_HOME)

    @override
    async def async_alarm_arm_away(self, code: str | None = None) -> None:
        self._become(AlarmControlPanelState.ARMED_AWAY)

    @override
    async def async_alarm_arm_night(self, code: str | None = None) -> None:
        self._become(AlarmControlPanelState.ARMED_NIGHT)

    @override
    async def async_alarm_arm_vacation(self, code: str | None = None) -> None:
        self._become(AlarmControlPanelState.ARMED_VACATION)

    def _become(self, state: AlarmControlPanelState) -> None:
        """Change the state."""
        self._attr_alarm_state = state
        self.changed()
