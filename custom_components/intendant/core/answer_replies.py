"""Word questions back, refusals, and what is about the conversation itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .answer_acts import word_plan
from .answer_habits import word_offer
from .guard import POLICIES, policy_of, strictest
from .intentions import Act
from .plan_timers import WHICH_TIMER, length_of_name
from .statement import names_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .intentions import Ask, Intention, Learn, Refuse, Result, Situation
    from .phrases import Phrases

_MOST_CHOICES = 5


def word_ask(ask: Act | Ask, situation: Situation, phrases: Phrases) -> str:
    """Return the question that is asked back."""
    if isinstance(ask, Act):
        return _word_confirm(ask, situation, phrases)
    if ask.key == "which":
        choices = [phrases.the(choice) for choice in ask.choices]
        if 0 < len(choices) <= _MOST_CHOICES:
            return phrases.fill("asks", "which", choices=phrases.join(choices, "or"))
        return phrases.word("asks", "which_many")
    if ask.key in (WHICH_TIMER, "which_option"):
        return _word_choices(ask, phrases)
    for key in (f"{ask.key}.{ask.call.verb}", ask.key):
        if phrases.has("asks", key):
            return phrases.word("asks", key)
    return phrases.word("asks", "any")


def _word_choices(ask: Ask, phrases: Phrases) -> str:
    if ask.key == "which_option":
        choices = [phrases.word("options", choice) for choice in ask.choices]
        return phrases.fill("asks", ask.key, choices=phrases.join(choices, "or"))
    lengths = [(choice, length_of_name(choice)) for choice in ask.choices]
    choices = [
        phrases.fill("timers", "which_named", name=choice)
        if seconds is None
        else phrases.fill("timers", "which_length", length=phrases.length_adjective(seconds))
        for choice, seconds in lengths
    ]
    return phrases.fill("asks", "which", choices=phrases.join(choices, "or"))


def is_only_doubtful(intention: Intention, situation: Situation) -> bool:
    """Return whether an act waits for a yes for no other reason than that nobody is sure it was meant."""
    asks = isinstance(intention, Act) and intention.confirm and intention.doubtful and not intention.pin
    return (
        asks
        and isinstance(intention, Act)
        and not intention.routine
        and strictest(intention.steps, situation) == POLICIES[0]
    )


def word_meant(acts: Sequence[Act], situation: Situation, phrases: Phrases) -> str:
    """Return the question whether these acts were meant, one for all of them."""
    clauses = dict.fromkeys(word_plan(act, situation, phrases) for act in acts)
    return phrases.fill("asks", "meant", clause=phrases.word("misc", "joined").join(clauses))


def _word_confirm(act: Act, situation: Situation, phrases: Phrases) -> str:
    if act.routine:
        return word_offer(act, situation, phrases)
    harmless = [step for step in act.steps if policy_of(step, situation) == POLICIES[0]]
    parts = []
    for step in act.steps:
        if step in harmless and len(harmless) < len(act.steps):
            continue
        key = step.service if phrases.has("confirm", step.service) else "any"
        parts.append(
            phrases.fill(
                "confirm", key, the=phrases.some(names_of(step.entity_ids or act.entity_ids, situation, phrases))
            )
        )
    asked = [*parts, *([phrases.word("asks", "pin")] if act.pin else [])]
    return phrases.gap.join(dict.fromkeys(map(phrases.sentence, asked)))


def word_refusal(refusal: Refuse, phrases: Phrases) -> str:
    """Return what is missing."""
    facts = refusal.facts
    name = str(facts.get("name") or "")
    key = _refusal_key(refusal, phrases)
    if not phrases.has("refusals", key):
        missing = name or str(facts.get("what") or facts.get("kind") or "")
        return phrases.fill("refusals", "any" if missing else "any_bare", missing=phrases.the(missing))
    unit = str(facts.get("unit") or "")
    options = facts.get("options")
    place = facts.get("place")
    what = str(facts.get("what") or "")
    return phrases.fill(
        "refusals", key, name=name, the=phrases.the(name), be=phrases.be([name]),
        have=phrases.word("misc", "have" if phrases.be([name]) == "are" else "has"), p=phrases.gap + phrases.place(str(place)) if place else "",
        kind=phrases.kind(str(facts.get("kind") or ""), 1), what=phrases.word("props", what), low=phrases.amount(facts.get("low"), ""), high=phrases.amount(facts.get("high"), unit),
        option=phrases.word("options", str(facts.get("option") or "")), options=phrases.some([phrases.word("options", str(option)) for option in options]) if isinstance(options, (list, tuple)) else "",
    )  # fmt: skip


def _refusal_key(refusal: Refuse, phrases: Phrases) -> str:  # noqa: PLR0911 - one return per case
    """Return which wording fits what is known of a refusal."""
    facts, key = refusal.facts, refusal.key
    match key:
        case "no_such" if facts.get("name") == "it":
            return "no_such_it"
        case "none_here" if not facts.get("kind"):
            return "none_here_thing"
        case "none_here" if not facts.get("place"):
            return "none_here_bare"
        case "not_measured" if facts.get("name"):
            return "not_measured_thing"
        case "no_option" if not facts.get("option"):
            return "no_option_none"
        case "no_option" if not facts.get("options"):
            return "no_option_bare"
        case "not_supported" if not phrases.has("props", str(facts.get("what") or "")):
            return "not_able"
    return key


def word_reply(result: Result, situation: Situation, phrases: Phrases) -> str:
    """Return the answer to yes, no, undo, cancel and planned."""
    key = getattr(result.intention, "key", "")
    response = result.response or {}
    nothing = response.get("count") == 0
    if key == "undo" and result.failed:
        return phrases.fill("replies", "undo_failed", names=phrases.some(names_of(result.failed, situation, phrases)))
    beyond = response.get("beyond")
    if key == "undo" and nothing and isinstance(beyond, (list, tuple)) and beyond:
        return phrases.fill("replies", "undo_beyond", names=phrases.some(names_of(beyond, situation, phrases)))
    if nothing and phrases.has("replies", f"{key}_none"):
        return phrases.word("replies", f"{key}_none")
    plans = response.get("plans")
    if key == "planned" and isinstance(plans, (list, tuple)):
        return (
            phrases.join([_word_plan(plan, situation, phrases) for plan in plans])
            if plans
            else phrases.word("replies", "planned_none")
        )
    return phrases.word("replies", key) if key != "planned" else phrases.word("replies", "planned_none")


def word_lesson(lesson: Learn, situation: Situation, phrases: Phrases) -> str:
    """Return what was learnt, so that a lesson that was misheard is noticed."""
    phrase = lesson.phrase
    if lesson.forget:
        return phrases.fill("lessons", "forgotten", words=phrase.words)
    if phrase.is_name:
        names = phrases.some(names_of(phrase.entity_ids, situation, phrases))
        return phrases.fill("lessons", "name", words=phrase.words, things=names)
    return phrases.fill("lessons", "sentence" if phrase.means else "command", words=phrase.words, means=phrase.means)


def _word_plan(plan: dict[str, object], situation: Situation, phrases: Phrases) -> str:
    services, ids = plan.get("services"), plan.get("entity_ids")
    moment, seconds = plan.get("at"), plan.get("seconds")
    verb = str(services[0]).partition(".")[2] if isinstance(services, (list, tuple)) and services else "any"
    near = isinstance(seconds, (int, float)) and seconds < 3600
    key = ("plan_back" if plan.get("returns") else "plan") + ("" if near else "_at")
    facts = {
        "verb": phrases.word("plan_verbs", verb if phrases.has("plan_verbs", verb) else "any"),
        "things": phrases.some(names_of(ids, situation, phrases)) if isinstance(ids, (list, tuple)) else "",
    }
    clock = _clock(moment, situation, phrases) if not near and moment is not None else ""  # type: ignore[arg-type]
    return phrases.fill(
        "replies",
        key,
        **facts,
        length=phrases.duration(float(seconds)) if isinstance(seconds, (int, float)) else "",
        clock=clock,
    )


def _clock(moment: datetime, situation: Situation, phrases: Phrases) -> str:
    day = (
        "" if moment.date() == situation.now.date() else phrases.gap + phrases.day(moment.date(), situation.now.date())
    )
    return phrases.fill("misc", "clock_day", clock=phrases.clock(moment), day=day)
