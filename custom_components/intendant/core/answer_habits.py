"""Word habits: what is usually done, and why it is believed to be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .routines import NEVER
from .statement import names_of

if TYPE_CHECKING:
    from .intentions import Act, Decide, Situation
    from .phrases import Phrases
    from .routines import Routine

_ROUND = 10
"""Minutes to which the times of a habit are rounded, outwards."""


def word_offer(act: Act, situation: Situation, phrases: Phrases) -> str:
    """Return the question whether what is usually done now shall be done."""
    assert act.routine is not None  # noqa: S101 - the caller's choice
    facts = _facts(act.routine, situation, phrases)
    question = phrases.sentence(phrases.fill("habits", "offer", why=word_why(act.routine, phrases), **facts))
    asks = [phrases.word("habits", "shall_i"), *([phrases.word("asks", "pin")] if act.pin else [])]
    return phrases.gap.join([question, *map(phrases.sentence, asks)])


def word_habit(routine: Routine, situation: Situation, phrases: Phrases) -> str:
    """Return what is usually done and in which part of the day, as a sentence for a list."""
    part = phrases.word("habit_parts", routine.part)
    return phrases.sentence(phrases.fill("habits", "habit", part=part, **_facts(routine, situation, phrases)))


def word_why(routine: Routine, phrases: Phrases) -> str:
    """Return on how many days it was done, and between which times."""
    first, last = routine.first // _ROUND * _ROUND, -(-routine.last // _ROUND) * _ROUND
    when = phrases.word("habit_days", f"{routine.days}_{routine.part}")
    return phrases.fill(
        "habits", "why", n=routine.hits, of=routine.of, when=when, first=_clock(first), last=_clock(last)
    )


def word_decided(decision: Decide, phrases: Phrases) -> str:
    """Return that a habit is offered no more, or again."""
    return phrases.word("habits", "never" if decision.decision == NEVER else "again")


def _facts(routine: Routine, situation: Situation, phrases: Phrases) -> dict[str, object]:
    things = phrases.some(names_of([routine.entity_id], situation, phrases))
    verb = routine.service.partition(".")[2]
    return {"verb": phrases.word("plan_verbs", verb if phrases.has("plan_verbs", verb) else "any"), "things": things}


def _clock(minute: int) -> str:
    hour, rest = divmod(minute % 1440, 60)
    return f"{hour}:{rest:02}"
