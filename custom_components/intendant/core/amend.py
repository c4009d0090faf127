"""Let the plain words of a sentence amend what was read: "make sure it's locked" asks for nothing, a list's item ends where the list begins."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .lexicon import kind_words, load_words
from .misread import without_names
from .point import put_time
from .text import lower, stem
from .values import Call, Mark, Number, Pointer, Text, Word

if TYPE_CHECKING:
    from .values import Reading

_ASKING = frozenset({"every", "is", "any", "state"})
_DONE_BY = {"locked": "lock", "closed": "close", "off": "off", "on": "on", "open": "open"}
"""What is asked for → the verb that makes it so."""
_ALL = Word("all")
_VAGUE = frozenset(map(Word, ("little", "some")))
_COUPLE = 2.0
_THERE = Word("there")
_HAVING = {"brightness": ("light",), "color": ("light",), "color_temp": ("light",), "effect": ("light",), "temperature": ("climate", "water_heater"),
           "volume": ("media",), "speed": ("fan", "vacuum"), "oscillate": ("fan",), "position": ("cover", "valve"), "humidity": ("humidifier",)}  # fmt: skip
"""Property → the types of names that have it."""
_TIMER_AS = {"timer_add": "more", "timer_reduce": "less"}
"""What a change of a timer is where no timer, but a number of minutes was named."""


def amend(reading: Reading) -> Reading:
    """Return the reading with what its words leave no doubt about in place of what was read."""
    words, said = load_words(reading.language)["amend"], without_names(reading)
    if len(reading.calls) > 1:
        return replace(reading, calls=_of_the_same(_all_then(reading, words, said), reading, said))
    reading = _counted_number(reading)
    reading = _certainly(reading, words, said)
    [call] = reading.calls
    if (asking := _to_what(call, reading, said)) != call:
        # A question does no harm.
        return replace(reading, calls=(asking,), confidence=1.0, weakest=1.0, outside=0.0)
    call = _every_lock(_make_sure(call, words, said), words, said)
    call = _whole_list(_whole_words(call, reading, words), reading, words)
    call = _garage(_on_floor(call, reading), words, said)
    call = _of_number(_by_length(call, reading, words, said), reading, words, said)
    call = _called(_not_instead(_nowhere(call, reading, words), reading, words), reading, words, said)
    reading = replace(reading, calls=(call,)) if call != reading.calls[0] else reading
    return _by_two(reading, words, said)


def _all_then(reading: Reading, words: dict[str, str], said: str) -> tuple[Call, ...]:
    """Return the calls, all of them at the time that the sentence begins with: "in ten minutes turn off the TV and the lights"."""
    first = reading.calls[0]
    begins = re.match(words["time_first"], said) and not re.search(words["at_once"], said)
    name = next((name for name in ("in", "at") if isinstance(first.slot(name), Pointer)), None)
    if not begins or name is None or first.slot(name) != Pointer(1):
        return reading.calls
    return tuple(put_time(call, name, Pointer(1)) for call in reading.calls)


def _of_the_same(calls: tuple[Call, ...], reading: Reading, said: str) -> tuple[Call, ...]:
    """Return the calls, those that change a property of nothing that was said about the thing before: "the strip blue, bit dimmer"."""
    if not any(map(_changes_nothing_named, calls[1:])) or _names_kind(said):
        return calls
    found = [calls[0]]
    for call in calls[1:]:
        before = found[-1].targets[0] if len(found[-1].targets) == 1 else None
        types = {kind for slot, _ in call.slots for kind in _HAVING.get(slot, ())}
        mark = reading.marks[before.key - 1] if isinstance(before, Pointer) and isinstance(before.key, int) else None
        same = (
            before is not None and mark is not None and bool(types & set(mark.types)) and _changes_nothing_named(call)
        )
        found.append(replace(call, kind=None, targets=(before,)) if same and before else call)
    return tuple(found)


def _changes_nothing_named(call: Call) -> bool:
    return call.verb in ("set", "more", "less") and not call.targets and not call.excepts


def _names_kind(said: str) -> bool:
    """Return whether a sentence without its names still calls a kind of thing."""
    plain = re.sub(r"\{\w+\}", " ", said)
    words = {stem(word) for word in re.findall(r"[a-z]+", plain)}
    return any(word in plain if not word.isascii() else stem(word) in words for word in kind_words())


def _make_sure(call: Call, words: dict[str, str], said: str) -> Call:
    """Return the call that makes it so, where it was read as a question whether it is so: "make sure the doors are locked"."""
    value = call.slot("value")
    verb = _DONE_BY.get(value.word) if isinstance(value, Word) else None
    if call.verb not in _ASKING or verb is None or not re.match(words["make_sure"], said):
        return call
    return Call(verb, call.kind, call.targets or ((_ALL,) if call.kind else (Word("it"),)), call.excepts)


def _certainly(reading: Reading, words: dict[str, str], said: str) -> Reading:
    """Return the reading without a doubt where its words leave none: what is run out of goes on the list, a scene's name alone runs it."""
    [call] = reading.calls
    item = call.slot("item")
    short_of = re.fullmatch(words["short_of"], said.strip(" .!"))
    if call.verb == "add" and isinstance(item, Text) and short_of and short_of["words"] == lower(item.text).strip():
        return replace(reading, confidence=1.0, weakest=1.0, outside=0.0)
    if call.verb == "add" and (counted := _counted(call, reading, words)) and set(counted) == set(_items(call)):
        return replace(reading, confidence=1.0, weakest=1.0, outside=0.0)
    scenes = [number for number, mark in enumerate(reading.marks, 1) if set(mark.types) & {"scene", "script"}]
    if len(reading.marks) != 1 or not scenes:
        return reading
    mark = reading.marks[0]
    low = lower(reading.text)
    around = (low[: mark.start].strip(), low[mark.end :].strip(" .!,。！"))
    if not all(re.fullmatch(words["with_scene"], part) for part in around) or call.verb not in (
        "none",
        "on",
        "toggle",
        "run",
    ):
        return reading
    return replace(reading, calls=(Call("run", None, (Pointer(1),)),), confidence=1.0, weakest=1.0, outside=0.0)


def _counted_number(reading: Reading) -> Reading:
    """Return the reading that tells the one number which was named, where people were counted: "how many eggs do we have"."""
    [call] = reading.calls
    numbers = [number for number, mark in enumerate(reading.marks, 1) if set(mark.types) & {"number", "sensor"}]
    if call.verb != "count" or call.kind != "person" or call.targets or len(reading.marks) != 1 or not numbers:
        return reading
    return replace(
        reading, calls=(Call("state", None, (Pointer(numbers[0]),)),), confidence=1.0, weakest=1.0, outside=0.0
    )


def _whole_list(call: Call, reading: Reading, words: dict[str, str]) -> Call:
    """Return the call with all items that were counted up, where it has some of them: "milk, eggs and bread"."""
    items, counted = _items(call), _counted(call, reading, words)
    if call.verb != "add" or len(counted) <= max(len(items), 2) or not items or not set(items) <= set(counted):
        return call
    text = lower(reading.text)
    copies = [Text(reading.text[text.find(part) : text.find(part) + len(part)]) for part in counted]
    others = tuple((name, term) for name, term in call.slots if name != "item")
    return replace(call, slots=(*(("item", copy) for copy in copies), *others))


def _items(call: Call) -> list[str]:
    return [lower(term.text).strip() for name, term in call.slots if name == "item" and isinstance(term, Text)]


def _counted(call: Call, reading: Reading, words: dict[str, str]) -> list[str]:
    """Return the items that a sentence counts up for a list; none where it does not."""
    found = re.search(words["lists"], _named_list(call, reading).strip(" .!"))
    parts = (
        [part.strip() for part in re.split(words["between"], next(filter(None, found.groupdict().values())))]
        if found
        else []
    )
    return parts if len(parts) > 1 and all(parts) else []


def _to_what(call: Call, reading: Reading, said: str) -> Call:
    """Return the call without a value, which is then asked for, where the words only say that something shall change: "change the temperature"."""
    only_changes = re.fullmatch(load_words(reading.language)["only_changes"], said.strip(" .!?"))
    invented = any(isinstance(term, Word) for _, term in call.slots)
    if call.verb not in ("set", "state") or not invented or only_changes is None:
        return call
    return Call("set", call.kind, call.targets, call.excepts)


def _every_lock(call: Call, words: dict[str, str], said: str) -> Call:
    """Return the call about all doors, where several and no room were named: who says "lock the doors" means the house."""
    open_ended = call.verb == "lock" and call.kind in ("door", "lock") and not call.targets
    return replace(call, targets=(_ALL,)) if open_ended and re.search(words["doors"], said) else call


def _whole_words(call: Call, reading: Reading, words: dict[str, str]) -> Call:
    """Return the call with all of an item or a message of which only the beginning was read."""
    copied = [(name, term) for name, term in call.slots if name in ("item", "message") and isinstance(term, Text)]
    if len(copied) != 1 or call.verb not in ("add", "broadcast"):
        return call
    name, term = copied[0]
    begin = lower(term.text).strip()
    named = _named_list(call, reading)
    found = next(filter(None, (re.search(words[way], named) for way in ("gone", f"whole_{name}", "after_list"))), None)
    whole = found["words"].strip(" .!") if found else ""
    longer = len(whole) > len(begin) and begin in whole
    if not (longer or re.fullmatch(words["of_verb"], begin.removeprefix(whole) if whole else "")):
        return call
    if re.search(words["several"], whole):
        return call
    more = whole.removeprefix(begin).strip()
    if name == "message" and (more == whole or re.match(words["no_message"], more)):
        return call
    start = lower(reading.text).find(whole)
    if start < 0:
        return call
    copy = Text(reading.text[start : start + len(whole)])
    return replace(call, slots=tuple((slot, copy if slot == name else other) for slot, other in call.slots))


def _named_list(call: Call, reading: Reading) -> str:
    """Return the sentence in lower case with {list} in place of the list that the call names."""
    said = lower(reading.text)
    target = call.targets[0] if len(call.targets) == 1 else None
    if not isinstance(target, Pointer) or not isinstance(target.key, int) or target.key > len(reading.marks):
        return said
    mark = reading.marks[target.key - 1]
    return f"{said[: mark.start]}{{list}}{said[mark.end :]}" if "list" in mark.types else said


def _on_floor(call: Call, reading: Reading) -> Call:
    """Return the call about a floor that was said, where all but something was read: "every light upstairs bar the landing".

    Without an exception the floor may be where the speaker goes: "I'm off upstairs, lights out".
    """
    floors = [Pointer(number) for number, mark in enumerate(reading.marks, 1) if mark.types == ("floor",)]
    used = {*call.targets, *call.excepts, *(term for _, term in call.slots)}
    if len(floors) != 1 or floors[0] in used or not call.kind or not call.excepts or call.targets not in ((), (_ALL,)):
        return call
    return replace(call, targets=(floors[0],))


def _garage(call: Call, words: dict[str, str], said: str) -> Call:
    """Return the call about the garage, where its door was said and a door was read."""
    return replace(call, kind="garage") if call.kind == "door" and re.search(words["garage"], said) else call


def _by_length(call: Call, reading: Reading, words: dict[str, str], said: str) -> Call:
    """Return the call with the one duration that was said as the step or the value of a number: "another half hour of screen time"."""
    lengths = [Pointer(number) for number, mark in enumerate(reading.marks, 1) if mark.types == ("dur",)]
    target = call.targets[0] if len(call.targets) == 1 else None
    if len(lengths) != 1 or not isinstance(target, Pointer):
        return call
    mark = reading.marks[target.key - 1] if isinstance(target.key, int) else None
    if mark is None or mark.types != ("number",):
        return call
    if call.verb == "set" and re.search(words["up_to"], said):
        return replace(call, slots=(("value", lengths[0]),))
    if call.slot("value") not in _VAGUE:
        return call
    return replace(call, slots=tuple((name, lengths[0] if name == "value" else term) for name, term in call.slots))


def _of_number(call: Call, reading: Reading, words: dict[str, str], said: str) -> Call:
    """Return the call about the one number that was said, where a timer was read: "knock five minutes off the watering"."""
    numbers = [Pointer(number) for number, mark in enumerate(reading.marks, 1) if mark.types == ("number",)]
    verb, length = _TIMER_AS.get(call.verb), call.slot("time")
    if verb is None or length is None or len(numbers) != 1 or re.search(words["timers"], lower(reading.text)):
        return call
    verb = "set" if re.search(words["up_to"], said) else verb
    return Call(verb, None, (numbers[0],), (), (("value", length),))


def _nowhere(call: Call, reading: Reading, words: dict[str, str]) -> Call:
    """Return the call without the "there" that only says that something is: "there's a raccoon"."""
    said = lower(reading.text)
    if _THERE not in call.targets or re.search(words["there"], said) or not re.search(words["there_is"], said):
        return call
    return replace(call, targets=tuple(term for term in call.targets if term != _THERE))


def _not_instead(call: Call, reading: Reading, words: dict[str, str]) -> Call:
    """Return the call with the value that was wanted in place of the one that was: "twenty instead of fifteen"."""
    values = [number for number, mark in enumerate(reading.marks, 1) if {"num", "dur"} & set(mark.types)]
    said = lower(reading.text)
    former = [number for number in values if re.search(words["instead"], said[: reading.marks[number - 1].start])]
    if len(values) != 2 or len(former) != 1:
        return call
    wanted = Pointer(next(number for number in values if number not in former))
    slots = tuple((name, wanted if term == Pointer(former[0]) else term) for name, term in call.slots)
    return replace(call, slots=slots)


def _called(call: Call, reading: Reading, words: dict[str, str], said: str) -> Call:
    """Return the timer with the name that its sentence ends with: "and four for the eggs"."""
    found = re.fullmatch(words["timer_for"], said.strip(" .!?"))
    if call.verb != "timer_start" or call.slot("name") or found is None:
        return call
    start = lower(reading.text).rfind(found["words"])
    return replace(call, slots=(*call.slots, ("name", Text(reading.text[start : start + len(found["words"])]))))


def _by_two(reading: Reading, words: dict[str, str], said: str) -> Reading:
    """Return the reading with two degrees as the step where "a couple of degrees" was said and a vague one was read."""
    [call] = reading.calls
    if call.verb not in ("more", "less") or call.slot("temperature") not in _VAGUE or not re.search(words["two"], said):
        return reading
    place = len(reading.text)
    marks = (*reading.marks, Mark(place, place, ("num",), quantity=Number(_COUPLE, "°")))
    slots = tuple((name, Pointer(len(marks)) if name == "temperature" else term) for name, term in call.slots)
    return replace(reading, marks=marks, calls=(replace(call, slots=slots),))
