"""Understand "the usual": the values that this household chooses at this time of day, put in by code.

The model knows no such word. The words are taken out of the sentence, and only what is left without any of its own meaning
but names, kinds and properties is such a wish; everything else goes to the model as ever.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from .catalog import DATA, load_catalog
from .intentions import Act, Intention, Refuse
from .lexicon import kind_words
from .likely import is_sensitive
from .meant import KINDS_SAID
from .plan_setting import SETTERS
from .scope import find_scope
from .text import lower, split_words, stem
from .values import Call, Number, Pointer, Reading, Word
from .wanted import Wanted

if TYPE_CHECKING:
    from .intentions import Situation, Step
    from .values import Entity, Mark, Term

_UNITS = {"brightness": "%", "volume": "%", "position": "%", "tilt": "%", "speed": "%", "humidity": "%"}
_DOMAINS = ("light", "climate", "media_player", "cover", "fan", "humidifier", "water_heater")
"""What has usual values."""
_NOT_HERE = 3
"""So many names are told of things of which no usual value is known."""


@cache
def usual_words(language: str) -> dict[str, Any]:
    """Return the words of a language for what is usual."""
    loaded: dict[str, dict[str, Any]] = yaml.safe_load((DATA / "usual.yaml").read_text(encoding="utf-8"))
    return loaded[language]


def understand_usual(text: str, situation: Situation) -> tuple[Intention, ...] | None:
    """Return what to do about a cleaned sentence that wants things as they usually are; None when it is no such sentence."""
    words = usual_words(situation.language)
    low = lower(text)
    found = re.search(words["usual"], low)
    if found is None or low.rstrip().endswith(("?", "？")):
        return None
    rest = low[: found.start()] + " " * len(found[0]) + low[found.end() :]
    prop, rest = _take_property(rest, words)
    marks = tuple(mark for mark in situation.house.names.find(rest) if mark.refs)
    for mark in marks:
        rest = rest[: mark.start] + " " * (mark.end - mark.start) + rest[mark.end :]
    kind, rest = _take_kind(rest)
    left = _left(rest, words)
    if any(word not in words["it"] for word in left):
        return None
    call = _call(kind, marks, situation, it=bool(left))
    if not _accepts(kind):
        return None
    planned = _plan(call, prop, Reading(low, situation.language, marks, ()), situation)
    # "Turn the lights on as usual" makes sense without any value.
    switches = re.search(words["switching"], low) is not None
    return None if switches and isinstance(planned, Refuse) else (planned,)


def _take_property(text: str, words: dict[str, Any]) -> tuple[str | None, str]:
    """Return the property that words name, and the text without it."""
    for word, prop in words["properties"].items():
        pattern = rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word)
        if found := re.search(pattern, text):
            return str(prop), text[: found.start()] + " " * len(found[0]) + text[found.end() :]
    return None, text


def _take_kind(text: str) -> tuple[str | None, str]:
    """Return the kind of thing that words call, and the text without them."""
    kinds = {**{kind: kind for kind in load_catalog().kinds}, **KINDS_SAID}
    spans = [(word, start, end) for word, start, end in split_words(text) if word.isascii()]
    for word, start, end in spans:
        if (kind := kinds.get(stem(word)) or kinds.get(word)) and stem(word) in {stem(known) for known in kind_words()}:
            return kind, text[:start] + " " * (end - start) + text[end:]
    for word in sorted((word for word in kinds if not word.isascii()), key=len, reverse=True):
        if (start := text.find(word)) >= 0:
            return kinds[word], text[:start] + " " * len(word) + text[start + len(word) :]
    return None, text


def _left(rest: str, words: dict[str, Any]) -> list[str]:
    """Return the words that mean something by themselves; "it" is one of them."""
    fillers = [word for word in words["fillers"] if word not in words["it"]]
    for han in sorted((word for word in fillers if word and not word.isascii()), key=len, reverse=True):
        rest = rest.replace(han, " ")
    spoken = [word for word, _, _ in split_words(rest) if word not in fillers]
    joined = "".join(spoken)
    return [joined] if joined and not joined.isascii() else spoken


def _call(kind: str | None, marks: tuple[Mark, ...], situation: Situation, *, it: bool) -> Call:
    """Return the call that the sentence is, without its value."""
    targets: list[Term] = [Pointer(number) for number in range(1, len(marks) + 1)]
    if not targets and it:
        targets = [Word("it")]
    elif not targets and kind is None:
        targets = [Word("it" if situation.memory.entity_ids and situation.area_id is None else "here")]
    return Call("set", kind, tuple(targets))


def _plan(call: Call, prop: str | None, reading: Reading, situation: Situation) -> Act | Refuse:
    if not situation.usage.allowed:
        return Refuse(call, "usage_not_allowed")
    scope = find_scope(call, reading, situation, _accepts(call.kind), None, _DOMAINS)
    if scope.problem == "which":
        known = [i for i in scope.candidates if _values(i, prop, situation)]
        if len(known) != 1:
            return Refuse(call, "which_again", {"options": scope.choices})
        things = [situation.house.entities[known[0]]]
    elif scope.problem:
        return Refuse(call, scope.problem, scope.facts)
    else:
        things = [thing for thing in scope.entities if not is_sensitive(thing, situation)]
    whole = scope.group and len(things) > 1
    if scope.group and call.kind is None:
        # What is silent or cold shall not be woken by a wish for a room.
        things = [thing for thing in things if thing.domain != "media_player" or _plays(thing, situation)]
    steps = [step for thing in things for step in _steps(call, thing, prop, situation)]
    if not steps:
        return Refuse(call, "no_usual", _facts(things, whole=whole, place=scope.place))
    ids = tuple(dict.fromkeys(i for step in steps for i in step.entity_ids))
    return Act(call, tuple(steps), ids, left_out=scope.left_out)


def _accepts(kind: str | None) -> tuple[str, ...]:
    classes = load_catalog().kinds[kind] if kind else _DOMAINS
    return tuple(item for item in classes if item.partition(".")[0] in _DOMAINS)


def _plays(thing: Entity, situation: Situation) -> bool:
    state = situation.states(thing.id)
    return state is not None and state.state in ("on", "playing", "paused", "buffering", "idle")


def _values(entity_id: str, prop: str | None, situation: Situation) -> dict[str, float]:
    """Return what is usual for a thing now: property → value."""
    usage = situation.usage
    props = (prop,) if prop else usage.properties(entity_id)
    found = {name: usage.usual(entity_id, name, situation.now) for name in props}
    return {name: value for name, value in found.items() if value is not None}


def _steps(call: Call, thing: Entity, prop: str | None, situation: Situation) -> list[Step]:
    """Return the steps that give a thing its usual values, as far as it can take them."""
    steps: list[Step] = []
    for name, value in _values(thing.id, prop, situation).items():
        wanted = Wanted(call, name, quantity=Number(value, _UNITS.get(name, "")))
        made = SETTERS[thing.domain](wanted, (thing,), situation)
        steps += [] if isinstance(made, Refuse) else made
    return steps


def _facts(things: list[Entity], *, whole: bool, place: str | None) -> dict[str, object]:
    names = [thing.name for thing in things[:_NOT_HERE]]
    return {"name": place if whole and place else names[0] if names else ""}
