"""Plan the questions: whether, which, how many, where, since when; what is left goes to the modules beside it.

Everything the states tell is a Tell: the verdicts stand in its facts, the words come from answer.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .intentions import Intention, Tell
from .plan_switching import problem
from .questions_outside import plan_date, plan_events, plan_weather
from .questions_things import plan_changed, plan_state, plan_where
from .scope import all_things, find_scope
from .truth import ALL_DOMAINS, DEFAULTS, KINDLESS, STRICT, holds, matches
from .values import Text, Word
from .wanted import Wanted

if TYPE_CHECKING:
    from .intentions import Situation
    from .scope import Scope
    from .values import Call, Entity, Quantity, Reading

_LEVELLED = ("vacuum", "lawn_mower", "lock", "device_tracker")
"""Domains whose things may tell their own battery level."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of each thing: a state's word, or a value that was said; neither asks whether there is one at all."""

    word: str | None = None
    quantity: Quantity | None = None
    text: str | None = None

    def verdict(self, thing: Entity, situation: Situation) -> bool | None:
        """Return yes, no, or None when the thing can not tell."""
        state = situation.states(thing.id)
        if state is None:
            return None
        if self.word:
            return holds(thing, state, self.word)
        return matches(thing, state, self.quantity, self.text) if self.quantity or self.text else True


def plan_question(call: Call, reading: Reading, situation: Situation) -> Intention:  # noqa: PLR0911 - one return per verb
    """Return the answer to a question, or what to look up for it."""
    match call.verb:
        case "state":
            return plan_state(call, reading, situation)
        case "where":
            return plan_where(call, reading, situation)
        case "changed":
            return plan_changed(call, reading, situation)
        case "events":
            return plan_events(call, reading, situation)
        case "weather":
            return plan_weather(call, reading, situation)
        case "time":
            return Tell(call, "time", {"at": situation.now.isoformat()})
        case "date":
            return plan_date(call, reading, situation)
    return _plan_verdict(call, reading, situation)


def _plan_verdict(call: Call, reading: Reading, situation: Situation) -> Intention:
    """Answer is, any, every, which and count by a verdict on each thing."""
    asked = _asked(call, reading)
    if not call.targets and not call.kind and asked == Asked():
        return plan_state(replace(call, verb="state", slots=()), reading, situation)
    scope = _scope(call, asked, reading, situation)
    if scope.problem == "none_here" and call.kind == "person" and call.targets:
        return _plan_verdict(replace(call, kind="motion", slots=()), reading, situation)
    things = _things(scope, call, asked, situation)
    if not things:
        return problem(call, scope)
    verdicts = [(thing, asked.verdict(thing, situation)) for thing in things]
    clear = [(thing, verdict) for thing, verdict in verdicts if verdict is not None]
    if not clear:
        return Tell(call, "states", {"place": scope.place}, tuple(thing.id for thing in things))
    yes = [thing.id for thing, verdict in clear if verdict]
    no = [thing.id for thing, verdict in clear if not verdict]
    facts = {
        "value": asked.word,
        "kind": call.kind,
        "place": scope.place if scope.group else None,
        "yes": yes,
        "no": no,
    }
    holds = _overall(call.verb, asked, yes, no)
    # What is not so is spoken of from then on: "is the garage closed?" – "no, the left one is open" – "close it".
    return Tell(call, call.verb, {**facts, "holds": holds}, tuple(yes or no if holds else no or yes))


def _overall(verb: str, asked: Asked, yes: list[str], no: list[str]) -> bool:
    """Return the answer for all things together: everything must be locked, but one open window is enough."""
    return bool(yes) and not no if verb == "every" or (verb == "is" and asked.word in STRICT) else bool(yes)


def _asked(call: Call, reading: Reading) -> Asked:
    term = call.slot("value")
    if term is None:
        return Asked(DEFAULTS.get(call.kind or ""))
    if isinstance(term, Word):
        return Asked(term.word)
    wanted = Wanted.from_term(call, "value", term, reading)
    return Asked(
        quantity=wanted.quantity, text=wanted.text if isinstance(term, Text) or wanted.quantity is None else None
    )


def _scope(call: Call, asked: Asked, reading: Reading, situation: Situation) -> Scope:
    """Find the things; a question for any, every or which without a place is about the whole house."""
    if not call.targets and call.verb != "is":
        call = replace(call, targets=(Word("all"),))
    group = () if call.kind else KINDLESS.get(asked.word or "", ())
    return find_scope(call, reading, situation, tuple(dict.fromkeys((*group, *ALL_DOMAINS))), None, group)


def _things(scope: Scope, call: Call, asked: Asked, situation: Situation) -> list[Entity]:
    """Return the things of a scope, all of them where an action would have to ask which one."""
    things = all_things(scope, situation)
    if any(thing.domain == "person" for thing in things):
        things = [thing for thing in things if thing.domain == "person"]
    if asked.word in ("low", "high") and call.kind == "battery" and (scope.group or scope.problem) and not scope.place:
        things += [
            thing
            for thing in situation.house.in_domains(_LEVELLED)
            if (state := situation.states(thing.id)) and "battery_level" in state.attributes
        ]
    return things
