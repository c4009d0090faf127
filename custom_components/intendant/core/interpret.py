"""From a sentence to intentions: the one place that knows the order of the stages.

clean → (complete what was asked about | mark names and values → prompt → model writes calls under the grammar)
→ plan each call in the situation → decide
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .complete import complete_call, complete_words, corrects
from .decide import decide, never_twice
from .decode import encode_pieces, write_calls
from .encode import prompt_pieces
from .follow import carry_over
from .grammar import Grammar
from .intentions import Intention, Refuse
from .personal import name_own_room
from .plan import plan_call
from .quantities import find_quantities
from .text import MAX_SENTENCE, clean, lower
from .values import Call, Reading

if TYPE_CHECKING:
    from .bundle import Bundle
    from .house import House
    from .intentions import Situation


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What a sentence means here and now: the reading (None when there was nothing to read) and what shall be done about it."""

    reading: Reading | None
    intentions: tuple[Intention, ...]
    corrects: bool = False
    """Whether the sentence says that the turn before did the wrong thing, which is to be taken back first."""


class Interpreter:
    """Understands sentences with one bundle. Holds no state of a conversation; may be used from several threads."""

    def __init__(self, bundle: Bundle) -> None:
        """Take the bundle in service."""
        self._bundle = bundle
        self._ids: dict[str, int] = bundle.special_ids

    def read(self, text: str, house: House, language: str = "en", previous: Reading | None = None) -> Reading:
        """Return what the model reads in a cleaned sentence."""
        low = lower(text)
        marks = tuple(house.names.find(low, find_quantities(low)))
        prompt, places = encode_pieces(self._bundle.tokenizer, self._ids, prompt_pieces(low, marks, previous))
        grammar = Grammar(self._ids, marks, places, text)
        written = write_calls(self._bundle.model.session(), prompt, self._ids, grammar)
        return Reading(text, language, marks, written.calls, written.confidence, written.weakest, written.outside)

    def interpret(self, text: str, situation: Situation) -> Interpretation:
        """Return reading and intentions for a sentence as it was heard."""
        cleaned = clean(text)
        if not re.search(r"\w", cleaned):
            return Interpretation(None, (Refuse(Call("none"), "nothing_said"),))
        if len(text.strip()) > MAX_SENTENCE:
            return Interpretation(None, (Refuse(Call("none"), "too_long"),))
        reading = complete_call(cleaned, situation) or self._read_anew(name_own_room(cleaned, situation), situation)
        intentions = tuple(plan_call(call, reading, situation) for call in reading.calls)
        decided = never_twice(decide(reading, intentions, situation, self._bundle.thresholds), situation)
        return Interpretation(reading, decided, corrects(cleaned, situation.language))

    def _read_anew(self, cleaned: str, situation: Situation) -> Reading:
        """Return what the model reads; words in which it finds nothing to do may be the words that were asked for."""
        before = situation.memory.reading
        reading = carry_over(self.read(cleaned, situation.house, situation.language, before), before)
        if reading.outside >= self._bundle.thresholds.outside or reading.calls[0].verb == "none":
            return complete_words(cleaned, situation) or reading
        return reading
