"""Find mistakes in case files: what a home does not have, cannot do, or already is."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from .cases import LEVELS, Case, effect, effects, find_home, turns_of
from .collect import Collector
from .hass import BUILT_IN, Piece, find_agent, running_home
from .possible import possible
from .score import RIGHT, score

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

KNOWN = {"say", "level", "kind", "area", "before", "earlier", "after"}
OUTCOMES = {"expect", "either", "answer", "timer", "later", "todo", "broadcast", "confirm", "refuse", "chat", "asks"}
DOORS = {"door", "garage", "gate"}


async def check(by_home: dict[str, list[Case]]) -> int:
    """Print every mistake and every remark; return 1 if there was a mistake."""
    mistakes = 0
    for home, cases in by_home.items():
        async with running_home(find_home(home)) as running:
            collector = Collector(running, BUILT_IN, await find_agent(running, BUILT_IN))
            pieces = {piece.id: piece for piece in running.house.home.pieces}
            areas = {area.id for area in running.house.home.areas}
            for case in (turn for whole in cases for turn in turns_of(whole)):
                found = list(_form(case.data, areas))
                found = found or list(_things(case.data, pieces))
                notes = [] if found else [note async for note in _trial(collector, case)]
                mistakes += len(found)
                for line in [*found, *(f"(note) {note}" for note in notes)]:
                    print(f"{case.name}\n    {line}")
        for (_, _, say), count in Counter(
            (case.language, case.data.get("area"), case.data.get("say")) for case in cases if "turns" not in case.data
        ).items():
            if count > 1:
                print(f"{home}: (note) said {count} times: {say}")
    print(f"{sum(map(len, by_home.values()))} cases, {mistakes} mistakes")
    return 1 if mistakes else 0


def _form(data: dict[str, Any], areas: set[str]) -> Iterator[str]:
    """Yield what is wrong with the form of a case."""
    if not data.get("say"):
        yield "says nothing"
    if data.get("level") not in LEVELS:
        yield f"level {data.get('level')} is none of {', '.join(LEVELS)}"
    if not data.get("kind"):
        yield "has no kind"
    for key in data.keys() - KNOWN - OUTCOMES:
        yield f"unknown key {key}"
    if not data.keys() & OUTCOMES:
        yield "expects nothing: say refuse or chat if nothing may happen"
    if data.get("area") and data["area"] not in areas:
        yield f"no area {data['area']}"
    if {"expect", "either"} <= data.keys():
        yield "has both expect and either"
    if "later" in data and not data["later"].get("seconds"):
        yield "later without seconds"


def _things(data: dict[str, Any], pieces: dict[str, Piece]) -> Iterator[str]:
    """Yield what the home does not have or cannot do."""
    for entity, keys in effect(data.get("before")).items():
        if entity not in pieces:
            yield f"before: no {entity}"
        else:
            yield from (f"before: {problem}" for problem in possible(pieces[entity], keys, moved=False))
    wanted = [*effects(data), effect((data.get("later") or {}).get("expect"))]
    for entity, keys in _pairs(wanted):
        yield from _expected(entity, keys, pieces)
        if (
            entity in pieces
            and "earlier" not in data
            and _sensitive(pieces[entity], str(keys.get("state")))
            and _acts(data, pieces[entity], keys)
        ):
            yield f"{entity}: {keys['state']} must be confirmed"
    for entity, keys in effect(data.get("confirm")).items():
        yield from _expected(entity, keys, pieces)
    yield from _lists(data, pieces)


def _lists(data: dict[str, Any], pieces: dict[str, Piece]) -> Iterator[str]:
    """Yield what is wrong with the to-do items that a case expects."""
    for entity, changes in (data.get("todo") or {}).items():
        if entity not in pieces or not entity.startswith("todo."):
            yield f"no list {entity}"
            continue
        entries = pieces[entity].keys.get("items") or ()
        items = {str(entry if isinstance(entry, str) else entry["summary"]) for entry in entries}
        for kind, names in changes.items():
            if kind not in ("added", "completed", "removed"):
                yield f"{entity}: {kind} is none of added, completed, removed"
            elif kind != "added" and not {"earlier", "before"} & data.keys():
                yield from (f"{entity} holds no {name}" for name in names if name not in items)


def _pairs(wanted: Iterable[dict[str, dict[str, Any]]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every entity with its keys."""
    for one in wanted:
        yield from one.items()


def _expected(entity: str, keys: dict[str, Any], pieces: dict[str, Piece]) -> Iterator[str]:
    """Yield what speaks against expecting this."""
    if entity not in pieces:
        yield f"no {entity}"
    elif not pieces[entity].exposed:
        yield f"{entity} is not exposed"
    else:
        yield from possible(pieces[entity], keys, moved=True)


def _sensitive(piece: Piece, state: str) -> bool:
    """Return whether this needs a yes."""
    match piece.domain:
        case "lock":
            return state in ("unlocked", "open")
        case "cover":
            return state == "open" and piece.keys.get("device_class") in DOORS
        case "alarm_control_panel":
            return state == "disarmed"
    return False


def _acts(data: dict[str, Any], piece: Piece, keys: dict[str, Any]) -> bool:
    """Return whether the state is not there already."""
    start = effect(data.get("before")).get(piece.id, {}).get("state", piece.keys.get("state"))
    return bool(start != keys.get("state"))


async def _trial(collector: Collector, case: Case) -> Any:  # noqa: ANN401 (an iterator of notes)
    """Yield what the case would say about an agent that does nothing."""
    data = case.data
    await collector.reset(data.get("before") or {})
    start, lists, timers = collector.look(), collector.lists(), collector.timers()
    for entity, keys in _pairs(effects(data)):
        for key, value in keys.items():
            now = start[entity].get(key)
            if (value, now) in (("up", 100), ("down", 0)) or (value == "up" and key == "volume" and now == 1):
                yield f"{entity} {key} cannot go {value} from {now}"
            hidden = entity.startswith("media_player.") and start[entity]["state"] == "off" and "state" not in keys
            if hidden and key not in ("state", "search"):
                yield f"{entity} does not show {key} while it is off: expect a state too"
    if "earlier" in data or data.keys() & {"answer", "refuse", "chat"}:
        return
    record = {
        "case": data,
        "start": start,
        "moved": {},
        "confirmed": {"moved": {}},
        "soon": {},
        "later": {},
        "lists": [lists, lists],
        "timers": [timers, timers],
        "announced": [],
        "reply": "",
        "asks": False,
    }
    if score(record, [])[0] == RIGHT:
        yield "already so: it only tests that nothing moves"
