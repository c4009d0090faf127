"""Tell a yes from everything else, where something waits for one: what opens a door must not hang on a model's guess.

A plain yes may carry a reason ("yes, my hands are full"). With a condition, another thing, a time or a "not" in it, it is none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .lexicon import load_words
from .quantities import find_quantities
from .text import clean, lower

if TYPE_CHECKING:
    from .intentions import Situation


def agreement(text: str, situation: Situation) -> str | None:
    """Return "yes" or "no" for a sentence that says so plainly about what waits for it, None for anything else."""
    words = load_words(situation.language)["agreeing"]
    low = lower(clean(text))
    if low.endswith("?"):
        return None
    low = low.strip(" .!,。！，")
    if re.fullmatch(words["no"], low):
        return "no"
    begins = re.match(words["yes"], low)
    if begins is None:
        return None
    rest = low[begins.end() :]
    marks = situation.house.names.find(rest, find_quantities(rest))
    about_it = all(mark.refs and all(ref.id in situation.memory.pending for ref in mark.refs) for mark in marks)
    # The command said once more is no yes: whoever said it first may not have been heard to ask.
    if not about_it or (marks and re.match(words["command"], low)):
        return None
    for mark in marks:
        rest = rest[: mark.start] + " " * (mark.end - mark.start) + rest[mark.end :]
    if re.fullmatch(words["after"], rest):
        return "yes" if re.search(words["unless"], rest) is None else None
    # A reason may follow a strong yes only, and speak of nothing but why: "ok, I'll do it myself" is none.
    strong = re.match(words["strong"], low)
    plain = strong is not None and re.fullmatch(words["after"] + words["reason"], rest) is not None
    other = re.search(words["unless"], rest) or re.search(words["no_reason"], rest)
    return "yes" if plain and not other else None
