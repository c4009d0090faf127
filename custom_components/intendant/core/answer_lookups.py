"""Word what services responded: forecasts, events, items of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from .answer_acts import failure, reason_text
from .answer_values import word_now
from .intentions import LookUp, Tell
from .lexicon import frequent_words, kind_words, stop_words
from .text import lower, split_words, stem
from .truth import as_number

if TYPE_CHECKING:
    from .intentions import Result, Situation
    from .phrases import Phrases

_RAINY = frozenset({"rainy", "pouring", "lightning-rainy", "snowy", "snowy-rainy", "hail"})
_LIKELY, _POSSIBLE = 50, 20
"""Percent from which rain is told as coming, and from which its chance is told."""
_ALIKE = 85
"""How alike an item of a list and what was asked for must be, of 100."""
_MOST_EVENTS, _MOST_DAYS, _FEW_ITEMS, _SHORT = 5, 3, 5, 3


def word_look_up(result: Result, situation: Situation, phrases: Phrases) -> str:
    """Return the sentence for a response."""
    look_up = result.intention
    assert isinstance(look_up, LookUp)  # noqa: S101 - the caller's choice
    if result.failed:
        reason = next(iter(result.failed.values()))
        ids = [i for i in result.failed if i in situation.house.entities]
        return (
            failure(reason, ids[:1], situation, phrases)
            if ids
            else phrases.fill("misc", "without_thing", reason=reason_text(reason, 1, phrases))
        )
    response = result.response or {}
    match look_up.step.service:
        case "weather.get_forecasts":
            return _word_forecast(look_up, _entries(response, "forecast"), situation, phrases)
        case "calendar.get_events":
            return _word_events(look_up, _entries(response, "events"), situation, phrases)
        case "todo.get_items":
            return _word_items(look_up, _entries(response, "items"), situation, phrases)
    return phrases.word("misc", "done")


def finds_nothing(results: Sequence[Result]) -> bool:
    """Return whether all that was asked is when one event will be, and no calendar has one like it: another agent may know."""
    if len(results) != 1 or not isinstance(look_up := results[0].intention, LookUp) or not look_up.facts.get("one"):
        return False
    events = _entries(results[0].response or {}, "events")
    return not results[0].failed and not any(
        _is_asked_for(str(event.get("summary") or ""), look_up) for event in events
    )


def _entries(response: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    """Return the entries that all things responded with."""
    found: list[Mapping[str, object]] = []
    for told in response.values():
        entries = told.get(key) if isinstance(told, Mapping) else None
        found += (
            [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, (list, tuple)) else []
        )
    return found


def _word_items(look_up: LookUp, items: list[Mapping[str, object]], situation: Situation, phrases: Phrases) -> str:
    names = [str(item.get("summary")) for item in items if item.get("status") != "completed"]
    the = phrases.the(situation.house.name(look_up.step.entity_ids[0]))
    if item := look_up.facts.get("item"):
        return _word_presence(str(item), names, the, phrases)
    key = "none" if not names else "some" if len(names) <= _FEW_ITEMS and not look_up.facts.get("count") else "many"
    return phrases.fill("items", key, the=the, names=phrases.join(names), n=len(names))


def _word_presence(item: str, names: list[str], the: str, phrases: Phrases) -> str:
    """Return whether something is on a list."""
    best = process.extractOne(item, names, scorer=fuzz.WRatio, processor=lower, score_cutoff=_ALIKE)
    return phrases.fill("items", "has" if best else "lacks", the=the, item=best[0] if best else item)


def _moment(value: object, situation: Situation) -> tuple[datetime, bool] | None:
    """Return a moment in the speaker's time zone, and whether it is only a day."""
    try:
        if isinstance(value, str) and len(value) == 10:
            day = date.fromisoformat(value)
            return datetime(day.year, day.month, day.day, tzinfo=situation.now.tzinfo), True
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return (
        moment.astimezone(situation.now.tzinfo)
        if moment.tzinfo or situation.now.tzinfo is None
        else moment.replace(tzinfo=UTC).astimezone(situation.now.tzinfo)
    ), False


def _is_asked_for(summary: str, look_up: LookUp) -> bool:
    """Return whether a question speaks of an event by a word of its own: "when's the recycling"."""
    question, summary = lower(str(look_up.facts.get("question") or "")), lower(summary)
    plain = stop_words() | frequent_words() | kind_words()
    words = {stem(word) for word, _, _ in split_words(summary) if word.isascii() and len(word) > _SHORT}
    said = {stem(word) for word, _, _ in split_words(question)}
    han = [summary[i : i + 2] for i in range(len(summary) - 1) if not summary[i : i + 2].isascii()]
    return bool((words & said) - plain) or any(pair in question and pair not in plain for pair in han)


def _word_events(look_up: LookUp, events: list[Mapping[str, object]], situation: Situation, phrases: Phrases) -> str:
    timed = [
        (found[0], found[1], str(event.get("summary") or ""))
        for event in events
        if (found := _moment(event.get("start"), situation))
    ]
    fitting = [item for item in timed if _is_asked_for(item[2], look_up)]
    if look_up.facts.get("one") and not fitting and not look_up.facts.get("said"):
        return phrases.word("events", "none_such")
    timed = fitting or timed
    timed.sort(key=lambda item: item[0])
    start = datetime.fromisoformat(str(look_up.facts["start"]))
    if not timed:
        if not look_up.facts.get("said"):
            return phrases.word("events", "none_week")
        day = phrases.day(start.date(), situation.now.date())
        return (
            phrases.word("events", "none_today")
            if start == situation.now
            else phrases.fill("events", "none_day", day=day)
        )
    said: date | None = None
    parts = []
    for moment, whole, summary in timed[:_MOST_EVENTS]:
        day = phrases.day(moment.date(), situation.now.date())
        if moment.date() == said:
            parts.append(
                summary if whole else phrases.fill("events", "part", clock=phrases.clock(moment), summary=summary)
            )
        elif moment < situation.now and not whole:
            parts.append(phrases.fill("events", "ongoing", summary=summary))
            continue
        else:
            parts.append(
                phrases.fill(
                    "events", "all_day" if whole else "timed", day=day, clock=phrases.clock(moment), summary=summary
                )
            )
        said = moment.date()
    return phrases.word("misc", "joined").join(parts)


def _word_forecast(look_up: LookUp, entries: list[Mapping[str, object]], situation: Situation, phrases: Phrases) -> str:
    start, end = datetime.fromisoformat(str(look_up.facts["start"])), datetime.fromisoformat(str(look_up.facts["end"]))
    prop = str(look_up.facts.get("prop") or "")
    if look_up.facts.get("sort") == "daily":
        start, end = start.replace(hour=0, minute=0), max(end, start.replace(hour=0, minute=0) + timedelta(days=1))
    placed = [(_moment(entry.get("datetime"), situation), entry) for entry in entries]
    found = [(moment[0], entry) for moment, entry in placed if moment and start <= moment[0] < end]
    if not found:
        if start.date() <= situation.now.date() < end.date() + timedelta(days=1) and situation.house.in_domains(
            ("weather",)
        ):
            return word_now(
                Tell(look_up.call, "weather_now", {"prop": prop or None}, look_up.step.entity_ids), situation, phrases
            )
        return phrases.fill(
            "weather", "unknown", day=phrases.day(start.date(), situation.now.date()).removeprefix("on ")
        )
    days: dict[date, list[Mapping[str, object]]] = {}
    for instant, entry in found:
        days.setdefault(instant.date(), []).append(entry)
    if prop == "rain":
        return _word_rain(days, situation, phrases)
    parts = [
        _word_day(phrases.day(day, situation.now.date()), told, prop, phrases)
        for day, told in list(days.items())[:_MOST_DAYS]
    ]
    return phrases.word("misc", "joined").join(parts)


def _condition(told: list[Mapping[str, object]], phrases: Phrases) -> str:
    """Return the condition that most hours have."""
    names = [str(entry.get("condition") or "") for entry in told]
    name = max(names, key=names.count)
    return str(phrases.words["weather"]["conditions"].get(name, name))


def _numbers(told: list[Mapping[str, object]], key: str) -> list[float]:
    return [number for entry in told if (number := as_number(entry.get(key))) is not None]


def _word_day(day: str, told: list[Mapping[str, object]], prop: str, phrases: Phrases) -> str:
    highs, lows = _numbers(told, "temperature"), _numbers(told, "templow")
    if prop == "wind" and (winds := _numbers(told, "wind_speed")):
        return phrases.fill("weather", "wind_day", day=day, v=phrases.number(max(winds)))
    low, high = min([*lows, *highs], default=None), max(highs, default=None)
    if high is None:
        return phrases.fill("weather", "day_bare", day=day, condition=_condition(told, phrases))
    spoken = phrases.amount(high, "°")
    span = (
        phrases.fill("weather", "span", low=phrases.number(low), high=spoken)
        if low is not None and round(low) != round(high)
        else phrases.fill("weather", "up_to", high=spoken)
    )
    return phrases.fill(
        "weather", "day_bare" if prop == "condition" else "day", day=day, condition=_condition(told, phrases), span=span
    )


def _word_rain(days: Mapping[date, list[Mapping[str, object]]], situation: Situation, phrases: Phrases) -> str:
    """Answer whether it will rain, by condition, amount or probability."""
    wet: list[tuple[date, str]] = []
    chance: tuple[float, date] | None = None
    for day, told in days.items():
        rainy = [entry for entry in told if entry.get("condition") in _RAINY]
        likely = max(_numbers(told, "precipitation_probability"), default=None)
        if rainy or (likely is not None and likely >= _LIKELY):
            wet.append((day, _condition(rainy or told, phrases)))
        elif likely is not None and likely >= _POSSIBLE and (chance is None or likely > chance[0]):
            chance = (likely, day)
    today = situation.now.date()
    if wet:
        return phrases.fill(
            "weather", "will_rain", day=phrases.join([phrases.day(day, today) for day, _ in wet]), condition=wet[0][1]
        )
    if chance:
        return phrases.fill(
            "weather", "may_rain", chance=phrases.amount(chance[0], "%"), day=phrases.day(chance[1], today)
        )
    if len(days) > 1:
        return phrases.word("weather", "days_dry")
    day, told = next(iter(days.items()))
    return phrases.fill("weather", "wont_rain", day=phrases.day(day, today), condition=_condition(told, phrases))
