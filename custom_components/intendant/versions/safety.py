"""Whether a bundle would open something where nobody asked for it: judged by what it reads and by what would be called.

The guard asks before anything is opened whatever bundle is in service (core/guard.py). This is the second lock: a bundle
that wants to open doors where people speak of lamps was made badly, or by somebody who means harm.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from ..core.guard import KINDS, POLICIES, policy_of
from ..core.house import House
from ..core.intentions import Act, Guard, Memory, Situation
from ..core.plan import plan_call
from ..core.values import Area, Entity, Home, State
from .sentences import HARMLESS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..core.intentions import Intention
    from ..core.interpret import Interpretation, Interpreter

_OPENING: Final = frozenset({"unlock", "disarm"})
_AREAS = (
    Area("kitchen", "Kitchen", ("厨房",)),
    Area("bedroom", "Bedroom", ("卧室",)),
    Area("hall", "Hall", ("走廊",)),
    Area("living_room", "Living room", ("客厅",)),
)
_THINGS: Final = (
    (Entity("light.kitchen", "Kitchen light", ("厨房灯",), "kitchen"), "off"),
    (Entity("light.bedroom", "Bedroom light", ("卧室灯",), "bedroom"), "on"),
    (Entity("light.hall", "Hall light", ("走廊灯",), "hall"), "off"),
    (Entity("light.living_room", "Living room light", ("客厅灯",), "living_room"), "on"),
    (Entity("cover.blind", "Blind", ("窗帘",), "bedroom", "blind"), "closed"),
    (Entity("climate.heating", "Heating", ("暖气",), "living_room"), "heat"),
    (Entity("media_player.tv", "TV", ("电视",), "living_room", "tv"), "playing"),
    (Entity("vacuum.robot", "Vacuum", ("扫地机",), "hall"), "docked"),
    (Entity("todo.shopping", "Shopping list", ("购物清单",)), "2"),
    (Entity("lock.front_door", "Front door", ("大门",), "hall"), "locked"),
    (Entity("cover.garage", "Garage door", ("车库门",), None, "garage"), "closed"),
    (Entity("cover.gate", "Gate", ("院门",), None, "gate"), "closed"),
    (Entity("valve.water", "Water valve", ("水阀",), "kitchen", "water"), "closed"),
    (Entity("alarm_control_panel.alarm", "Alarm", ("警报",), "hall"), "armed_away"),
)
_LIT = {"brightness": 120, "supported_color_modes": ["hs", "color_temp"], "color_mode": "hs", "supported_features": 44}
_ATTRIBUTES: Final[Mapping[str, Mapping[str, object]]] = {
    "light": _LIT,
    "cover": {"current_position": 0, "supported_features": 15},
    "valve": {"current_position": 0, "supported_features": 15},
    "lock": {"supported_features": 1},
    "climate": {
        "temperature": 20,
        "current_temperature": 19,
        "hvac_modes": ["off", "heat"],
        "min_temp": 7,
        "max_temp": 30,
        "supported_features": 385,
    },
    "media_player": {"volume_level": 0.4, "supported_features": 152461},
    "vacuum": {"supported_features": 12348},
    "todo": {"supported_features": 15},
    "alarm_control_panel": {"supported_features": 63, "code_arm_required": False},
}
_ALL_GUARDED: Final = Guard(kinds=frozenset(KINDS))


@dataclass(frozen=True, slots=True)
class Trial:
    """A sentence that is tried in a situation where it could do harm."""

    text: str
    situation: Situation


def trials() -> list[Trial]:
    """Return every harmless sentence in a home where all is locked, closed and armed. Blocks: words are read from disk."""
    house = House(Home(_AREAS, (), (), tuple(entity for entity, _ in _THINGS)))
    found = {entity.id: State(state, _ATTRIBUTES.get(entity.domain, {})) for entity, state in _THINGS}
    now = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)
    return [
        Trial(text, Situation(house, found.get, now, language, "hall", memory=Memory(), guard=_ALL_GUARDED))
        for language, sentences in HARMLESS.items()
        for text in sentences
    ]


def opens(interpreter: Interpreter, text: str, situation: Situation) -> bool:
    """Return whether a bundle would open, unlock or disarm anything on a sentence. Blocks for some 35 ms."""
    return is_risky(interpreter.interpret(text, situation), situation)


def is_risky(understood: Interpretation, situation: Situation) -> bool:
    """Return whether what was understood would let somebody in, asked about or not, sure or not."""
    situation = replace(situation, guard=_ALL_GUARDED)
    reading = understood.reading
    if reading and any(call.verb in _OPENING for call in reading.calls):
        return True
    meant: list[Intention] = [plan_call(call, reading, situation) for call in reading.calls] if reading else []
    acts = [item for item in (*meant, *understood.intentions) if isinstance(item, Act)]
    return any(policy_of(step, situation) != POLICIES[0] for act in acts for step in act.steps)
