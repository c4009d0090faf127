"""Load the catalogue: which verbs, kinds, targets and slots a reading may hold."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

DATA = Path(__file__).parent / "data"

MARK_VALUES = frozenset({"num", "dur", "time", "when", "color", "option"})
"""Types of marks that hold a value and not a name."""
NAMES = frozenset({"area", "like"})
"""What stands in a slot for names: of places, of anything whose own value is meant."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """The catalogue as data; `hash` changes with every word of it that the model can see."""

    verbs: dict[str, tuple[str, ...]]
    """Verb → its slots in the order in which the model writes them."""
    kinds: dict[str, tuple[str, ...]]
    """Kind → domains, or "domain.device_class"."""
    targets: tuple[str, ...]
    slots: dict[str, tuple[str, ...]]
    """Slot → types of marks and words that may follow it."""
    hash: str

    @property
    def domains(self) -> tuple[str, ...]:
        """Every domain that a kind stands for, in the catalogue's order."""
        found = [item.partition(".")[0] for items in self.kinds.values() for item in items]
        return tuple(dict.fromkeys(found))

    @property
    def words(self) -> tuple[str, ...]:
        """Every value word that some slot may take (mark types excluded)."""
        found = [word for words in self.slots.values() for word in words]
        return tuple(word for word in dict.fromkeys(found) if word not in MARK_VALUES | NAMES | {"text"})


@cache
def load_catalog() -> Catalog:
    """Return the catalogue that lies beside this module."""
    raw = yaml.safe_load((DATA / "catalog.yaml").read_text(encoding="utf-8"))
    verbs = {str(verb): tuple(spec["slots"]) for verb, spec in raw["verbs"].items()}
    kinds = {str(kind): tuple(items) for kind, items in raw["kinds"].items()}
    slots = {str(slot): tuple(str(word) for word in words) for slot, words in raw["slots"].items()}
    targets = tuple(raw["targets"])
    text = repr((verbs, kinds, targets, slots))
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return Catalog(verbs, kinds, targets, slots, digest)
