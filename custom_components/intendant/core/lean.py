"""Understand short sentences that lean on the turn before: "and the hall too", "thirty percent", "both", "carry on" after the hoover."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .lexicon import load_words
from .misread import without_names
from .values import Call, Pointer, Word

if TYPE_CHECKING:
    from .values import Reading, Term

_IT, _ALL = Word("it"), Word("all")
_ROBOTS = frozenset({"vacuum", "lawn_mower"})
_ON_ROBOTS = {"pause": "pause", "stop": "stop", "play": "start", "start": "start", "dock": "dock"}
_MOVED = {"open": {"cover", "valve"}, "close": {"cover", "valve"}, "lock": {"lock"}, "dock": {"vacuum"}}
"""Verbs that only some types of things know."""
_CONTRARY = {"on": "off", "off": "on", "close": "open", "mute": "unmute", "pause": "play"}
"""What takes back what was done to one thing of many; nothing is unlocked, and no door opened, in passing."""
_SWITCHING = frozenset({"on", "off", "toggle", "open", "close"})
_OPENED = frozenset({"cover", "blind", "curtain", "shutter", "awning", "garage", "gate", "door", "window", "valve"})
_TIMES = frozenset({"in", "at", "for"})
_LISTING = frozenset({"add", "complete", "remove", "read"})
_DONE_TO = frozenset(
    {"on", "off", "open", "close", "lock", "set", "more", "less", "start", "dock", "pause", "is", "state", "mute"}
)
"""Verbs that are meant again where only another name is said."""
_TYPES = {
    "light",
    "switch",
    "fan",
    "cover",
    "valve",
    "lock",
    "climate",
    "humidifier",
    "media",
    "vacuum",
    "area",
    "floor",
}


def lean_on(reading: Reading, before: Reading | None, domains: frozenset[str] = frozenset()) -> Reading:
    """Return the reading with what its few words leave no doubt about after the turn `before`.

    `domains` are those of the things that were spoken of last.
    """
    if before is None or len(reading.calls) != 1:
        return reading
    words, said = load_words(reading.language)["leaning"], without_names(reading).strip(" .!?,。！？，")
    [call] = reading.calls
    if call.kind is None and call.targets == (_ALL,) and re.search(words["two"], said):
        return replace(reading, calls=(replace(call, targets=(_IT,)),))
    sure = _too(reading, before, words["too"], said) or _on_list(before, words["on_list"], said)
    sure = sure or _spared(reading, before, words["spared"], said) or _mode(call, before, words["mode"], said)
    sure = (
        sure
        or _too_kind(call, before, words["too_kind"], said)
        or _undone(call, before, words["back"], said)
        or _player(call, domains)
    )
    sure = sure or _robot(call, domains, words, said) or _value_alone(call, reading, words["value"], said)
    return replace(reading, calls=(sure,), confidence=1.0, weakest=1.0, outside=0.0) if sure else reading


def _too(reading: Reading, before: Reading, pattern: str, said: str) -> Call | None:
    """Return what was done before, to what is named now and nothing else: "and the hall too"; None where more was said."""
    old = before.calls[-1]
    if len(reading.marks) != 1 or len(before.calls) != 1 or old.verb not in _DONE_TO or old.excepts:
        return None
    if not _TYPES & set(reading.marks[0].types) or not re.fullmatch(pattern, said) or reading.calls[0].verb == old.verb:
        return None
    place = {"area", "floor"} & set(reading.marks[0].types)
    if not place and not _MOVED.get(old.verb, _TYPES) & set(reading.marks[0].types):
        return None
    slots = tuple((name, _same(term)) for name, term in old.slots)
    return Call(old.verb, (old.kind or _kind_before(before)) if place else None, (Pointer(1),), (), slots)


def _kind_before(before: Reading) -> str | None:
    """Return the sort of the thing that the turn before named."""
    named = before.calls[-1].targets[0] if before.calls[-1].targets else None
    if not isinstance(named, Pointer) or not isinstance(named.key, int) or named.key > len(before.marks):
        return None
    sorts = [sort for sort in before.marks[named.key - 1].types if sort in _TYPES - {"area", "floor"}]
    return sorts[0] if sorts else None


def _same(term: Term) -> Term:
    return Word("same") if isinstance(term, Pointer) else term


def _robot(call: Call, domains: frozenset[str], words: dict[str, str], said: str) -> Call | None:
    """Return the call to the robot that was spoken of just before: "hold it there a sec"; None where it is about something else."""
    verb = _ON_ROBOTS.get(call.verb)
    plain = call.kind in (None, "media") and not call.slots and set(call.targets) <= {_IT}
    if verb is None or not domains or not domains <= _ROBOTS or not plain or re.search(words["music"], said):
        return None
    return Call(verb, None, (_IT,))


def _on_list(before: Reading, pattern: str, said: str) -> Call | None:
    """Return the call that reads the list which was spoken of just before: "what's on it now"."""
    listed = any(old.verb in _LISTING for old in before.calls)
    return Call("read", None, (_IT,)) if listed and re.fullmatch(pattern, said) else None


def _spared(reading: Reading, before: Reading, pattern: str, said: str) -> Call | None:
    """Return what puts one thing back that was done with many just before: "except the landing"."""
    old = before.calls[-1]
    back = _CONTRARY.get(old.verb)
    many = (
        len(before.calls) == 1
        and not any(name in _TIMES for name, _ in old.slots)
        and (old.kind is not None or _ALL in old.targets)
    )
    if back is None or not many or len(reading.marks) != 1 or not _TYPES & set(reading.marks[0].types):
        return None
    if not re.fullmatch(pattern, said):
        return None
    place = {"area", "floor"} & set(reading.marks[0].types)
    return Call(back, old.kind if place else None, (Pointer(1),))


def _mode(call: Call, before: Reading, pattern: str, said: str) -> Call | None:
    """Return the call that arms in the mode which is all that was said after arming: "night"."""
    return call if call.verb == "arm" and before.calls[-1].verb == "arm" and re.fullmatch(pattern, said) else None


def _too_kind(call: Call, before: Reading, pattern: str, said: str) -> Call | None:
    """Return the call with the verb of the turn before, where only another kind of thing was said: "and the heater"."""
    old = before.calls[-1]
    bare = call.verb in _SWITCHING and call.verb != old.verb and call.kind is not None and not call.slots
    wanted = len(before.calls) == 1 and old.verb in _SWITCHING and old.verb != "toggle" and not old.slots
    wanted = wanted and (call.kind in _OPENED) == (old.verb in ("open", "close"))
    return replace(call, verb=old.verb) if bare and wanted and re.fullmatch(pattern, said) else None


def _undone(call: Call, before: Reading, pattern: str, said: str) -> Call | None:
    """Return the call that puts things back as they were, where many were switched off and shall be on again: "turn it all back on"."""
    old = before.calls[-1]
    many = old.verb == "off" and len(before.calls) == 1 and not any(isinstance(term, Pointer) for term in old.targets)
    return Call("undo") if many and call.verb == "on" and re.fullmatch(pattern, said) else None


def _player(call: Call, domains: frozenset[str]) -> Call | None:
    """Return the call to the player that was spoken of just before, where "stop" says no more."""
    bare = call.kind is None and not call.targets and not call.slots
    return (
        replace(call, targets=(_IT,))
        if domains == {"media_player"} and bare and call.verb in ("stop", "pause")
        else None
    )


def _value_alone(call: Call, reading: Reading, pattern: str, said: str) -> Call | None:
    """Return the call where its sentence is one value with fillers, read as the value of what was spoken of: "no, thirty percent"."""
    if call.verb != "set" or call.targets not in ((_IT,), ()) or len(reading.marks) != 1 or len(call.slots) != 1:
        return None
    return call if call.slots[0][1] == Pointer(1) and re.fullmatch(pattern, said) else None
