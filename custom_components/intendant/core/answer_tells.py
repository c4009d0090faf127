"""Word what the states tell: verdicts, lists, counts, places, moments."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from .answer_values import word_now, word_overview, word_playing, word_value, word_values
from .statement import how_is, name_of, names_of, say, state_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .intentions import Situation, Tell
    from .phrases import Phrases

_FEW, _SOME = 3, 5
"""So many things are named one by one in a verdict, and in a count."""
_MOST = 10
"""So many things at most are told in full."""
_RECENT = 3 * 3600.0
_MOVEMENT = frozenset({"motion", "occupancy", "presence"})


def word_tell(tell: Tell, situation: Situation, phrases: Phrases) -> str:
    """Return the sentence for what the states tell."""
    worders = {"states": _word_states, "where": _word_where, "changed": _word_changed, "playing": word_playing, "overview": word_overview, "value": word_value, "values": word_values,
               "weather_now": word_now, "time": _word_time, "date": _word_time, "which": _word_which, "count": _word_count,
               "help": _word_help, "sun": _word_sun}  # fmt: skip
    return worders.get(tell.key, _word_verdict)(tell, situation, phrases)


def where_of(facts: Mapping[str, object], phrases: Phrases) -> str:
    """Return " in the kitchen", or nothing when no place was meant."""
    place = facts.get("place")
    return phrases.gap + phrases.place(str(place)) if place else ""


def _ids(tell: Tell, key: str) -> list[str]:
    found = tell.facts.get(key)
    return list(map(str, found)) if isinstance(found, (list, tuple)) else []


def _word_sun(tell: Tell, situation: Situation, phrases: Phrases) -> str:
    moment = datetime.fromisoformat(str(tell.facts["at"])).astimezone(situation.now.tzinfo)
    return phrases.fill("sun", str(tell.facts["sun"]), clock=phrases.clock(moment))


def _word_help(tell: Tell, _situation: Situation, phrases: Phrases) -> str:
    light, area = str(tell.facts.get("light") or ""), str(tell.facts.get("area") or "")
    examples = [
        *([phrases.fill("help", "light", name=light)] if light else []),
        *([phrases.fill("help", "area", place=phrases.place(area))] if area else []),
        phrases.word("help", "timer"),
        phrases.word("help", "question"),
    ]
    return phrases.fill("help", "say", examples=phrases.join(examples))


def _word_states(tell: Tell, situation: Situation, phrases: Phrases) -> str:
    return state_sentence(tell.entity_ids[:_MOST], situation, phrases)


def _word_verdict(tell: Tell, situation: Situation, phrases: Phrases) -> str:
    """Word is, any and every: yes or no first, then what it rests on."""
    holds, yes, no = bool(tell.facts.get("holds")), _ids(tell, "yes"), _ids(tell, "no")
    answer = (
        phrases.word("misc", f"yes_{tell.key}" if phrases.has("misc", f"yes_{tell.key}") else "yes")
        if holds
        else phrases.word("misc", "no")
    )
    ground = _ground(tell, yes, no, situation, phrases, holds=holds)
    # "No windows are open" says no already.
    return (
        ground
        if not holds and ground.startswith(phrases.word("misc", "no").rstrip(" ,，").lower() + phrases.gap)
        else answer + ground
    )


def _ground(
    tell: Tell, yes: Sequence[str], no: Sequence[str], situation: Situation, phrases: Phrases, *, holds: bool
) -> str:
    value = tell.facts.get("value")
    total = len(yes) + len(no)
    if holds and len(yes) > 1 and not no and value:
        return _all_are(tell, yes, str(value), situation, phrases)
    if holds:
        return (
            say(yes, phrases.word("values", str(value)), situation, phrases)
            if value and (len(yes) > 1 or _is_plain(yes[0]))
            else state_sentence(yes, situation, phrases)
        )
    spread = tell.facts.get("place") or tell.facts.get("kind") or not tell.call.targets
    if (tell.key == "any" and spread) or (tell.key == "is" and total > _FEW and not yes):
        return _none(tell, situation, phrases)
    return (
        state_sentence(no, situation, phrases, detail=total == 1)
        if len(no) <= _SOME
        else say(no, phrases.word("misc", "not_so"), situation, phrases)
    )


def _is_plain(entity_id: str) -> bool:
    """Return whether a value's word says it as well as the thing's own words."""
    return entity_id.partition(".")[0] not in (
        "binary_sensor",
        "sensor",
        "climate",
        "media_player",
        "person",
        "vacuum",
        "lawn_mower",
    )


def _all_are(tell: Tell, yes: Sequence[str], value: str, situation: Situation, phrases: Phrases) -> str:
    kind = str(tell.facts.get("kind") or "")
    how = phrases.word("values", value)
    if tell.key == "every" and phrases.has("all", f"{kind}.{value}"):
        return phrases.word("all", f"{kind}.{value}")
    if tell.key == "any" or len(yes) <= _FEW or not kind:
        return say(yes, how, situation, phrases)
    return phrases.fill(
        "tells", "all_are", n=len(yes), m=phrases.measure(kind), kind=phrases.kind(kind, len(yes)), how=how
    )


def _none(tell: Tell, situation: Situation, phrases: Phrases) -> str:
    """Word that nothing of a kind is in the state that was asked for."""
    _ = situation
    kind, value = str(tell.facts.get("kind") or "thing"), str(tell.facts.get("value") or "")
    where = where_of(tell.facts, phrases)
    how = phrases.word("values", value)
    key = next(
        (key for key in (f"{kind}.{value}", f"thing.{value}" if kind == "thing" else kind) if phrases.has("none", key)),
        "kind",
    )
    key = "thing" if kind == "thing" and key == "kind" else key
    key = "said" if not value and tell.call.slot("value") else "kind_there" if key == "kind" and not value else key
    several = phrases.kind(kind, 2)
    return phrases.fill("none", key, p=where, kind=several, kinds=several, how=how, be=phrases.word("misc", "are"))


def _word_which(tell: Tell, situation: Situation, phrases: Phrases) -> str:
    yes = _ids(tell, "yes")
    if not yes:
        return _none(tell, situation, phrases)
    return phrases.some(names_of(yes, situation, phrases))


def _word_count(tell: Tell, situation: Situation, phrases: Phrases) -> str:
    yes, value = _ids(tell, "yes"), tell.facts.get("value")
    if not yes:
        return _none(tell, situation, phrases)
    kind = str(tell.facts.get("kind") or "thing")
    key = "count" if value else "count_there"
    many = len(yes) > 1
    clause = phrases.fill(
        "tells",
        key,
        n=len(yes),
        m=phrases.measure(kind),
        kind=phrases.kind(kind, len(yes)),
        p=where_of(tell.facts, phrases),
        how=phrases.word("values", str(value)),
        be=phrases.word("misc", "are" if many else "is"),
    )
    if len(yes) > _SOME:
        return clause
    return phrases.fill("tells", "count_names", clause=clause, names=phrases.some(names_of(yes, situation, phrases)))


def _word_where(tell: Tell, situation: Situation, phrases: Phrases) -> str:
    people = [i for i in tell.entity_ids if i.partition(".")[0] in ("person", "device_tracker")]
    parts = [state_sentence(people, situation, phrases)] if people else []
    for entity_id in tell.entity_ids:
        if entity_id in people:
            continue
        thing = situation.house.entities[entity_id]
        area = situation.house.areas.get(thing.area_id or "")
        facts = {"the": name_of(thing.id, situation, phrases), "be": phrases.be([thing.name])}
        parts.append(
            phrases.fill("tells", "where_thing", **facts, p=phrases.place(area.name))
            if area
            else phrases.fill("tells", "where_unknown", **facts)
        )
    return phrases.clauses(parts)


def _word_changed(tell: Tell, situation: Situation, phrases: Phrases) -> str:
    moment = datetime.fromisoformat(str(tell.facts["at"])).astimezone(situation.now.tzinfo)
    seconds = (situation.now - moment).total_seconds()
    thing = situation.house.entities[tell.entity_ids[0]]
    many = phrases.be([thing.name]) == "are"
    how = phrases.word("values", str(tell.facts["value"])) if tell.facts.get("holds") and _is_plain(thing.id) else None
    if how is None:
        how = how_is(thing.id, situation, phrases, detail=False)
    recent, used = seconds < _RECENT, bool(tell.facts.get("used"))
    length = phrases.duration(max(seconds, 1.0))
    if recent and thing.device_class in _MOVEMENT and not tell.facts.get("holds"):
        area = situation.house.areas.get(thing.area_id or "")
        return phrases.fill(
            "tells", "last_motion", length=length, p=phrases.gap + phrases.place(area.name) if area else ""
        )
    facts = {
        "the": name_of(thing.id, situation, phrases),
        "have": "have" if many else "has",
        "was": "were" if many else "was",
        "how": how,
        "length": length,
    }
    return phrases.fill(
        "tells",
        "changed_least"
        if tell.facts.get("least")
        else ("used" if used else "changed") + ("_for" if recent else "_since"),
        **facts,
        moment=_moment(moment, situation, phrases, at=used),
    )


def _moment(moment: datetime, situation: Situation, phrases: Phrases, *, at: bool) -> str:
    """Return a moment of the past; of what is long ago only the date."""
    day = phrases.day(moment.date(), situation.now.date())
    if (situation.now.date() - moment.date()).days > 1:
        return day if at else phrases.date(moment.date(), weekday=False)
    return phrases.fill("tells", "moment_at" if at else "moment", clock=phrases.clock(moment), day=day)


def _word_time(tell: Tell, situation: Situation, phrases: Phrases) -> str:
    _ = situation
    if tell.key == "time":
        return phrases.fill("tells", "time", clock=phrases.clock(datetime.fromisoformat(str(tell.facts["at"]))))
    day = date.fromisoformat(str(tell.facts["date"]))
    return phrases.fill("tells", "date_said" if tell.facts.get("said") else "date", date=phrases.date(day))
