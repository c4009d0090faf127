"""Word what was done, what is asked back and what was found out, as one short answer in the speaker's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .intentions import Result, Situation


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said; `asks` is true when the microphone shall stay open for a reply."""

    text: str
    asks: bool = False


def word_answer(results: Sequence[Result], situation: Situation) -> Answer:
    """Return the answer to all results of a turn."""
    _ = situation
    return Answer("OK." if results else "")
