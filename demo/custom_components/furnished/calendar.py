"""Calendars; events count from nine o'clock of the day on which the home starts."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, override

from homeassistant.components.calendar import CalendarEntity, CalendarEntityFeature, CalendarEvent
from homeassistant.util import dt as dt_util

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the calendars in."""
    async_add_entities(entry.runtime_data.build("calendar", FurnishedCalendar))


class FurnishedCalendar(Furnished, CalendarEntity):
    """One calendar."""

    _attr_supported_features = CalendarEntityFeature.CREATE_EVENT

    @override
    def restore(self) -> None:
        self._events: list[CalendarEvent] = []
        super().restore()

    @override
    def put(self, keys: Keys) -> None:
        if "events" in keys:
            self._events = [_event(entry) for entry in keys["events"] or ()]

    @property
    @override
    def event(self) -> CalendarEvent | None:
        now = dt_util.now()
        coming = [event for event in self._events if event.end_datetime_local > now]
        return min(coming, key=lambda event: event.start_datetime_local, default=None)

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        return [
            event
            for event in sorted(self._events, key=lambda event: event.start_datetime_local)
            if event.start_datetime_local < end_date and event.end_datetime_local > start_date
        ]

    @override
    async def async_create_event(self, **kwargs: Any) -> None:
        event = CalendarEvent(
            start=kwargs["dtstart"],
            end=kwargs["dtend"],
            summary=kwargs["summary"],
            description=kwargs.get("description"),
            location=kwargs.get("location"),
        )
        self._events = [*self._events, event]
        self.changed()


def _event(entry: Keys) -> CalendarEvent:
    """Return the event that an entry of the file describes."""
    morning = dt_util.now().replace(hour=9, minute=0, second=0, microsecond=0)
    start = morning + timedelta(hours=float(entry.get("in_hours", 1)))
    end = start + timedelta(hours=float(entry.get("hours", 1)))
    return CalendarEvent(start=start, end=end, summary=str(entry["summary"]), location=entry.get("location"))
