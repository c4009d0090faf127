"""Whether people correct more since another bundle is in service than they did before: if so, the one before comes back.

Counted are turns that somebody undid, corrected by voice or did by hand. Each look compares, by Fisher's exact test, one-sided, the first
20, 40, 80, 160, 320 and 640 turns since the change with up to 500 before it. There are six looks at 5 % / 6 each, so that a bundle that is
as good as the one before is taken back with a probability of 5 % at most, however long one waits (Bonferroni). A look takes at least 50 turns
before and four corrected ones since. Turns count when they are five minutes old: by then what followed them is known. The latest look ends the watch.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import comb
from typing import TYPE_CHECKING, Final

from homeassistant.util import dt as dt_util

from ..journal.record import BY_HAND, CORRECTED, HIDDEN, UNDONE

if TYPE_CHECKING:
    from datetime import datetime

    from ..journal import Journal
    from ..journal.record import TurnRecord

LOOKS: Final = (20, 40, 80, 160, 320, 640)
"""Turns since the change at which the shares are compared."""
_LEVEL: Final = 0.05 / len(LOOKS)
_FEWEST_BEFORE: Final = 50
_FEWEST_CORRECTED: Final = 4
_MOST_BEFORE: Final = 500
_SETTLED: Final = timedelta(minutes=5)
_PAGE: Final = 200
_MOST_READ: Final = 5000
_WRONG: Final = (UNDONE, CORRECTED, BY_HAND)


@dataclass(frozen=True, slots=True)
class Share:
    """Corrected turns among so many."""

    corrected: int
    turns: int

    @property
    def share(self) -> float:
        """Return the share of corrected turns (0 to 1)."""
        return self.corrected / self.turns if self.turns else 0.0


def rose(before: Share, since: Share) -> bool:
    """Return whether corrections rose, by one look's measure."""
    if before.turns < _FEWEST_BEFORE or since.corrected < _FEWEST_CORRECTED or since.share <= before.share:
        return False
    return _chance(before, since) < _LEVEL


def _chance(before: Share, since: Share) -> float:
    """Return the probability that so many of the corrected turns, or more, lie in the later ones by chance alone."""
    turns, corrected = before.turns + since.turns, before.corrected + since.corrected
    most = min(corrected, since.turns)
    ways = sum(
        comb(since.turns, later) * comb(before.turns, corrected - later)
        for later in range(since.corrected, most + 1)
        if corrected - later <= before.turns
    )
    return ways / comb(turns, corrected)


@dataclass(frozen=True, slots=True)
class Counted:
    """Whether turns were corrected: those before the change, and those since, the oldest first."""

    before: tuple[bool, ...]
    since: tuple[bool, ...]

    def look(self, number: int) -> tuple[Share, Share] | None:
        """Return the shares of a look (from 0), None while there are not enough turns for it."""
        wanted = LOOKS[number]
        if len(self.since) < wanted:
            return None
        first = self.since[:wanted]
        return Share(sum(self.before), len(self.before)), Share(sum(first), wanted)


async def async_count(journal: Journal, changed: datetime, old: str, new: str) -> Counted:
    """Count the turns that each of two bundles (by their hashes) read before and after a moment."""
    settled = dt_util.utcnow() - _SETTLED
    before: list[bool] = []
    since: list[bool] = []
    at: int | None = None
    more, read = True, 0
    while more and len(before) < _MOST_BEFORE and read < _MOST_READ:
        turns, more, _ = await journal.async_list("all", "", at, _PAGE)
        for turn in turns:
            if turn.at >= changed and turn.bundle == new and turn.at <= settled and _counts(turn):
                since.append(_is_corrected(turn))
            elif turn.at < changed and turn.bundle == old and len(before) < _MOST_BEFORE and _counts(turn):
                before.append(_is_corrected(turn))
        at = turns[-1].id if turns else None
        read += len(turns)
        more = more and bool(turns)
    return Counted(tuple(before), tuple(reversed(since)))


def _counts(turn: TurnRecord) -> bool:
    """Return whether a turn is a wish of its own."""
    return turn.utterance != HIDDEN and turn.decision not in ("reply", "error")


def _is_corrected(turn: TurnRecord) -> bool:
    return any(turn.has(kind) for kind in _WRONG)
