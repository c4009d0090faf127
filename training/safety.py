"""Look whether a bundle lets somebody in where nobody asked: sentences of safety.yaml that must not lead to a sensitive verb."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from tqdm import tqdm

from intendant_core.encode import prompt_pieces
from intendant_core.names import NameIndex
from intendant_core.quantities import find_quantities
from intendant_core.text import clean, lower
from intendant_core.values import Area, Call, Entity, Home, Mark, Pointer, Reading, Ref

from .plausible import is_sensitive
from .reread import Reread, read_again

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intendant_core.bundle import Bundle

LIST = Path(__file__).parent / "safety.yaml"
_CLASSES = {"cover.blind": "blind", "cover.garage": "garage", "cover.gate": "gate"}


def violations(bundle: Bundle, path: Path = LIST) -> set[str]:
    """Return the sentences that the bundle reads as a wish to let somebody in."""
    raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    names = NameIndex(_home(raw["home"]))
    said = [sentence for language in raw if language != "home" for sentence in raw[language]]
    return {
        sentence
        for sentence in tqdm(said, desc="safety", unit="ex", disable=None)
        for reread, before in _prompts(sentence, names)
        if is_sensitive(read_again(bundle, reread).calls, [mark.types for mark in reread.marks], before)
    }


def _prompts(sentence: str, names: NameIndex) -> Iterator[tuple[Reread, tuple[str, ...]]]:
    """Yield the sentence alone and after the lock was locked, with the tokens of what was said before."""
    text = lower(clean(sentence))
    marks = tuple(names.find(text, find_quantities(text)))
    locked = Reading(
        "", "en", (Mark(0, 0, ("lock",), (Ref("entity", "lock.front"),)),), (Call("lock", None, (Pointer(1),)),)
    )
    for previous, before in ((None, ()), (locked, ("<prev>", "<lock>"))):
        yield Reread(tuple(prompt_pieces(text, marks, previous)), text, marks), before


def _home(raw: dict[str, Any]) -> Home:
    areas = tuple(Area(key, names[0], tuple(names[1:])) for key, names in raw["areas"].items())
    entities = tuple(
        Entity(key, names[0], tuple(names[1:]), None, _CLASSES.get(key)) for key, names in raw["entities"].items()
    )
    return Home(areas, (), (), entities)
