"""What is usually done at a time of day, and whether that time is now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .guard import POLICIES, policy_of
from .intentions import Act, Step
from .scope import is_on
from .usage import part_of
from .values import Call

if TYPE_CHECKING:
    from .intentions import Situation

OFFERED, NEVER, ALLOWED = "offered", "never", "allowed"
EARLY, LATE = 30, 30
"""Minutes before and after its usual time in which a habit is offered when somebody asks."""
_DONE_LATELY = timedelta(hours=3)
"""So long after a scene or a script ran it is not offered again."""
_VERBS = {
    "turn_on": "on", "turn_off": "off", "open_cover": "open", "close_cover": "close", "lock": "lock", "media_play": "play", "media_pause": "pause", "start": "start",
    "return_to_base": "dock",
}  # fmt: skip
"""What can be a habit: service → verb of the catalogue."""
_AFTERWARDS = {"on": True, "open": True, "start": True, "play": True, "off": False, "close": False, "lock": False, "pause": False, "dock": False}  # fmt: skip
"""Whether a thing is on, open or at work after the verb."""
_MOMENTARY = frozenset({"scene", "script"})


@dataclass(frozen=True, slots=True)
class Routine:
    """A habit: a service that people call for a thing at about the same time on most days."""

    id: str
    entity_id: str
    service: str
    days: str
    """all, weekdays or weekend."""
    first: int
    last: int
    """Minutes of the local day between which it is done; `last` is smaller when midnight lies between them."""
    hits: int
    """On so many days it was done,"""
    of: int
    """of the last so many."""
    state: str = OFFERED

    @property
    def verb(self) -> str:
        """The verb of the catalogue for what is done."""
        return _VERBS[self.service.partition(".")[2]]

    @property
    def middle(self) -> int:
        """The minute of the day in the middle of the time."""
        return (self.first + (self.last - self.first) % 1440 // 2) % 1440

    @property
    def part(self) -> str:
        """The part of the day."""
        return part_of(self.middle // 60)

    def is_due(self, now: datetime, early: int = EARLY, late: int = LATE) -> bool:
        """Return whether its time is now, or within so many minutes before and after."""
        minute = now.hour * 60 + now.minute
        # What is done after midnight belongs to the day before.
        day = now - timedelta(days=1) if minute < 240 else now
        weekend = day.weekday() > 4
        if (self.days == "weekdays" and weekend) or (self.days == "weekend" and not weekend):
            return False
        length = (self.last - self.first) % 1440 + early + late
        return (minute - self.first + early) % 1440 <= length


def is_habitual(service: str) -> bool:
    """Return whether a service can be a habit that is offered: one direction only, and nothing that lets anybody in."""
    domain, _, name = service.partition(".")
    return name in _VERBS and domain not in ("alarm_control_panel", "valve", "automation", "homeassistant")


def due_routines(situation: Situation, exclude: tuple[str, ...] = ()) -> list[Routine]:
    """Return what is usually done now and is not done yet, what is done most regularly first."""
    found = [
        routine
        for routine in situation.usage.routines
        if routine.state != NEVER and routine.id not in exclude and routine.is_due(situation.now)
    ]
    found = [routine for routine in found if is_to_do(routine, situation)]
    return sorted(found, key=lambda routine: (-routine.hits / routine.of, -routine.hits, routine.id))


def is_to_do(routine: Routine, situation: Situation) -> bool:
    """Return whether what a habit does can be done, has not been done, and would let nobody in."""
    state = situation.states(routine.entity_id)
    if routine.entity_id not in situation.house.entities or state is None or state.state == "unavailable":
        return False
    if policy_of(Step(routine.service, (routine.entity_id,)), situation) != POLICIES[0]:
        return False
    if routine.entity_id.partition(".")[0] in _MOMENTARY:
        ran = state.attributes.get("last_triggered") or state.state
        return not _was_lately(ran, situation.now)
    if routine.verb in ("play", "pause"):
        return (state.state == "playing") != _AFTERWARDS[routine.verb]
    if routine.verb == "lock":
        return state.state == "unlocked"
    return is_on(routine.entity_id, situation) is not _AFTERWARDS[routine.verb]


def offer(routine: Routine) -> Act:
    """Return the act that a habit is, to be done after a yes."""
    step = Step(routine.service, (routine.entity_id,))
    return Act(Call(routine.verb), (step,), (routine.entity_id,), confirm=True, routine=routine)


def _was_lately(ran: object, now: datetime) -> bool:
    try:
        moment = ran if isinstance(ran, datetime) else datetime.fromisoformat(str(ran))
        return timedelta(0) <= now - moment < _DONE_LATELY
    except (ValueError, TypeError):
        return False
