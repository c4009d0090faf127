"""Compare what happened with what was expected (CASES.md); knows nothing of Home Assistant."""

import re
from typing import Any

from .cases import effect, effects
from .timers import happened
from .values import matches, same

RIGHT, WRONG, PARTIAL, ASKED, NOTHING = "right", "wrong", "partial", "asked", "nothing"
PRESSED = {"button", "input_button", "scene"}
# What may change along with a listed key without being listed itself.
ALONG: dict[tuple[str, str], set[str]] = {
    ("light", "color"): {"color_temp_kelvin", "effect"},
    ("light", "color_temp_kelvin"): {"color", "effect"},
    ("light", "effect"): {"color", "color_temp_kelvin", "brightness_pct"},
    ("cover", "state"): {"position"},
    ("valve", "state"): {"position"},
    ("fan", "state"): {"percentage", "preset"},
    ("fan", "percentage"): {"preset"},
    ("fan", "preset"): {"percentage"},
    ("media_player", "search"): {"title", "track"},
    ("media_player", "source"): {"title", "track", "search"},
    ("vacuum", "state"): {"cleaning"},
    ("vacuum", "cleaning"): {"cleaning"},
}
# Keys that bring a state with them, so that the state need not be listed.
BRING_STATE = {
    "light": {"brightness_pct", "color", "color_temp_kelvin", "effect"},
    "cover": {"position"},
    "valve": {"position"},
    "fan": {"percentage", "preset"},
    "media_player": {"search", "source", "title"},
    "vacuum": {"cleaning"},
    "script": {"runs"},
}

Record = dict[str, Any]


def score(record: Record, means: list[str]) -> tuple[str, list[str]]:
    """Return the verdict and what was not as it should be."""
    case = record["case"]
    best: tuple[list[str], list[str]] | None = None
    for expected in effects(case):
        wrong, missing = _compare(record, case, expected, means)
        if best is None or (len(wrong), len(missing)) < (len(best[0]), len(best[1])):
            best = wrong, missing
    wrong, missing = best or ([], [])
    if not wrong and not missing:
        return RIGHT, []
    reasons = [*wrong, *missing]
    if wrong:
        return WRONG, reasons
    if record["asks"]:
        return ASKED, reasons
    return (PARTIAL if acted(record) else NOTHING), reasons


def acted(record: Record) -> bool:
    """Return whether anything at all was done."""
    lists, timers = record["lists"], record["timers"]
    return bool(record["moved"] or record["announced"] or lists[0] != lists[1] or timers[0].keys() != timers[1].keys())


def _compare(
    record: Record, case: Record, expected: dict[str, dict[str, Any]], means: list[str]
) -> tuple[list[str], list[str]]:
    """Return what moved wrongly and what did not happen, for one of the effects that would be right."""
    start = record["start"]
    wrong, missing = _moves(start, record["moved"], expected, means)
    if "confirm" in case:
        more, less = _moves(start, record["confirmed"]["moved"], effect(case["confirm"]), means)
        wrong, missing = wrong + more, missing + less
    if "later" in case:
        afterwards = effect(case["later"].get("expect"))
        early, _ = _moves(start, record["soon"], expected, means)
        # What holds in between is not asked for afterwards, unless it is listed again.
        settled = {entity: keys for entity, keys in expected.items() if entity not in afterwards}
        more, less = _moves(start, record["later"], {**settled, **afterwards}, means)
        wrong, missing = wrong + [f"too early: {what}" for what in early] + more, missing + less
    for judge in (_answer, _asks, _timer, _todo, _broadcast):
        more, less = judge(record, case)
        wrong, missing = wrong + more, missing + less
    return wrong, missing


def _moves(
    start: Record, moved: Record, expected: dict[str, dict[str, Any]], means: list[str]
) -> tuple[list[str], list[str]]:
    """Return what moved wrongly and what did not move."""
    wrong: list[str] = []
    missing: list[str] = []
    for entity, keys in expected.items():
        before: Record = start.get(entity, {})
        after: Record = moved.get(entity, before)
        bad, absent = _entity(entity.partition(".")[0], keys, before, after)
        wrong += [f"{entity} {what}" for what in bad]
        missing += [f"{entity} {what}" for what in absent]
    for entity in moved.keys() - expected.keys():
        if entity in means and (entity.startswith("scene.") or set(_changes(start[entity], moved[entity])) == {"runs"}):
            continue
        # A list shows its number of open items as its state; the items themselves are judged elsewhere.
        if not entity.startswith("todo."):
            wrong.append(f"{entity} moved: {_changes(start[entity], moved[entity])}")
    return wrong, missing


def _entity(domain: str, keys: Record, before: Record, after: Record) -> tuple[list[str], list[str]]:
    """Return what is wrong with one entity that is listed, and what it did not do."""
    wrong: list[str] = []
    missing: list[str] = []
    changes = _changes(before, after)
    for key, value in keys.items():
        if domain in PRESSED and key == "state":
            holds = "state" in changes
        else:
            holds = matches(domain, key, value, before.get(key), after.get(key))
        if not holds:
            what = f"{key} should be {value}, is {after.get(key)}"
            (wrong if key in changes else missing).append(what)
    free = {key for listed in keys for key in ALONG.get((domain, listed), ())} | keys.keys()
    if keys.keys() & BRING_STATE.get(domain, set()):
        free = free | {"state"}
    for key, (old, new) in changes.items():
        # What appears or disappears follows from being on or off.
        if key not in free and old is not None and new is not None:
            wrong.append(f"{key} moved: {old} -> {new}")
    return wrong, missing


def _changes(before: Record, after: Record) -> dict[str, tuple[Any, Any]]:
    """Return the keys that differ, with both values."""
    return {
        key: (before.get(key), after.get(key))
        for key in {**before, **after}
        if not same(before.get(key), after.get(key))
    }


def _answer(record: Record, case: Record) -> tuple[list[str], list[str]]:
    """Compare the reply with the answers that are right."""
    if "answer" not in case:
        return [], []
    reply = _folded(record["reply"])
    for wanted in case["answer"]:
        parts = wanted if isinstance(wanted, list) else [wanted]
        if all(_folded(str(part)) in reply for part in parts):
            return [], []
    return [], [f"the reply holds none of {case['answer']}"]


def _asks(record: Record, case: Record) -> tuple[list[str], list[str]]:
    """Say whether a question was due that was not asked."""
    return [], ["nothing was asked back"] if case.get("asks") and not record["asks"] else []


def _timer(record: Record, case: Record) -> tuple[list[str], list[str]]:
    """Compare the timers before and after."""
    events, commands = happened(*record["timers"])
    wanted = case.get("timer")
    wrong = [] if "later" in case else [f"a delayed command was set: {command}" for command in commands]
    if wanted is None:
        return wrong + [f"timer {event}" for event in events], []
    name = wanted.get("name")
    missing = []
    for kind, value in wanted.items():
        if kind == "name":
            continue
        found = [event for event in events if _timer_fits(event, kind, value, name)]
        if not found:
            missing.append(f"timer {kind} {value} {name or ''}".rstrip())
        used = found if kind == "cancelled" else found[:1]
        events = [event for event in events if event not in used]
    return wrong + [f"timer {event}" for event in events], missing


def _timer_fits(event: Record, kind: str, value: object, name: str | None) -> bool:
    """Return whether the event is the one that was wanted."""
    if event["kind"] != kind or (name and _folded(name) not in _folded(event["name"] or "")):
        return False
    return value is True or abs(float(event["seconds"]) - float(str(value))) <= max(2.0, 0.01 * float(str(value)))


def _todo(record: Record, case: Record) -> tuple[list[str], list[str]]:
    """Compare the items of every list."""
    before, after = record["lists"]
    wrong: list[str] = []
    missing: list[str] = []
    for entity, old in before.items():
        wanted = (case.get("todo") or {}).get(entity, {})
        should = {_folded(summary): status for summary, status in old}
        for item in wanted.get("added") or ():
            should[_folded(item)] = "needs_action"
        for item in wanted.get("completed") or ():
            should[_folded(item)] = "completed"
        for item in wanted.get("removed") or ():
            should.pop(_folded(item), None)
        now = {_folded(summary): status for summary, status in after[entity]}
        was = {_folded(summary): status for summary, status in old}
        for item in should.keys() | now.keys():
            if should.get(item) != now.get(item):
                what = f"{entity}: {item} should be {should.get(item)}, is {now.get(item)}"
                (missing if was.get(item) == now.get(item) else wrong).append(what)
    return wrong, missing


def _broadcast(record: Record, case: Record) -> tuple[list[str], list[str]]:
    """Compare what was announced."""
    said = [re.sub(r"\W+", "", _folded(message)) for message in record["announced"]]
    if "broadcast" not in case:
        return [f"announced: {message}" for message in record["announced"]], []
    wanted = re.sub(r"\W+", "", _folded(case["broadcast"]))
    wrong = [f"announced: {message}" for message in said if message != wanted]
    return wrong, [] if wanted in said else [f"not announced: {case['broadcast']}"]


def _folded(text: str) -> str:
    """Return the text without case and with plain quotes."""
    return text.casefold().replace("’", "'").replace("\u00a0", " ").strip()
