"""A voice satellite in every area: it hears sentences, keeps timers, and fires an event for what it would say."""

from typing import TYPE_CHECKING, override

from homeassistant.components.assist_satellite import (
    AssistSatelliteConfiguration,
    AssistSatelliteEntity,
    AssistSatelliteEntityFeature,
)
from homeassistant.components.intent import TimerEventType, TimerInfo, async_register_timer_handler
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceInfo

from .const import DOMAIN, EVENT_ANNOUNCED, EVENT_ASKED, EVENT_TIMER, PHONE

if TYPE_CHECKING:
    from homeassistant.components.assist_pipeline import PipelineEvent
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put one satellite into each area, and a phone that is nowhere in particular."""
    places = [(area.id, f"Voice {area.name}") for area in entry.runtime_data.home.areas]
    async_add_entities(FurnishedSatellite(place, name) for place, name in [*places, (PHONE, "Phone")])


class FurnishedSatellite(AssistSatelliteEntity):
    """The satellite of one area."""

    _attr_has_entity_name = True
    _attr_name = None
    _attr_supported_features = AssistSatelliteEntityFeature.ANNOUNCE | AssistSatelliteEntityFeature.START_CONVERSATION

    def __init__(self, place: str, name: str) -> None:
        """Stand in that place."""
        self.entity_id = f"assist_satellite.{place}"
        self._attr_unique_id = f"satellite_{place}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, f"satellite_{place}")}, name=name)

    @override
    async def async_added_to_hass(self) -> None:
        """Keep timers for whoever speaks here."""
        await super().async_added_to_hass()
        if self.device_entry is not None:
            self.async_on_remove(async_register_timer_handler(self.hass, self.device_entry.id, self._ring))

    @override
    async def async_internal_announce(
        self, message: str | None = None, media_id: str | None = None, *args: object, **kwargs: object
    ) -> None:
        """Say it at once and without a voice."""
        self.hass.bus.async_fire(
            EVENT_ANNOUNCED, {"entity_id": self.entity_id, "message": message or media_id or ""}, context=self._context
        )

    @override
    async def async_internal_start_conversation(
        self, start_message: str | None = None, start_media_id: str | None = None, *args: object, **kwargs: object
    ) -> None:
        """Ask it at once and without a voice."""
        asked = {"entity_id": self.entity_id, "message": start_message or start_media_id or ""}
        self.hass.bus.async_fire(EVENT_ASKED, asked, context=self._context)

    @callback
    def _ring(self, kind: TimerEventType, timer: TimerInfo) -> None:
        """Tell what became of a timer."""
        self.hass.bus.async_fire(
            EVENT_TIMER,
            {
                "entity_id": self.entity_id,
                "event": str(kind),
                "id": timer.id,
                "name": timer.name,
                "seconds": timer.seconds_left,
                "active": timer.is_active,
            },
        )

    @callback
    @override
    def on_pipeline_event(self, event: PipelineEvent) -> None:
        """Ignore it: nothing here listens to audio."""

    @callback
    @override
    def async_get_configuration(self) -> AssistSatelliteConfiguration:
        return AssistSatelliteConfiguration(available_wake_words=[], active_wake_words=[], max_active_wake_words=0)

    @override
    async def async_set_configuration(self, config: AssistSatelliteConfiguration) -> None:
        """Keep the configuration: there is none."""
