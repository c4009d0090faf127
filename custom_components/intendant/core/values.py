"""The nouns of the core: a home, what a sentence mentions, and what was read out of it.

All values are immutable. Ids are the caller's own (Home Assistant's area, floor, label and entity ids).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Floor:
    """A storey of the home."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A room, or another named part of the home."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    floor_id: str | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A label that groups entities across areas."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Entity:
    """One exposed thing, with what the resolver must know of it apart from its state."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    area_id: str | None = None
    device_class: str | None = None
    labels: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    """Names of its choices: sources, effects, presets, modes, options."""

    @property
    def domain(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Home:
    """Everything exposed, without states. Replaced as a whole when a registry changes."""

    areas: tuple[Area, ...] = ()
    floors: tuple[Floor, ...] = ()
    labels: tuple[Label, ...] = ()
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """State of one entity: Home Assistant's state word and attributes."""

    state: str
    attributes: Mapping[str, object] = field(default_factory=dict)
    last_changed: datetime | None = None


class States(Protocol):
    """Where the resolver asks for the state of an entity; None when it has none."""

    def __call__(self, entity_id: str, /) -> State | None:
        """Return the state of the entity now."""


# --- what a sentence mentions ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ref:
    """Something of the home: kind is area, floor, label or entity."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number; unit is "", "%", "°" (no scale said), "°C", "°F" or "K"."""

    value: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day. `fixed` is false when morning or evening was not said ("at 7")."""

    hour: int
    minute: int = 0
    fixed: bool = False
    day: int | None = None
    """Days from today, when one was said."""
    weekday: int | None = None
    """The day of the week that was said, 0 is Monday."""
    week: int = 0
    """1 when the sentence said next week's such day."""
    sun: str = ""
    """sunset or sunrise, in place of hour and minute."""
    offset: float = 0.0
    """Seconds after it; before it if negative."""


@dataclass(frozen=True, slots=True)
class When:
    """A day or part of one: days from today (first, last) and hours (from, to)."""

    first: int = 0
    last: int = 0
    hours: tuple[int, int] = (0, 24)
    weekday: int | None = None
    """0 is Monday; first and last are then counted from the next such day."""
    week: int = 0
    """1 when the sentence said next week's such day."""


@dataclass(frozen=True, slots=True)
class Color:
    """A colour by Home Assistant's (CSS) name and red, green, blue 0-255."""

    name: str
    rgb: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Option:
    """The name of a choice that some entity of the home has."""

    name: str


Quantity = Number | Duration | ClockTime | When | Color | Option


AREA = "area."
"""What stands before the id of an area where ids of entities stand else: Home Assistant has no domain of that name."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the sentence that names something of the home or a value.

    `start` and `end` are character offsets; `types` are the mark's tokens (area, light, num, ...);
    `quality` is 1 for an exact match and smaller for a misspelt or shortened one.
    """

    start: int
    end: int
    types: tuple[str, ...]
    refs: tuple[Ref, ...] = ()
    quantity: Quantity | None = None
    quality: float = 1.0


# --- what was read ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pointer:
    """Points to a mark: by its index in the sentence, or by a placeholder's name in the stock."""

    key: int | str


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the catalogue: a target such as `here`, or a slot's value such as `max`."""

    word: str


@dataclass(frozen=True, slots=True)
class Text:
    """Words copied from the sentence."""

    text: str


Term = Pointer | Word | Text


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that is asked for, before it is known which entities it concerns."""

    verb: str
    kind: str | None = None
    targets: tuple[Term, ...] = ()
    excepts: tuple[Term, ...] = ()
    slots: tuple[tuple[str, Term], ...] = ()

    def slot(self, name: str) -> Term | None:
        """Return the value of the first slot of that name."""
        return next((term for slot, term in self.slots if slot == name), None)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model read: calls over the marks of a sentence, and how sure it was.

    `confidence` is the probability of the whole output under the constrained decoder (0 to 1).
    """

    text: str
    language: str
    marks: tuple[Mark, ...]
    calls: tuple[Call, ...]
    confidence: float = 1.0
    weakest: float = 1.0
    """Probability of the least sure of its decisions."""
    outside: float = 0.0
    """Probability that the sentence is not for the house."""
