"""From what followed a turn to what its sentence should have been read as, where that is certain.

Accepted readings stay. A sentence that was corrected, rephrased or marked takes the right reading where every name and
value of it can be found again in the sentence itself. Whatever is left open is left out: a label that is wrong costs more
than one that is missing. Readings that turned out wrong are noted beside, so that the gate can look for them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from intendant_core.grammar import WITHOUT_TARGET
from intendant_core.quantities import find_quantities
from intendant_core.text import lower
from intendant_core.values import Call, Pointer, Text, Word

from .meant import reading_of_meant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from intendant_core.values import Mark, Term

    from .journal import Export
    from .turns import Turn

SURE = 0.6
"""From which confidence on a reading that nobody objected to counts as accepted."""
QUIET = timedelta(seconds=60)
"""So long nothing may follow talk that is learnt as not for the house."""
_OBJECTIONS = ("undone", "corrected", "rephrased", "by_hand", "repeated")
_ANSWERS = frozenset({"yes", "no", "undo", "cancel", "planned"})
_LEANING = frozenset({"it", "there", "other", "same", "here"})
"""Words of a reading that mean what another sentence, or another room, says."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence with what it should be read as."""

    turn: Turn
    calls: tuple[Call, ...]
    source: str
    """What says so: accepted, answered, right, meant, corrected, rephrased or talk."""
    wrong: tuple[Call, ...] = ()
    """What was read instead, if that was wrong."""


@dataclass(frozen=True, slots=True)
class Labels:
    """All labelled sentences of a journal, and why others have none."""

    rows: list[Labelled]
    counts: Counter[str] = field(default_factory=Counter)


def label(export: Export) -> Labels:
    """Return what each sentence of the journal should be read as, where that is certain."""
    turns = {turn.id: turn for turn in export.turns}
    followed = _followed(export.turns)
    answers = {signal.by for turn in export.turns for signal in turn.signals if signal.kind == "answered"}
    labels = Labels([])
    for turn in export.turns:
        found = _label(turn, turns, export, calm=turn.id not in followed)
        if isinstance(found, Labelled) and turn.id in answers:
            found = "an answer"
        if isinstance(found, Labelled):
            labels.rows.append(found)
            labels.counts[found.source] += 1
        else:
            labels.counts[f"left out: {found}"] += 1
    return labels


def _label(turn: Turn, turns: Mapping[int, Turn], export: Export, *, calm: bool) -> Labelled | str:
    """Return the label of a turn, or why it has none: what people said of it counts before what was read."""
    return _by_mark(turn, export) or _by_objection(turn, turns) or _by_reading(turn, turns, calm=calm)


def _by_mark(turn: Turn, export: Export) -> Labelled | str | None:
    """Judge by what was chosen on the page."""
    if turn.meant is not None and turn.own:
        calls = reading_of_meant(turn, export.home)
        return Labelled(turn, calls, "meant", _other(turn.calls, calls)) if calls else "what was meant is not said"
    if turn.right is not None:
        return Labelled(turn, turn.calls, "right") if turn.right and turn.calls and turn.own else "marked wrong"
    return None


def _by_objection(turn: Turn, turns: Mapping[int, Turn]) -> Labelled | str | None:
    """Judge by what followed, where it was an objection."""
    for kind in ("corrected", "rephrased"):
        if turn.has(kind):
            later = _later(turn, kind, turns)
            calls = reanchor(later, turn) if later else None
            return Labelled(turn, calls, kind, _other(turn.calls, calls)) if calls else f"{kind}, how is open"
    return "objected to" if turn.has(*_OBJECTIONS) else None


def _by_reading(turn: Turn, turns: Mapping[int, Turn], *, calm: bool) -> Labelled | str:
    """Judge by what was read, where nobody objected; talk counts where nothing followed it."""
    verb = turn.calls[0].verb if turn.calls else ""
    if verb in _ANSWERS or not verb or not turn.own:
        return "an answer" if verb else "nothing read"
    if verb == "none":
        talk = turn.decision in ("hand_over", "refuse", "reply", "none") and not turn.acted
        return Labelled(turn, (Call("none"),), "talk") if talk and calm else "talk, perhaps"
    if turn.has("answered"):
        answer = _later(turn, "answered", turns)
        agreed = answer and answer.done and answer.calls and answer.calls[0].verb not in ("no", "cancel", "none")
        return Labelled(turn, turn.calls, "answered") if agreed else "answered, how is open"
    accepted = turn.decision in ("act", "tell") and turn.done and turn.confidence >= SURE
    return Labelled(turn, turn.calls, "accepted") if accepted else "not acted upon"


def _followed(turns: Sequence[Turn]) -> set[int]:
    """Return the turns after which somebody spoke on, in the same conversation or room."""
    followed: set[int] = set()
    last: dict[tuple[str, str], Turn] = {}
    for turn in turns:
        for key in (("conversation", turn.conversation), ("area", turn.area or "")):
            if key[1]:
                before = last.get(key)
                if before and turn.at - before.at <= QUIET:
                    followed.add(before.id)
                last[key] = turn
    return followed


def _later(turn: Turn, kind: str, turns: Mapping[int, Turn]) -> Turn | None:
    """Return the turn that gave a signal, if it came later and nobody objected to that one."""
    found = [turns.get(signal.by) for signal in turn.signals if signal.kind == kind and signal.by is not None]
    later = found[-1] if found else None
    if kind == "answered":
        return later
    good = later is not None and later.at >= turn.at and later.id != turn.id and later.language == turn.language
    if not good or later is None or not later.own or later.has(*_OBJECTIONS) or later.right is False or later.meant:
        return None
    return later if later.done and later.decision in ("act", "tell") else None


def reanchor(later: Turn, turn: Turn) -> tuple[Call, ...] | None:
    """Return the reading of a later sentence over the marks of an earlier one, None unless all of it is said there too."""
    calls = []
    for call in later.calls:
        if call.verb in _ANSWERS or call.verb == "none":
            return None
        targets = _move_targets(call, later, turn)
        excepts = [_move(term, later, turn) for term in call.excepts]
        slots = [(slot, _move(term, later, turn)) for slot, term in call.slots]
        if targets is None or None in excepts or any(term is None for _, term in slots):
            return None
        calls.append(
            replace(
                call,
                targets=targets,
                excepts=tuple(term for term in excepts if term),
                slots=tuple((slot, term) for slot, term in slots if term),
            )
        )
    pointers = [term for call in calls for term in (*call.targets, *call.excepts) if isinstance(term, Pointer)]
    values = {i for i, mark in enumerate(turn.marks, 1) if not mark.refs}
    told = {term.key for call in calls for _, term in call.slots if isinstance(term, Pointer)}
    # A name said and not meant, or a value nobody took, leaves it open what the sentence wants.
    names = {i for i, mark in enumerate(turn.marks, 1) if mark.refs}
    whole = names <= {term.key for term in pointers} | told and values <= told
    return tuple(calls) if calls and whole else None


def _move_targets(call: Call, later: Turn, turn: Turn) -> tuple[Term, ...] | None:
    """Return the targets of a call over the earlier sentence; the speaker's own room need not be said."""
    moved: list[Term] = []
    for term in call.targets:
        found = _move(term, later, turn)
        if found is None:
            own = isinstance(term, Pointer) and call.kind and len(call.targets) == 1 and _is_own_room(term, later, turn)
            if not own:
                return None
        else:
            moved.append(found)
    # "on fan" needs a word for the fan in the sentence as little as "turn on" does; a bare verb says nothing at all.
    bare = not moved and not call.kind and not call.slots and call.verb not in WITHOUT_TARGET
    return None if bare else tuple(moved)


def _is_own_room(term: Pointer, later: Turn, turn: Turn) -> bool:
    mark = later.marks[int(term.key) - 1]
    placed = any(ref.kind in ("area", "floor") for other in turn.marks for ref in other.refs)
    return bool(turn.area) and not placed and any(ref.kind == "area" and ref.id == turn.area for ref in mark.refs)


def _move(term: Term, later: Turn, turn: Turn) -> Term | None:
    """Return a term of the later sentence as one of the earlier, None where that does not say it."""
    match term:
        case Word(word):
            return None if word in _LEANING else term
        case Text(text):
            return _say_again(text, turn)
        case Pointer(key):
            mark = later.marks[int(key) - 1]
            found = [i for i, other in enumerate(turn.marks, 1) if _same(mark, later.text, other, turn.text)]
            return Pointer(found[0]) if len(found) == 1 else None


def _say_again(text: str, turn: Turn) -> Text | None:
    """Return copied words as they stand in the earlier sentence, once."""
    wanted = lower(text.strip())
    start = lower(turn.text).find(wanted)
    if not wanted or start < 0 or lower(turn.text).count(wanted) != 1:
        return None
    return Text(turn.text[start : start + len(wanted)])


def _same(mark: Mark, text: str, other: Mark, other_text: str) -> bool:
    """Return whether two marks stand for the same name or value."""
    if mark.refs or other.refs:
        return bool(set(mark.refs) & set(other.refs))
    if mark.types != other.types:
        return False
    said, before = lower(text[mark.start : mark.end]), lower(other_text[other.start : other.end])
    values = [[found.quantity for found in find_quantities(words)] for words in (said, before)]
    return said == before or (bool(values[0]) and values[0] == values[1])


def _other(was: tuple[Call, ...], calls: tuple[Call, ...] | None) -> tuple[Call, ...]:
    return was if was != calls else ()
