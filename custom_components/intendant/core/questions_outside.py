"""Plan the questions that reach beyond the rooms: weather, calendars, the date."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from .dates import asks_for_one
from .intentions import Ask, HandOver, Intention, LookUp, Refuse, Step, Tell
from .moments import period_of, quantity_of
from .plan_switching import feature, problem
from .scope import find_scope
from .values import Text, When, Word

if TYPE_CHECKING:
    from datetime import datetime

    from .intentions import Situation
    from .values import Call, Entity, Reading

_DAILY, _HOURLY, _TWICE = 1, 2, 4
_RAINY = frozenset({"rainy", "pouring", "lightning-rainy", "snowy", "snowy-rainy", "hail"})
_DAYS_AHEAD, _FAR_AHEAD = 7, 90


def plan_weather(call: Call, reading: Reading, situation: Situation) -> Intention:
    """Tell the weather of now, or look up the forecast of the time that is asked for."""
    entity = _station(call, reading, situation)
    if isinstance(entity, HandOver | Refuse | Ask):
        return entity
    state = situation.states(entity.id)
    if state is None or state.state == "unavailable":
        return Refuse(call, "unavailable", {"name": entity.name})
    prop = call.slot("prop")
    word = prop.word if isinstance(prop, Word) else None
    term = call.slot("when")
    when = quantity_of(term, reading)
    raining = word == "rain" and state.state in _RAINY
    if term == Word("now") or (not isinstance(when, When) and (word != "rain" or raining)):
        return Tell(call, "weather_now", {"prop": word, "now": term == Word("now")}, (entity.id,))
    return _forecast(call, entity, word, when if isinstance(when, When) else None, situation)


def _station(call: Call, reading: Reading, situation: Situation) -> Entity | HandOver | Refuse | Ask:
    """Return the weather to ask; other places' weather is not the house's business."""
    stations = situation.house.in_domains(("weather",))
    named = find_scope(replace(call, kind=None), reading, situation, ("weather",)) if call.targets else None
    if named and named.entities:
        return named.entities[0]
    if (
        named
        and named.problem == "no_such"
        and any(isinstance(term, Text) for term in call.targets)
        and not outdoors(call)
    ):
        return HandOver(call)
    usable = [
        thing for thing in stations if (state := situation.states(thing.id)) and state.state != "unavailable"
    ] or stations
    return usable[0] if usable else Refuse(call, "no_weather")


def outdoors(call: Call) -> bool:
    """Return whether the words of a target mean the open air."""
    return any(isinstance(term, Text) and is_outdoors(term.text) for term in call.targets)


def is_outdoors(text: str) -> bool:
    """Return whether a place lies in the open air, by its name."""
    words = (
        "outside",
        "outdoor",
        "garden",
        "yard",
        "terrace",
        "patio",
        "balcony",
        "porch",
        "外面",
        "室外",
        "户外",
        "院",
        "阳台",
        "露台",
        "花园",
    )
    return any(word in text.lower() for word in words)


def _forecast(call: Call, entity: Entity, prop: str | None, when: When | None, situation: Situation) -> Intention:
    """Return the look-up of a forecast: by the hour for a part of a day, else by the day, as far as the weather offers it."""
    offered = [
        (bit, name)
        for bit, name in ((_DAILY, "daily"), (_TWICE, "twice_daily"), (_HOURLY, "hourly"))
        if feature(entity.id, bit, situation)
    ]
    if not offered:
        return Tell(call, "weather_now", {"prop": prop, "now": False, "no_forecast": True}, (entity.id,))
    part = when is not None and when.hours != (0, 24)
    order = ("hourly", "twice_daily", "daily") if part else ("daily", "twice_daily", "hourly")
    sort = min((name for _, name in offered), key=order.index)
    start, end = period_of(when, situation.now)
    facts = {
        "prop": prop,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "part": part,
        "sort": sort,
        "said": when is not None,
    }
    return LookUp(call, "forecast", Step("weather.get_forecasts", (entity.id,), {"type": sort}), facts)


def plan_events(call: Call, reading: Reading, situation: Situation) -> Intention:
    """Look up the events of a day, or what comes next when no day was said."""
    calendars = situation.house.in_domains(("calendar",))
    if call.targets:
        scope = find_scope(replace(call, kind=None), reading, situation, ("calendar",))
        if scope.problem in ("no_such", "not_able", "unavailable"):
            return problem(call, scope)
        calendars = list(scope.entities) or calendars
    usable = [thing for thing in calendars if (state := situation.states(thing.id)) and state.state != "unavailable"]
    if not usable:
        return (
            Refuse(call, "unavailable", {"name": calendars[0].name})
            if calendars
            else Refuse(call, "none_here", {"kind": "calendar", "place": ""})
        )
    when = quantity_of(call.slot("when"), reading)
    one = asks_for_one(reading)
    start, end = _span(when if isinstance(when, When) else None, situation.now, _FAR_AHEAD if one else _DAYS_AHEAD)
    facts = {
        "said": isinstance(when, When),
        "start": start.isoformat(),
        "end": end.isoformat(),
        "question": reading.text,
        "one": one,
    }
    data = {"start_date_time": start.isoformat(), "end_date_time": end.isoformat()}
    return LookUp(call, "events", Step("calendar.get_events", tuple(thing.id for thing in usable), data), facts)


def _span(when: When | None, now: datetime, ahead: int) -> tuple[datetime, datetime]:
    """Return the time to look at, so many days where none was said; what is over today is not asked for any more."""
    if when is None:
        return now, now + timedelta(days=ahead)
    start, end = period_of(when, now)
    return (max(start, now), end) if end > now else (start, end)


def plan_date(call: Call, reading: Reading, situation: Situation) -> Intention:
    """Tell today's date, or that of the day that is meant."""
    when = quantity_of(call.slot("when"), reading)
    start, _ = period_of(when if isinstance(when, When) else None, situation.now)
    said = isinstance(when, When) and start.date() != situation.now.date()
    return Tell(call, "date", {"date": start.date().isoformat(), "said": said})
