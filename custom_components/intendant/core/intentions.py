"""The nouns of deciding: what the sentence was said in, and what shall be done about it.

Understanding ends in intentions. Home Assistant's side carries them out (act.py) and words what came of it (answer.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .usage import Usage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .house import House
    from .phrasebook import Phrase
    from .routines import Routine
    from .values import Call, Reading, States


@dataclass(frozen=True, slots=True)
class Question:
    """A question that was asked back and waits: what was to be done, and what is missing (Ask says more)."""

    call: Call
    key: str
    reading: Reading
    """The reading that the call is part of: its words and marks."""
    choices: tuple[str, ...] = ()
    entity_ids: tuple[str, ...] = ()
    corrects: bool = False
    """Whether the sentence that led to it said that the turn before did the wrong thing."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is kept of the turns before, for the sentences that refer to them."""

    reading: Reading | None = None
    entity_ids: tuple[str, ...] = ()
    """The things that were spoken of last: "it"."""
    others: tuple[str, ...] = ()
    """The things it could have been about as well: "the other one"."""
    earlier: tuple[tuple[str, ...], ...] = ()
    """The things of the turns before that one, newest first: "it" may reach back to them."""
    question: Question | None = None
    """What the turn before asked."""
    pending: tuple[str, ...] = ()
    """Things with which something waits for a yes; not empty where anything waits."""
    former: Mapping[str, tuple[str, Mapping[str, object]]] = field(default_factory=dict)
    """State and attributes of those things before the turn, to undo it."""
    acted: bool = False
    """Whether the turn before did something, which a correction takes back first."""
    planned: Reading | None = None
    """The reading of the last acting turn, if that planned something or started a timer."""
    said: str = ""
    """The answer to the turn before, so that the same words need not come twice in a row."""
    suggested: tuple[str, ...] = ()
    """Ids of the habits that were offered in this conversation, the last one last."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What the speaker needs for what is risky."""

    policy: str = "confirm"
    """For what lets people in (guard.POLICIES); what counts as such, `kinds` say."""
    kinds: frozenset[str] = frozenset({"lock", "entrance", "alarm"})
    things: Mapping[str, str] = field(default_factory=dict)
    """Entity id → a policy of its own, for whatever is done with it (the risky direction only, where there is one)."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a sentence is understood in, apart from its words."""

    house: House
    states: States
    now: datetime
    language: str = "en"
    area_id: str | None = None
    """The area of the satellite that heard it."""
    person_id: str | None = None
    memory: Memory = Memory()
    ask_more: bool = False
    """The user's choice: rather ask than guess."""
    brevity: str = "full"
    """How much is said of what was done: full, ok (two letters), or silent (nothing, about things in the room)."""
    guard: Guard = Guard()
    """What the speaker needs for what is risky."""
    phrases: Mapping[str, Phrase] = field(default_factory=dict)
    """What this household calls things and commands, by phrasebook.phrase_key; the names among them are in the house already."""
    usage: Usage = field(default_factory=Usage)
    """How the household uses its things."""
    since: datetime | None = None
    """When the house began to be watched: what changed by then may have done so long before."""


@dataclass(frozen=True, slots=True)
class Step:
    """One service to call: "light.turn_on" with entities and data, or one intent: "intent.HassStartTimer" with slots as data."""

    service: str
    entity_ids: tuple[str, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Act:
    """Services to call for one call of the reading.

    `delay` seconds from now (None: at once), `back_after` seconds after which the former state returns (None: never),
    `confirm` when nothing may happen before the person has said yes (and `pin` when it takes a PIN,
    `doubtful` when it is asked because the reading is not sure), `unchanged` the targets that are already so,
    `left_out` the targets that are unavailable.
    """

    call: Call
    steps: tuple[Step, ...]
    entity_ids: tuple[str, ...] = ()
    place: str | None = None
    """Name of the area or floor, when the targets are a group in one place, for the answer."""
    delay: float | None = None
    back_after: float | None = None
    confirm: bool = False
    pin: bool = False
    doubtful: bool = False
    unchanged: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    routine: Routine | None = None
    """The habit that it is, if it is offered as one."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question back. `key` names its wording (answer.py); `choices` are names to choose from."""

    call: Call
    key: str
    choices: tuple[str, ...] = ()
    entity_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refuse:
    """Nothing can be done. `key` names the reason's wording, `facts` what is put into it."""

    call: Call
    key: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tell:
    """An answer known from the states. `key` names its wording, `facts` what is put into it."""

    call: Call
    key: str
    facts: Mapping[str, object] = field(default_factory=dict)
    entity_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LookUp:
    """An answer that a service with a response must give (forecasts, events, items of a list); worded by `key`."""

    call: Call
    key: str
    step: Step
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """What is about the conversation itself: key is yes, no, undo, cancel or planned. The dialogue owner acts on it."""

    call: Call
    key: str


@dataclass(frozen=True, slots=True)
class Learn:
    """From now on words shall mean something; `forget` when those words shall mean nothing of their own any more."""

    call: Call
    phrase: Phrase
    forget: bool = False


@dataclass(frozen=True, slots=True)
class Decide:
    """Whether a habit shall be offered from now on: `decision` is one of the states of routines.Routine."""

    call: Call
    routine_id: str
    decision: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """Not for the house: another agent shall answer."""

    call: Call


Intention = Act | Ask | Refuse | Tell | LookUp | Reply | Learn | Decide | HandOver


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an intention: the things that failed with the reason, and the response of a look-up."""

    intention: Intention
    failed: Mapping[str, str] = field(default_factory=dict)
    response: Mapping[str, object] | None = None
