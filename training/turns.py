"""One turn of an exported journal, and how it is read from its JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from intendant_core.catalog import MARK_VALUES, load_catalog
from intendant_core.encode import MAX_MARKS
from intendant_core.errors import NotationError
from intendant_core.notation import parse_calls
from intendant_core.text import MAX_SENTENCE, clean
from intendant_core.values import Mark, Pointer, Ref

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from intendant_core.values import Call, Term

DECISIONS = frozenset({"act", "ask", "tell", "refuse", "reply", "hand_over", "error", "none"})
SIGNALS = frozenset({"undone", "corrected", "by_hand", "rephrased", "answered", "repeated"})
HIDDEN = "•"
"""What stands in place of a PIN."""
_PLACES = ("area", "floor", "label", "entity")
_LONGEST_WORD, _MOST = 255, 200


class Broken(Exception):
    """A turn that can not be used; the message is the reason, the same for all alike."""


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that followed a turn and tells whether it was right."""

    kind: str
    by: int | None = None
    """The turn that gave it."""
    entity_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meant:
    """What somebody chose on the page."""

    verb: str
    entity_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One sentence, what was read in it, what was done, and what followed."""

    id: int
    at: datetime
    language: str
    text: str
    """As it was heard, cleaned."""
    marks: tuple[Mark, ...] = ()
    calls: tuple[Call, ...] = ()
    """What was read, none if nothing was; pointers are numbers of marks (from 1), or types where it is not the sentence's own."""
    own: bool = True
    """Whether the reading is of this sentence alone, and not of one that it completes."""
    before: tuple[str, ...] = ()
    """The turn before, as tokens of the prompt."""
    agent: str = ""
    conversation: str = ""
    area: str | None = None
    confidence: float = 0.0
    weakest: float = 0.0
    decision: str = "none"
    done: bool = False
    """Whether it was done, or will be at its time."""
    acted: bool = False
    """Whether services were called."""
    signals: tuple[Signal, ...] = ()
    right: bool | None = None
    """As marked on the page."""
    meant: Meant | None = None

    def has(self, *kinds: str) -> bool:
        """Return whether one of these signals followed."""
        return any(signal.kind in kinds for signal in self.signals)


def read_turn(raw: dict[str, Any], languages: Collection[str]) -> Turn:
    """Return the turn of one line of the export. Raise Broken."""
    text = raw.get("utterance")
    if not isinstance(text, str) or not text.strip():
        raise Broken("no sentence")
    if len(text) > MAX_SENTENCE:
        raise Broken("too long")
    if HIDDEN in text:
        raise Broken("a PIN")
    if clean(text) != text:
        raise Broken("not cleaned")
    language = str(raw.get("language"))[:2].lower()
    if language not in languages:
        raise Broken("another language")
    number = raw.get("id")
    if not isinstance(number, int) or isinstance(number, bool):
        raise Broken("no number")
    marks = _read_marks(raw.get("marks"), text)
    calls = _read_calls(raw.get("reading"), len(marks))
    right = {"right": True, "wrong": False}.get(raw["mark"]) if isinstance(raw.get("mark"), str) else None
    return Turn(
        number,
        _read_time(raw.get("at")),
        language,
        text,
        marks,
        calls,
        all(isinstance(key, int) for key in _keys(calls)),
        _read_before(raw.get("before")),
        word(raw.get("agent")) or "",
        word(raw.get("conversation")) or "",
        word(raw.get("area")),
        _share(raw.get("confidence")),
        _share(raw.get("weakest")),
        _one_of(DECISIONS, raw.get("decision")) or "none",
        raw.get("outcome") == "done" or (raw.get("outcome") == "waiting" and raw.get("decision") == "act"),
        bool(raw.get("steps")),
        tuple(_read_signals(raw.get("signals"))),
        right,
        _read_meant(raw.get("meant")),
    )


def word(value: object) -> str | None:
    """Return a name or id, None for anything else."""
    return value if isinstance(value, str) and 0 < len(value) <= _LONGEST_WORD else None


def words(value: object) -> tuple[str, ...]:
    """Return the names or ids of a list, none for anything else."""
    return tuple(item for item in value[:_MOST] if word(item)) if isinstance(value, list) else ()


def terms_of(call: Call) -> Iterator[Term]:
    """Yield every target, exception and value of a call."""
    yield from call.targets
    yield from call.excepts
    yield from (term for _, term in call.slots)


def _one_of(known: Collection[str], value: object) -> str | None:
    return value if isinstance(value, str) and value in known else None


def _share(value: object) -> float:
    """Return a number between 0 and 1; 0 for anything else."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if number and 0 <= value <= 1 else 0.0  # type: ignore[operator,arg-type]


def _read_time(value: object) -> datetime:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
        at = at.replace(tzinfo=UTC) if at and at.tzinfo is None else at and at.astimezone(UTC)
    except (ValueError, OverflowError):
        at = None
    if at is None:
        raise Broken("no time")
    return at


def _read_marks(raw: object, text: str) -> tuple[Mark, ...]:
    if raw is None:
        return ()
    if not isinstance(raw, list) or len(raw) > MAX_MARKS:
        raise Broken("marks")
    marks: list[Mark] = []
    for item in raw:
        mark = _read_mark(item, marks[-1].end if marks else 0, len(text))
        if mark is None:
            raise Broken("marks")
        marks.append(mark)
    return tuple(marks)


def _read_mark(item: object, after: int, length: int) -> Mark | None:
    """Return one mark that stands behind the last one and within the text, None for anything else."""
    if not isinstance(item, list) or len(item) < 3:
        return None
    start, end, types = item[0], item[1], words(item[2])
    if type(start) is not int or type(end) is not int or not after <= start < end <= length:
        return None
    known = MARK_VALUES | {"area", "floor", "label"} | set(load_catalog().kinds)
    if not types or len(types) > 5 or any(kind not in known for kind in types):
        return None
    refs = []
    for ref in item[3][:_MOST] if len(item) > 3 and isinstance(item[3], list) else ():
        if not isinstance(ref, list) or len(ref) != 2 or _one_of(_PLACES, ref[0]) is None or word(ref[1]) is None:
            return None
        refs.append(Ref(ref[0], ref[1]))
    if any(kind not in MARK_VALUES for kind in types) and not refs:
        return None
    return Mark(start, end, types, tuple(refs))


def _read_calls(raw: object, marks: int) -> tuple[Call, ...]:
    if raw in (None, ""):
        return ()
    if not isinstance(raw, str) or len(raw) > 4 * MAX_SENTENCE:
        raise Broken("reading")
    try:
        calls = parse_calls(raw)
    except (NotationError, ValueError) as err:
        raise Broken("reading") from err
    keys = _keys(calls)
    own = all(isinstance(key, int) and 1 <= key <= marks for key in keys)
    if not own and (marks or not all(isinstance(key, str) for key in keys)):
        raise Broken("reading")
    return calls


def _keys(calls: tuple[Call, ...]) -> list[int | str]:
    return [term.key for call in calls for term in terms_of(call) if isinstance(term, Pointer)]


def _read_before(raw: object) -> tuple[str, ...]:
    """Return the tokens of the turn before."""
    if raw in (None, ""):
        return ()
    tokens = re.findall(r"<[^<>]+>", raw) if isinstance(raw, str) and len(raw) < 2000 else []
    if "".join(tokens) != raw:
        raise Broken("turn before")
    return tuple(tokens)


def _read_signals(raw: object) -> Iterator[Signal]:
    for item in raw[:_MOST] if isinstance(raw, list) else ():
        if isinstance(item, dict) and (kind := _one_of(SIGNALS, item.get("kind"))):
            by = item.get("by")
            yield Signal(kind, by if type(by) is int else None, words(item.get("entity_ids")))


def _read_meant(raw: object) -> Meant | None:
    if not isinstance(raw, dict):
        return None
    verb = _one_of(load_catalog().verbs, raw.get("verb"))
    return Meant(verb, words(raw.get("entity_ids"))) if verb else None
