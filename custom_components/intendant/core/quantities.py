"""Find the numbers, durations, times, days and colours that a sentence mentions.

They are marked before the model reads, so that the model only decides what they are for. Both languages are always
looked for: households mix them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import quantities_en, quantities_zh

if TYPE_CHECKING:
    from .values import Mark


def find_quantities(text: str) -> list[Mark]:
    """Return marks of all values in a lower-case sentence, longest first where two overlap, in order of place."""
    found = [*quantities_en.find(text), *quantities_zh.find(text)]
    found.sort(key=lambda mark: (mark.start - mark.end, mark.start))
    chosen: list[Mark] = []
    for mark in found:
        if all(mark.end <= other.start or mark.start >= other.end for other in chosen):
            chosen.append(mark)
    return sorted(chosen, key=lambda mark: mark.start)
