"""Word properties, rooms, what plays, and the weather of now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .lexicon import load_words
from .properties import read_property
from .statement import PLAIN_UNITS, names_of
from .truth import as_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .intentions import Situation, Tell
    from .phrases import Phrases

_MOST_VALUES = 6
_RAINY = frozenset({"rainy", "pouring", "lightning-rainy", "snowy", "snowy-rainy", "hail"})


def word_value(tell: Tell, situation: Situation, phrases: Phrases) -> str:
    """Word one property of a thing or a place."""
    return _sentence(str(tell.facts["prop"]), tell.facts, tell.entity_ids[0], situation, phrases)


def _sentence(prop: str, facts: Mapping[str, object], entity_id: str, situation: Situation, phrases: Phrases) -> str:
    spoken = spoken_value(prop, facts.get("value"), str(facts.get("unit") or ""), phrases)
    if place := facts.get("place"):
        key = prop if phrases.has("value_place", prop) else "any"
        return phrases.fill(
            "value_place", key, v=spoken, p=phrases.gap + phrases.place(str(place)), prop=phrases.word("props", prop)
        )
    name = str(facts.get("name") or situation.house.name(entity_id))
    return phrases.fill(
        "value_thing",
        _thing_key(prop, facts, entity_id, phrases),
        the=phrases.the(name),
        be=phrases.be([name]),
        v=spoken,
        prop=phrases.word("props", prop),
    )


def _thing_key(prop: str, facts: Mapping[str, object], entity_id: str, phrases: Phrases) -> str:
    """Return which sentence fits: a sensor has a value of its own, a thing has a property."""
    domain = entity_id.partition(".")[0]
    plain = str(facts.get("unit") or "") in PLAIN_UNITS
    if domain == "sensor":
        return "plain" if plain else "any"
    if prop == "temperature" and domain in ("climate", "water_heater", "humidifier"):
        return "temperature_at"
    if prop == "battery":
        return "battery_of"
    if domain in ("number", "input_number", "select", "input_select", "input_text"):
        return "target"
    if prop == "mode" and phrases.has("mode_states", str(facts.get("value"))):
        return "state"
    return prop if phrases.has("value_thing", prop) else "plain" if plain else "any"


def spoken_value(prop: str, value: object, unit: str, phrases: Phrases) -> str:
    """Return a property's value as it is spoken."""
    if prop == "color" and unit != "K":
        return color_name(str(value), phrases)
    if prop == "color" and isinstance(value, (int, float)):
        return white_name(value, phrases)
    if prop == "mode" and phrases.has("mode_states", str(value)):
        return phrases.word("mode_states", str(value))
    if isinstance(value, str) and unit and "-" in value:
        low, _, high = value.partition("-")
        return phrases.fill("weather", "span", low=phrases.number(float(low)), high=phrases.amount(float(high), unit))
    return phrases.amount(value, unit)


def color_name(name: str, phrases: Phrases) -> str:
    """Return a colour's word in the language."""
    if phrases.has("colors", name):
        return phrases.word("colors", name)
    word = next((word for word, color in load_words(phrases.language)["colors"].items() if color == name), name)
    return phrases.fill("misc", "color", color=word)


def white_name(kelvin: float, phrases: Phrases) -> str:
    """Return what a white light of that many kelvin is called."""
    return next(str(word) for until, word in phrases.words["whites"] if kelvin < until)


def word_values(tell: Tell, situation: Situation, phrases: Phrases) -> str:
    """Word a property of several things or rooms."""
    prop, items = str(tell.facts["prop"]), tell.facts.get("items")
    found = list(zip(items, tell.entity_ids, strict=True)) if isinstance(items, list) else []
    if prop == "battery":
        found.sort(key=lambda pair: as_number(pair[0].get("value")) or 0.0)
    places = [item for item, _ in found if item.get("place")]
    parts = []
    for item, entity_id in found[:_MOST_VALUES]:
        if item.get("place") and len(places) == len(found):
            spoken = spoken_value(prop, item.get("value"), str(item.get("unit") or ""), phrases)
            parts.append(
                phrases.fill("values_place", "item", v=spoken, p=phrases.gap + phrases.place(str(item["place"])))
            )
        else:
            parts.append(_sentence(prop, item, entity_id, situation, phrases))
    key = prop if phrases.has("values_place", prop) and len(places) == len(found) else "any"
    return phrases.fill("values_place", key, list=phrases.clauses(parts))


def word_playing(tell: Tell, situation: Situation, phrases: Phrases) -> str:
    """Word what plays where."""
    parts = []
    for entity_id in tell.entity_ids:
        name, state = situation.house.name(entity_id), situation.states(entity_id)
        title = state.attributes.get("media_title") if state else None
        artist = state.attributes.get("media_artist") if state else None
        spoken = phrases.fill("tells", "title_by", title=title, artist=artist) if artist else title
        parts.append(
            phrases.fill(
                "tells",
                "playing" if title else "playing_untitled",
                title=spoken,
                the=phrases.the(name),
                be=phrases.be([name]),
            )
        )
    place = tell.facts.get("place")
    return (
        phrases.clauses(parts)
        if parts
        else phrases.fill(
            "tells", "nothing_playing", p=phrases.gap + phrases.place(str(place)) if place and tell.call.targets else ""
        )
    )


def word_overview(tell: Tell, situation: Situation, phrases: Phrases) -> str:
    """Word how a room or the house is."""
    place = tell.facts.get("place")
    where = phrases.gap + phrases.place(str(place)) if place else ""
    parts = []
    for prop in ("temperature", "humidity"):
        if isinstance(found := tell.facts.get(prop), tuple):
            key, section = ("temperature", "value_place") if prop == "temperature" else ("overview_humidity", "tells")
            parts.append(phrases.fill(section, key, v=phrases.amount(*found), p=where))
    for key in ("home", "on", "open"):
        if isinstance(ids := tell.facts.get(key), list) and ids:
            names = names_of(ids, situation, phrases)
            parts.append(
                phrases.fill(
                    "tells",
                    f"overview_{key}",
                    names=phrases.some(names),
                    be=phrases.be([situation.house.name(i) for i in ids]),
                )
            )
    if not tell.facts.get("on") and not tell.facts.get("open"):
        parts.append(phrases.fill("tells", "overview_quiet", p="" if parts and place else where))
    return phrases.word("misc", "joined").join(parts)


def word_now(tell: Tell, situation: Situation, phrases: Phrases) -> str:
    """Word the weather as it is now."""
    thing, state = situation.house.entities[tell.entity_ids[0]], situation.states(tell.entity_ids[0])
    prop = str(tell.facts.get("prop") or "")
    name = state.state if state else ""
    condition = str(phrases.words["weather"]["conditions"].get(name, name))
    if prop == "rain":
        return phrases.fill("weather", "rain_yes" if name in _RAINY else "rain_no", condition=condition)
    value = read_property(thing, prop, situation) if prop else None
    if value is not None:
        return phrases.fill("weather", prop, v=phrases.amount(value.value, value.unit))
    temperature = read_property(thing, "temperature", situation)
    if temperature is None:
        return phrases.fill("weather", "now_bare", condition=condition)
    key = "no_forecast" if tell.facts.get("no_forecast") else "now"
    return phrases.fill("weather", key, condition=condition, temperature=phrases.amount(temperature.value, "°"))
