"""A simulated household: its home, and the journal of what it said, as Home Assistant exports it."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from intendant_core.names import NameIndex
from intendant_core.quantities import find_quantities
from intendant_core.text import clean, lower
from intendant_core.values import Area, Entity, Floor, Home

if TYPE_CHECKING:
    from pathlib import Path

    from intendant_core.values import Mark

START = datetime(2026, 9, 1, 7, tzinfo=UTC)
HOME = Home(
    (
        Area("kitchen", "Kitchen", ("厨房",), "ground"),
        Area("study", "Study", ("书房",)),
        Area("hall", "Hall", ("门厅",)),
    ),
    (Floor("ground", "Downstairs", ("楼下",)),),
    (),
    (
        Entity("light.ceiling", "Kitchen ceiling", ("厨房顶灯",), "kitchen"),
        Entity("light.desk", "Desk lamp", ("书桌台灯",), "study"),
        Entity("switch.fountain", "Fountain", ("喷泉",), None),
        Entity("fan.tower", "Tower fan", ("塔扇",), "study"),
        Entity("lock.front", "Front door lock", ("前门锁",), "hall", "lock"),
        Entity("cover.gate", "Iron gate", ("铁门",), None, "gate"),
        Entity("cover.blind", "Study blind", ("书房百叶",), "study", "blind"),
        Entity("alarm_control_panel.house", "House alarm", ("家里警报",), None),
        Entity("media_player.tv", "Sky box", ("电视机",), "kitchen", "tv"),
        Entity("climate.heating", "Heating control", (), "study"),
        Entity("todo.shopping", "Corner shop", ("购物单",), None),
        Entity("scene.movie", "Film night", ("观影模式",), None),
        Entity("person.secret", "Zebulon Quartermain", ("欧阳若曦",), None),
    ),
)
INDEX = NameIndex(HOME)


def marks_of(said: str) -> list[Mark]:
    """Return the marks that Intendant finds in a sentence of this household."""
    low = lower(clean(said))
    return INDEX.find(low, find_quantities(low))


def turn(said: str, reading: str = "", **changes: Any) -> dict[str, Any]:
    """Return the record of a turn; pointers of the reading are numbers of marks."""
    marks = [[m.start, m.end, list(m.types), [[ref.kind, ref.id] for ref in m.refs]] for m in marks_of(said)]
    record = {
        "id": 0, "at": START.isoformat(), "agent": "conversation.intendant", "conversation": "", "language": "zh" if not said.isascii() else "en",
        "area": "study", "source": "satellite", "utterance": clean(said), "marks": marks, "reading": reading, "before": "",
        "confidence": 0.97, "weakest": 0.97, "outside": 0.01, "decision": "act" if reading and reading != "none" else "hand_over", "reason": None,
        "steps": [], "outcome": "done", "answer": "", "signals": [], "mark": None, "meant": None, "bundle": "0" * 16, "shadow": None,
    }  # fmt: skip
    return record | changes


def signal(kind: str, by: int | None = None, entity_ids: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"kind": kind, "at": START.isoformat(), "by": by, "entity_ids": list(entity_ids)}


def header(home: Home = HOME) -> dict[str, Any]:
    """Return the first line of an export."""
    listed = {
        "areas": [{"id": a.id, "name": a.name, "aliases": list(a.aliases), "floor_id": a.floor_id} for a in home.areas],
        "floors": [{"id": f.id, "name": f.name, "aliases": list(f.aliases)} for f in home.floors],
        "labels": [{"id": one.id, "name": one.name} for one in home.labels],
        "entities": [
            {"id": e.id, "name": e.name, "aliases": list(e.aliases), "area_id": e.area_id, "device_class": e.device_class, "options": []}
            for e in home.entities
        ],
    }  # fmt: skip
    return {"intendant_journal": 1, "made": START.isoformat(), "bundle": "0" * 16, "home": listed}


@dataclass(slots=True)
class Log:
    """A journal that is being written: one turn every ten minutes."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    def say(self, said: str, reading: str = "", **changes: Any) -> dict[str, Any]:
        """Add a turn and return it."""
        at = START + timedelta(minutes=10 * len(self.rows))
        self.rows.append(turn(said, reading, **({"id": len(self.rows) + 1, "at": at.isoformat()} | changes)))
        return self.rows[-1]

    def write(self, path: Path) -> Path:
        """Write the export."""
        lines = [header(), *self.rows]
        path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
        return path


VERBS = {
    "en": [("switch on", "on"), ("turn off", "off"), ("put on", "on"), ("kill", "off"), ("shut off", "off"), ("turn on", "on"), ("get", "on")],
    "zh": [("打开", "on"), ("关掉", "off"), ("把灯关了，", "off"), ("开一下", "on")],
}  # fmt: skip
THINGS = {
    "en": [("the desk lamp", "@1"), ("the tower fan", "@1"), ("the lights in the kitchen", "light @1"), ("the fountain", "@1")],
    "zh": [("书桌台灯", "@1"), ("塔扇", "@1"), ("喷泉", "@1")],
}  # fmt: skip
TAILS = {
    "en": [
        " before i trip", " it is too dark to read", " we are going to bed", " for the dog", " while i cook", " and be quick", " the film starts", " my hands are full", " i can't see a thing",
        " the baby is asleep", " we are leaving", " it is late", " i am home", " guests are coming", " for the night", " until i am back", " and stay there", " before dinner", " it is so cold",
        " everyone is out", " the sun is up", " and then rest", " that is all", " when you can", " i have a headache", " it is noisy", " we are done here", " my eyes hurt", " the kids are up",
    ],
    "zh": ["，我要睡觉了", "，太黑了", "，我们要出门", "，我在做饭", "，孩子睡了", "，太热了", "，电影开始了", "，手上没空", "，看不见", "，我回来了", "，太吵了", "，客人来了"],
}  # fmt: skip


def ordinary(log: Log, count: int, seed: int = 1) -> Log:
    """Let the household say so many things that are read right and done; new things are said as time goes by."""
    chance = random.Random(seed)
    for number in range(count):
        language = chance.choices(["en", "zh"], [0.7, 0.3])[0]
        (words, verb), (thing, target) = chance.choice(VERBS[language]), chance.choice(THINGS[language])
        tails = TAILS[language][: 3 + len(TAILS[language]) * number // count]
        said = f"{words}{' ' if language == 'en' else ''}{thing}{chance.choice(tails)}"
        log.say(said, f"{verb} {target}")
    return log
