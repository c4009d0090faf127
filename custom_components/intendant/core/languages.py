"""Choose the phrases of a language."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from .phrases_en import English
from .phrases_zh import Chinese
from .text import lower

if TYPE_CHECKING:
    from .phrases import Phrases


@cache
def phrases_of(language: str) -> Phrases:
    """Return the phrases of a language, English for those that have none of their own."""
    return Chinese() if lower(language).startswith("zh") else English()
