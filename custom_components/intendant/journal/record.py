"""The record of one turn, as it is kept and exported: what was heard, read, decided and done, and what followed."""

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import IntFlag
from typing import Any, Self

from homeassistant.util import dt as dt_util

VERSION = 1
"""Of the export's first line and of every record."""
HIDDEN = "••••"
"""What stands for a sentence with a PIN."""

UNDONE, CORRECTED, BY_HAND, REPHRASED, ANSWERED, REPEATED = (
    "undone",
    "corrected",
    "by_hand",
    "rephrased",
    "answered",
    "repeated",
)
RIGHT, WRONG = "right", "wrong"
_AMISS = frozenset({"not_sure", "nothing_said", "too_long", "no_such", "none_here", "not_able"})
"""Reasons of a refusal that say the sentence was not understood, or not the names in it."""


class Flag(IntFlag):
    """What a turn can be looked for by without opening it. Kept in the database as a number: never renumber."""

    NOT_UNDERSTOOD = 1
    CORRECTED = 2
    """Undone or corrected by voice, or marked with what was meant instead."""
    BY_HAND = 4
    WRONG = 8
    UNSURE = 16
    HANDED_OVER = 32
    OTHERS = 64
    """Another agent's, not handed over by Intendant."""
    AGAIN = 128
    """Rephrased or repeated by whoever said it."""
    ASKED = 256
    REPLY = 512
    """Not a wish of its own: yes, no, undo, a PIN, the answer to a question."""


STICKY = Flag.OTHERS | Flag.REPLY
"""What does not show in a record: known when it is written, and kept ever after."""


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that followed a turn and says how right it was: `by` is the id of the turn that said so, if one did."""

    kind: str
    at: datetime
    by: int | None = None
    entity_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CalledStep:
    """A service that was called, or planned for later, with its things and data."""

    service: str
    entity_ids: tuple[str, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)


type NamedStretch = tuple[int, int, tuple[str, ...], tuple[tuple[str, str], ...]]
"""Start and end in the utterance, the mark's types, and the kinds and ids of what it may name."""


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """One turn. The fields stand in the export under these names."""

    id: int
    at: datetime
    agent: str
    conversation: str = ""
    language: str = "en"
    area: str | None = None
    source: str = "app"
    """satellite or app."""
    utterance: str = ""
    """As heard, cleaned; offsets of marks count in it."""
    marks: tuple[NamedStretch, ...] = ()
    reading: str = ""
    """Calls in notation. Pointers are numbers of marks, from 1; where there are no marks, because the turn completes what was
    said before it, they are the types of what they point to: {area}."""
    before: str = ""
    """The reading of the turn before as the model was shown it: tokens of the prompt."""
    confidence: float = 1.0
    weakest: float = 1.0
    outside: float = 0.0
    decision: str = "none"
    """act, ask, tell, refuse, reply, hand_over, error or none."""
    reason: str | None = None
    """Why: the key of what was asked, refused or replied, or the name of what failed."""
    steps: tuple[CalledStep, ...] = ()
    """What was called; with the outcome waiting, what will be."""
    outcome: str = "none"
    """done, failed, waiting (for an answer, or for its time) or none."""
    answer: str = ""
    signals: tuple[Signal, ...] = ()
    mark: str | None = None
    """right or wrong, as marked by a person."""
    meant: dict[str, Any] | None = None
    """verb and entity_ids, as chosen by a person."""
    bundle: str = ""
    """Start of the SHA-256 of the weights that were in service."""
    shadow: dict[str, Any] | None = None
    """What another bundle read in the same turn: bundle, reading, steps."""

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """Return every thing that the record is about."""
        meant = (self.meant or {}).get("entity_ids", ())
        things = [thing for step in self.steps for thing in step.entity_ids]
        things += [thing for signal in self.signals for thing in signal.entity_ids]
        things += [ref[1] for mark in self.marks for ref in mark[3] if ref[0] == "entity"]
        return tuple(dict.fromkeys([*things, *meant]))

    def has(self, kind: str) -> bool:
        """Return whether a signal of this kind followed."""
        return any(signal.kind == kind for signal in self.signals)

    def with_signal(self, signal: Signal) -> Self:
        """Return the record with one more signal; one of the same kind from the same source takes in its things."""
        same = next((old for old in self.signals if (old.kind, old.by) == (signal.kind, signal.by)), None)
        if same is None:
            return replace(self, signals=(*self.signals, signal))
        joined = replace(same, entity_ids=tuple(dict.fromkeys((*same.entity_ids, *signal.entity_ids))))
        return replace(self, signals=tuple(joined if old is same else old for old in self.signals))

    @property
    def flags(self) -> Flag:
        """Return what the turn can be looked for by, as far as the record shows it (see STICKY)."""
        failed = self.outcome == "failed"
        refused = self.decision == "refuse" and (self.reason or "").removesuffix("_again") in _AMISS
        amiss = self.decision in ("none", "error") or refused or (self.decision == "hand_over" and failed)
        asked = self.decision == "ask" and self.reason not in ("confirm", "pin")
        found = (
            (Flag.NOT_UNDERSTOOD, amiss),
            (Flag.CORRECTED, self.has(UNDONE) or self.has(CORRECTED) or self.meant is not None),
            (Flag.BY_HAND, self.has(BY_HAND)),
            (Flag.WRONG, self.mark == WRONG),
            (Flag.UNSURE, self.reason in ("doubtful", "yes_or_no", "not_sure")),
            (Flag.HANDED_OVER, self.decision == "hand_over"),
            (Flag.AGAIN, self.has(REPHRASED) or self.has(REPEATED)),
            (Flag.ASKED, asked),
        )
        return Flag(sum(int(flag) for flag, holds in found if holds))

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain values; times are ISO 8601 in UTC."""
        plain = {name: getattr(self, name) for name in _FIELDS}
        plain["at"] = _iso(self.at)
        plain["steps"] = [
            {"service": step.service, "entity_ids": step.entity_ids, "data": step.data} for step in self.steps
        ]
        plain["signals"] = [
            {"kind": signal.kind, "at": _iso(signal.at), "by": signal.by, "entity_ids": signal.entity_ids}
            for signal in self.signals
        ]
        return plain

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Self:
        """Return the record of plain values; what a later version added is left out. Raise KeyError, TypeError or ValueError."""
        values = {key: value for key, value in plain.items() if key in _FIELDS}
        values["at"] = datetime.fromisoformat(plain["at"])
        values["marks"] = tuple(
            (start, end, tuple(types), tuple((kind, ref) for kind, ref in refs))
            for start, end, types, refs in plain.get("marks", ())
        )
        values["steps"] = tuple(
            CalledStep(step["service"], tuple(step["entity_ids"]), step["data"]) for step in plain.get("steps", ())
        )
        values["signals"] = tuple(
            Signal(signal["kind"], datetime.fromisoformat(signal["at"]), signal.get("by"), tuple(signal["entity_ids"]))
            for signal in plain.get("signals", ())
        )
        return cls(**values)


_FIELDS = tuple(field.name for field in fields(TurnRecord))


def _iso(at: datetime) -> str:
    return dt_util.as_utc(at).isoformat(timespec="milliseconds")
