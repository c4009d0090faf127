"""Bundles to be sent in: files that look like the default bundle's, packed as training packs them."""

import hashlib
import io
import json
import tarfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from custom_components.intendant.const import DEFAULT_BUNDLE
from custom_components.intendant.core.bundle import CARD, TOKENIZER, WEIGHTS, Card, read_card
from custom_components.intendant.core.interpret import Interpretation
from custom_components.intendant.core.notation import parse_calls
from custom_components.intendant.core.values import Reading

from .fakes import FakeInterpreter, FakeLoader

if TYPE_CHECKING:
    from pathlib import Path

    from custom_components.intendant.core.intentions import Situation

IN_SERVICE = read_card(DEFAULT_BUNDLE).sha256[WEIGHTS][:16]


@dataclass
class Mind(FakeInterpreter):
    """Reads the sentences it was given, and carries out their meanings."""

    calls: dict[str, str] = field(default_factory=dict)
    """Sentence → calls without pointers, in notation."""

    def interpret(self, text: str, situation: Situation) -> Interpretation:
        found = super().interpret(text, situation)
        calls = parse_calls(self.calls[text]) if text in self.calls else ()
        return Interpretation(Reading(text, situation.language, (), calls), found.intentions)


@dataclass
class MindLoader(FakeLoader):
    """Loads a mind of its own for each bundle, with the card that lies in its folder."""

    minds: dict[str, FakeInterpreter] = field(default_factory=dict)
    """Start of the SHA-256 of the weights → who understands with them."""

    def __call__(self, path: Path) -> tuple[FakeInterpreter, Card]:
        super().__call__(path)
        card = read_card(path)
        return self.minds.get(card.sha256[WEIGHTS][:16], self.interpreter), card


def hash_of(weights: bytes) -> str:
    """Return what such weights are called by."""
    return hashlib.sha256(weights).hexdigest()[:16]


def figure(name: str, before: float, after: float, count: int) -> dict[str, Any]:
    """Return one check of a gate, passed."""
    compared = {"before": before, "after": after, "difference": after - before, "low": 0.0, "high": 0.0, "count": count}
    return {"name": name, "passed": True, "figure": compared, "unit": "%"}


def evidence(**changes: Any) -> dict[str, Any]:
    """Return what a good gate says, with changes: of a check (its figures) or of the rest."""
    figures = {
        "household": (0.7, 0.8, 120),
        "wrong_here": (0.05, 0.04, 120),
        "fixed": (0.765, 0.763, 800),
        "wrong": (0.03, 0.03, 800),
        "latency": (36.0, 36.0, 57),
    }
    names = {
        "household": "right on what the household says",
        "wrong_here": "done wrongly of it",
        "fixed": "right on the fixed check",
        "wrong": "done wrongly of it",
        "latency": "milliseconds a reading",
    }
    figures |= {name: changes.pop(name) for name in names if name in changes}
    checks = [figure(names[name], *figures[name]) for name in names]
    return {"verdict": "passed", "why": "better", "parent": IN_SERVICE, "checks": checks, **changes}


def bundle_files(weights: bytes, *, card: dict[str, Any] | None = None, gate: object = None) -> dict[str, bytes]:
    """Return the files of a bundle with these weights: the default one's card and tokenizer, changed as said."""
    tokenizer = (DEFAULT_BUNDLE / TOKENIZER).read_bytes()
    raw = json.loads((DEFAULT_BUNDLE / CARD).read_bytes())
    raw["sha256"] = {WEIGHTS: hashlib.sha256(weights).hexdigest(), TOKENIZER: hashlib.sha256(tokenizer).hexdigest()}
    raw.update(card or {})
    found = evidence() if gate is None else gate
    return {
        WEIGHTS: weights,
        TOKENIZER: tokenizer,
        CARD: json.dumps(raw).encode(),
        "gate.json": json.dumps(found).encode(),
    }


def pack(files: dict[str, bytes], *others: tarfile.TarInfo) -> bytes:
    """Return an archive of files, and of other entries that are not plain files."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
        for info in others:
            tar.addfile(info)
    return packed.getvalue()


def entry_of(name: str, kind: bytes = tarfile.REGTYPE, to: str = "") -> tarfile.TarInfo:
    """Return an entry of an archive that is something else than a file of a bundle."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, to
    return info
