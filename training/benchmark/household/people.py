"""What people do when a turn was not right: a distribution for each person, drawn with a seed, and what each reaction is.

Nothing here is measured of real people; README.md says why the shares are as they are. Who has no way to react as was drawn
(no plain words for it, no switch to press) takes the next one that is possible.
"""

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from custom_components.intendant.core.notation import parse_calls
from training.benchmark.score import ASKED, WRONG

from .plain import things_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .plain import PlainWords
    from .weeks import Turn

CORRECT, BY_HAND, REPHRASE, MARK, IGNORE = "correct", "by_hand", "rephrase", "mark", "ignore"
REACTIONS: Final = (CORRECT, BY_HAND, REPHRASE, MARK, IGNORE)
PEOPLE: Final[Mapping[str, tuple[float, ...]]] = {
    "dad": (0.15, 0.25, 0.25, 0.20, 0.15),
    "mum": (0.30, 0.20, 0.25, 0.10, 0.15),
    "gran": (0.30, 0.30, 0.15, 0.00, 0.25),
    "isla": (0.20, 0.15, 0.35, 0.05, 0.25),
    "finn": (0.15, 0.10, 0.30, 0.00, 0.45),
}
"""Shares of the reactions, in the order of REACTIONS. The first person opens the page."""
REMEMBERED: Final = 0.5
"""Share of marks with which "remember this" is ticked, where the sentence holds no value."""
_SOONEST, _LATEST = 4.0, 25.0
"""Seconds after which somebody reacts."""
_NO: Final = {"en": "no, I meant {}", "zh": "不是，我说的是{}"}
_YES: Final = {"en": "yes", "zh": "是的"}
_UNDO: Final = {"en": "undo that", "zh": "撤销"}


@dataclass(frozen=True, slots=True)
class Reaction:
    """What somebody does about a turn: says something, does it by hand, marks it at the week's end, or nothing."""

    kind: str
    after: float
    """Seconds."""
    says: str = ""
    remember: bool = False


def react(turn: Turn, came: Mapping[str, object], words: PlainWords, seed: int) -> Reaction:
    """Draw what the speaker does. `came`: verdict, reply, moved (ids), hands (whether there is anything to do by hand)."""
    rng = random.Random(f"{seed}-{turn.week}-{turn.number}")
    drawn = rng.choices(REACTIONS, PEOPLE[turn.who])[0]
    after, remember = rng.uniform(_SOONEST, _LATEST), rng.random() < REMEMBERED
    if drawn == IGNORE:
        return Reaction(IGNORE, after)
    if (
        came["verdict"] == ASKED
        and drawn in (CORRECT, REPHRASE)
        and (answer := _answer(turn, str(came["reply"]), words))
    ):
        return Reaction("answer", after, answer)
    if turn.data.get("nothing"):
        kind = drawn if drawn in (CORRECT, BY_HAND, MARK) else IGNORE
        return Reaction(kind, after, _UNDO[turn.language] if kind == CORRECT else "")
    return _possible(drawn, turn, came, words, Reaction(drawn, after, remember=remember))


def _possible(drawn: str, turn: Turn, came: Mapping[str, object], words: PlainWords, plain: Reaction) -> Reaction:
    """Return the reaction that was drawn, or the next one that there is a way for."""
    said = words.say(str(turn.data["reading"]), turn.language)
    if drawn == CORRECT and said:
        named = _name_only(turn, came, words)
        return Reaction(CORRECT, plain.after, _NO[turn.language].format(named or said))
    if drawn in (CORRECT, REPHRASE) and said and said != turn.say:
        return Reaction(REPHRASE, plain.after, said)
    if drawn == MARK and meant_of(turn):
        return Reaction(MARK, plain.after, remember=plain.remember and not parse_calls(turn.data["reading"])[0].slots)
    return Reaction(BY_HAND if came["hands"] else IGNORE, plain.after)


def _name_only(turn: Turn, came: Mapping[str, object], words: PlainWords) -> str:
    """Return the names of the right things, where something like them was moved instead; empty where more must be said."""
    calls = parse_calls(turn.data["reading"])
    things, moved = things_of(calls), came["moved"]
    if came["verdict"] != WRONG or len(calls) != 1 or not things or calls[0].slots or not isinstance(moved, list):
        return ""
    alike = {thing.partition(".")[0] for thing in things} == {thing.partition(".")[0] for thing in moved}
    return words.names(things, turn.language) if alike else ""


def _answer(turn: Turn, reply: str, words: PlainWords) -> str:
    """Return the answer to a question of Intendant's: yes if it asks about just what was meant, else the right name."""
    things = things_of(parse_calls(turn.data["reading"]))
    if not things:
        return ""
    asked = [thing for thing in things if words.name(thing, turn.language).casefold() in reply.casefold()]
    others = " or " in reply or "还是" in reply
    return _YES[turn.language] if asked == things and not others else words.names(things, turn.language)


def meant_of(turn: Turn) -> dict[str, object] | None:
    """Return what somebody chooses on the page as meant: a verb and things; None where the page has no way to say it."""
    calls = parse_calls(turn.data["reading"])
    things = things_of(calls) or [thing for thing in turn.data.get("expect") or () if "." in thing]
    return (
        {"verb": calls[0].verb, "entity_ids": things} if len(calls) == 1 and things and not turn.is_question else None
    )
