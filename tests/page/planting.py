"""What is planted for the page to show: turns of all kinds, and text that would do harm if it were taken for HTML."""

from datetime import UTC, datetime, timedelta
from typing import Any

HOSTILE = (
    '<img src=x onerror="window.harmed=1">',
    "</span><script>window.harmed=1</script>",
    "\"><svg onload='window.harmed=1'>",
    "{utterance} ${window.harmed=1} <b>bold</b>",
)
AGENT = "conversation.intendant"
LIGHT, SCENE = "light.kitchen_ceiling", "scene.movie_night"
WRONG_MOVIE, LAST = 126, 128


def turn(number: int, utterance: str, **other: Any) -> dict[str, Any]:
    """Return the record of one turn, an hour after the one before."""
    at = datetime.now(UTC) - timedelta(hours=LAST + 1 - number)
    record: dict[str, Any] = {
        "id": number,
        "at": at.isoformat(),
        "agent": AGENT,
        "area": "kitchen",
        "source": "satellite",
        "utterance": utterance,
        "confidence": 0.93,
        "decision": "act",
        "outcome": "done",
        "answer": "Done.",
    }
    return record | other


def turns() -> list[dict[str, Any]]:
    """Return many ordinary turns, then the hostile ones, then one of each kind."""
    off = {"service": "light.turn_off", "entity_ids": [LIGHT], "data": {}}
    dim = {"service": "light.turn_on", "entity_ids": [LIGHT], "data": {"brightness_pct": 40}}
    play = {"service": "media_player.media_play", "entity_ids": ["media_player.living_room_tv"], "data": {}}
    undone = {"kind": "undone", "at": datetime.now(UTC).isoformat(), "by": None, "entity_ids": []}
    mark = [[9, 22, ["light"], [["entity", LIGHT]]]]
    ordinary = [
        turn(n, f"turn off the kitchen light, time {n}", marks=mark, reading="off @1", steps=[off], answer="Light off.")
        for n in range(1, 120)
    ]
    hostile = [
        turn(120 + n, text, answer=text, decision="none", reason=text, outcome="none", area=text, reading=text)
        for n, text in enumerate(HOSTILE)
    ]
    paris = {"decision": "hand_over", "outside": 0.97, "answer": "Paris.", "area": None, "source": "app"}
    which = {"decision": "ask", "reason": "which", "reading": "off light", "answer": "Which one?", "outcome": "waiting"}
    marks = [[1, 5, ["light"], [["entity", LIGHT]]], [7, 12, ["num"], []]]
    chinese = {"language": "zh", "marks": marks, "reading": "set @1 brightness=@2", "steps": [dim]}
    movie = {"reading": "on media here", "steps": [play], "signals": [undone], "answer": "Playing."}
    door = {"decision": "refuse", "reason": "not_allowed", "outcome": "none", "reading": "unlock @1"}
    return [
        *ordinary,
        *hostile,
        turn(124, "what is the capital of France", **paris),
        turn(125, "turn off the light", **which),
        turn(WRONG_MOVIE, "movie time", **movie),
        turn(127, "把厨房的灯调到百分之四十", answer="厨房灯调到 40% 了。", **chinese),
        turn(LAST, "unlock the front door", marks=[[7, 21, ["lock"], []]], answer="That is not for me.", **door),
    ]


def answers() -> dict[str, dict[str, Any]]:
    """Return what the commands answer that no journal has an answer to."""
    scores = {"exact": 0.765, "en": {"exact": 0.753}}
    version = {"hash": "ab12cd34ef56ab78", "made": "2026-11-01T12:00:00+00:00", "scores": scores, "why": ""}
    shadowed = turn(1, HOSTILE[0], reading="off light", shadow={"bundle": "99", "reading": "run scene", "steps": []})
    return {
        "intendant/bundles/list": {
            "in_service": "3",
            "versions": [
                {**version, "version": "3", "state": "in_service"},
                {**version, "version": "2", "state": "shadow"},
                {**version, "version": "1", "state": "kept"},
                {**version, "version": "4", "state": "refused", "why": HOSTILE[1]},
            ],
        },
        "intendant/bundles/use": {},
        "intendant/bundles/back": {},
        "intendant/bundles/shadow": {},
        "intendant/bundles/differences": {"turns": [shadowed]},
        "intendant/routines/list": {
            "routines": [{"id": "r1", "text": HOSTILE[2], "why": "On 12 of the last 14 evenings.", "state": "offered"}]
        },
        "intendant/routines/decide": {},
    }
