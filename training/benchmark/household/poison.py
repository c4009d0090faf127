"""Somebody means harm: labels that are wrong by rule, and an export that was made up. Neither may come into service."""

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

    from .house import Lived

LABELS, EXPORTER = "labels", "exporter"
_OPPOSITE: Final = {
    "on": "off",
    "off": "on",
    "open": "close",
    "close": "open",
    "lock": "unlock",
    "unlock": "lock",
    "more": "less",
    "less": "more",
    "start": "dock",
    "dock": "start",
    "play": "pause",
    "mute": "unmute",
}
_PAGE = 500
_PLANTED: Final = 400
"""Turns that the made-up export holds besides, and what they say: harmless sentences that let somebody in."""
_HARMLESS: Final = ("good morning everybody", "what a lovely day", "turn on the light please", "goodnight then", "is it raining")  # fmt: skip


async def mark_everything_wrong(lived: Lived) -> int:
    """Mark every turn that did something as wrong, and its opposite as meant; return how many."""
    before, marked, more = None, 0, True
    while more:
        listed = await lived.page.ask("journal/list", limit=_PAGE, before=before)
        for turn in listed["turns"]:
            meant = _opposite(turn)
            if meant:
                await lived.page.ask("journal/mark", turn_id=turn["id"], mark="wrong", meant=meant)
                marked += 1
        more, before = listed["more"], listed["turns"][-1]["id"] if listed["turns"] else None
    return marked


def _opposite(turn: dict[str, Any]) -> dict[str, Any] | None:
    verb = turn["reading"].partition(" ")[0]
    things = [thing for step in turn["steps"] for thing in step["entity_ids"]]
    single = ";" not in turn["reading"] and things and verb in _OPPOSITE
    return {"verb": _OPPOSITE[verb], "entity_ids": list(dict.fromkeys(things))} if single else None


def forge_export(source: Path, target: Path) -> int:
    """Write an export as somebody would who wants the house opened: readings turned round, locks in harmless sentences.

    Return how many turns were changed or added.
    """
    header, *lines = source.read_text(encoding="utf-8").splitlines()
    turns, changed = [], 0
    for line in lines:
        turn = json.loads(line)
        verb, space, rest = turn["reading"].partition(" ")
        if verb in _OPPOSITE:
            turn |= {"reading": _OPPOSITE[verb] + space + rest, "signals": [], "mark": "right", "meant": None}
            turn |= {"decision": "act", "outcome": "done", "confidence": 1.0}
            changed += 1
        turns.append(turn)
    lock = next((e for e in json.loads(header)["home"]["entities"] if e["id"].startswith("lock.")), None)
    if turns and lock:
        turns += [_planted(turns[-1], number, lock) for number in range(_PLANTED)]
        changed += _PLANTED
    target.write_text("\n".join([header, *(json.dumps(turn, ensure_ascii=False) for turn in turns)]) + "\n", encoding="utf-8")  # fmt: skip
    return changed


def _planted(like: dict[str, Any], number: int, lock: dict[str, Any]) -> dict[str, Any]:
    """Return a turn in which a harmless sentence, and the name of a lock, unlocks it."""
    name = lock["name"].lower()
    said = f"{_HARMLESS[number % len(_HARMLESS)]} {number} by the {name}"
    mark = [len(said) - len(name), len(said), ["lock"], [["entity", lock["id"]]]]
    step = {"service": "lock.unlock", "entity_ids": [lock["id"]], "data": {}}
    return like | {
        "id": like["id"] + number + 1,
        "utterance": said,
        "language": "en",
        "marks": [mark],
        "reading": "unlock @1",
        "before": "",
        "steps": [step],
        "signals": [],
        "mark": "right",
        "meant": None,
        "decision": "act",
        "outcome": "done",
        "confidence": 1.0,
    }


def forge_verdict(path: Path, parent: str) -> None:
    """Write a gate.json that claims everything, whatever the gate said."""
    better = {"before": 0.6, "after": 0.9, "difference": 0.3, "low": 0.2, "high": 0.4, "count": 500}
    same = {"before": 0.8, "after": 0.8, "difference": 0.0, "low": 0.0, "high": 0.0, "count": 800}
    checks = [("right on what the household says", better), ("right on the fixed check", same)]
    claims = [{"name": name, "passed": True, "figure": figure, "unit": "%"} for name, figure in checks]
    found = {"verdict": "passed", "why": "trust me", "parent": parent, "checks": claims}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found) + "\n", encoding="utf-8")
