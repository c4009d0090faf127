"""Find values written in digits or in English words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .lexicon import load_colors, load_words
from .values import ClockTime, Duration, Mark, Number, Quantity, When

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = load_words("en")
_NUMBERS: dict[str, int] = _WORDS["numbers"]
_UNITS: dict[str, int] = _WORDS["units"]
_PARTS: dict[str, list[int]] = _WORDS["parts"]
_WEEKDAYS: list[str] = _WORDS["weekdays"]


def _any(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


_WORD = rf"(?:{_any(_NUMBERS)})"
_NUM = rf"(?:(?<![\d.])\d+(?:[.,]\d+)?|\b(?:a )?{_WORD}(?:(?:[ -]| and )(?:{_WORD}))*(?: point {_WORD}(?: {_WORD})*)?\b(?: and a half)?)"
_UNIT = rf"(?:{_any(_UNITS)})"
_LONG_UNIT = rf"(?:{_any(unit for unit in _UNITS if len(unit) > 1)})"
_PART = rf"(?:{_any(_PARTS)})"
_DAY = rf"(?:{_any(_WEEKDAYS)})"
_VAGUE = r"(?:three quarters of an|(?:a )?quarter of an|half an?|half|a couple(?: of)?|a few|an?other|an?)"
_ONE_LENGTH = rf"(?:{_NUM} ?-?{_UNIT}|{_VAGUE}[ -]{_LONG_UNIT})\b(?: and a (?:half|quarter))?"
_DURATION = re.compile(
    rf"\b(?:{_ONE_LENGTH})(?:,? (?:and )?{_NUM} ?{_UNIT}\b)*(?:(?<=hour)(?:,? and)? (?:ten|fifteen|twenty|thirty|forty|[1-5][05])\b(?! ?{_UNIT}| (?:percent|degrees)))?"
)
_BARE_MINUTES = re.compile(
    rf"(?<=\bin )(?P<count>{_NUM})(?=(?: please| then| thanks)?[ .,!?]*$|,? and (?:then|turn|switch|put|set|close|open)\b)"
)
"""What "in" is followed by at the end: minutes, as timers have it ("kettle on in five")."""
_SUN = re.compile(
    rf"(?:(?P<offset>{_ONE_LENGTH}) (?P<dir>before|after) )?(?:the )?\b(?:(?P<set>sun ?set|sun ?down|dusk|nightfall|(?:(?<=when )|(?<=once )|(?<=until )|(?<=till )|(?<=after )|(?<=before )|(?<=soon as ))(?:it(?:'s| is| gets| goes) (?:getting )?dark|the sun (?:sets|goes down)|dark))"
    r"|(?P<rise>sun ?rise|sun ?up|dawn|daybreak|first light|(?:(?<=when )|(?<=once )|(?<=until )|(?<=till )|(?<=soon as ))(?:it(?:'s| is| gets) (?:light|bright) out(?:side)?|it gets light|the sun (?:rises|comes up))))\b(?! (?:lamp|light|scene|mode|effect|colou?r))"
)
_CLOCK = re.compile(
    rf"\b(?:(?P<brit>half) (?P<bh>{_WORD}|\d{{1,2}})(?= (?:please|tonight|tomorrow|in the|then|and)|[.,!?]|$)(?<!half hundred)"
    rf"|(?P<rel>half|quarter|{_NUM})(?: minutes?)? (?P<dir>past|to|after|before) (?P<hour>{_NUM}|noon|midnight)"
    rf"|(?P<h>\d{{1,2}})[:.](?P<m>\d{{2}})"
    rf"|(?P<word>noon|midday|midnight)"
    rf"|(?:(?<=at )|(?<=by )|(?<=until )|(?<=till ))(?P<hw>{_WORD}) (?P<mw>o[h'] ?{_WORD}|fifteen|thirty|twenty|forty|forty[ -]five|fifty)\b"
    rf"|(?P<plain>{_NUM})(?= ?(?:[ap]\.?m\b|o'?clock|in the (?:morning|afternoon|evening)|at night|tonight|tomorrow)))"
    rf"(?: ?o'?clock)?(?: ?(?P<half>[ap])\.?m\b\.?)?(?: (?P<part>in the (?:morning|afternoon|evening)|at night|tonight))?(?: (?P<day>tomorrow(?: morning| evening| night)?))?"
)
_AT = re.compile(r"(?:\bat|\bby|\buntil|\btill|\bbefore|\baround|\bafter) $")
_PERCENT = re.compile(r" ?(?:%|percent\b|per cent\b)")
_DEGREES = re.compile(r" ?(?:(?:°|º|degrees?\b|deg\b)(?: ?(c\b|celsius|f\b|fahrenheit))?|(celsius|fahrenheit)\b)")
_KELVIN = re.compile(r" ?(?:k\b|kelvin\b)")
_PARTS_OF_ALL = {"third": 3, "quarter": 4, "fifth": 5}
_FRACTION = re.compile(
    rf"\b(?P<some>a|one|two|three|four) (?P<part>{_any(_PARTS_OF_ALL)})s?(?=$|[.,!?;]| (?:open|closed|full|bright|brightness|volume|power|speed|please|in|on|and|then|now|thanks)\b"
    r"| of (?!an? |the (?:hour|day|year)))"
)
"""Parts of all there is ("dim it to a third"); a room or a lamp may be "the third" too."""
_NUMBER = re.compile(rf"(?<![\w.])(?:minus |negative |-)?{_NUM}")
_WHEN = re.compile(
    rf"\b(?:(?:the )?day after tomorrow|the day after(?= ?[.?!]*$)|tomorrow|today|yesterday|(?:on |next |this |coming )*{_DAY}s?|(?:this |next |the |on the )?weekend|(?:this|next|the) week|tonight|this {_PART}"
    rf"|(?:in|during) the {_PART}|last night|later today)\b(?: (?:at )?(?P<part>{_PART}))?"
)
_COLOR = re.compile(rf"\b(?:{_any(w for w in load_colors() if w.isascii())})\b")


def number(text: str) -> float:
    """Return the value of a number in digits or words; the text must match the finder's own pattern."""
    text = text.strip().replace(",", ".")
    half = text.endswith(" and a half")
    text = text.removesuffix(" and a half")
    sign = -1.0 if text.startswith(("minus ", "negative ", "-")) else 1.0
    text = re.sub(r"^(minus |negative |-|a )", "", text)
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return sign * (float(text) + half / 2)
    whole, _, fraction = text.partition(" point ")
    value = 0
    for word in re.findall(r"[a-z]+", whole):
        if word == "hundred":
            value = max(value, 1) * 100
        elif word == "thousand":
            value = max(value, 1) * 1000
        elif word in _NUMBERS:
            value += _NUMBERS[word]
    digits = "".join(str(_NUMBERS[word]) for word in fraction.split() if word in _NUMBERS)
    return sign * (value + (float("0." + digits) if digits else 0.0) + half / 2)


def find(text: str) -> Iterator[Mark]:
    """Yield marks, possibly overlapping, of every value in a lower-case sentence."""
    yield from _find_times(text)
    for match in _COLOR.finditer(text):
        yield _mark(match, "color", load_colors()[match.group()])
    for match in _FRACTION.finditer(text):
        count = 1 if match["some"] == "a" else _NUMBERS[match["some"]]
        if count < _PARTS_OF_ALL[match["part"]]:
            yield _mark(match, "num", Number(float(round(100 * count / _PARTS_OF_ALL[match["part"]])), "%"))
    for match in _NUMBER.finditer(text):
        # "Oh" is a nought among digits, and a sigh elsewhere.
        if match.group() != "oh":
            yield _number_mark(text, match)


def _find_times(text: str) -> Iterator[Mark]:
    for match in _DURATION.finditer(text):
        yield _mark(match, "dur", Duration(_seconds(match.group())))
    for match in _BARE_MINUTES.finditer(text):
        yield _mark(match, "dur", Duration(60 * number(match.group())))
    for match in _CLOCK.finditer(text):
        if clock := _clock(match):
            yield _mark(match, "time", clock)
    for match in _SUN.finditer(text):
        yield _mark(match, "time", _sun(match))
    for match in _WHEN.finditer(text):
        yield _mark(match, "when", _when(match.group(), match["part"]))


def _mark(match: re.Match[str], kind: str, quantity: Quantity) -> Mark:
    return Mark(match.start(), match.end(), (kind,), quantity=quantity)


def _number_mark(text: str, match: re.Match[str]) -> Mark:
    value, end = number(match.group()), match.end()
    for pattern, unit in ((_PERCENT, "%"), (_DEGREES, "°"), (_KELVIN, "K")):
        if found := pattern.match(text, end):
            scale = found[found.lastindex] if found.lastindex else None
            return Mark(match.start(), found.end(), ("num",), quantity=Number(value, unit + (scale or "")[:1].upper()))
    clock = _AT.search(text[: match.start()]) and value == int(value) and 0 <= value <= 24
    return Mark(match.start(), end, ("num", "time") if clock else ("num",), quantity=Number(value))


def _seconds(text: str) -> float:
    total = 0.0
    pattern = rf"(?:({_NUM}) ?-?({_UNIT})|({_VAGUE})[ -]({_LONG_UNIT}))\b( and a half| and a quarter)?"
    for said, short, vague, long, rest in re.findall(pattern, text):
        amount, unit = said or vague, short or long
        fixed = {"three quarters of an": 0.75, "quarter of an": 0.25, "a quarter of an": 0.25, "half an": 0.5, "half a": 0.5, "half": 0.5, "a": 1.0, "an": 1.0,
                 "a couple": 2.0, "a couple of": 2.0, "a few": 3.0, "another": 1.0}  # fmt: skip
        count = fixed.get(amount, 0.0) or number(amount)
        total += (count + {" and a half": 0.5, " and a quarter": 0.25}.get(rest, 0.0)) * _UNITS[unit]
    if minutes := re.search(rf"hour(?:,? and)? ({_NUM})$", text):
        total += 60 * number(minutes[1])
    return total


def _clock(match: re.Match[str]) -> ClockTime | None:
    hour, minute = 0, 0
    fixed = False
    if match["brit"]:
        hour, minute = int(number(match["bh"])), 30
        if not 1 <= hour <= 12 or not _AT.search(match.string[: match.start()]):
            return None  # "half twenty" is no time, "volume half, five minutes" neither
    elif match["rel"]:
        offset = {"half": 30.0, "quarter": 15.0}.get(match["rel"]) or number(match["rel"])
        fixed = match["hour"] in ("noon", "midnight")
        hour = {"noon": 12, "midnight": 24}.get(match["hour"]) or int(number(match["hour"]))
        total = hour * 60 + int(offset) * (1 if match["dir"] in ("past", "after") else -1)
        hour, minute = divmod(total, 60)
    elif match["h"]:
        hour, minute = int(match["h"]), int(match["m"])
        fixed = hour > 12 or hour == 0
    elif match["word"]:
        hour, fixed = (0 if match["word"] == "midnight" else 12), True
    elif match["hw"]:
        hour, minute = int(number(match["hw"])), int(number(match["mw"].replace("o'", "oh").replace("oh", "").strip()))
    else:
        hour = int(number(match["plain"]))
    part = (match["part"] or "") + " " + (match["day"] or "")
    if match["half"] or part.strip() not in ("", "tomorrow"):
        late = match["half"] == "p" or any(word in part for word in ("afternoon", "evening", "night"))
        fixed = True
        hour = hour % 12 + (12 if late else 0)
    if not (0 <= hour <= 24 and 0 <= minute < 60):
        return None
    return ClockTime(hour % 24, minute, fixed, day=1 if match["day"] else 0 if "tonight" in part else None)


def _sun(match: re.Match[str]) -> ClockTime:
    offset = _seconds(match["offset"]) if match["offset"] else 0.0
    return ClockTime(
        0, sun="sunset" if match["set"] else "sunrise", offset=-offset if match["dir"] == "before" else offset
    )


def _when(text: str, part: str | None) -> When:
    hours = tuple(_PARTS[part]) if part else (0, 24)
    inside = re.search(rf"\b({_PART})\b", text) if part is None else None
    if text == "last night":
        return When(-1, -1, (18, 24))
    if "tonight" in text:
        hours = (17, 24)
    elif inside:
        hours = tuple(_PARTS[inside[1]])
    span = (hours[0], hours[1])
    if day := re.search(_DAY, text):
        return When(0, 0, span, weekday=_WEEKDAYS.index(day.group()), week=0)
    if "weekend" in text:
        return When(0, 1, span, weekday=5, week=int("next" in text))
    if "week" in text:
        return When(7, 13) if "next" in text else When(0, 6)
    offset = 2 if "day after" in text else 1 if "tomorrow" in text else -1 if "yesterday" in text else 0
    return When(offset, offset, span)
