"""Read from the recorder's database which services were called, through Home Assistant's own recorder, whatever database it has.

The same stored call_service events that Home Assistant's usage_prediction looks at. Only what a user called counts as use;
what an automation called is noted apart; what integrations call by themselves is nothing. Imported only where there is a
recorder, for this needs SQLAlchemy.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.recorder.db_schema import EventData, Events, EventTypes
from homeassistant.components.recorder.models import uuid_hex_to_bytes_or_none
from homeassistant.const import EVENT_CALL_SERVICE
from homeassistant.helpers.recorder import session_scope
from homeassistant.util import dt as dt_util
from homeassistant.util.json import json_loads_object
from sqlalchemy import select

from .calls import Exposed, read_call

if TYPE_CHECKING:
    from collections.abc import Iterable

    from homeassistant.core import HomeAssistant
    from sqlalchemy.orm import Session

    from .tally import Tally

MOST_EVENTS: Final = 200_000
"""Service calls that are looked at, the newest ones."""
_AT_ONCE: Final = 4096
_LONGEST: Final = 20_000
"""Characters of one event's data."""
_TRIGGERED: Final = "automation_triggered"
_KINDS: Final = (EVENT_CALL_SERVICE, _TRIGGERED)
_LEADING: Final = frozenset({"scene", "script"})
"""Domains whose services call others in the same context: those are no uses of their own."""


def read_recorder(hass: HomeAssistant, since: datetime, exposed: Exposed, machines: Iterable[str], tally: Tally) -> int:
    """Count up what was called since then; return how many events that were. Blocks: for the recorder's executor.

    `machines` are the ids of users that nobody is. Raise SQLAlchemyError when the database fails.
    """
    ignored = {uuid_hex_to_bytes_or_none(user) for user in machines}
    with session_scope(hass=hass, read_only=True) as session:
        query = select(EventTypes.event_type, EventTypes.event_type_id)
        kinds = {str(name): kind for name, kind in session.execute(query.where(EventTypes.event_type.in_(_KINDS)))}
        if EVENT_CALL_SERVICE not in kinds:
            return 0
        begin = _begin(session, kinds[EVENT_CALL_SERVICE], since.timestamp())
        automations = _contexts(session, kinds.get(_TRIGGERED), begin)
        reader = _Reader(exposed, automations, ignored, tally)
        calls = (
            select(Events.time_fired_ts, Events.context_id_bin, Events.context_user_id_bin, EventData.shared_data)
            .select_from(Events)
            .outerjoin(EventData, Events.data_id == EventData.data_id)
            .where(Events.event_type_id == kinds[EVENT_CALL_SERVICE])
            .where(Events.time_fired_ts >= begin)
            .order_by(Events.time_fired_ts)
            .limit(MOST_EVENTS)
        )
        for row in session.connection().execute(calls).yield_per(_AT_ONCE):
            reader.take(*row)
        return reader.count


def _begin(session: Session, kind: int, since: float) -> float:
    """Return the time from which on there are not too many events."""
    query = (
        select(Events.time_fired_ts)
        .where(Events.event_type_id == kind)
        .order_by(Events.time_fired_ts.desc())
        .offset(MOST_EVENTS - 1)
        .limit(1)
    )
    return max(session.execute(query).scalar() or 0.0, since)


def _contexts(session: Session, kind: int | None, begin: float) -> set[bytes]:
    """Return the contexts in which automations ran."""
    if kind is None:
        return set()
    query = (
        select(Events.context_id_bin)
        .where(Events.event_type_id == kind)
        .where(Events.time_fired_ts >= begin)
        .order_by(Events.time_fired_ts.desc())
        .limit(MOST_EVENTS)
    )
    return {context for (context,) in session.connection().execute(query).yield_per(_AT_ONCE) if context}


class _Reader:
    """Takes events in the order of their times."""

    def __init__(self, exposed: Exposed, automations: set[bytes], ignored: set[bytes | None], tally: Tally) -> None:
        self.count = 0
        self._exposed = exposed
        self._automations = automations
        self._ignored = ignored
        self._tally = tally
        self._zone = dt_util.get_default_time_zone()
        self._led: set[bytes] = set()
        self._seen: tuple[bytes | None, set[tuple[str, str]]] = (None, set())

    def take(self, at: float | None, context: bytes | None, user: bytes | None, stored: str | None) -> None:
        """Count one event."""
        self.count += 1
        automatic = context in self._automations
        person = user is not None and user not in self._ignored
        if not at or not stored or len(stored) > _LONGEST:
            return
        moment = datetime.fromtimestamp(at, UTC).astimezone(self._zone)
        self._tally.note_day(moment)
        if not person and not automatic:
            return
        event = _parse(stored)
        if context and context in self._led:
            return
        if context and event.get("domain") in _LEADING:
            self._led.add(context)
        # Home Assistant's intents call homeassistant.turn_on and light.turn_on in one context.
        if self._seen[0] != context:
            self._seen = (context, set())
        for called in read_call(event.get("domain"), event.get("service"), event.get("service_data"), self._exposed):
            key = (called.entity_id, called.service)
            if key not in self._seen[1] or called.values:
                self._tally.add(moment, called, automatic=automatic)
            self._seen[1].add(key)


def _parse(stored: str) -> dict[str, Any]:
    try:
        return dict(json_loads_object(stored))
    except ValueError, TypeError:
        return {}
