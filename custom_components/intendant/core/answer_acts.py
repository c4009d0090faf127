"""Word what was done: what, where, when, for how long, and what failed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from .answer_deeds import Deed, deeds_of
from .intentions import Act
from .statement import how_is, names_of, say
from .values import Word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .intentions import Result, Situation
    from .phrases import Phrases

_NAMED = 3
"""So many things are named one by one."""


def word_acts(results: Sequence[Result], situation: Situation, phrases: Phrases) -> list[str]:
    """Return sentences for what was done; what was done at once stands in one sentence."""
    clauses: list[str] = []
    sentences: list[str] = []
    for result in results:
        text, plain = _word_act(result, situation, phrases)
        (clauses if plain else sentences).append(text)
    joined = phrases.word("misc", "joined").join(dict.fromkeys(clauses))
    return [*([joined] if joined else []), *sentences]


def _word_act(result: Result, situation: Situation, phrases: Phrases) -> tuple[str, bool]:
    """Return the words for one act, and whether they are a clause that others may follow."""
    act = result.intention
    assert isinstance(act, Act)  # noqa: S101 - the caller's choice
    if any(step.service == "intent.HassTimerStatus" for step in act.steps) and not result.failed:
        return _word_timers(result, phrases), False
    failed = {**dict.fromkeys(act.left_out, "unavailable"), **result.failed}
    done = [i for i in act.entity_ids if i not in failed]
    if failed and (not done or not act.entity_ids):
        return _word_failed(failed, situation, phrases), False
    if act.unchanged and set(done) <= set(act.unchanged) and not failed and act.back_after is None:
        return _word_already(act, done, situation, phrases), False
    clause = _clause(act, done, situation, phrases)
    clause = _timed(act, clause, situation, phrases)
    if failed:
        return _word_except(clause, failed, situation, phrases), False
    return clause, act.delay is None


def word_plan(act: Act, situation: Situation, phrases: Phrases) -> str:
    """Return what an act would do, for the question whether it was meant."""
    return _timed(act, _clause(act, act.entity_ids, situation, phrases), situation, phrases)


def _clause(act: Act, done: Sequence[str], situation: Situation, phrases: Phrases) -> str:
    later = act.delay is not None
    parts = [
        _word_deed(act, deed, done, situation, phrases, later=later) for deed in deeds_of(act, done, situation, phrases)
    ]
    return phrases.word("misc", "joined").join(dict.fromkeys(part for part in parts if part)) or phrases.word(
        "misc", "done"
    )


def _word_deed(
    act: Act, deed: Deed, done: Sequence[str], situation: Situation, phrases: Phrases, *, later: bool
) -> str:
    whole = set(deed.entity_ids) >= set(done)
    subject, place = _subject(act, deed.entity_ids, phrases) if whole else (None, "")
    names = [situation.house.name(i) for i in deed.entity_ids]
    subject = subject or phrases.some([phrases.bare(name) for name in names])
    the = phrases.some(names_of(deed.entity_ids, situation, phrases))
    return phrases.timed(
        deed.template.format(s=subject, p=place, the=the, be=phrases.be(names), **deed.facts), later=later
    )


def _subject(act: Act, ids: Sequence[str], phrases: Phrases) -> tuple[str | None, str]:
    """Return what a group is called and where it is: "lights", " in the kitchen"; None when the names say it better."""
    everywhere = Word("all") in act.call.targets
    if len(ids) < 2 or not (act.place or everywhere or len(ids) > _NAMED):
        return None, ""
    said = bool(act.call.targets)
    domains = list(dict.fromkeys(i.partition(".")[0] for i in ids))
    if act.call.kind is None and len(domains) > 1:
        everything = phrases.word("misc", "everything")
        return phrases.group(everything, act.place) if act.place and said else (everything, "")
    kind = phrases.kind(act.call.kind or domains[0], len(ids))
    if everywhere and not act.place and not act.call.excepts:
        return phrases.fill("misc", "all_of", kind=kind), ""
    if act.place:
        return phrases.group(kind, act.place) if said else (kind, "")
    return phrases.fill("misc", "several", n=len(ids), kind=kind, m=phrases.measure(act.call.kind or domains[0])), ""


def _timed(act: Act, clause: str, situation: Situation, phrases: Phrases) -> str:
    """Add when it will happen and for how long."""
    if act.back_after is not None:
        clause = phrases.fill("misc", "for_length", clause=clause, length=phrases.duration(act.back_after))
    if act.delay is None:
        return clause
    if act.call.slot("at") is not None:
        moment = situation.now + timedelta(seconds=act.delay)
        day = (
            ""
            if moment.date() == situation.now.date()
            else phrases.gap + phrases.day(moment.date(), situation.now.date())
        )
        return phrases.fill("misc", "later_at", clock=phrases.clock(moment), day=day, clause=clause)
    return phrases.fill("misc", "later", length=phrases.duration(act.delay), clause=clause)


def _word_already(act: Act, done: Sequence[str], situation: Situation, phrases: Phrases) -> str:
    subject, place = _subject(act, done, phrases)
    hows = list(dict.fromkeys(how_is(i, situation, phrases, detail=False) for i in done))
    if len(hows) != 1 or subject is None:
        return phrases.join(
            [
                say(
                    [i for i in done if how_is(i, situation, phrases, detail=False) == how],
                    how,
                    situation,
                    phrases,
                    "already",
                )
                for how in hows
            ]
        )
    return phrases.fill(
        "misc", "already", things=phrases.definite(subject) + place, be=phrases.word("misc", "are"), how=hows[0]
    )


def reason_text(reason: str, number: int, phrases: Phrases) -> str:
    """Return why something failed, in words."""
    reasons = phrases.words["reasons"]
    found = reasons.get(reason)
    if found is None:
        return reason if " " in reason else str(reasons["any"][0 if number == 1 else 1])
    return str(found[0 if number == 1 else 1])


def _word_failed(failed: Mapping[str, str], situation: Situation, phrases: Phrases) -> str:
    parts = []
    for reason in dict.fromkeys(failed.values()):
        ids = [i for i, why in failed.items() if why == reason]
        things = [i for i in ids if i in situation.house.entities]
        if not things:
            parts.append(phrases.fill("misc", "without_thing", reason=reason_text(reason, 1, phrases)))
            continue
        parts.append(failure(reason, things, situation, phrases))
    return phrases.word("misc", "joined").join(parts)


def failure(reason: str, things: Sequence[str], situation: Situation, phrases: Phrases) -> str:
    """Return that things failed for a reason: they themselves, or something else was in the way."""
    number = _number(things, situation, phrases)
    fails = phrases.words["fails"].get(reason if phrases.has("reasons", reason) else "any")
    if fails is None or " " in reason:
        return reason_text(reason, number, phrases)
    return phrases.fill(
        "misc", "failed", things=phrases.some(names_of(things, situation, phrases)), how=fails[number - 1]
    )


def _number(things: Sequence[str], situation: Situation, phrases: Phrases) -> int:
    """Return 1 when things are spoken of in the singular, else 2."""
    return 2 if phrases.be([situation.house.name(i) for i in things]) == "are" else 1


def _word_except(clause: str, failed: Mapping[str, str], situation: Situation, phrases: Phrases) -> str:
    parts = []
    for reason in dict.fromkeys(failed.values()):
        ids = [i for i, why in failed.items() if why == reason]
        text = reason_text(reason, _number(ids, situation, phrases), phrases)
        parts.append(phrases.fill("misc", "but", things=phrases.some(names_of(ids, situation, phrases)), reason=text))
    return phrases.fill("misc", "except_failed", clause=clause, reason=phrases.word("misc", "joined").join(parts))


def _word_timers(result: Result, phrases: Phrases) -> str:
    """Word how long timers still run."""
    timers = (result.response or {}).get("timers")
    parts = []
    for timer in timers if isinstance(timers, list) else []:
        seconds = timer.get("total_seconds_left")
        if not isinstance(seconds, (int, float)):
            continue
        name = timer.get("name")
        key = ("left" if timer.get("is_active", True) else "paused") + ("_named" if name else "")
        parts.append(phrases.fill("timers", key, length=phrases.duration(seconds), name=name))
    return phrases.join(parts) if parts else phrases.word("timers", "none")
