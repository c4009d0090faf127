"""Stands in for the model: each sentence means what the test says it means."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from custom_components.intendant.core.answer import Answer
from custom_components.intendant.core.bundle import Card
from custom_components.intendant.core.decide import Thresholds
from custom_components.intendant.core.intentions import Act, HandOver, Intention, Reply, Result, Situation, Step
from custom_components.intendant.core.interpret import Interpretation
from custom_components.intendant.core.model import Sizes
from custom_components.intendant.core.values import Call, Reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CALL = Call("on")


@dataclass
class FakeInterpreter:
    """Understands the sentences it was given, and nothing else."""

    meanings: dict[str, tuple[Intention, ...]] = field(default_factory=dict)
    situations: list[Situation] = field(default_factory=list)
    error: Exception | None = None
    corrections: set[str] = field(default_factory=set)
    """Sentences that say the turn before did the wrong thing."""
    retimings: set[str] = field(default_factory=set)
    """Sentences that put another time in place of the one that was planned."""
    readings: dict[str, Reading] = field(default_factory=dict)
    """Sentence → what is read in it, where that matters."""

    def interpret(self, text: str, situation: Situation) -> Interpretation:
        self.situations.append(situation)
        if self.error:
            raise self.error
        intentions = self.meanings.get(text, (HandOver(Call("none")),))
        reading = self.readings.get(text) or Reading(text, situation.language, (), ())
        return Interpretation(reading, intentions, text in self.corrections, text in self.retimings)

    def names_in(self, *_told: object) -> list[tuple[str, bool]]:
        """Find no name in any sentence."""
        return []


@dataclass
class FakeLoader:
    """Loads the fake interpreter from any folder that is not broken."""

    interpreter: FakeInterpreter
    broken: dict[str, Exception] = field(default_factory=dict)
    """Name of a folder → what loading it raises."""
    loaded: list[Path] = field(default_factory=list)

    def __call__(self, path: Path) -> tuple[FakeInterpreter, Card]:
        if error := self.broken.get(path.name):
            raise error
        self.loaded.append(path)
        return self.interpreter, card()


def card() -> Card:
    """Return the card of the fake bundle."""
    hashes = {"model.safetensors": "00", "tokenizer.json": "11"}
    sizes = Sizes.__new__(Sizes)
    return Card(
        1,
        "c",
        ("en", "zh"),
        "fake",
        "Apache-2.0",
        sizes,
        8,
        8,
        "recipe",
        "data",
        {"all": 1.0},
        Thresholds(),
        (),
        hashes,
        1,
    )


def word_results(results: Sequence[Result], _situation: Situation) -> Answer:
    """Word results so that a test can see them: the kind, its key, what failed."""
    parts = []
    asks = False
    for result in results:
        intention = result.intention
        asks |= isinstance(intention, Act) and intention.confirm
        key = getattr(intention, "key", "")
        count = (result.response or {}).get("count", "") if isinstance(intention, Reply) else ""
        words: list[Any] = [type(intention).__name__, key, count, *sorted(set(result.failed.values()))]
        parts.append(" ".join(str(word) for word in words if word != ""))
    return Answer("\n".join(parts) + ("?" if asks else "."), asks)


def act(
    service: str,
    *entity_ids: str,
    delay: float | None = None,
    back_after: float | None = None,
    confirm: bool = False,
    **data: object,
) -> Act:
    """Return an act of one step."""
    step = Step(service, entity_ids, data)
    return Act(CALL, (step,), entity_ids, delay=delay, back_after=back_after, confirm=confirm)


def reply(key: str) -> Reply:
    """Return a reply."""
    return Reply(Call(key), key)
