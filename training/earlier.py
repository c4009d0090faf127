"""The turn before a sentence that has nothing to do with it.

Somebody who says a whole command wants just that, whatever was said a minute ago: most of all if that was about the same
thing, or the contrary. So sentences that are complete in themselves are often shown after just such turns.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from intendant_core.values import Pointer

from .plausible import OPPOSITES

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable, Iterator

    from intendant_core.values import Call

    from .stock import Way

STRAY, STRAY_COMPLETE = 0.3, 0.4
"""How many sentences follow a turn that has nothing to do with them; of those that are complete in themselves."""
_CONTRARY, _RELATED = 0.3, 0.4
"""Shares of the turns before a complete sentence that are the contrary of it, and about the same kind of thing."""
_ALONE: Final = frozenset({"timer_start", "weather", "events", "time", "date", "broadcast"})
"""Verbs that need neither kind nor name to be complete."""
_NEVER: Final = frozenset({"none", "yes", "no", "undo", "cancel", "planned"})
_LEANS: Final = re.compile(
    r"^(?:and|but|also|same|now|then|no|nah|or|make|ok)\b|\b(?:too|as well|instead|again|other|ones?|back|still|that|it|them|there)\b"
    r"|[也再另那它还又]|一样|改成|换成"
)
"""Words that may lean on the turn before."""
_CONTRARIES: Final = dict(OPPOSITES[::-1]) | {b: a for a, b in OPPOSITES[::-1]}


class Earlier:
    """Draws the calls of a turn before, by what they are about."""

    def __init__(self, ways: Iterable[Way]) -> None:
        """Sort ways of speaking by what they are about."""
        self._about: dict[str, list[Way]] = {}
        for way in ways:
            for thing in _things(way.calls):
                self._about.setdefault(thing, []).append(way)

    def draw(self, way: Way, draw: Callable[[], Way], rng: random.Random) -> tuple[Call, ...]:
        """Return the calls of a turn before that has nothing to do with a sentence, none if nothing was said; `draw` gives any way."""
        complete = is_complete(way)
        if rng.random() >= (STRAY_COMPLETE if complete else STRAY):
            return ()
        chance = rng.random() if complete else 1.0
        if chance < _CONTRARY and (contrary := tuple(_contrary(way.calls))):
            return contrary
        related = (
            self._about.get(rng.choice(sorted(_things(way.calls)) or [""])) if chance < _CONTRARY + _RELATED else None
        )
        return rng.choice(related).calls if related else draw().calls


def is_complete(way: Way) -> bool:
    """Return whether a sentence means the same whatever was said before."""
    words = way.sentence.split() if way.sentence.isascii() else re.findall(r"\{\w+\}|\S", way.sentence)
    return (
        not way.before
        and len(words) >= (3 if way.sentence.isascii() else 4)
        and not _LEANS.search(way.sentence.lower())
        and all(_is_whole(call) for call in way.calls)
    )


def _is_whole(call: Call) -> bool:
    named = call.kind is not None or any(isinstance(term, Pointer) for term in call.targets)
    return call.verb not in _NEVER and (named or call.verb in _ALONE)


def _things(calls: Iterable[Call]) -> set[str]:
    """Return what calls are about: kinds, and the kinds of names."""
    return set(_iter_things(calls))


def _iter_things(calls: Iterable[Call]) -> Iterator[str]:
    for call in calls:
        if call.kind:
            yield call.kind
        if call.verb.startswith("timer"):
            yield "timer"
        for term in call.targets:
            if isinstance(term, Pointer):
                yield re.sub(r"(?:\d+|_b)+$", "", str(term.key))


def _contrary(calls: Iterable[Call]) -> Iterator[Call]:
    """Yield calls that do the contrary with the same things; what was set or asked about is switched off."""
    for call in calls:
        verb = _CONTRARIES.get(call.verb, "off" if call.targets or call.kind else "")
        if verb:
            slots = call.slots if verb in ("more", "less") else ()
            yield replace(call, verb=verb, slots=slots, excepts=())
