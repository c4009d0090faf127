"""Answer what needs no model: what may be said here, with things of this very home for examples; when the sun sets; which room is coldest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .intentions import Intention, Refuse, Tell
from .lexicon import load_words
from .moments import next_moment
from .questions_values import tell_extreme_room
from .text import lower
from .values import Call, ClockTime

if TYPE_CHECKING:
    from .intentions import Situation


def understand_help(text: str, situation: Situation) -> Intention | None:
    """Return the answer to a cleaned sentence that asks what can be said here, for sunset or sunrise, or for the coldest room; None for any other."""
    said = lower(text).strip(" .,!?。，！？")
    for sun, pattern in load_words(situation.language)["daylight"].items():
        if re.fullmatch(pattern, said):
            moment = next_moment(ClockTime(0, sun=sun), situation)
            call = Call("time")
            return Tell(call, "sun", {"sun": sun, "at": moment.isoformat()}) if moment else Refuse(call, "no_sun")
    for prop, ways in load_words(situation.language)["extremes"].items():
        for way, pattern in ways.items():
            if re.fullmatch(pattern, said):
                return tell_extreme_room(Call("state"), prop, situation, highest=way == "highest")
    if not re.fullmatch(load_words(situation.language)["helping"], said):
        return None
    house = situation.house
    lights = house.in_domains(("light",))
    near = [thing for thing in lights if thing.area_id == situation.area_id] or lights
    area = next((area for area in house.home.areas if house.in_area(area.id)), None)
    return Tell(Call("none"), "help", {"light": near[0].name if near else "", "area": area.name if area else ""})
