"""Find out which words of a sentence may be the household's own name for a thing, once it is known which thing was meant.

"Bump the beast two." "I don't know what to do with that." "Turn up the heat pump." The model itself is asked: with which of its
words standing for the heat pump would the first sentence have meant what the second one did? Words that pass with the same
thing in two sentences are its name (phrasebook.py): "the beast nineteen" leaves nothing but the beast.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from .catalog import load_catalog
from .intentions import Act
from .lexicon import kind_words, load_words, stop_words
from .names import entity_type
from .phrasebook import phrase_key
from .quantities import find_quantities
from .text import lower, split_words
from .values import AREA, Mark, Pointer, Reading, Ref, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .house import House
    from .intentions import Result
    from .lesson import Heard


SURE = 0.6
"""How sure the model must be of a sentence with the name in it."""
_MOST_WORDS, _MOST_HAN, _MOST_TRIED = 3, 4, 12
_SHORTEST = 3
"""Letters of a name: two are a slip of the tongue or of the ear."""
_BARE = frozenset({"toggle", "run", "start"})
"""What a name alone does."""
_NEVER_BY_HAND = frozenset({"lock", "alarm_control_panel", "valve", "cover", "siren"})
_RUN = frozenset({"scene", "script", "button", "input_button", "automation"})
_CHANGES = frozenset({"set", "more", "less"})
_TO_STATE = {
    "run": frozenset({"run"}),
    "on": frozenset({"on", "set"}),
    "off": frozenset({"off"}),
    "playing": frozenset({"on", "play"}),
    "paused": frozenset({"pause"}),
    "idle": frozenset({"off", "stop"}),
    "cleaning": frozenset({"start"}),
    "returning": frozenset({"dock"}),
    "heat": frozenset({"on", "set"}),
    "cool": frozenset({"on", "set"}),
}
"""State after something was done by hand → verbs that do it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was done after a sentence that did not do it."""

    thing: str
    """Entity id, or "area." and the id of a room."""
    verbs: frozenset[str]
    """Verbs that do it."""
    said: str = ""
    """The sentence that did it, if one did."""


def wanted_after(
    before: Heard, text: str, reading: Reading, results: Sequence[Result], *, corrects: bool
) -> Wanted | None:
    """Return what a turn did with one thing or room called by its name, where the turn before did not do it as it was wanted."""
    act = results[0].intention if len(results) == 1 and not results[0].failed else None
    if not isinstance(act, Act) or not (corrects or not before.understood):
        return None
    refs = {ref for mark in reading.marks for ref in mark.refs if ref.kind in ("entity", "area")}
    things = {AREA + ref.id if ref.kind == "area" else ref.id for ref in refs}
    copies = any(isinstance(term, Text) for _, term in act.call.slots)
    # Of several, nobody knows which one had another name.
    return Wanted(things.pop(), frozenset({act.call.verb}), text) if len(things) == 1 and not copies else None


def wanted_by_hand(thing: str, before: str, after: str) -> Wanted | None:
    """Return what a person did by hand, by the states of the thing; None where that tells nothing, or where it lets people in."""
    domain = thing.partition(".")[0]
    if domain in _NEVER_BY_HAND:
        return None
    verbs = _CHANGES if before == after else _TO_STATE.get("run" if domain in _RUN else after)
    return Wanted(thing, verbs) if verbs else None


def names_in(
    text: str, wanted: Wanted, house: House, language: str, read: Callable[[Mark], Reading]
) -> Iterator[tuple[str, bool]]:
    """Yield words of a cleaned sentence that may name the thing which was wanted, and whether they are all of the sentence.

    What stands in the other sentence too is no name of the household's own. `read` returns what the model reads in `text` when
    one more name is marked in it. Blocks for some reads of the model.
    """
    other = set(_words(wanted.said))
    for start, end in list(_stretches(text, house, language))[:_MOST_TRIED]:
        words = text[start:end]
        if other.issuperset(_words(words)) or (not words.isascii() and words in wanted.said):
            continue
        mark = _named(wanted.thing, start, end)
        reading = read(mark)
        bare = phrase_key(words, language) == phrase_key(text, language)
        if reading.confidence >= SURE and _means(reading, wanted.verbs, mark, bare=bare):
            yield words, bare


def _named(thing: str, start: int, end: int) -> Mark:
    """Return the mark of a stretch that names a thing or a room."""
    if thing.startswith(AREA):
        return Mark(start, end, ("area",), (Ref("area", thing.removeprefix(AREA)),))
    return Mark(start, end, (entity_type(thing),), (Ref("entity", thing),))


def _words(text: str) -> list[str]:
    return [word for word, _, _ in split_words(lower(text))]


def _stretches(text: str, house: House, language: str) -> Iterator[tuple[int, int]]:
    """Yield starts and ends of words that may be a name: not those of known names, of values, and little words."""
    low = lower(text)
    taken = house.names.find(low, find_quantities(low))
    words = [
        word for word in split_words(low) if not any(mark.start < word[2] and word[1] < mark.end for mark in taken)
    ]
    most = _MOST_WORDS if low.isascii() else _MOST_HAN
    for first in range(len(words)):
        for last in range(first, min(first + most, len(words))):
            part = words[first : last + 1]
            together = all(not low[one[2] : two[1]].strip(" '") for one, two in pairwise(part))
            if together and _may_name([word for word, _, _ in part], language):
                yield part[0][1], part[-1][2]


def _may_name(words: list[str], language: str) -> bool:
    """Return whether words may be a name at all."""
    little = set(load_words(language)["nameless"])
    joined = "".join(words)
    if not joined.isascii():
        return len(words) > 1 and joined not in kind_words() and little.isdisjoint(words)
    known = kind_words() | stop_words() | little | set(load_catalog().words)
    return known.isdisjoint((words[0], words[-1])) and len(joined) >= _SHORTEST


def _means(reading: Reading, verbs: frozenset[str], mark: Mark, *, bare: bool) -> bool:
    """Return whether a reading does with the marked name what was done with its thing."""
    number = next((i for i, other in enumerate(reading.marks, 1) if other == mark), None)
    if number is None or len(reading.calls) != 1:
        return False
    [call] = reading.calls
    return call.targets == (Pointer(number),) and (call.verb in verbs or (bare and call.verb in _BARE))
