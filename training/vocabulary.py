"""Trim a byte-level BPE tokenizer to what a household says, and give every Chinese character a token of its own.

The tokens that encoding a corpus uses stay, with the merges they are built from, so the corpus is encoded exactly
as before; the most frequent English words fill up the rest. Chinese characters and full-width punctuation are
isolated before the merges, each one is a token if known and bytes otherwise, so that a copied stretch of Chinese
has the same tokens wherever it stands. Special tokens (`<off>`, `<@1>`) are matched before anything else.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tokenizers import AddedToken, Regex, Tokenizer, decoders, pre_tokenizers
from tokenizers.models import BPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

HAN = r"[\p{Han}\u3000-\u303f\uff00-\uffef]"
"""Characters that are never merged with their neighbours: Chinese ones and full-width punctuation."""
_ISOLATED = ((0x3000, 0x303F), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xFF00, 0xFFEF))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A trimmed vocabulary: tokens in the order of their ids (special ones last) and the merges between them."""

    tokens: tuple[str, ...]
    """Tokens in BPE's spelling, where every byte is one printable character."""
    merges: tuple[tuple[str, str], ...]
    characters: tuple[str, ...]
    """Isolated characters that have a token."""
    special: tuple[str, ...]


def trim(source: Tokenizer, lines: Iterable[str], special: Sequence[str], english: int, characters: str) -> Vocabulary:
    """Choose the vocabulary for the lines: about `english` byte-level tokens, the characters, the special tokens.

    `characters` are taken in beside the isolated ones that occur in the lines; source is a byte-level BPE tokenizer.
    """
    merges = _merges(source)
    known = dict.fromkeys(spell(byte) for byte in range(256))
    texts = list(lines)
    probe = build_tokenizer([*known, *(a + b for a, b in merges)], merges, special)
    counts = _count_tokens(probe, texts)
    kept = _keep(counts, merges, english - len(known))
    merges = [pair for pair in merges if pair[0] + pair[1] in kept]
    wanted = dict.fromkeys(characters) | dict.fromkeys(sorted(c for t in texts for c in set(t) if is_isolated(c)))
    merges += _character_merges(list(wanted), merges)
    tokens = dict.fromkeys([*known, *(a + b for a, b in merges)])
    return Vocabulary((*tokens, *special), tuple(merges), tuple(wanted), tuple(special))


def build_tokenizer(tokens: Sequence[str], merges: Sequence[tuple[str, str]], special: Sequence[str]) -> Tokenizer:
    """Return the tokenizer for these tokens; special ones that are not among them get the ids that follow."""
    plain = [token for token in tokens if token not in set(special)]
    tokenizer = Tokenizer(BPE({token: i for i, token in enumerate(plain)}, list(merges)))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(HAN), "isolated"),
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in special])
    return tokenizer


def spell(byte: int) -> str:
    """Return the printable character that stands for a byte in byte-level BPE (GPT-2's table)."""
    plain = (*range(33, 127), *range(161, 173), *range(174, 256))
    if byte in plain:
        return chr(byte)
    return chr(256 + sum(other not in plain for other in range(byte)))


def spell_text(text: str) -> str:
    """Spell a text as byte-level BPE does."""
    return "".join(spell(byte) for byte in text.encode())


def is_isolated(character: str) -> bool:
    """Tell whether the character is never merged with its neighbours."""
    return any(first <= ord(character) <= last for first, last in _ISOLATED)


def common_characters(count: int) -> str:
    """Return the first characters of GB2312's level 1, the 3755 common ones (ordered by pronunciation)."""
    codes = (bytes([high, low]) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    found = [code.decode("gb2312") for code in codes if code <= b"\xd7\xf9"]
    return "".join(found[:count])


def read_lines(paths: Iterable[Path]) -> Iterator[str]:
    """Yield the lines of text files and the prompts and outputs of dataset files (.jsonl)."""
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if path.suffix == ".jsonl":
                    example: dict[str, Any] = json.loads(line)
                    yield from (example["prompt"], example["output"])
                else:
                    yield line.rstrip("\n")


def _merges(source: Tokenizer) -> list[tuple[str, str]]:
    model = json.loads(source.to_str())["model"]
    if model["type"] != "BPE":
        raise ValueError(f"only byte-level BPE can be trimmed, not {model['type']}")
    pairs = (merge.split(" ") if isinstance(merge, str) else merge for merge in model["merges"])
    return [(first, second) for first, second in pairs]


def _count_tokens(probe: Tokenizer, texts: Sequence[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for start in range(0, len(texts), 4096):
        for encoding in probe.encode_batch(texts[start : start + 4096]):
            counts.update(encoding.tokens)
    return counts


def _keep(counts: Counter[str], merges: Sequence[tuple[str, str]], room: int) -> set[str]:
    """Return merged tokens, with all they are built from: the corpus's by frequency, then common words, up to room."""
    parts = {first + second: (first, second) for first, second in merges}
    words = (token for token in parts if token.removeprefix("Ġ").isascii() and token.removeprefix("Ġ").isalpha())
    kept: set[str] = set()
    for token in (*(token for token, _ in counts.most_common()), *words):
        pile, needed = [token], set[str]()
        while pile:
            one = pile.pop()
            if one in parts and one not in kept:
                needed.add(one)
                pile.extend(parts[one])
        if len(kept) + len(needed) <= room:
            kept |= needed
    return kept


def _character_merges(characters: Sequence[str], merges: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the merges to append so that every character, isolated, becomes one token.

    Appended merges rank behind the others and join a character's first pieces first, so none gets in another's way.
    """
    ranks = {pair: rank for rank, pair in enumerate(merges)}
    added: list[tuple[str, str]] = []
    for character in characters:
        pieces = list(spell_text(character))
        while len(pieces) > 1:
            pairs = list(pairwise(pieces))
            best = min(pairs, key=lambda pair: ranks.get(pair, len(ranks) + pairs.index(pair)))
            if best not in ranks:
                best = pairs[0]
                ranks[best] = len(ranks)
                added.append(best)
            at = pairs.index(best)
            pieces[at : at + 2] = ["".join(best)]
    return added
