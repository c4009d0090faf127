"""Find out which words of a sentence may be the household's own name for a thing, once it is known which thing was meant.

"Bump the beast two." "I don't know what to do with that." "Turn up the heat pump." The model itself is asked: with which of its
words standing for the heat pump would the first sentence have meant what the second one did? Words that pass with the same
thing in two sentences are its name (phrasebook.py): "the beast nineteen" leaves nothing but the beast.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from .catalog import load_catalog
from .intentions import Act
from .lexicon import kind_words, load_words, stop_words
from .names import entity_type
from .phrasebook import phrase_key
from .quantities import find_quantities
from .text import lower, split_words
from .values import Mark, Pointer, Reading, Ref, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .intentions import Result, Situation
    from .lesson import Heard


SURE = 0.6
"""How sure the model must be of a sentence with the name in it."""
_MOST_WORDS, _MOST_HAN, _MOST_TRIED = 3, 4, 12
_SHORTEST = 3
"""Letters of a name: two are a slip of the tongue or of the ear."""
_BARE = frozenset({"toggle", "run", "start"})
"""What a name alone does."""


def act_to_learn_from(before: Heard, reading: Reading, results: Sequence[Result], *, corrects: bool) -> Act | None:
    """Return what was done with one thing called by its name, where the turn before did not do it as it was wanted."""
    act = results[0].intention if len(results) == 1 and not results[0].failed else None
    if not isinstance(act, Act) or len(act.entity_ids) != 1 or not (corrects or not before.understood):
        return None
    named = any(ref.id == act.entity_ids[0] for mark in reading.marks for ref in mark.refs)
    copies = any(isinstance(term, Text) for _, term in act.call.slots)
    return act if named and not copies else None


def names_in(
    text: str, act: Act, said: str, situation: Situation, read: Callable[[Mark], Reading]
) -> Iterator[tuple[str, bool]]:
    """Yield words of a cleaned sentence that may name the thing which was acted upon after it, and whether they are all of it.

    `said` is the sentence that was understood then: what stands in both is no name of the household's own. `read` returns what
    the model reads in `text` when one more name is marked in it. Blocks for some reads of the model.
    """
    thing, other = act.entity_ids[0], set(_words(said))
    for start, end in list(_stretches(text, situation))[:_MOST_TRIED]:
        words = text[start:end]
        if other.issuperset(_words(words)) or (not words.isascii() and words in said):
            continue
        mark = Mark(start, end, (entity_type(thing),), (Ref("entity", thing),))
        reading = read(mark)
        bare = phrase_key(words, situation.language) == phrase_key(text, situation.language)
        if reading.confidence >= SURE and _means(reading, act.call.verb, mark, bare=bare):
            yield words, bare


def _words(text: str) -> list[str]:
    return [word for word, _, _ in split_words(lower(text))]


def _stretches(text: str, situation: Situation) -> Iterator[tuple[int, int]]:
    """Yield starts and ends of words that may be a name: not those of known names, of values, and little words."""
    low = lower(text)
    taken = situation.house.names.find(low, find_quantities(low))
    words = [
        word for word in split_words(low) if not any(mark.start < word[2] and word[1] < mark.end for mark in taken)
    ]
    most = _MOST_WORDS if low.isascii() else _MOST_HAN
    for first in range(len(words)):
        for last in range(first, min(first + most, len(words))):
            part = words[first : last + 1]
            together = all(not low[one[2] : two[1]].strip(" '") for one, two in pairwise(part))
            if together and _may_name([word for word, _, _ in part], situation.language):
                yield part[0][1], part[-1][2]


def _may_name(words: list[str], language: str) -> bool:
    """Return whether words may be a name at all."""
    little = set(load_words(language)["nameless"])
    joined = "".join(words)
    if not joined.isascii():
        return len(words) > 1 and joined not in kind_words() and little.isdisjoint(words)
    known = kind_words() | stop_words() | little | set(load_catalog().words)
    return known.isdisjoint((words[0], words[-1])) and len(joined) >= _SHORTEST


def _means(reading: Reading, verb: str, mark: Mark, *, bare: bool) -> bool:
    """Return whether a reading does with the marked name what was done with its thing."""
    number = next((i for i, other in enumerate(reading.marks, 1) if other == mark), None)
    if number is None or len(reading.calls) != 1:
        return False
    [call] = reading.calls
    return call.targets == (Pointer(number),) and (call.verb == verb or (bare and call.verb in _BARE))
