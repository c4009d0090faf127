"""Say how things are: "the desk lamp is on at 40 percent", several of them together where they are alike."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from .properties import read_property
from .truth import as_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .intentions import Situation
    from .phrases import Phrases
    from .values import Entity, State

PLAIN_UNITS = frozenset({"", "min", "h", "s", "d", "kWh", "Wh", "MWh", "L", "m³", "kg"})
"""Units of which one does not say that something is "at" so many of them."""
_SET = frozenset({"select", "input_select", "number", "input_number", "input_text"})
_TITLES = frozenset({"person", "scene", "script"})
_PRESSED = frozenset({"scene", "button", "input_button", "event"})


def names_of(ids: Iterable[str], situation: Situation, phrases: Phrases) -> list[str]:
    """Return the names of things as they stand inside a sentence."""
    return [name_of(entity_id, situation, phrases) for entity_id in ids]


def name_of(entity_id: str, situation: Situation, phrases: Phrases) -> str:
    """Return the name of a thing as it stands inside a sentence; people and scenes have names without an article."""
    name = situation.house.name(entity_id)
    return name if entity_id.partition(".")[0] in _TITLES else phrases.the(name)


def say(ids: Sequence[str], how: str, situation: Situation, phrases: Phrases, key: str = "statement") -> str:
    """Return that things are in some way."""
    names = names_of(ids, situation, phrases)
    return phrases.fill(
        "misc", key, things=phrases.some(names), be=phrases.be([situation.house.name(i) for i in ids]), how=how
    )


def state_sentence(ids: Iterable[str], situation: Situation, phrases: Phrases, *, detail: bool = True) -> str:
    """Return how things are, those that are alike together."""
    alike: dict[str, list[str]] = {}
    for entity_id in ids:
        alike.setdefault(how_is(entity_id, situation, phrases, detail=detail), []).append(entity_id)
    return phrases.clauses([say(group, how, situation, phrases) for how, group in alike.items()])


def how_is(entity_id: str, situation: Situation, phrases: Phrases, *, detail: bool = True) -> str:
    """Return what is said of a thing after "is"."""
    thing, state = situation.house.entities.get(entity_id), situation.states(entity_id)
    if thing is None or state is None or state.state in ("unavailable", "unknown"):
        return str(phrases.words["states"]["any"][state.state if state else "unknown"])
    bare = _bare(thing, state, phrases, situation)
    return (_detailed(thing, state, bare, situation, phrases) or bare) if detail else bare


def _bare(thing: Entity, state: State, phrases: Phrases, situation: Situation) -> str:
    states = phrases.words["states"]
    if thing.domain in ("person", "device_tracker"):
        found = states["person"].get(state.state)
        return str(found) if found else states["zone"].format(zone=state.state)
    if thing.domain == "binary_sensor":
        return str(states.get(thing.device_class or "", states["any"]).get(state.state, state.state))
    if thing.domain == "sensor" or thing.domain in _SET:
        return _told(thing, state, phrases, situation)
    if thing.domain in _PRESSED:
        return phrases.word("misc", "ready")
    if thing.domain == "climate" and (action := state.attributes.get("hvac_action")) in states["climate_action"]:
        return str(states["climate_action"][action])
    return str(states["any"].get(state.state, phrases.word("options", state.state)))


def _told(thing: Entity, state: State, phrases: Phrases, situation: Situation) -> str:
    """Return a sensor's value or a setting."""
    value = read_property(thing, "value", situation)
    if thing.device_class == "timestamp":
        return _moment(state.state, situation, phrases)
    if value is None or isinstance(value.value, str):
        return (
            phrases.fill("details", "set", value=phrases.word("options", state.state))
            if thing.domain in _SET
            else phrases.word("options", state.state)
        )
    amount = phrases.amount(value.value, value.unit)
    return (
        phrases.fill("details", "plain", value=amount)
        if value.unit in PLAIN_UNITS and thing.domain == "sensor"
        else phrases.fill("details", "set" if thing.domain in _SET else "at", value=amount)
    )


def _moment(text: str, situation: Situation, phrases: Phrases) -> str:
    try:
        moment = datetime.fromisoformat(text).astimezone(situation.now.tzinfo)
    except ValueError:
        return text
    return phrases.fill(
        "tells", "moment", clock=phrases.clock(moment), day=phrases.day(moment.date(), situation.now.date())
    )


def _detailed(thing: Entity, state: State, bare: str, situation: Situation, phrases: Phrases) -> str | None:  # noqa: PLR0911 - one return per domain
    """Return what is said of a thing with what matters beside its state."""

    def amount(prop: str) -> str | None:
        value = read_property(thing, prop, situation)
        return phrases.amount(value.value, value.unit) if value else None

    match thing.domain:
        case "light" | "fan" if state.state == "on" and (
            level := amount("brightness" if thing.domain == "light" else "speed")
        ):
            return phrases.fill("details", thing.domain, state=bare, brightness=level, speed=level)
        case "cover" | "valve" if (
            position := as_number(state.attributes.get("current_position"))
        ) is not None and 0 < position < 100:
            return phrases.fill("details", "position", position=phrases.amount(position, "%"))
        case "climate":
            return _climate(state, bare, amount("temperature"), amount("target"), phrases)
        case "humidifier" if state.state == "on" and (target := amount("target")):
            return phrases.fill("details", "humidifier", state=bare, target=target)
        case "water_heater" if state.state != "off" and (target := amount("target")):
            return phrases.fill("details", "water_heater", mode=phrases.word("options", state.state), target=target)
        case "media_player" if state.state in ("playing", "paused") and (title := state.attributes.get("media_title")):
            artist = state.attributes.get("media_artist")
            key = "paused" if state.state == "paused" else "media_by" if artist else "media"
            return phrases.fill("details", key, title=title, artist=artist)
    return None


def _climate(state: State, bare: str, now: str | None, target: str | None, phrases: Phrases) -> str:
    if state.state == "off":
        return phrases.fill("details", "climate_off", state=bare, temperature=now) if now else bare
    key = "climate" if now and target else "climate_now" if now else "climate_target" if target else None
    return phrases.fill("details", key, state=bare, temperature=now, target=target) if key else bare
