"""Tell a light that is green from light green: in "make the pool light green", light is the lamp."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from .lexicon import load_colors
from .values import Color

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .values import Mark

_LIGHT = "light "
_OWNED = re.compile(
    r"(?:\b(?:the|this|that|my|our|his|her|your|their|every|each|one|ceiling|desk|floor|wall|night|reading)|'s?) $"
)
"""What stands before a lamp and hardly before a shade of colour."""


def without_light(values: Iterable[Mark], names: Sequence[Mark], text: str) -> Iterator[Mark]:
    """Yield the marks of values in a lower-case sentence, pale colours as the bare ones where "light" is the thing.

    `names` are the marks of names that were found; they tell by where they end.
    """
    for mark in values:
        said = text[mark.start : mark.end]
        bare = load_colors().get(said.removeprefix(_LIGHT)) if isinstance(mark.quantity, Color) else None
        if bare is None or not said.startswith(_LIGHT):
            yield mark
            continue
        light = mark.start + len(_LIGHT) - 1
        called = any(name.end == light and name.start < mark.start for name in names)
        placed = any(name.end == mark.start - 1 and {"area", "floor"} & set(name.types) for name in names)
        thing = called or placed or _OWNED.search(text[: mark.start]) is not None
        yield replace(mark, start=light + 1, quantity=bare) if thing else mark
