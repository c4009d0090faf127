"""Find values written in Chinese."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .lexicon import load_colors, load_words
from .values import ClockTime, Duration, Mark, Number, When

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = load_words("zh")
_DIGITS: dict[str, int] = _WORDS["digits"]
_UNITS: dict[str, int] = _WORDS["units"]
_PARTS: dict[str, list[int]] = _WORDS["parts"]
_DAYS: dict[str, int] = _WORDS["days"]
_WEEKDAYS: dict[str, int] = _WORDS["weekdays"]


def _any(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


_HAN = "".join(digit for digit in _DIGITS if digit != "俩")
_NUM = rf"(?:\d+(?:\.\d+)?|[{_HAN}]+(?:点[{_HAN}]+)?)"
_PART, _DAY, _UNIT = rf"(?:{_any(_PARTS)})", rf"(?:{_any(_DAYS)})", rf"(?:{_any(_UNITS)})"
_LENGTH = rf"(?:{_NUM}|半) ?个?(?P<half>半)?(?:{_UNIT})(?!前)"
_DURATION = re.compile(rf"(?:(?:{_NUM}|半) ?个?半?{_UNIT})(?:半)?(?:零?(?:{_NUM}) ?个?{_UNIT})*")
_WEEKDAY = r"(?P<next>下个?)?(?:这个?|本)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
_CLOCK = re.compile(
    rf"(?:(?P<day>{_DAY})|{_WEEKDAY})?(?:的)?(?P<part>{_PART})?(?:的)?(?P<hour>{_NUM})(?:点钟?|:|：)(?P<minute>半|一刻|三刻|整|{_NUM})?分?(?![{_HAN}\d])"
)
_SUN = re.compile(
    rf"(?P<day>今天|明天|今晚|明早)?(?:(?P<set>日落|太阳(?:下山|落山|落下))|(?P<dark>天(?:一|快)?黑)(?=了?(?:以后|之后|后|前|之前|以前|的?时候?|再|就))|(?P<rise>日出|太阳(?:出来|升起))|(?P<light>天(?:一|快)?亮)(?=了?(?:以后|之后|后|前|之前|以前|的?时候?|再|就)))了?"
    rf"(?:(?P<dir>前|后)(?P<offset>(?:{_NUM}|半) ?个?半?{_UNIT}))?(?:以后|之后|后|的?时候?|时)?(?!分|灯|模式|场景|效果|色)"
)
_PERCENT = re.compile(
    rf"百分之(?P<a>{_NUM})|(?P<b>{_NUM}) ?%|(?P<c>[一二两三四五六七八九1-9])成(?!员|功|本|为|都|人|长|了|熟)"
)
_FRACTION = re.compile(r"(?P<all>[二三四五])分之(?P<some>[一二两三四])")
_DEGREES = re.compile(rf"(?P<minus>零下|负)?(?P<n>{_NUM}) ?(?:度|℃|摄氏度|°c?)(?P<half>半)?(?:电)?")
_KELVIN = re.compile(rf"(?P<n>{_NUM}) ?(?:k|开尔文|开)(?![a-z])")
_PLAIN = re.compile(
    rf"(?P<minus>零下|负)?(?P<n>[{_HAN}]{{2,}}(?:点[{_HAN}]+)?|(?:(?<=到)|(?<=成)|(?<=为)|(?<=至)|(?<=第))[{_HAN}]|[{_HAN}](?=[档挡格级号])|(?<![\da-z.:：])\d{{1,4}}(?:\.\d+)?(?![\da-z.:：%]))"
)
_WHEN = re.compile(
    rf"(?:(?P<day>{_any([d for d in _DAYS if len(d) > 1])})|(?P<short>今|明)(?=早|晚)|{_WEEKDAY}|(?P<weekend>(?:下|这|本)?个?周末)|(?P<week>(?:这|本|下)个?(?:周|星期|礼拜)))(?:的)?(?P<part>{_PART})?"
)
_ONLY_PART = re.compile(rf"{_any([p for p in _PARTS if len(p) > 1])}")
_COLORS = _any([word for word in load_colors() if not word.isascii()])
_COLOR = re.compile(
    rf"(?P<a>{_COLORS})(?=色|光)色?|(?:(?<=成)|(?<=变)|(?<=换)|(?<=为)|(?<=点))(?P<b>{_COLORS})(?!天|板)|(?P<c>{_any([w for w in load_colors() if not w.isascii() and len(w) > 1])})"
)


def number(text: str) -> float:
    """Return the value of a number in digits or Chinese numerals; the text must match the finder's pattern."""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    whole, _, fraction = text.partition("点")
    decimals = float("0." + "".join(str(_DIGITS[c]) for c in fraction)) if fraction else 0.0
    if not any(c in whole for c in "十百千"):
        return int("".join(str(_DIGITS[c]) for c in whole) or "0") + decimals
    total = section = 0
    for c in whole:
        value = _DIGITS[c]
        if value >= 10:
            total += max(section, 1) * value
            section = 0
        else:
            section = value
    tail = re.search(r"[百千]([一二三四五六七八九])$", whole)
    if tail:
        section *= 10 if whole[-2] == "百" else 100
    return total + section + decimals


def find(text: str) -> Iterator[Mark]:
    """Yield marks, possibly overlapping, of every value in a sentence."""
    if text.isascii():
        return
    for match in _DURATION.finditer(text):
        yield Mark(match.start(), match.end(), ("dur",), quantity=Duration(_seconds(match.group())))
    for match in _CLOCK.finditer(text):
        clock = _clock(match)
        if clock:
            yield Mark(match.start(), match.end(), ("time",), quantity=clock)
    for match in _SUN.finditer(text):
        yield Mark(match.start(), match.end(), ("time",), quantity=_sun(match))
    yield from _find_numbers(text)
    for match in _WHEN.finditer(text):
        yield Mark(match.start(), match.end(), ("when",), quantity=_when(match))
    for match in _ONLY_PART.finditer(text):
        first, last = _PARTS[match.group()]
        yield Mark(match.start(), match.end(), ("when",), quantity=When(0, 0, (first, last)))
    for match in _COLOR.finditer(text):
        word = match["a"] or match["b"] or match["c"]
        yield Mark(match.start(), match.end(), ("color",), quantity=load_colors()[word])


def _find_numbers(text: str) -> Iterator[Mark]:
    for match in _FRACTION.finditer(text):
        if (share := number(match["some"]) / number(match["all"])) < 1:
            yield Mark(match.start(), match.end(), ("num",), quantity=Number(float(round(100 * share)), "%"))
    for match in _PERCENT.finditer(text):
        value = number(match["a"] or match["b"] or match["c"]) * (10 if match["c"] else 1)
        yield Mark(match.start(), match.end(), ("num",), quantity=Number(value, "%"))
    for match in _DEGREES.finditer(text):
        value = (number(match["n"]) + (0.5 if match["half"] else 0.0)) * (-1 if match["minus"] else 1)
        yield Mark(match.start(), match.end(), ("num",), quantity=Number(value, "°"))
    for match in _KELVIN.finditer(text):
        yield Mark(match.start(), match.end(), ("num",), quantity=Number(number(match["n"]), "K"))
    for match in _PLAIN.finditer(text):
        if match.group() != "一点":
            yield Mark(
                match.start(),
                match.end(),
                ("num",),
                quantity=Number(number(match["n"]) * (-1 if match["minus"] else 1)),
            )


def _seconds(text: str) -> float:
    total = 0.0
    for amount, half, unit, after in re.findall(rf"({_NUM}|半) ?个?(半)?({_UNIT})(半)?", text):
        count = 0.5 if amount == "半" else number(amount)
        total += (count + (0.5 if half or after else 0.0)) * _UNITS[unit]
    return total


def _clock(match: re.Match[str]) -> ClockTime | None:
    hour = int(number(match["hour"]))
    said = match["minute"]
    alone = not (match["day"] or match["part"] or said) and "钟" not in match.group()
    if alone and match["hour"] == "一":
        return None  # 一点 is "a little"
    minute = {"半": 30, "一刻": 15, "三刻": 45, "整": 0, None: 0}.get(said)
    minute = int(number(said)) if minute is None and said else minute or 0
    if not (0 <= hour <= 24 and 0 <= minute < 60):
        return None
    part = match["part"]
    if (part and _PARTS[part][0] >= 12 and hour < 12) or (part == "中午" and hour < 3):
        hour += 12
    day = _DAYS[match["day"]] if match["day"] else None
    weekday = _WEEKDAYS[match["weekday"]] if match["weekday"] else None
    fixed = bool(part) or hour > 12 or hour == 0
    return ClockTime(hour % 24, minute, fixed, day, weekday, week=int(bool(match["next"])))


def _sun(match: re.Match[str]) -> ClockTime:
    offset = _seconds(match["offset"]) if match["offset"] else 0.0
    day = {"明": 1}.get((match["day"] or " ")[0])
    sun = "sunset" if match["set"] or match["dark"] else "sunrise"
    return ClockTime(0, day=day, sun=sun, offset=-offset if match["dir"] == "前" else offset)


def _when(match: re.Match[str]) -> When:
    part = match["part"]
    hours = (_PARTS[part][0], _PARTS[part][1]) if part else (0, 24)
    if match["weekday"]:
        return When(0, 0, hours, weekday=_WEEKDAYS[match["weekday"]], week=int(bool(match["next"])))
    if match["weekend"]:
        return When(0, 1, hours, weekday=5, week=int("下" in match["weekend"]))
    if match["week"]:
        return When(7, 13) if "下" in match["week"] else When(0, 6)
    offset = _DAYS[match["day"] or match["short"]]
    return When(offset, offset, hours)
