"""A bundle that reads along: what it would have read and called is noted in the journal, and nothing is done with it.

It reads after the turn, with the states as they were before it, and only while nobody is waiting for an answer.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import HomeAssistant, callback

from ..const import LOGGER
from ..core.intentions import Act, LookUp
from ..core.notation import format_calls
from ..core.values import State
from ..journal.compose import is_own
from ..journal.record import HIDDEN

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry

    from ..core.intentions import Situation, Step
    from ..core.interpret import Interpretation, Interpreter
    from ..engine import Engine
    from ..journal import Journal
    from ..journal.record import TurnRecord

_MOST_WAITING: Final = 20
_SECRET: Final = frozenset({"code", "pin"})


@dataclass(frozen=True, slots=True)
class _Heard:
    """A sentence that was understood, with the situation as it was then."""

    understood: Interpretation
    text: str
    situation: Situation


class Shadow:
    """Reads along with one bundle. It is given no way to call anything."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any], engine: Engine) -> None:
        """Begin without a bundle."""
        self._hass = hass
        self._entry = entry
        self._engine = engine
        self._heard: deque[_Heard] = deque(maxlen=_MOST_WAITING)
        self._reading = asyncio.Lock()
        self._interpreter: Interpreter | None = None
        self._hash = ""

    @callback
    def async_begin(self, interpreter: Interpreter, bundle: str) -> None:
        """Read along with a bundle (`bundle` is its hash)."""
        self._interpreter, self._hash = interpreter, bundle
        self._engine.listener = self._async_keep

    @callback
    def async_end(self) -> None:
        """Let the bundle go."""
        self._interpreter, self._engine.listener = None, None
        self._heard.clear()

    @callback
    def _async_keep(self, understood: Interpretation, text: str, situation: Situation) -> None:
        """Keep how things stand before the turn acts: what the bundle would have done can only be seen from there."""
        found = {thing: state for thing in situation.house.entities if (state := self._hass.states.get(thing))}
        states = {thing: State(state.state, state.attributes) for thing, state in found.items()}
        self._heard.append(_Heard(understood, text, replace(situation, states=states.get)))

    @callback
    def async_follow(self, turn_id: int | None, understood: Interpretation, journal: Journal) -> None:
        """Read a turn that was noted in the journal, when there is time, and add to its record what was read.

        One that was not noted (None) is forgotten.
        """
        heard = next((heard for heard in self._heard if heard.understood is understood), None)
        if heard is None:
            return
        self._heard = deque((kept for kept in self._heard if kept is not heard), _MOST_WAITING)
        if turn_id is None:
            return
        self._entry.async_create_background_task(
            self._hass, self._async_read(turn_id, heard, journal), "intendant reads along"
        )

    async def _async_read(self, turn_id: int, heard: _Heard, journal: Journal) -> None:
        async with self._reading:
            await self._engine.async_idle()
            if (interpreter := self._interpreter) is None:
                return
            bundle = self._hash
            try:
                theirs = await self._hass.async_add_executor_job(interpreter.interpret, heard.text, heard.situation)
                note = {"bundle": bundle, "reading": None, "steps": _steps(theirs)}
                if theirs.reading and is_own(theirs.reading, heard.text):
                    note["reading"] = format_calls(theirs.reading.calls)
                await journal.async_change(turn_id, lambda record: _noted(record, note))
            except Exception as err:  # noqa: BLE001 - whatever it stumbles over is none of the turn's, and may hold its words
                LOGGER.warning("The bundle that reads along failed: %s", type(err).__name__)


def _steps(understood: Interpretation) -> list[dict[str, Any]]:
    found: list[Step] = []
    for intention in understood.intentions:
        match intention:
            case Act(confirm=False):
                found += intention.steps
            case LookUp():
                found.append(intention.step)
    return [
        {
            "service": step.service,
            "entity_ids": list(step.entity_ids),
            "data": {name: value for name, value in step.data.items() if name not in _SECRET},
        }
        for step in found
    ]


def _noted(record: TurnRecord, note: dict[str, Any]) -> TurnRecord:
    """Return the record with the note. What completes an earlier turn is completed by code, alike for every bundle."""
    if record.utterance == HIDDEN:
        return record
    reading = record.reading if note["reading"] is None else note["reading"]
    return replace(record, shadow={**note, "reading": reading})


def differs(record: TurnRecord) -> bool:
    """Return whether the bundle that read along would have read or done something else."""
    if not record.shadow:
        return False
    steps = [(step.service, list(step.entity_ids)) for step in record.steps]
    theirs = [(step["service"], list(step["entity_ids"])) for step in record.shadow["steps"]]
    # Whether something is asked about is not the model's business alone.
    acted = record.decision in ("act", "tell")
    return record.shadow["reading"] != record.reading or (acted and steps != theirs)
