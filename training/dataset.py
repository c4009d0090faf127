"""Make the data set: ways of speaking, filled with the names of synthetic homes, disturbed, composed, encoded.

    python -m training.dataset OUT --examples 200000 --seed 1

Writes OUT/train.jsonl, validation.jsonl, test.jsonl (prompt, output, language, topic) and OUT/card.json. Validation and
test use ways of speaking and homes that train does not.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from intendant_core.catalog import load_catalog
from intendant_core.encode import MAX_MARKS, copy_words, make_previous, write_output, write_prompt
from intendant_core.quantities import find_quantities
from intendant_core.text import clean, lower
from intendant_core.values import Call, Mark, Pointer, Reading, Term, Text

from .decorate import decorate, join
from .earlier import Earlier
from .fill import fill_blanks, place_fills
from .homes import SyntheticHome, make_home
from .mishear import mishear
from .stock import BLANK, Way, read_names, read_stock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LANGUAGES = {"en": 0.55, "zh": 0.45}
SHARES = {"join": 0.13, "join_third": 0.25, "mishear": 0.10, "mishear_name": 0.07, "templates": 0.4}
TEMPLATES = "templates"
_TYPES_OF_BLANK = {"num": "num", "dur": "dur", "time": "time", "when": "when", "color": "color", "option": "option"}
_COPIED = frozenset({"text", "unknown"})


class Generator:
    """Draws examples of one language and split."""

    def __init__(
        self,
        language: str,
        split: str,
        rng: random.Random,
        homes: int,
        *,
        extra: Path | None = None,
        ways: Iterable[Way] | None = None,
    ) -> None:
        """Make the homes, and read the stock and the folder `extra` beside it; `ways` takes the place of both."""
        self.language, self.rng = language, rng
        self.plain = False
        """Whether sentences stay as they are: nothing put around them, misheard or said before."""
        self.names = read_names(language)
        other = read_names("zh" if language == "en" else "en")
        self.homes = [make_home(self.names, other, rng) for _ in range(homes)]
        self.topics: dict[str, list[Way]] = {}
        for way in read_stock(language, errors=[], extra=extra) if ways is None else ways:
            if split in (way.split, "all"):
                self.topics.setdefault(way.topic, []).append(way)
        self.weights = {topic: max(len(ways), 20) ** 0.75 for topic, ways in self.topics.items()}
        if TEMPLATES in self.weights:
            self.weights[TEMPLATES] *= SHARES["templates"]
        self.queue: dict[str, list[Way]] = {}
        self.earlier = Earlier(way for ways in self.topics.values() for way in ways)

    def _draw_way(self) -> Way:
        """Return the next way of a random topic; every way of a topic is used before one comes again."""
        topic = self.rng.choices(list(self.weights), list(self.weights.values()))[0]
        if not self.queue.get(topic):
            self.queue[topic] = self.rng.sample(self.topics[topic], len(self.topics[topic]))
        return self.queue[topic].pop()

    def draw(self) -> dict[str, str]:
        """Return one example: prompt, output, language, topic."""
        while True:
            way = self._draw_way()
            if self.rng.random() < SHARES["join"]:
                way = self._join(way)
                if self.rng.random() < SHARES["join_third"]:
                    way = self._join(way)
            example = self._make(way, self.rng.choice(self.homes))
            if example:
                return example

    def _join(self, way: Way) -> Way:
        """Return the way with another one before it, if both may stand beside others."""
        second = self._draw_way()
        return join(second, way, self.rng) if _joinable(way) and _joinable(second) else way

    def fill(self, way: Way, tries: int = 40) -> dict[str, str] | None:
        """Return an example of one way of speaking, None when no home has such things."""
        made = (self._make(way, self.rng.choice(self.homes)) for _ in range(tries))
        return next((example for example in made if example), None)

    def _make(self, way: Way, home: SyntheticHome) -> dict[str, str] | None:
        rng = self.rng
        if not self.plain:
            way = replace(way, sentence=decorate(way.sentence, self.language, rng))
            if rng.random() < SHARES["mishear"]:
                way = replace(way, sentence=_mishear_around(way.sentence, rng))
        way = replace(way, sentence=clean(way.sentence))
        fills = fill_blanks(way, home, self.names, rng)
        if fills is None:
            return None
        said = {key: clean(self._mishear_name(key, fill.words)) for key, fill in fills.items()}
        sentence, spans = place_fills(way.sentence, said)
        text = clean(sentence)
        if text != sentence or not text:
            return None  # cleaning moved the offsets
        text = lower(text)
        marks = home.index.find(text, find_quantities(text))
        terms = {key: _find_term(key, fills[key].ref_id, spans[key], text, marks) for key in fills}
        if any(term is None for term in terms.values()) or len(marks) > MAX_MARKS:
            return None
        calls = tuple(_point(call, terms) for call in way.calls)
        if not all(map(_is_possible, calls)):
            return None
        previous = self._previous(way)
        output = write_output(calls)
        return {
            "prompt": write_prompt(text, marks, previous),
            "output": output,
            "language": self.language,
            "topic": way.topic,
        }

    def _mishear_name(self, key: str, words: str) -> str:
        kind = re.sub(r"(?:\d+|_b)+$", "", key)
        if self.plain or kind in _TYPES_OF_BLANK or kind in _COPIED or self.rng.random() > SHARES["mishear_name"]:
            return words
        return mishear(words, self.rng) if len(words) > 3 or not words.isascii() else words

    def _previous(self, way: Way) -> Reading | None:
        calls = way.before
        if not calls and not self.plain:
            calls = self.earlier.draw(way, self._draw_way, self.rng)
        if not calls:
            return None
        keys = {term.key for call in calls for term in _terms(call) if isinstance(term, Pointer)}
        return make_previous(calls, {key: _type_of(str(key)) for key in sorted(map(str, keys))}, self.language)


def _joinable(way: Way) -> bool:
    return (
        not way.before
        and way.calls[0].verb not in ("none", "yes", "no", "undo", "cancel", "broadcast", "add")
        and len(way.sentence) < 70 * len(way.calls)
    )


def _terms(call: Call) -> Iterator[Term]:
    yield from call.targets
    yield from call.excepts
    yield from (term for _, term in call.slots)


def _type_of(blank: str) -> str:
    kind = re.sub(r"(?:\d+|_b)+$", "", blank)
    return {"device": "light", "text": "text", "unknown": "text"}.get(kind, kind)


def _mishear_around(sentence: str, rng: random.Random) -> str:
    """Disturb the words outside the blanks."""
    parts = BLANK.split(sentence)
    plain = [i for i in range(0, len(parts), 2) if len(parts[i].strip()) > 2]
    if plain:
        index = rng.choice(plain)
        parts[index] = mishear(parts[index], rng)
    return "".join(part if i % 2 == 0 else f"{{{part}}}" for i, part in enumerate(parts))


def _find_term(key: str, ref_id: str | None, spans: list[tuple[int, int]], text: str, marks: list[Mark]) -> Term | None:
    """Return how the reading refers to a filled blank: a pointer to its mark, copied words without one, None when it is hidden."""
    start, end = spans[0]
    kind = re.sub(r"(?:\d+|_b)+$", "", key)
    if kind in _COPIED:
        return copy_words(text, start, end)
    touching = [(i, mark) for i, mark in enumerate(marks, 1) if mark.start < end and mark.end > start]
    wanted = _TYPES_OF_BLANK.get(kind)
    for index, mark in touching:
        covers = min(mark.end, end) - max(mark.start, start) > 0.5 * (end - start)
        fits = wanted in mark.types if wanted else any(ref.id == ref_id for ref in mark.refs)
        if covers and fits:
            return Pointer(index)
        if covers and wanted == "option" and mark.refs:
            return copy_words(text, start, end)
    if touching or (wanted and wanted != "option"):
        return None
    return copy_words(text, start, end)


def _point(call: Call, terms: dict[str, Any]) -> Call:
    def put(term: Term) -> Term:
        return terms[str(term.key)] if isinstance(term, Pointer) else term

    slots = tuple((slot, put(term)) for slot, term in call.slots)
    return replace(call, targets=tuple(map(put, call.targets)), excepts=tuple(map(put, call.excepts)), slots=slots)


def _is_possible(call: Call) -> bool:
    """Return whether the grammar allows the call: words are copied into a slot only where it takes free words."""
    slots = load_catalog().slots
    return all("text" in slots[slot] for slot, term in call.slots if isinstance(term, Text))


def write_split(
    folder: Path, split: str, count: int, seed: int, homes: int, *, extra: Path | None = None
) -> Counter[str]:
    """Write one split; return how many examples of each language and topic it holds."""
    rng = random.Random(f"{seed}-{split}")
    generators = {language: Generator(language, split, rng, homes, extra=extra) for language in LANGUAGES}
    counts: Counter[str] = Counter()
    with (folder / f"{split}.jsonl").open("w", encoding="utf-8") as file:
        for _ in tqdm(range(count), desc=split, unit="ex", disable=None):
            language = rng.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
            example = generators[language].draw()
            counts[f"{language}/{example['topic'].partition('+')[0]}"] += 1
            file.write(json.dumps(example, ensure_ascii=False) + "\n")
    return counts


def main() -> None:
    """Write all splits and the card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--examples", type=int, default=200_000)
    parser.add_argument("--held-out", type=int, default=4_000)
    parser.add_argument("--homes", type=int, default=1500, help="synthetic homes to train on")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--extra", type=Path, help="a folder of more ways of speaking, laid out like the stock")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    splits = {"train": (args.examples, args.homes), "validation": (args.held_out, 100), "test": (args.held_out, 100)}
    card: dict[str, Any] = {"catalog": load_catalog().hash, "seed": args.seed, "splits": {}}
    for split, (count, homes) in splits.items():
        card["splits"][split] = dict(
            sorted(write_split(args.out, split, count, args.seed, homes, extra=args.extra).items())
        )
    (args.out / "card.json").write_text(json.dumps(card, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
