"""Let the ideal readings of the household take the place of the model: what then comes of a turn is what could come of it.

Ids in quotes ("light.floor_lamp", "area.guest") become marks of their own, since none of the household's pet names is in the home.
"""

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from custom_components.intendant.core.bundle import load_bundle
from custom_components.intendant.core.catalog import load_catalog
from custom_components.intendant.core.notation import parse_calls
from custom_components.intendant.core.quantities import find_quantities
from custom_components.intendant.core.text import lower
from custom_components.intendant.core.values import Mark, Pointer, Reading, Ref, Term, Text
from training.benchmark.given import GivenInterpreter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from custom_components.intendant.core.bundle import Bundle, Card
    from custom_components.intendant.core.house import House
    from custom_components.intendant.core.values import Call

    from .weeks import Turn

_COPIED = ("source", "mode", "effect", "option")
_PLACES = ("area", "floor")


class Ideal(GivenInterpreter):
    """Reads every sentence as it was meant; `meant` is shared with whoever says the turns."""

    def __init__(self, bundle: Bundle, meant: dict[str, tuple[Call, ...]]) -> None:
        """Take the readings by their sentences."""
        super().__init__(bundle, {})
        self._meant = meant

    def readings(
        self,
        text: str,
        house: House,
        language: str = "en",
        previous: Reading | None = None,  # noqa: ARG002 - the model's to know
        named: tuple[Mark, ...] = (),
    ) -> Iterator[Reading]:
        """Yield the ideal reading; what nobody meant anything by is not for the house."""
        low = lower(text)
        marks = list(house.names.find(low, [*find_quantities(low), *named]))
        calls = tuple(_point(call, low, marks, house) for call in self._meant.get(text) or parse_calls("none"))
        yield Reading(text, language, tuple(marks), calls)


def _point(call: Call, text: str, marks: list[Mark], house: House) -> Call:
    """Return the call with pointers for ids and values; marks for them are added."""
    free = {slot for slot, words in load_catalog().slots.items() if "text" in words and "option" not in words}

    def put(term: Term, slot: str = "") -> Term:
        if not isinstance(term, Text):
            return term
        if slot in ("", "room") or term.text in house.entities:
            return _add(marks, _named(term.text))
        if slot in free:
            return term
        said = next(
            (n for n, m in enumerate(marks, 1) if m.quantity is not None and text[m.start : m.end] == lower(term.text)),
            None,
        )
        if said:
            return Pointer(said)
        value = next((mark for mark in find_quantities(lower(term.text)) if mark.quantity is not None), None)
        return _add(marks, replace(value, start=0, end=0)) if value and slot not in _COPIED else term

    slots = tuple((slot, put(term, slot)) for slot, term in call.slots)
    return replace(call, targets=tuple(map(put, call.targets)), excepts=tuple(map(put, call.excepts)), slots=slots)


def _named(name: str) -> Mark:
    kind, _, rest = name.partition(".")
    return Mark(0, 0, (kind,), (Ref(kind, rest) if kind in _PLACES else Ref("entity", name),))


def _add(marks: list[Mark], mark: Mark) -> Pointer:
    marks.append(mark)
    return Pointer(len(marks))


def meant_by(turn: Turn) -> dict[str, tuple[Call, ...]]:
    """Return the ideal reading of a turn, and of what was said before it in the same conversation (timers only)."""
    earlier = {said: parse_calls(_timer(said)) for said in turn.data.get("earlier") or ()}
    return {**earlier, turn.say: parse_calls(turn.data["reading"])}


def _timer(said: str) -> str:
    """Return the reading of a sentence that starts or pauses a timer of twenty minutes; none for others."""
    if said in ("pause the timer", "暂停计时器"):
        return "timer_pause"
    if "计时器" in said:
        name = said.split("二十分钟的")[1].removesuffix("计时器") if "二十分钟的" in said else ""
        return 'timer_start time="二十分钟"' + (f' name="{name}"' if name else "")
    if "timer for" in said:
        name = said.removeprefix("set a ").split("timer for")[0].strip()
        return 'timer_start time="twenty minutes"' + (f' name="{name}"' if name else "")
    return "none"


@contextmanager
def ideal_readings(meant: dict[str, tuple[Call, ...]]) -> Iterator[None]:
    """Load what reads ideally wherever Intendant would load a bundle."""

    def load(folder: Path) -> tuple[Any, Card]:
        bundle = load_bundle(folder)
        return Ideal(bundle, meant), bundle.card

    with (
        patch("custom_components.intendant.engine.load_interpreter", load),
        patch("custom_components.intendant.config_flow.load_interpreter", load),
    ):
        yield
