"""Fill the blanks of a way of speaking with names and values as people say them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from intendant_core.lexicon import load_words
from intendant_core.name_forms import owner_of_room, shorten, split_plain
from intendant_core.text import split_words

from .homes import BLANK_DOMAINS, DOMAINS
from .stock import BLANK

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

    from intendant_core.values import Area, Entity, Floor, Label

    from .homes import SyntheticHome
    from .stock import Way

DEVICES = ("light", "switch", "fan", "media_player", "humidifier", "climate")
VALUES = frozenset({"num", "dur", "time", "when", "color", "option", "text", "unknown"})
BLANKS = frozenset(
    {"area", "floor", "label", "device", "sensor", *VALUES, *BLANK_DOMAINS, *(DOMAINS - set(BLANK_DOMAINS.values()))}
)
"""Everything that a blank may be called, numbers apart."""
UNHEARD_OF = 0.04
"""How often a name stands for nothing in the home, so that the model copies its words."""
SHORTENED, AT_SUN, OWNED = 0.12, 0.1, 0.3
"""How often only a part of a name is said, how often the sun tells the time, and how often whose room it is stands for the room."""
SUN = {
    "en": ["sunset", "sundown", "dusk", "sunrise", "dawn", "half an hour before sunset", "an hour after sunset"],
    "zh": ["日落的时候", "天黑以后", "日落前半小时", "太阳下山以后", "日出的时候", "天亮以后"],
}
_RANGES = {
    "temperature": (15, 29),
    "humidity": (30, 75),
    "speed": (1, 100),
    "color_temp": (2200, 6500),
    "value": (1, 100),
}
_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


@dataclass(frozen=True, slots=True)
class Fill:
    """What stands in a blank: the words said, and the thing or place meant (None for values and free words)."""

    words: str
    ref_id: str | None = None


def fill_blanks(way: Way, home: SyntheticHome, names: Mapping[str, Any], rng: random.Random) -> dict[str, Fill] | None:
    """Return a fill for each blank of the sentence, or None when the home has no such thing."""
    fills: dict[str, Fill] = {}
    for blank in dict.fromkeys(BLANK.findall(way.sentence)):
        fill = _fill(blank, way, home, names, rng, {fill.ref_id for fill in fills.values() if fill.ref_id})
        if fill is None or any(fill.words == other.words for other in fills.values()):
            return None
        fills[blank] = fill
    return fills


def _fill(
    blank: str, way: Way, home: SyntheticHome, names: Mapping[str, Any], rng: random.Random, used: set[str]
) -> Fill | None:
    kind = re.sub(r"(?:\d+|_b)+$", "", blank)
    if kind in ("area", "floor", "label"):
        of_kind: dict[str, Sequence[Area | Floor | Label]] = {
            "area": home.home.areas,
            "floor": home.home.floors,
            "label": home.home.labels,
        }
        places = of_kind[kind]
        free = [place for place in places if place.id not in used]
        return Fill(_say_place(place := rng.choice(free), rng), place.id) if free else None
    if kind in VALUES:
        words = _say_value(kind, blank, way, home, names, rng)
        return Fill(words) if words else None
    if rng.random() < UNHEARD_OF and kind in names:
        return Fill(rng.choice(names[rng.choice((kind, "unknown"))]))
    domain = rng.choice(DEVICES) if kind == "device" else BLANK_DOMAINS.get(kind, kind)
    if kind == "sensor" and rng.random() < 0.3:
        domain = "binary_sensor"
    entity = home.pick(domain, rng)
    return Fill(_say_name(entity, home, rng), entity.id) if entity and entity.id not in used else None


def _say_value(
    kind: str, blank: str, way: Way, home: SyntheticHome, names: Mapping[str, Any], rng: random.Random
) -> str | None:
    """Return a value or free words as people say them, None when the home has no such choice."""
    chinese = way.language == "zh"
    match kind:
        case "num":
            return _number(_slot_of(blank, way), rng, chinese=chinese)
        case "dur":
            return say_duration(rng, chinese=chinese)
        case "time":
            return say_time(rng, chinese=chinese)
        case "color":
            word = str(rng.choice(list(load_words(way.language)["colors"])))
            return word + ("色" if chinese and rng.random() < 0.9 else "")
        case "option":
            options = [option for entity in home.home.entities for option in entity.options]
            return rng.choice(options) if options else None
    lists = {"when": "when", "unknown": "unknown"}
    return str(rng.choice(names[lists.get(kind) or _text_list(way, blank)]))


def _say_place(place: Area | Floor | Label, rng: random.Random) -> str:
    """Return the name of a place, or whose it is: "Emma's" for "Emma's room"."""
    owned = place.name.split(" ")[0] if owner_of_room(split_plain(place.name)) else None
    return owned if owned and rng.random() < OWNED else place.name


def _say_name(entity: Entity, home: SyntheticHome, rng: random.Random) -> str:
    """Return a name as said: mostly whole, sometimes an alias or without its room."""
    name = rng.choice((entity.name, *entity.aliases))
    area = next((area for area in home.home.areas if area.id == entity.area_id), None)
    if area and name.lower().startswith(area.name.lower()) and rng.random() < 0.35:
        shorter = name[len(area.name) :].strip()
        return shorter if len(split_words(shorter)) > 1 else name
    return _shorten(name, entity, home, rng) if rng.random() < SHORTENED else name


def _shorten(name: str, entity: Entity, home: SyntheticHome, rng: random.Random) -> str:
    """Return a part of a name by which the home finds the thing, the name where there is none."""
    words = split_plain(name)
    parts = {" ".join(part) if name.isascii() else "".join(part) for part, _ in shorten(words, (), nicknamed=True)}
    found = [part for part in sorted(parts) if part != name.lower() and _finds(part, entity, home)]
    return rng.choice(found) if found else name


def _finds(words: str, entity: Entity, home: SyntheticHome) -> bool:
    return any(ref.id == entity.id for mark in home.index.find(words) for ref in mark.refs)


def _slot_of(blank: str, way: Way) -> tuple[str, str]:
    """Return verb and slot in whose value the blank stands."""
    for call in (*way.calls, *way.before):
        for slot, term in call.slots:
            if getattr(term, "key", None) == blank:
                return call.verb, slot
    return "set", "value"


def _text_list(way: Way, blank: str) -> str:
    slots = {"item": "item", "message": "message", "query": "query", "name": "timer", "source": "query"}
    return slots.get(_slot_of(blank, way)[1], "item")


def _number(place: tuple[str, str], rng: random.Random, *, chinese: bool) -> str:
    verb, slot = place
    low, high = (1, 30) if verb in ("more", "less") else _RANGES.get(slot, (0, 100))
    if slot == "temperature" and verb in ("more", "less"):
        high = 5
    value = rng.randint(low, high)
    if slot == "color_temp":
        value = round(value, -2)
    elif high == 100 and rng.random() < 0.7:
        value = round(value / 5) * 5
    if slot == "temperature" and verb == "set" and rng.random() < 0.12:
        return f"{value}.5"
    if rng.random() < 0.5 and slot != "color_temp":
        return say_number_zh(value) if chinese else say_number_en(value)
    return str(value)


def say_number_en(value: int) -> str:
    """Return a number from 0 to 999 in English words."""
    if value < 20:
        return _ONES[value]
    if value < 100:
        return _TENS[value // 10 - 2] + (f" {_ONES[value % 10]}" if value % 10 else "")
    rest = f" and {say_number_en(value % 100)}" if value % 100 else ""
    return ("a" if value < 200 else _ONES[value // 100]) + " hundred" + rest


def say_number_zh(value: int) -> str:
    """Return a number from 0 to 999 in Chinese numerals."""
    digits = "零一二三四五六七八九"
    if value < 10:
        return digits[value]
    if value < 20:
        return "十" + (digits[value % 10] if value % 10 else "")
    if value < 100:
        return digits[value // 10] + "十" + (digits[value % 10] if value % 10 else "")
    rest = value % 100
    return (
        digits[value // 100]
        + "百"
        + (
            ("零" + digits[rest] if rest < 10 else say_number_zh(rest) if rest >= 20 else "一" + say_number_zh(rest))
            if rest
            else ""
        )
    )


def say_duration(rng: random.Random, *, chinese: bool) -> str:
    """Return a length of time as people say it."""
    count = rng.choice([1, 2, 3, 4, 5, 6, 8, 10, 10, 12, 15, 15, 20, 25, 30, 30, 40, 45, 50, 60, 90])
    if chinese:
        said = str(count) if rng.random() < 0.4 else "两" if count == 2 else say_number_zh(count)
        return rng.choice(
            [
                f"{said}分钟",
                f"{said}分钟",
                f"{said}个小时" if count < 13 else f"{said}秒",
                "半小时",
                "半个小时",
                "一个小时",
                "一刻钟",
                "一个半小时",
                "两小时",
                f"{said}秒",
            ]
        )
    said = str(count) if rng.random() < 0.5 else say_number_en(count)
    s = "" if count == 1 else "s"
    choices = [f"{said} minute{s}", f"{said} minute{s}", f"{said} min{s}", f"{said} hour{s}" if count < 13 else f"{said} seconds", f"{said} second{s}",
               "half an hour", "an hour", "a minute", "an hour and a half", "a couple of minutes", "a couple hours", "quarter of an hour", "two and a half hours",
               f"an hour and {said} minute{s}"]  # fmt: skip
    return rng.choice(choices)


def say_time(rng: random.Random, *, chinese: bool) -> str:
    """Return a clock time as people say it."""
    hour, minute = rng.randint(1, 12), rng.choice([5, 10, 15, 20, 30, 40, 45, 50])
    if rng.random() < AT_SUN:
        return rng.choice(SUN["zh" if chinese else "en"])
    if chinese:
        said = "两" if hour == 2 else say_number_zh(hour) if rng.random() < 0.6 else str(hour)
        part = rng.choice(["早上", "上午", "下午", "晚上", "今晚", "明早", "明天早上", "明天下午"])
        return rng.choice(
            [
                f"{part}{said}点",
                f"{part}{said}点半",
                f"{said}点半",
                f"{said}点{say_number_zh(minute)}分",
                f"{rng.randint(6, 23)}:{minute:02}",
                f"{said}点钟",
                f"{part}{said}点一刻",
            ]
        )
    said = say_number_en(hour) if rng.random() < 0.5 else str(hour)
    half = rng.choice(["am", "pm", "a.m.", "p.m.", "AM", "PM"])
    choices = [said, said, f"{hour} {half}", f"{hour}{half}", f"{hour}:{minute:02}", f"{hour}:{minute:02} {half}", f"half past {said}", f"quarter past {said}", f"quarter to {said}",
               f"{said} o'clock", f"{said} in the morning", f"{said} in the evening", "noon", "midnight", f"{said} tonight", f"{say_number_en(hour)} thirty", f"{rng.randint(13, 23)}:{minute:02}"]  # fmt: skip
    return rng.choice(choices)


def place_fills(sentence: str, fills: Mapping[str, str]) -> tuple[str, dict[str, list[tuple[int, int]]]]:
    """Return the sentence with the blanks filled, and where each blank's words stand (start, end)."""
    out, last = "", 0
    spans: dict[str, list[tuple[int, int]]] = {key: [] for key in fills}
    for match in BLANK.finditer(sentence):
        out += sentence[last : match.start()]
        words = fills[match[1]]
        if words[-1:].isascii() and not words[-1:].isspace() and re.match(r"[A-Za-z]", sentence[match.end() :]):
            words += " "
        spans[match[1]].append((len(out), len(out) + len(words.rstrip())))
        out += words
        last = match.end()
    return out + sentence[last:], spans
