"""What a slot asks for: an absolute value, a change, or a choice, in plain numbers and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from .names import split_plain
from .text import join_stems, lower
from .values import Call, Color, Number, Option, Pointer, Text, Word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .values import Quantity, Reading, Term

_STEPS = {"little": 0.5, "some": 1.0, "lot": 2.0}
_MODES = {
    "heat": ("heat", "heating", "制热"), "cool": ("cool", "cooling", "制冷"), "heat_cool": ("heat_cool", "auto"), "auto": ("auto", "heat_cool", "automatic", "自动"), "dry": ("dry", "drying", "除湿"),
    "fan_only": ("fan_only", "fan", "送风"), "eco": ("eco", "economy", "energy saving", "low", "节能", "经济", "省电"), "away": ("away", "not home", "离家", "外出"), "home": ("home", "comfort", "none", "在家", "居家"), "night": ("night", "sleep", "夜间", "夜晚"), "sleep": ("sleep", "night", "睡眠", "睡觉"),
    "boost": ("boost", "turbo", "high demand", "performance", "强力", "速热", "强劲"), "comfort": ("comfort", "home", "舒适", "柔和"), "quiet": ("quiet", "silent", "low", "sleep", "静音", "安静", "轻音"), "turbo": ("turbo", "boost", "max", "high", "超强", "强劲", "极速"),
    "normal": ("normal", "balanced", "standard", "none", "auto", "标准", "普通", "正常"), "performance": ("performance", "high demand", "boost", "高效"), "vacation": ("vacation", "holiday", "away", "度假"),
    "low": ("low", "quiet", "silent", "1", "低", "弱", "低速", "一档"), "medium": ("medium", "mid", "middle", "2", "中", "中速", "二档"), "high": ("high", "strong", "3", "高", "强", "高速", "三档"), "max": ("max", "turbo", "high", "最大", "最高", "强力", "高", "强"), "min": ("min", "quiet", "low", "最小", "最低", "静音", "低", "弱"),
}  # fmt: skip
"""What the catalogue's words may be called by a device, best first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A wish for one property."""

    call: Call
    slot: str
    word: str | None = None
    quantity: Quantity | None = None
    text: str | None = None

    @classmethod
    def from_term(cls, call: Call, slot: str, term: Term, reading: Reading) -> Wanted:
        """Read a slot's value."""
        match term:
            case Word(word):
                return cls(call, slot, word=word)
            case Text(text):
                return cls(call, slot, text=text)
            case Pointer(int(number)) if 0 < number <= len(reading.marks):
                mark = reading.marks[number - 1]
                text = reading.text[mark.start : mark.end]
                return cls(call, slot, quantity=mark.quantity, text=text)
        return cls(call, slot)

    @property
    def sign(self) -> int:
        """1 for more, -1 for less, 0 for an absolute value."""
        return {"more": 1, "less": -1}.get(self.call.verb, 0)

    @property
    def number(self) -> Number | None:
        """The number said, if any."""
        return self.quantity if isinstance(self.quantity, Number) else None

    @property
    def color(self) -> Color | None:
        """The colour said, if any."""
        return self.quantity if isinstance(self.quantity, Color) else None

    def value(
        self, current: float | None, low: float, high: float, step: float, words: dict[str, float] | None = None
    ) -> float | None:
        """Return the new value between low and high, None when nothing usable was said.

        A change counts from `current` by `step` (half of it for a little, twice for a lot), by the number said, or by half or double.
        An absolute number is returned as said, even outside the range, so that the caller can refuse it.
        """
        base = current if current is not None else (low + high) / 2
        if self.sign:
            return min(max(self._changed(base, low, high, step), low), high)
        if self.number is not None:
            return self.number.value
        fixed = {"max": high, "min": low, "half": (low + high) / 2, **(words or {})}
        return fixed.get(self.word or "")

    def _changed(self, base: float, low: float, high: float, step: float) -> float:
        if self.number is not None:
            return base + self.sign * self.number.value
        match self.word:
            case "half":
                return base / 2 if self.sign < 0 else base * 1.5
            case "double":
                return base * 2 if self.sign > 0 else base / 2
            case "max" | "min":
                return high if self.sign > 0 else low
        return base + self.sign * step * _STEPS.get(self.word or "some", 1.0)

    def match(self, options: Iterable[str]) -> str | None:
        """Return which of a device's own choices is meant, None when it has none like it."""
        options = [str(option) for option in options]
        said = self.quantity.name if isinstance(self.quantity, Option) else self.text
        names = [said] if said else []
        names += list(_MODES.get(self.word or "", (self.word,) if self.word else ()))
        if said and not said.isascii():
            # What a device calls "performance" is shown and said as 高效.
            names += [other for ways in _MODES.values() if said in ways for other in ways if other.isascii()]
        keys = {join_stems(split_plain(option.replace("_", " "))): option for option in options}
        for name in names:
            if name and (hit := keys.get(join_stems(split_plain(name.replace("_", " "))))):
                return hit
        for name in names:
            # What a Chinese name is of is often left out: "睡眠" for "睡眠风".
            if name and not name.isascii() and (hit := next((option for option in options if name in option), None)):
                return hit
        if not said:
            return None
        best = max(options, key=lambda option: fuzz.ratio(lower(option), lower(said)), default=None)
        return best if best and fuzz.ratio(lower(best), lower(said)) > 70 else None
