"""Read a home from its YAML file (demo/HOMES.md); knows nothing of Home Assistant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

type Keys = Mapping[str, Any]

OWN_KEYS = frozenset({"id", "name", "area", "aliases", "labels", "exposed", "available"})


class HomeError(ValueError):
    """A home file says something that cannot be built."""


@dataclass(frozen=True, slots=True)
class Floor:
    """One storey."""

    id: str
    name: str
    level: int | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """One room, or a part of the garden."""

    id: str
    name: str
    floor: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """A mark that people put on things."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One entity as the file describes it; `keys` are those of its domain."""

    id: str
    name: str
    area: str | None = None
    aliases: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    exposed: bool = True
    available: bool = True
    keys: Keys = field(default_factory=dict)

    @property
    def domain(self) -> str:
        """Return the part of the id before the dot."""
        return self.id.partition(".")[0]

    @property
    def object_id(self) -> str:
        """Return the part of the id after the dot."""
        return self.id.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Home:
    """Everything one file says."""

    name: str
    language: str
    floors: tuple[Floor, ...]
    areas: tuple[Area, ...]
    labels: tuple[Label, ...]
    pieces: tuple[Piece, ...]

    def of_domain(self, domain: str) -> list[Piece]:
        """Return the pieces of one domain, in the file's order."""
        return [piece for piece in self.pieces if piece.domain == domain]


def load_home(path: Path | str) -> Home:
    """Read the file and return its home."""
    data = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        message = f"{path}: not a mapping"
        raise HomeError(message)
    try:
        return parse_home(data)
    except HomeError as err:
        message = f"{path}: {err}"
        raise HomeError(message) from err


def parse_home(data: Mapping[str, Any]) -> Home:
    """Return the home that the mapping describes; complain about ids that lead nowhere."""
    home = Home(
        name=str(data.get("name", "Home")),
        language=str(data.get("language", "en")),
        floors=tuple(Floor(**_tidy(floor)) for floor in data.get("floors") or ()),
        areas=tuple(Area(**_tidy(area)) for area in data.get("areas") or ()),
        labels=tuple(Label(**_tidy(label)) for label in data.get("labels") or ()),
        pieces=tuple(_piece(entity) for entity in data.get("entities") or ()),
    )
    problems = list(_loose_ends(home))
    if problems:
        raise HomeError("; ".join(problems))
    return home


def as_keys(value: object) -> dict[str, Any]:
    """Return `on`, `{state: on, ...}` and YAML's own booleans all as one mapping of keys."""
    keys = dict(value) if isinstance(value, Mapping) else {"state": value}
    if isinstance(keys.get("state"), bool):
        keys["state"] = "on" if keys["state"] else "off"
    return keys


def _tidy(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entry with its lists as tuples of strings."""
    return {
        key: tuple(str(item) for item in value) if isinstance(value, list) else value for key, value in entry.items()
    }


def _piece(entry: Mapping[str, Any]) -> Piece:
    """Split an entity's entry into what every entity has and what its domain has."""
    own = _tidy({key: value for key, value in entry.items() if key in OWN_KEYS and value is not None})
    rest = {key: value for key, value in entry.items() if key not in OWN_KEYS}
    if "id" not in own or "." not in own["id"]:
        message = f"an entity without an id: {entry}"
        raise HomeError(message)
    own.setdefault("name", own["id"].partition(".")[2].replace("_", " "))
    own["name"] = str(own["name"])
    return Piece(**own, keys=as_keys(rest) if "state" in rest else rest)


def _loose_ends(home: Home) -> Iterable[str]:
    """Yield every double id and every reference to something that is not there."""
    yield from _doubles("floor", [floor.id for floor in home.floors])
    yield from _doubles("area", [area.id for area in home.areas])
    yield from _doubles("entity", [piece.id for piece in home.pieces])
    floors = {floor.id for floor in home.floors}
    areas = {area.id for area in home.areas}
    labels = {label.id for label in home.labels}
    ids = {piece.id for piece in home.pieces}
    for area in home.areas:
        if area.floor is not None and area.floor not in floors:
            yield f"area {area.id}: no floor {area.floor}"
    for piece in home.pieces:
        if piece.area is not None and piece.area not in areas:
            yield f"{piece.id}: no area {piece.area}"
        for label in set(piece.labels) - labels:
            yield f"{piece.id}: no label {label}"
        for other in set(piece.keys.get("sets") or {}) - ids:
            yield f"{piece.id}: sets {other}, which does not exist"


def _doubles(what: str, ids: list[str]) -> Iterable[str]:
    """Yield a complaint for every id that occurs twice."""
    for entry in sorted({entry for entry in ids if ids.count(entry) > 1}):
        yield f"{what} {entry} occurs twice"
