"""Open a bundle: the folder that holds a model in service. Refuse one that is damaged or made for something else.

model.safetensors   the weights, quantized
tokenizer.json      the vocabulary
card.json           format, catalogue, sizes, hashes, where it comes from and how well it did
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from .catalog import load_catalog
from .decide import Thresholds
from .encode import FORMAT
from .errors import BundleCorrupt, BundleMismatch, BundleMissing
from .model import Model, Sizes

if TYPE_CHECKING:
    from pathlib import Path

WEIGHTS, TOKENIZER, CARD = "model.safetensors", "tokenizer.json", "card.json"


@dataclass(frozen=True, slots=True)
class Card:
    """What a bundle says of itself; written by training/export.py."""

    format: int
    catalogue: str
    """Hash of the catalogue whose readings the model writes."""
    languages: tuple[str, ...]
    base: str
    licence: str
    sizes: Sizes
    bits: int
    mlp_bits: int
    recipe: str
    data: str
    """Hashes of the recipe and of the data set."""
    scores: dict[str, float]
    thresholds: Thresholds
    """Chosen on validation data."""
    special: tuple[str, ...]
    """The tokens of our own, which the tokenizer must know."""
    sha256: dict[str, str]
    """Of every other file of the bundle."""
    bytes: int
    parent: str = ""
    """Start of the SHA-256 of the weights that training went on from; nothing for one that grew out of the base model."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that can be used."""

    card: Card
    tokenizer: Tokenizer
    model: Model
    special_ids: dict[str, int]
    """The tokens of our own and their ids."""
    thresholds: Thresholds


def load_bundle(path: Path, catalogue: str | None = None) -> Bundle:
    """Load the bundle in the folder, made for this catalogue (the core's own unless said).

    Raise BundleMissing, BundleCorrupt or BundleMismatch.
    """
    card = read_card(path)
    if card.catalogue != (catalogue or load_catalog().hash):
        raise BundleMismatch(f"{path} was made for another catalogue: {card.catalogue}")
    for name, expected in card.sha256.items():
        if hashlib.sha256(_read(path / name)).hexdigest() != expected:
            raise BundleCorrupt(f"{path / name} is not the file that the card describes")
    tokenizer = _read_tokenizer(path / TOKENIZER)
    try:
        model = Model(card.sizes, load_file(path / WEIGHTS))
    except (SafetensorError, KeyError, ValueError) as err:
        raise BundleCorrupt(f"{path} can not be loaded: {err}") from err
    special = {token: found for token in card.special if (found := tokenizer.token_to_id(token)) is not None}
    if len(special) < len(card.special) or tokenizer.get_vocab_size() > card.sizes.vocab:
        raise BundleCorrupt(f"tokenizer, weights and card of {path} do not belong together")
    return Bundle(card, tokenizer, model, special, card.thresholds)


def read_card(path: Path) -> Card:
    """Read the card of the bundle in the folder. Raise BundleMissing, BundleCorrupt or BundleMismatch (format)."""
    try:
        raw: dict[str, Any] = json.loads(_read(path / CARD))
        found = int(raw["format"])
    except (ValueError, KeyError, TypeError) as err:
        raise BundleCorrupt(f"{path / CARD} can not be read: {err}") from err
    if found != FORMAT:
        raise BundleMismatch(f"{path} has format {found}, this version reads {FORMAT}")
    try:
        lists = {name: tuple(raw[name]) for name in ("languages", "special")}
        files = {name: str(raw["sha256"][name]) for name in (WEIGHTS, TOKENIZER)}
        values = {"sizes": Sizes(**raw["sizes"]), "thresholds": Thresholds(**raw["thresholds"]), "sha256": files}
        return Card(**(raw | lists | values))
    except (KeyError, TypeError) as err:
        raise BundleCorrupt(f"{path / CARD} is incomplete: {err}") from err


def _read_tokenizer(path: Path) -> Tokenizer:
    try:
        return Tokenizer.from_file(str(path))
    except Exception as err:  # the library raises nothing more precise
        raise BundleCorrupt(f"{path} can not be loaded: {err}") from err


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as err:
        raise BundleMissing(f"{path} can not be read: {err.strerror}") from err
