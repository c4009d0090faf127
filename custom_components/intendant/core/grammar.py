"""Say which tokens may come next, so that no output can name what is not there.

The grammar follows the catalogue (verbs, kinds, slots, values), the marks of the sentence (pointers) and the sentence
itself (copied words are a stretch of it). Every path through it ends in a reading that parses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .catalog import MARK_VALUES, load_catalog
from .encode import AND, END, EXCEPT, MAX_MARKS, QUOTE
from .values import Call, Pointer, Term, Text, Word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .values import Mark

WITHOUT_TARGET = frozenset({"none", "yes", "no", "undo", "planned", "time", "date"})
ALONE = frozenset({"none", "yes", "no", "undo", "planned"})
_REPEATED_SLOTS = frozenset({"item"})
MAX_CALLS, MAX_TERMS, MAX_TOKENS = 8, 10, 96


@dataclass(frozen=True, slots=True)
class Place:
    """One token of the sentence in the prompt: its id and which characters of the sentence it covers."""

    id: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an output has come; immutable, so that several continuations can be tried."""

    calls: tuple[Call, ...] = ()
    """Calls begun so far; the last one is still growing."""
    phase: str = "verb"
    """verb, targets, excepts, slot, value, copy or done."""
    slot: str = ""
    copied: tuple[tuple[int, int], ...] = ()
    """First and last place of the words being copied; several while words repeated in the sentence leave it open."""
    back: str = ""
    """The phase to go back to after copied words."""


class Grammar:
    """The outputs allowed for one sentence."""

    def __init__(self, ids: Mapping[str, int], marks: Sequence[Mark], places: Sequence[Place], text: str) -> None:
        """Take the ids of our own tokens, and what the sentence holds."""
        self._ids, self._marks, self._places, self._text = ids, marks[:MAX_MARKS], places, text
        self._names = {token_id: token for token, token_id in ids.items()}
        self._catalog = load_catalog()
        self._starts = [not _cuts_word(text, place.start) for place in self._places]
        self._ends = [not _cuts_word(text, place.end) for place in self._places]
        self._name_pointers = [number for number, mark in enumerate(self._marks, 1) if mark.refs]

    def allowed(self, progress: Progress) -> list[int]:
        """Return the ids that may come next, without duplicates; never empty before the output is done."""
        if progress.phase == "copy":
            return self._allowed_copy(progress)
        tokens = {"verb": self._verbs, "value": self._values}.get(progress.phase, self._parts)(progress)
        return [self._ids[token] for token in dict.fromkeys(tokens)]

    def _verbs(self, progress: Progress) -> list[str]:
        return [f"<{verb}>" for verb in self._catalog.verbs if not (progress.calls and verb in ALONE)]

    def _parts(self, progress: Progress) -> list[str]:
        call = progress.calls[-1]
        tokens: list[str] = []
        if progress.phase == "excepts" and not call.excepts:
            return self._terms(call.excepts)
        if call.verb not in WITHOUT_TARGET and progress.phase in ("targets", "excepts"):
            if progress.phase == "targets" and not call.kind and not call.targets:
                tokens += [f"<{kind}>" for kind in self._catalog.kinds]
            taken = call.targets if progress.phase == "targets" else call.excepts
            if len(taken) < MAX_TERMS:
                tokens += self._terms(taken)
            if progress.phase == "targets" and (call.kind or call.targets) and (self._name_pointers or self._places):
                tokens.append(EXCEPT)
        tokens += [f"<{slot}=>" for slot in self._free_slots(call)]
        if call.verb not in ALONE and len(progress.calls) < MAX_CALLS:
            tokens.append(AND)
        return [*tokens, END]

    def _terms(self, taken: tuple[Term, ...]) -> list[str]:
        used = {term.key for term in taken if isinstance(term, Pointer)}
        words = {term.word for term in taken if isinstance(term, Word)}
        tokens = [f"<@{number}>" for number in self._name_pointers if number not in used]
        tokens += [f"<{word}>" for word in self._catalog.targets if word not in words]
        return [*tokens, QUOTE] if self._places else tokens

    def _free_slots(self, call: Call) -> list[str]:
        order = self._catalog.verbs[call.verb]
        last = order.index(call.slots[-1][0]) if call.slots else -1
        free = [
            slot
            for i, slot in enumerate(order)
            if i > last or (i == last and slot in _REPEATED_SLOTS and len(call.slots) < MAX_TERMS)
        ]
        return [slot for slot in free if self._value_tokens(slot)]

    def _value_tokens(self, slot: str) -> list[str]:
        tokens: list[str] = []
        for word in self._catalog.slots[slot]:
            if word == "like":
                tokens += [f"<@{number}>" for number in self._name_pointers]
            elif word in MARK_VALUES or word == "area":
                types = {"area", "floor"} if word == "area" else {word}
                tokens += [f"<@{number}>" for number, mark in enumerate(self._marks, 1) if types & set(mark.types)]
            elif word == "text":
                tokens += [QUOTE] if self._places else []
            else:
                tokens.append(f"<{word}>")
        return tokens

    def _values(self, progress: Progress) -> list[str]:
        return self._value_tokens(progress.slot)

    def _allowed_copy(self, progress: Progress) -> list[int]:
        if not progress.copied:
            return list(
                dict.fromkeys(place.id for place, whole in zip(self._places, self._starts, strict=True) if whole)
            )
        follow = [last + 1 for _, last in progress.copied if last + 1 < len(self._places)]
        ended = not follow or any(self._ends[last] for _, last in progress.copied)
        return list(
            dict.fromkeys([*(self._places[place].id for place in follow), *([self._ids[QUOTE]] if ended else [])])
        )

    def advance(self, progress: Progress, token_id: int) -> Progress:
        """Return the progress after one allowed token."""
        if progress.phase == "copy":
            return self._advance_copy(progress, token_id)
        token = self._names[token_id]
        if progress.phase == "verb":
            return Progress((*progress.calls, Call(token[1:-1])), "targets")
        if token.endswith("=>"):
            return replace(progress, phase="value", slot=token[1:-2])
        signs = {
            END: replace(progress, phase="done"),
            AND: Progress(progress.calls, "verb"),
            QUOTE: replace(progress, phase="copy", back=progress.phase, copied=()),
            EXCEPT: replace(progress, phase="excepts"),
        }
        return signs[token] if token in signs else self._name(progress, token[1:-1])

    def _name(self, progress: Progress, name: str) -> Progress:
        """Take a kind, a pointer or a word."""
        call = progress.calls[-1]
        if progress.phase == "targets" and not call.kind and not call.targets and name in self._catalog.kinds:
            return replace(progress, calls=(*progress.calls[:-1], replace(call, kind=name)))
        return self._add(progress, Pointer(int(name[1:])) if name.startswith("@") else Word(name))

    def _add(self, progress: Progress, term: Term) -> Progress:
        call = progress.calls[-1]
        phase = progress.phase
        if phase == "targets":
            call = replace(call, targets=(*call.targets, term))
        elif phase == "excepts":
            call = replace(call, excepts=(*call.excepts, term))
        else:
            call, phase = replace(call, slots=(*call.slots, (progress.slot, term))), "slot"
        return Progress((*progress.calls[:-1], call), phase)

    def _advance_copy(self, progress: Progress, token_id: int) -> Progress:
        places = self._places
        if not progress.copied:
            starts = tuple((i, i) for i, place in enumerate(places) if place.id == token_id and self._starts[i])
            return replace(progress, copied=starts)
        if token_id == self._ids[QUOTE]:
            first, last = next((span for span in progress.copied if self._ends[span[1]]), progress.copied[0])
            text = self._text[places[first].start : places[last].end].strip()
            return self._add(replace(progress, phase=progress.back), Text(text))
        longer = tuple(
            (first, last + 1)
            for first, last in progress.copied
            if last + 1 < len(places) and places[last + 1].id == token_id
        )
        return replace(progress, copied=longer)


def _cuts_word(text: str, place: int) -> bool:
    """Return whether a place lies inside a word of Latin letters, where copied words neither start nor end."""
    around = text[place - 1 : place + 1]
    return place > 0 and len(around) == 2 and around.isascii() and around.isalnum()
