"""Read the household's own accepted turns again, with a new bundle and with the one in service, and compare.

An accepted turn is one that was acted upon or answered, that nobody undid, corrected, said again or did by hand, and that
nobody marked wrong; or one that was marked right. Where somebody chose on the page what was meant, that counts instead.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ..core.catalog import load_catalog
from ..core.intentions import Act
from ..core.notation import format_calls, parse_calls
from ..core.text import lower
from ..core.values import Call, Pointer, Reading, Term, Text, Word
from ..journal.record import HIDDEN, RIGHT, WRONG, TurnRecord
from .safety import is_risky

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..core.intentions import Situation
    from ..core.interpret import Interpretation, Interpreter

MOST_REREAD: Final = 300
_MAY_LOSE: Final = 0.02
"""Share of the turns by which more may be lost than won. The bundle in service read most of them itself and is right by
definition: one that is as good, but another, must be allowed to differ in a few."""
_OBJECTIONS: Final = frozenset({"undone", "corrected", "by_hand", "rephrased", "repeated"})


@dataclass(slots=True)
class Reread:
    """How often only the one or only the other bundle read a turn as it was accepted; `risky`: opens what nobody wanted open."""

    turns: int = 0
    won: int = 0
    lost: int = 0
    risky: int = 0

    @property
    def is_worse(self) -> bool:
        """Return whether more is lost than chance and habit explain."""
        return self.lost - self.won > max(1, int(self.turns * _MAY_LOSE))

    def add(self, record: TurnRecord, situation: Situation, candidate: Interpreter, in_service: Interpreter) -> None:
        """Read a turn with both. Blocks for some 70 ms."""
        situation = replace(situation, memory=replace(situation.memory, reading=before_of(record)))
        new = candidate.interpret(record.utterance, situation)
        old = in_service.interpret(record.utterance, situation)
        self.turns += 1
        ours, theirs = is_right(record, new), is_right(record, old)
        self.won += ours and not theirs
        self.lost += theirs and not ours
        self.risky += is_risky(new, situation) and not ours and not is_risky(old, situation)


def is_accepted(record: TurnRecord) -> bool:
    """Return whether it is known what a turn should be read as, and from its own sentence alone."""
    if record.utterance == HIDDEN or not record.utterance or not record.bundle:
        return False
    if record.meant is not None:
        return bool(record.meant.get("verb")) and bool(record.meant.get("entity_ids"))
    if not record.reading or "{" in record.reading or record.mark == WRONG:
        return False
    objected = any(signal.kind in _OBJECTIONS for signal in record.signals)
    settled = record.decision in ("act", "tell") and record.outcome in ("done", "waiting")
    return record.mark == RIGHT or (settled and not objected)


def is_right(record: TurnRecord, understood: Interpretation) -> bool:
    """Return whether a turn is understood as it was meant or accepted."""
    if record.meant is not None:
        things = set(record.meant["entity_ids"])
        acts = [item for item in understood.intentions if isinstance(item, Act)]
        return [(act.call.verb, {*act.entity_ids, *act.unchanged}) for act in acts] == [(record.meant["verb"], things)]
    reading = understood.reading
    if reading is None:
        return False
    wanted = [(start, end) for start, end, _, _ in record.marks]
    found = [(mark.start, mark.end) for mark in reading.marks]
    return _shape(parse_calls(record.reading), wanted) == _shape(reading.calls, found)


def before_of(record: TurnRecord) -> Reading | None:
    """Return a reading that a prompt says the same of as of the one of the turn before."""
    calls = [_call_of(part) for part in record.before.split("<prev>") if part]
    return Reading("", record.language, (), tuple(calls)) if calls else None


def _call_of(tokens: str) -> Call:
    verb, *rest = tokens.strip("<>").split("><")
    kind = rest.pop(0) if rest and rest[0] in load_catalog().kinds else None
    return Call(verb, kind, tuple(map(Word, rest)))


def _shape(calls: Sequence[Call], places: Sequence[tuple[int, int]]) -> str:
    """Return calls in notation with the place in the sentence where a pointer would be: marks may be numbered anew."""

    def plain(term: Term) -> Term:
        match term:
            case Pointer(int(number)):
                start, end = places[number - 1] if 0 < number <= len(places) else (-1, -1)
                return Text(f"{start}-{end}")
            case Text(text):
                return Text(lower(text).strip())
        return term

    return format_calls(
        replace(
            call,
            targets=tuple(map(plain, call.targets)),
            excepts=tuple(map(plain, call.excepts)),
            slots=tuple((name, plain(term)) for name, term in call.slots),
        )
        for call in calls
    )
