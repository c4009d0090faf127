"""The plain words for an ideal reading: how somebody says it who was not understood."""

from typing import TYPE_CHECKING, Any, Final

from custom_components.intendant.core.notation import parse_calls
from custom_components.intendant.core.values import Text, Word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from custom_components.intendant.core.values import Call, Term

_DONE: Final = {
    "on": ("turn on {}", "打开{}"),
    "off": ("turn off {}", "关掉{}"),
    "open": ("open {}", "打开{}"),
    "close": ("close {}", "关上{}"),
    "stop": ("stop {}", "停下{}"),
    "lock": ("lock {}", "锁上{}"),
    "unlock": ("unlock {}", "打开{}的锁"),
    "pause": ("pause {}", "暂停{}"),
    "next": ("next track on {}", "{}下一首"),
    "previous": ("previous track on {}", "{}上一首"),
    "mute": ("mute {}", "{}静音"),
    "unmute": ("unmute {}", "{}取消静音"),
    "start": ("start {}", "启动{}"),
    "dock": ("send {} back to its dock", "让{}回去充电"),
    "locate": ("find {}", "找一下{}"),
    "run": ("run {}", "运行{}"),
    "read": ("what is on {}", "{}上有什么"),
    "where": ("where is {}", "{}在哪里"),
    "state": ("what is {}", "{}怎么样"),
}
_HELD: Final = {
    ("play", "query"): ("play {1} on {0}", "用{0}放{1}", "play {1}", "放{1}"),
    ("add", "item"): ("add {1} to {0}", "把{1}加到{0}", "add {1} to the shopping list", "把{1}加到购物清单"),
    ("broadcast", "message"): ("announce {1}", "广播{1}", "announce {1}", "广播{1}"),
    ("timer_start", "time"): ("set a timer for {1}", "设一个{1}的计时器", "set a timer for {1}", "设一个{1}的计时器"),
}
"""What holds a value: English and Chinese with a thing, then without one."""
_SET: Final = {
    "brightness": ("set {} to {} percent brightness", "把{}的亮度调到{}"),
    "color": ("make {} {}", "把{}调成{}"),
    "effect": ("set {} to the {} effect", "把{}调成{}效果"),
    "temperature": ("set {} to {} degrees", "把{}调到{}度"),
    "humidity": ("set {} to {} percent humidity", "把{}的湿度调到{}"),
    "mode": ("set {} to {} mode", "把{}调到{}模式"),
    "speed": ("set {} to {} speed", "把{}的风速调到{}"),
    "position": ("set {} to {} percent", "把{}开到{}"),
    "volume": ("set the volume of {} to {}", "把{}的音量调到{}"),
    "source": ("switch {} to {}", "把{}切换到{}"),
    "value": ("set {} to {}", "把{}设为{}"),
}
_MORE: Final = {
    "brightness": ("make {} brighter", "把{}调亮一点"),
    "temperature": ("turn up the temperature of {}", "把{}的温度调高一点"),
    "volume": ("turn up the volume of {}", "把{}的音量调大一点"),
    "humidity": ("turn up the humidity of {}", "把{}的湿度调高一点"),
    "speed": ("make {} faster", "把{}的风速调大一点"),
    "position": ("open {} a bit more", "把{}再开一点"),
}
_LESS: Final = {
    "brightness": ("make {} dimmer", "把{}调暗一点"),
    "temperature": ("turn down the temperature of {}", "把{}的温度调低一点"),
    "volume": ("turn down the volume of {}", "把{}的音量调小一点"),
    "humidity": ("turn down the humidity of {}", "把{}的湿度调低一点"),
    "speed": ("make {} slower", "把{}的风速调小一点"),
    "position": ("close {} a bit more", "把{}再关一点"),
}
_KINDS: Final = {
    "light": ("the lights", "灯"),
    "climate": ("the heating", "暖气"),
    "tv": ("the TV", "电视"),
    "media": ("the speaker", "音箱"),
    "speaker": ("the speaker", "音箱"),
    "blind": ("the blind", "百叶窗"),
    "curtain": ("the curtains", "窗帘"),
    "cover": ("the blinds", "窗帘"),
    "fan": ("the fan", "风扇"),
    "switch": ("the switches", "开关"),
    "lock": ("the locks", "门锁"),
    "vacuum": ("the vacuum", "扫地机器人"),
    "window": ("the windows", "窗户"),
    "door": ("the doors", "门"),
}
_NUMBERS: Final = frozenset({"brightness", "humidity", "position", "temperature"})
_VALUES_ZH: Final = {
    "half": "一半",
    "max": "最大",
    "min": "最小",
    "low": "低",
    "high": "高",
    "eco": "节能",
    "sleep": "睡眠",
    "warm": "暖光",
}
_UNITS: Final = {"percent", "%", "degrees", "degree", "度", "成"}


class PlainWords:
    """Says readings with the names that the home really has."""

    def __init__(self, home: Mapping[str, Any]) -> None:
        """Take the home as its file says it."""
        self._names = {entity["id"]: entity for entity in home["entities"]}
        self._names |= {f"area.{area['id']}": area for area in home["areas"]}
        self._names |= {f"floor.{floor['id']}": floor for floor in home["floors"]}

    def name(self, thing: str, language: str) -> str:
        """Return what a thing or place is called; in Chinese by its Chinese alias, if there is one."""
        known = self._names[thing]
        han = [alias for alias in known.get("aliases") or () if not alias.isascii()]
        return str(han[0] if language == "zh" and han else known["name"])

    def names(self, things: Sequence[str], language: str) -> str:
        """Return several names as one says them."""
        said = [self.name(thing, language) for thing in things]
        return (
            "和".join(said)
            if language == "zh"
            else " and ".join(name if "'s" in name else f"the {name}" for name in said)
        )

    def say(self, reading: str, language: str) -> str | None:
        """Return a reading in plain words; None where there are none for it."""
        said = [self._say(call, language) for call in parse_calls(reading)]
        if any(part is None for part in said):
            return None
        return ("，" if language == "zh" else " and ").join(part for part in said if part)

    def _say(self, call: Call, language: str) -> str | None:
        if call.excepts or (whole := self._whole(call, language)) is None:
            return None
        held = dict(call.slots)
        now = whole
        for slot, words in (("in", ("{} in {}", "{1}后{0}")), ("at", ("{} at {}", "{1}{0}")), ("for", ("{} for {}", "{0}{1}"))):  # fmt: skip
            if slot in held:
                value = _value(held[slot], slot, language)
                now = words[language == "zh"].format(now, value)
        return now

    def _whole(self, call: Call, language: str) -> str | None:
        """Return a call without its time."""
        zh = language == "zh"
        slots = [(slot, term) for slot, term in call.slots if slot not in ("in", "at", "for")]
        what = self._what(call, language)
        slot, term = slots[0] if slots else ("", None)
        value = _value(term, slot, language) if term is not None else ""
        if (call.verb, slot) in _HELD:
            return _HELD[call.verb, slot][zh + 2 * (not what)].format(what, value)
        if call.verb in ("set", "more", "less"):
            table = {"set": _SET, "more": _MORE, "less": _LESS}[call.verb]
            return table[slot][zh].format(what, value) if len(slots) == 1 and slot in table and what else None
        if call.verb == "start" and slot == "room" and what and isinstance(term, Text):
            place = self.name(term.text, language)
            return f"让{what}打扫{place}" if zh else f"vacuum the {place}"
        return _DONE[call.verb][zh].format(what) if call.verb in _DONE and not slots and what else None

    def _what(self, call: Call, language: str) -> str:
        """Return what a call is about; empty where it does not say."""
        zh = language == "zh"
        things = [term.text for term in call.targets if isinstance(term, Text)]
        words = [term.word for term in call.targets if isinstance(term, Word)]
        if any(thing not in self._names for thing in things):
            return ""
        kind = _KINDS.get(call.kind or "", ("", ""))[zh]
        places = [thing for thing in things if thing.startswith(("area.", "floor."))]
        if places and kind:
            named = self.names(places, language)
            return f"{named}的{kind}" if zh else f"{kind} in {named}"
        if things:
            return self.names(things, language) if not places else ""
        if words == ["all"] and kind:
            return f"所有{kind}" if zh else f"all {kind}"
        return (f"这里的{kind}" if zh else f"{kind} in here") if words == ["here"] and kind else kind


def _value(term: Term, slot: str, language: str) -> str:
    """Return a value as one says it; what the sentence for it says already is taken off."""
    said = term.text if isinstance(term, Text) else str(getattr(term, "word", ""))
    if language == "zh":
        said = _VALUES_ZH.get(said, said)
        return said.removesuffix("度") if slot == "temperature" else said
    words = said.replace("%", " %").split()
    return " ".join(word for word in words if slot not in _NUMBERS or word not in _UNITS).replace("_", " ")


def things_of(calls: Sequence[Call]) -> list[str]:
    """Return the ids of the things that calls name."""
    named = [term.text for call in calls for term in call.targets if isinstance(term, Text)]
    return [name for name in dict.fromkeys(named) if not name.startswith(("area.", "floor."))]
