"""Let given readings take the place of the model: what goes wrong then goes wrong in the code behind it.

A file of readings is `development/readings/<home>.<language>.txt`: a line for each sentence, `sentence | reading`, in the
notation of training/STOCK.md with the words of the sentence in quotes where that has placeholders.
"""

from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import patch

from custom_components.intendant.core.bundle import load_bundle
from custom_components.intendant.core.catalog import load_catalog
from custom_components.intendant.core.interpret import Interpreter
from custom_components.intendant.core.notation import parse_calls
from custom_components.intendant.core.quantities import find_quantities
from custom_components.intendant.core.text import clean, lower
from custom_components.intendant.core.values import Call, Mark, Pointer, Reading, Term, Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from custom_components.intendant.core.bundle import Bundle, Card
    from custom_components.intendant.core.house import House


@contextmanager
def given_readings(path: Path) -> Iterator[None]:
    """Load the readings of a file wherever Intendant would load a bundle."""
    lines = (line.partition(" | ") for line in path.read_text(encoding="utf-8").splitlines() if " | " in line)
    readings = {_key(said): parse_calls(reading.strip()) for said, _, reading in lines}

    def load(folder: Path) -> tuple[Interpreter, Card]:
        bundle = load_bundle(folder)
        return GivenInterpreter(bundle, readings), bundle.card

    with (
        patch("custom_components.intendant.engine.load_interpreter", load),
        patch("custom_components.intendant.config_flow.load_interpreter", load),
    ):
        yield


class GivenInterpreter(Interpreter):
    """Understands by looking up; what it does not find is not for the house."""

    def __init__(self, bundle: Bundle, readings: dict[str, tuple[Call, ...]]) -> None:
        """Take the readings by their sentences."""
        super().__init__(cast("Bundle", SimpleNamespace(thresholds=bundle.thresholds, special_ids={})))
        self._readings = readings

    def readings(
        self,
        text: str,
        house: House,
        language: str = "en",
        previous: Reading | None = None,  # noqa: ARG002 - the model's to know
        named: tuple[Mark, ...] = (),
    ) -> Iterator[Reading]:
        """Yield the given reading, its words as pointers to the marks of the sentence where there are such."""
        low = lower(text)
        marks = tuple(house.names.find(low, [*find_quantities(low), *named]))
        calls = tuple(_point(call, low, marks) for call in self._readings.get(_key(text), (Call("none"),)))
        yield Reading(text, language, marks, calls)


def _key(said: str) -> str:
    return lower(clean(said)).strip(" .!?,。！？，")


def _point(call: Call, text: str, marks: tuple[Mark, ...]) -> Call:
    free = {slot for slot, words in load_catalog().slots.items() if "text" in words and "option" not in words}

    def put(term: Term) -> Term:
        return _find(term.text, text, marks) if isinstance(term, Text) else term

    slots = tuple((slot, term if slot in free else put(term)) for slot, term in call.slots)
    return replace(call, targets=tuple(map(put, call.targets)), excepts=tuple(map(put, call.excepts)), slots=slots)


def _find(words: str, text: str, marks: tuple[Mark, ...]) -> Any:  # noqa: ANN401 (a pointer, or the words)
    start = text.find(words := lower(words))
    end = start + len(words)
    for number, mark in enumerate(marks, 1):
        shared = min(end, mark.end) - max(start, mark.start)
        if start >= 0 and shared > 0.5 * min(len(words), mark.end - mark.start):
            return Pointer(number)
    return Text(words)
