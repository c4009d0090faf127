"""What follows a turn and says how right it was: what people say next, and what they do by hand.

Only what is plain is taken for a signal. A turn that was misjudged teaches the model something wrong.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from rapidfuzz import fuzz

from ..const import MEMORY_SECONDS
from ..core.catalog import load_catalog
from ..core.intentions import Act, Reply
from ..core.text import lower
from .others import was_spoken
from .record import ANSWERED, BY_HAND, CORRECTED, HIDDEN, REPEATED, REPHRASED, UNDONE, Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from .compose import Heard
    from .record import TurnRecord

WINDOW: Final = timedelta(seconds=60)
"""How soon something must be said again, or done by hand, to be about the turn."""
_REACH: Final = timedelta(seconds=MEMORY_SECONDS)
"""How far back a correction, an undo or an answer reaches."""
_MOST: Final = 50
_ALIKE: Final = 60
_ALIKE_HAN: Final = 50
"""How alike two wordings of one wish are at least, of 100."""
_MOST_BY_HAND: Final = 5
"""Things that count as done by hand after a turn that did nothing; who touches more, runs a scene."""
_SAID_AGAIN_ANYWAY: Final = frozenset({"more", "less", "next", "previous", "toggle", "undo", "yes", "no"})
"""What people say several times in a row because it worked."""

type Found = tuple[int, Signal]
"""The id of a turn, and what followed it."""


@dataclass(slots=True)
class _Turn:
    """A turn that may still be followed by something."""

    record: TurnRecord
    dialogue: object
    user_id: str | None
    verbs: frozenset[str]
    things: frozenset[str]
    former: Mapping[str, str]
    """Thing → state before the turn."""
    by_hand: set[str] = field(default_factory=set)

    @property
    def settled(self) -> bool:
        """Return whether the wish was fulfilled, as far as that can be known."""
        return self.record.outcome in ("done", "waiting") and self.record.decision in ("act", "tell", "reply")

    @property
    def acted(self) -> bool:
        return self.record.decision == "act" and self.record.outcome in ("done", "waiting")

    def is_within(self, span: timedelta, now: datetime) -> bool:
        return now - self.record.at <= span


class Signals:
    """Watches what follows the turns of the last minutes. `report` is told of what was done by hand."""

    def __init__(self, hass: HomeAssistant, report: Callable[[int, Signal], None]) -> None:
        """Begin without any turn."""
        self._hass = hass
        self._report = report
        self.by_hand: Callable[[TurnRecord, State, State], None] | None = None
        """Is told of a turn and of what was done by hand then: the states before and after."""
        self._turns: OrderedDict[int, _Turn] = OrderedDict()
        self._hand_until = dt_util.utcnow()

    @callback
    def async_listen(self) -> Callable[[], None]:
        """Follow what is done by hand; return what ends that."""
        return self._hass.bus.async_listen(EVENT_STATE_CHANGED, self._async_changed, event_filter=self._may_matter)

    @callback
    def async_follow(self, record: TurnRecord, heard: Heard, dialogue: object) -> list[Found]:
        """Take a turn; return what it says about the turns before it in the same dialogue."""
        now = dt_util.utcnow()
        self._forget(now)
        turn = _turn_of(record, heard, dialogue)
        before = [
            old for old in reversed(self._turns.values()) if old.dialogue is dialogue and old.is_within(_REACH, now)
        ]
        found = list(_signals(before, turn, heard, now))
        self._turns[record.id] = turn
        self._hand_until = now + WINDOW
        return found

    @callback
    def async_note(self, record: TurnRecord, user_id: str | None) -> None:
        """Take a turn of another agent that failed: what is done by hand then may be what was wanted."""
        self._turns[record.id] = _Turn(record, None, user_id, frozenset(), frozenset(), {})
        self._hand_until = dt_util.utcnow() + WINDOW

    @callback
    def async_clear(self) -> None:
        """Forget all turns."""
        self._turns.clear()

    def _forget(self, now: datetime) -> None:
        while self._turns:
            oldest = next(iter(self._turns.values()))
            if len(self._turns) < _MOST and oldest.is_within(_REACH, now):
                return
            self._turns.popitem(last=False)

    @callback
    def _may_matter(self, data: EventStateChangedData) -> bool:
        if not self._turns or data["old_state"] is None or data["new_state"] is None:
            return False
        return dt_util.utcnow() <= self._hand_until

    @callback
    def _async_changed(self, event: Event[EventStateChangedData]) -> None:
        old, new = event.data["old_state"], event.data["new_state"]
        assert old is not None  # noqa: S101 - the filter sees to it
        assert new is not None  # noqa: S101 - the same
        if {old.state, new.state} & {STATE_UNAVAILABLE, STATE_UNKNOWN} or new.context.parent_id is not None:
            return
        now = dt_util.utcnow()
        by_user = new.context.user_id is not None
        for turn in reversed(self._turns.values()):
            if not turn.is_within(WINDOW, now):
                return
            if self._is_about(turn, old, new, by_user=by_user):
                # What was changed by a sentence, to whichever agent, is no work of hands.
                if not was_spoken(new.context.id):
                    turn.by_hand.add(new.entity_id)
                    self._report(turn.record.id, Signal(BY_HAND, now, None, (new.entity_id,)))
                    if self.by_hand:
                        self.by_hand(turn.record, old, new)
                return

    def _is_about(self, turn: _Turn, old: State, new: State, *, by_user: bool) -> bool:
        """Return whether a change by hand is about a turn: of what it changed, or of what it should have."""
        if new.entity_id in turn.by_hand:
            return False
        if new.entity_id in turn.things:
            # Of what nobody signed in did, only putting it back is plain: a lamp that reports its colour late is no hand.
            back = new.state == turn.former.get(new.entity_id) != old.state
            return by_user or (back and new.context.user_id is None)
        if turn.settled or not by_user or len(turn.by_hand) >= _MOST_BY_HAND:
            return False
        return new.domain in load_catalog().domains and self._is_near(turn, new)

    def _is_near(self, turn: _Turn, thing: State) -> bool:
        """Return whether a thing was named in a turn, lies where it was said, or was touched by who said it."""
        record = turn.record
        if thing.entity_id in record.entity_ids or (turn.user_id and thing.context.user_id == turn.user_id):
            return True
        entry = er.async_get(self._hass).async_get(thing.entity_id)
        return bool(record.area and entry and er.async_get_effective_area_id(self._hass, entry) == record.area)


def _turn_of(record: TurnRecord, heard: Heard, dialogue: object) -> _Turn:
    acts = [result.intention for result in heard.results if isinstance(result.intention, Act)]
    verbs = {act.call.verb for act in acts} | {call.verb for call in (heard.reading.calls if heard.reading else ())}
    things = {thing for step in record.steps for thing in step.entity_ids}
    former = getattr(dialogue, "former", {})
    return _Turn(
        record,
        dialogue,
        heard.user_input.context.user_id,
        frozenset(verbs),
        frozenset(things),
        {thing: former[thing][0] for thing in things if thing in former},
    )


def _signals(before: Sequence[_Turn], turn: _Turn, heard: Heard, now: datetime) -> Iterator[Found]:
    """Yield what a turn says about those before it, the newest of which stands first."""
    if not before:
        return
    last, record = before[0], turn.record
    acting = next((old for old in before if old.acted), None)
    about = tuple(thing for step in record.steps for thing in step.entity_ids)
    if acting and _undoes(heard):
        yield acting.record.id, Signal(UNDONE, now, record.id)
    elif heard.understood and heard.understood.corrects:
        wrong = acting or last
        yield wrong.record.id, Signal(CORRECTED, now, record.id, about)
    elif last.record.decision == "ask" and (heard.replies or heard.hidden):
        yield last.record.id, Signal(ANSWERED, now, record.id, about)
    elif last.is_within(WINDOW, now) and (kind := _said_again(last, turn)):
        yield last.record.id, Signal(kind, now, record.id, about)


def _undoes(heard: Heard) -> bool:
    undone = [
        result for result in heard.results if isinstance(result.intention, Reply) and result.intention.key == "undo"
    ]
    return any((result.response or {}).get("count") for result in undone)


def _said_again(last: _Turn, turn: _Turn) -> str | None:
    """Return whether a wish was said again: in the same words, or in others because the first ones did not help."""
    if HIDDEN in (last.record.utterance, turn.record.utterance):
        return None
    first, second = _words(last.record.utterance), _words(turn.record.utterance)
    if first == second:
        return None if last.settled and last.verbs & _SAID_AGAIN_ANYWAY else REPEATED
    if last.settled or not turn.settled or turn.record.decision == "reply":
        return None
    if first.isascii() and second.isascii():
        alike = fuzz.token_set_ratio(first, second) >= _ALIKE
    else:
        alike = fuzz.ratio(first, second) >= _ALIKE_HAN
    named = set(last.record.entity_ids) & set(turn.record.entity_ids)
    return REPHRASED if alike or named else None


def _words(utterance: str) -> str:
    return re.sub(r"\W+", " ", lower(utterance)).strip()
