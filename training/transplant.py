"""Give tokens that the base model never had a start in life better than chance.

Special tokens start as the mean of the words that describe them. Chinese characters come from a multilingual
donor: a linear map from the donor's embeddings to the base model's is learnt on the English words that both
know, and carries the characters over ("灯" lands beside "light"), as word vectors were first translated by
Mikolov et al. (arXiv 1309.4168). Each language is centred on its own mean before (Artetxe et al. 2016).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from gguf import GGUFReader
from gguf.quants import dequantize

from .vocabulary import spell_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    Matrix = NDArray[np.float32]

RIDGE = 0.03
"""Share of the mean variance added to the diagonal: 86-88 % of held-out words find their own embedding again."""
SPREAD = 0.15
"""Length of the random part, as a share of the whole, that tells apart tokens with the same description."""
DESCRIPTIONS = {
    "<say>": " say", "<do>": " do", "<end>": " end", "<;>": " and then", '<">': ' "', "<prev>": " previous before",
    "<num>": " number", "<dur>": " duration minutes", "<time>": " time clock", "<when>": " when day",
    "<except>": " except but not", "<media>": " media player music", "<tv>": " television TV",
    "<it>": " it", "<none>": " nothing", "<any>": " any", "<is>": " is", "<co2=>": " carbon dioxide",
}  # fmt: skip
"""Descriptions of the special tokens whose names alone say too little."""
ORDINALS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
)


@dataclass(frozen=True, slots=True)
class Donor:
    """A model's embeddings: one row per token, tokens in byte-level BPE's spelling."""

    ids: Mapping[str, int]
    rows: Matrix


def read_donor(path: Path) -> Donor:
    """Read the token embeddings of a GGUF file; of the tied copies the more precise one (`output`) if there is one."""
    reader = GGUFReader(path)
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    tensor = tensors.get("output.weight", tensors["token_embd.weight"])
    tokens = reader.fields["tokenizer.ggml.tokens"].contents()
    return Donor({token: i for i, token in enumerate(tokens)}, dequantize(tensor.data, tensor.tensor_type))


def carry_over(donor: Donor, base: Donor, characters: Sequence[str]) -> dict[str, Matrix]:
    """Return an embedding in the base model's space for each of the characters that the donor has a token for."""
    words = [w for w in base.ids if w in donor.ids and re.fullmatch("Ġ[A-Za-z]{3,}", w)]
    known = [c for c in characters if spell_text(c) in donor.ids]
    if not words or not known:
        return {}
    theirs, ours = donor.rows[[donor.ids[w] for w in words]], base.rows[[base.ids[w] for w in words]]
    centre, ours_centre = theirs.mean(0), ours.mean(0)
    theirs, ours = (theirs - centre).astype(np.float64), (ours - ours_centre).astype(np.float64)
    square = theirs.T @ theirs
    square += RIDGE * np.trace(square) / len(square) * np.eye(len(square))
    rows = donor.rows[[donor.ids[spell_text(c)] for c in known]]
    moved = (rows - rows.mean(0)) @ np.linalg.solve(square, theirs.T @ ours)
    # The map shrinks what it is unsure of: give every character the length of a word again.
    moved *= np.linalg.norm(ours, axis=1).mean() / np.linalg.norm(moved, axis=1, keepdims=True)
    return dict(zip(known, (moved + ours_centre).astype(np.float32), strict=True))


def describe(token: str) -> str:
    """Return the words that describe a special token: " brightness" for `<brightness=>`."""
    if token in DESCRIPTIONS:
        return DESCRIPTIONS[token]
    name = token.strip("<>").removesuffix("=")
    if name.startswith("@") and name[1:].isdigit():
        number = int(name[1:])
        return f" number {number}" if number > len(ORDINALS) else f" {ORDINALS[number - 1]} {number}"
    return " " + name.replace("_", " ").strip()


def embed_special(tokenizer: Tokenizer, base: Matrix, tokens: Sequence[str], seed: int = 0) -> dict[str, Matrix]:
    """Return for each special token the mean of its description's embeddings plus a little chance."""
    chance = np.random.default_rng(seed)
    length = float(np.linalg.norm(base, axis=1).mean())
    found = {}
    for token in tokens:
        ids = tokenizer.encode(describe(token), add_special_tokens=False).ids
        noise = chance.standard_normal(base.shape[1], dtype=np.float32)
        found[token] = base[ids].mean(0) + noise * SPREAD * length / np.linalg.norm(noise)
    return found


def neighbours(row: Matrix, base: Donor, words: Sequence[str], count: int = 5) -> list[str]:
    """Return the words whose embeddings lie closest to the row (by angle), the first being the closest."""
    rows = base.rows[[base.ids[word] for word in words]]
    centre = rows.mean(0)
    rows = rows - centre
    scores = rows @ (row - centre) / np.linalg.norm(rows, axis=1)
    return [words[i].removeprefix("Ġ") for i in np.argsort(-scores)[:count]]
