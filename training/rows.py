"""Turn data sets into rows of fixed length, several examples each, in an order that a checkpoint can remember.

Fixed shapes keep a processor as fast as it can be; packing leaves about 3 % of the places empty. Examples of one
row never see each other (network.py masks them). Every example of every file comes once per epoch of that file,
and files are mixed by weight, however different their sizes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

MISSES = 12
"""A step is full when so many examples in a row fit into none of its rows; they wait for the next step."""


@dataclass(frozen=True, slots=True)
class Examples:
    """The encoded examples of one file, one after the other in flat arrays."""

    ids: NDArray[np.int32]
    starts: NDArray[np.int64]
    """Where each example starts in ids; one more than there are examples."""
    prompts: NDArray[np.int32]
    """How many tokens of each example are its prompt."""
    weights: NDArray[np.float32]
    groups: tuple[str, ...]
    """What validation reports separately: the language, if the file says it."""

    def __len__(self) -> int:
        return len(self.prompts)

    def __getitem__(self, index: int) -> NDArray[np.int32]:
        return self.ids[self.starts[index] : self.starts[index + 1]]


@dataclass(frozen=True, slots=True)
class Rows:
    """Packed rows; every array is (rows, tokens)."""

    ids: NDArray[np.int64]
    positions: NDArray[np.int64]
    examples: NDArray[np.int64]
    """Number of the example within its row; a number of its own for each empty place."""
    weights: NDArray[np.float32]
    """What the prediction of the *next* token counts; 0 at the end of an example and in empty places."""
    prompt: NDArray[np.bool_]
    """Whether the next token still belongs to the prompt."""


def read_examples(path: Path, tokenizer: Tokenizer, longest: int) -> Examples:
    """Encode a dataset file (JSON lines of prompt, output, weight); longer examples are left out and counted."""
    with path.open(encoding="utf-8") as lines:
        raw: list[dict[str, Any]] = [json.loads(line) for line in lines]
    prompts = [e.ids for e in tokenizer.encode_batch([one["prompt"] for one in raw])]
    outputs = [e.ids for e in tokenizer.encode_batch([one["output"] for one in raw])]
    kept = [i for i in range(len(raw)) if len(prompts[i]) + len(outputs[i]) <= longest]
    if len(kept) < len(raw):
        print(
            f"{path.name}: {len(raw) - len(kept)} of {len(raw)} examples are longer than {longest} tokens and left out"
        )
    lengths = [len(prompts[i]) + len(outputs[i]) for i in kept]
    return Examples(
        ids=np.fromiter((token for i in kept for token in (*prompts[i], *outputs[i])), np.int32, sum(lengths)),
        starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        prompts=np.array([len(prompts[i]) for i in kept], np.int32),
        weights=np.array([raw[i].get("weight", 1.0) for i in kept], np.float32),
        groups=tuple(str(raw[i].get("language", "")) for i in kept),
    )


@dataclass(slots=True)
class Stream:
    """An endless mixture of files; `drawn` and `waiting` are all that a checkpoint needs to go on exactly."""

    files: Sequence[Examples]
    shares: Sequence[float]
    """How often a file is drawn from, relative to the others."""
    seed: int
    drawn: list[int] = field(default_factory=list)
    waiting: list[tuple[int, int]] = field(default_factory=list)
    """(file, example) that fitted into no row of the last step."""
    _orders: dict[tuple[int, int], NDArray[np.int64]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.files) != len(self.shares) or not all(len(file) for file in self.files):
            raise ValueError("every file needs a share and at least one example")
        self.drawn = self.drawn or [0] * len(self.files)

    @property
    def epochs(self) -> float:
        """How often the first file has been gone through."""
        return self.drawn[0] / len(self.files[0])

    def go_on(self, drawn: Sequence[int], waiting: Sequence[tuple[int, int]]) -> None:
        """Go on where another run stopped; what waited there is left out where these files have no such example."""
        self.drawn = [*drawn, *([0] * len(self.files))][: len(self.files)]
        self.waiting = [
            (file, index) for file, index in waiting if file < len(self.files) and index < len(self.files[file])
        ]

    def draw(self) -> tuple[int, int]:
        """Return the next (file, example): the file that lags furthest behind its share."""
        file = min(range(len(self.files)), key=lambda i: (self.drawn[i] + 1) / self.shares[i])
        epoch, place = divmod(self.drawn[file], len(self.files[file]))
        self.drawn[file] += 1
        if (file, epoch) not in self._orders:
            self._orders.pop((file, epoch - 1), None)
            chance = np.random.default_rng((self.seed, file, epoch))
            self._orders[file, epoch] = chance.permutation(len(self.files[file]))
        return file, int(self._orders[file, epoch][place])

    def next_rows(self, rows: int, tokens: int) -> Rows:
        """Pack the next examples into rows (best fit) until nothing more fits."""
        packed: list[list[tuple[int, int]]] = [[] for _ in range(rows)]
        room = np.full(rows, tokens)
        waiting, self.waiting = self.waiting, []
        pending: Iterator[tuple[int, int]] = iter(waiting)
        while len(self.waiting) < MISSES:
            one = next(pending, None) or self.draw()
            length = len(self.files[one[0]][one[1]])
            fits = np.flatnonzero(room >= length)
            if fits.size:
                row = int(fits[np.argmin(room[fits])])
                packed[row].append(one)
                room[row] -= length
            else:
                self.waiting.append(one)
        self.waiting += pending
        return lay_out([[(self.files[file], index) for file, index in row] for row in packed], tokens)


def lay_out(packed: Sequence[Sequence[tuple[Examples, int]]], tokens: int) -> Rows:
    """Write the examples of each row one after the other."""
    shape = (len(packed), tokens)
    ids, positions = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    examples = np.broadcast_to(np.arange(tokens, 2 * tokens), shape).copy()
    weights, prompt = np.zeros(shape, np.float32), np.zeros(shape, np.bool_)
    for row, members in enumerate(packed):
        start = 0
        for number, (file, index) in enumerate(members):
            tokens_of = file[index]
            end = start + len(tokens_of)
            ids[row, start:end] = tokens_of
            positions[row, start:end] = np.arange(end - start)
            examples[row, start:end] = number
            weights[row, start : end - 1] = file.weights[index]
            prompt[row, start : start + file.prompts[index] - 1] = True
            start = end
    return Rows(ids, positions, examples, weights, prompt)
