"""Plan the questions about things: how they are, where they are, since when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .intentions import Intention, Refuse, Tell
from .plan_lists import plan_list
from .plan_switching import problem
from .questions_outside import plan_events, plan_weather
from .questions_values import plan_value, value_of_place
from .scope import all_things, find_scope, is_on
from .truth import ALL_DOMAINS, DEFAULTS, KINDLESS, OPENINGS, holds
from .values import Pointer, Word

if TYPE_CHECKING:
    from .intentions import Situation
    from .values import Call, Entity, Reading

_STARTING = timedelta(minutes=3)
"""How long after the start things get their first states."""
_COUNTED = ("light", "switch", "fan", "media_player", "climate", "humidifier", "siren")
_OPEN = ("cover", "valve", *(f"binary_sensor.{item}" for item in sorted(OPENINGS)))
_NEWS = ("light", "switch", "lock", "cover", "binary_sensor", "media_player", "climate", "fan", "vacuum")


def plan_state(call: Call, reading: Reading, situation: Situation) -> Intention:  # noqa: PLR0911 - one return per sort of question
    """Tell how something is: one of its properties, the thing itself, or a whole room."""
    if isinstance(prop := call.slot("prop"), Word) and prop.word == "title":
        return _plan_playing(call, reading, situation)
    if isinstance(prop, Word):
        return plan_value(call, prop.word, reading, situation)
    if call.kind == "battery":
        return plan_value(call, "battery", reading, situation)
    if call.kind in DEFAULTS:
        return _plan_alert(call, reading, situation)
    if call.kind in ("person", "list", "calendar"):
        return _plan_elsewhere(call.kind, call, reading, situation)
    if call.kind is None and (not call.targets or _only_places(call, reading, situation)):
        return _plan_overview(call, reading, situation)
    scope = find_scope(call, reading, situation, ALL_DOMAINS)
    things = all_things(scope, situation)
    if not things:
        return problem(call, scope)
    special = {
        "todo": "list",
        "calendar": "calendar",
        "weather": "weather",
        "person": "person",
        "device_tracker": "person",
    }
    if len({thing.domain for thing in things}) == 1 and (kind := special.get(things[0].domain)):
        return _plan_elsewhere(kind, call, reading, situation)
    return Tell(
        call,
        "states",
        {"place": scope.place if scope.group else None, "kind": call.kind},
        tuple(thing.id for thing in things),
    )


def _plan_playing(call: Call, reading: Reading, situation: Situation) -> Intention:
    """Tell what plays: in the place that was named, else here, else anywhere."""
    scope = find_scope(call, reading, situation, ("media_player",), None, ("media_player",))
    things = all_things(scope, situation)
    if not things:
        return problem(call, scope)
    playing = [
        thing for thing in things if (state := situation.states(thing.id)) and state.state in ("playing", "buffering")
    ]
    if not playing and not call.targets:
        playing = [
            thing
            for thing in situation.house.in_domains(("media_player",))
            if (state := situation.states(thing.id)) and state.state == "playing"
        ]
    if not playing and len(things) == 1:
        return Tell(call, "states", {}, (things[0].id,))
    return Tell(call, "playing", {"place": scope.place if scope.group else None}, tuple(thing.id for thing in playing))


def _plan_elsewhere(kind: str, call: Call, reading: Reading, situation: Situation) -> Intention:
    """Answer for the things that have questions of their own."""
    match kind:
        case "person":
            return plan_where(replace(call, verb="where", slots=()), reading, situation)
        case "list":
            return plan_list(replace(call, verb="read", slots=()), reading, situation)
        case "calendar":
            return plan_events(replace(call, verb="events"), reading, situation)
    return plan_weather(replace(call, verb="weather"), reading, situation)


def _plan_alert(call: Call, reading: Reading, situation: Situation) -> Intention:
    """Tell whether there is smoke, water or movement."""
    scope = find_scope(call if call.targets else replace(call, targets=(Word("all"),)), reading, situation, ALL_DOMAINS)
    things = all_things(scope, situation)
    if not things:
        return problem(call, scope)
    yes = [thing.id for thing in things if (state := situation.states(thing.id)) and holds(thing, state, "on")]
    no = [thing.id for thing in things if thing.id not in yes]
    facts = {
        "value": "on",
        "kind": call.kind,
        "place": scope.place if scope.group else None,
        "yes": yes,
        "no": no,
        "holds": bool(yes),
    }
    return Tell(call, "any", facts, tuple(yes or no))


def _only_places(call: Call, reading: Reading, situation: Situation) -> bool:
    """Return whether all targets are places and none is a thing."""
    for term in call.targets:
        if isinstance(term, Word) and term.word in ("here", "there", "all"):
            continue
        if not isinstance(term, Pointer) or not isinstance(term.key, int) or term.key > len(reading.marks):
            return False
        if not any(ref.kind in ("area", "floor") for ref in reading.marks[term.key - 1].refs):
            return False
    return not (call.targets == (Word("here"),) and situation.area_id is None)


def _plan_overview(call: Call, reading: Reading, situation: Situation) -> Intention:
    """Sum up a room, a floor, or the house: what is on, what is open, how warm it is."""
    whole = not call.targets
    asked = replace(call, targets=(Word("all"),)) if whole else call
    scope = find_scope(asked, reading, situation, (*_COUNTED, *_OPEN), None, (*_COUNTED, *_OPEN))
    lit = [
        thing.id
        for thing in scope.entities
        if thing.domain in _COUNTED and is_on(thing.id, situation) and _at_work(thing, situation)
    ]
    gaping = [
        thing.id
        for thing in scope.entities
        if thing.domain not in _COUNTED and (state := situation.states(thing.id)) and holds(thing, state, "open")
    ]
    facts: dict[str, object] = {"place": None if whole else scope.place, "on": lit, "open": gaping}
    if whole:
        facts["home"] = [
            thing.id
            for thing in situation.house.in_domains(("person",))
            if (state := situation.states(thing.id)) and state.state == "home"
        ]
    else:
        for prop in ("temperature", "humidity"):
            facts[prop] = value_of_place(call, prop, reading, situation)
    if scope.problem and not facts.get("temperature") and not facts.get("home"):
        return problem(call, scope)
    return Tell(call, "overview", facts, (*lit, *gaping))


def _at_work(thing: Entity, situation: Situation) -> bool:
    state = situation.states(thing.id)
    return thing.domain != "media_player" or (state is not None and state.state not in ("idle", "paused"))


def plan_where(call: Call, reading: Reading, situation: Situation) -> Intention:
    """Tell where people are; of a thing, the room it stands in."""
    if not call.targets:
        call = replace(call, kind=call.kind or "person", targets=(Word("all"),))
    scope = find_scope(call, reading, situation, ("person", "device_tracker", *ALL_DOMAINS))
    things = all_things(scope, situation)
    if not things:
        return problem(call, scope)
    if any(thing.domain == "person" for thing in things):
        things = [thing for thing in things if thing.domain == "person"]
    return Tell(call, "where", {}, tuple(thing.id for thing in things))


def plan_changed(call: Call, reading: Reading, situation: Situation) -> Intention:
    """Tell since when something is as it is; of several things, of the one that changed last."""
    value = call.slot("value")
    word = value.word if isinstance(value, Word) else DEFAULTS.get(call.kind or "")
    group = () if call.kind else KINDLESS.get(word or "", _NEWS)
    scope = find_scope(call, reading, situation, tuple(dict.fromkeys((*group, *ALL_DOMAINS))), None, group)
    things = all_things(scope, situation)
    if not things:
        return problem(call, scope)
    if len(things) == 1 and things[0].device_class in ("duration", "timestamp"):
        return Tell(call, "states", {}, (things[0].id,))
    known = [(moment, thing) for thing in things if (moment := _changed_at(thing, situation))]
    if not known:
        return Refuse(call, "no_history", {"name": things[0].name})
    able = [
        (moment, thing) for moment, thing in known if word is None or _verdict(thing, word, situation) is not None
    ] or known
    fitting = [(moment, thing) for moment, thing in able if word and _verdict(thing, word, situation)] or able
    moment, thing = max(fitting, key=lambda pair: pair[0])
    used = thing.domain in ("scene", "button", "input_button", "script", "automation")
    facts = {
        "value": word,
        "holds": _verdict(thing, word, situation) if word else None,
        "at": moment.isoformat(),
        "used": used,
        "least": not used and situation.since is not None and moment <= situation.since + _STARTING,
    }
    return Tell(call, "changed", facts, (thing.id,))


def _verdict(thing: Entity, word: str, situation: Situation) -> bool | None:
    state = situation.states(thing.id)
    return holds(thing, state, word) if state else None


def _changed_at(thing: Entity, situation: Situation) -> datetime | None:
    """Return when a thing changed last; scenes and buttons have the moment of their last use as state."""
    state = situation.states(thing.id)
    if state is None:
        return None
    told = (
        state.state if thing.domain in ("scene", "button", "input_button") else state.attributes.get("last_triggered")
    )
    if isinstance(told, datetime):
        return told
    if isinstance(told, str):
        try:
            return datetime.fromisoformat(told).replace(
                tzinfo=datetime.fromisoformat(told).tzinfo or situation.now.tzinfo
            )
        except ValueError:
            return None
    return None if thing.domain in ("scene", "button", "input_button") else state.last_changed
