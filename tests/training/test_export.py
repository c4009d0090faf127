"""Quantization, and the bundle that comes out of it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from tokenizers import Tokenizer

from intendant_core.bundle import load_bundle
from intendant_core.catalog import load_catalog
from intendant_core.encode import special_tokens
from training.export import compact, describe, export, load_quantized, quantize, write_bundle
from training.network import Network, Shape, load_network
from training.rows import Examples
from training.unpack import unpack
from training.validate import validate

from .conftest import last_logits

RECIPE = yaml.safe_load((Path(__file__).parents[2] / "training/recipes/default.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("bits", "error"), [(8, 0.01), (4, 0.12)])
def test_quantization_changes_little(bits: int, error: float) -> None:
    weight = np.random.default_rng(0).standard_normal((16, 64)).astype(np.float32)
    network = torch.nn.Linear(64, 16, bias=False)
    network_like: Any = network
    load_quantized(network_like, quantize("weight", weight, bits))
    off = network.weight.detach().numpy() - weight
    assert np.linalg.norm(off) / np.linalg.norm(weight) < error


def test_other_bits_are_refused() -> None:
    with pytest.raises(ValueError, match="not 3"):
        quantize("w", np.zeros((1, 32), np.float32), 3)


@pytest.mark.parametrize("mlp_bits", [8, 4])
def test_the_bundle_scores_as_torch_does(base: Path, examples: Examples, tokenizer: Tokenizer, mlp_bits: int) -> None:
    network = Network(Shape(**asdict(load_network(base).shape) | {"width": 32, "hidden": 64})).eval()
    tensors = export(network, 8, mlp_bits)
    load_quantized(network, tensors)
    recipe = RECIPE | {"export": RECIPE["export"] | {"mlp_bits": mlp_bits}}
    facts = describe(network, recipe, base.parent / "data.jsonl", validate(network, examples, 20, bf16=False))
    out = base.parent / "bundle"
    size = write_bundle(out, tensors, compact(base / "tokenizer.json"), facts)
    bundle = load_bundle(out)
    assert bundle.card.bytes == size
    assert bundle.special_ids["<end>"] == tokenizer.token_to_id("<end>")
    ids = bundle.tokenizer.encode("<say> turn on the kitchen<@1><area><do>").ids
    session = bundle.model.session()
    session.feed(ids)
    np.testing.assert_allclose(session.logits(), last_logits(network, ids), atol=1e-3)


def test_a_bundle_unpacked_is_the_network_that_was_packed(base: Path, examples: Examples) -> None:
    network = Network(Shape(**asdict(load_network(base).shape) | {"width": 32, "hidden": 64})).eval()
    tensors = export(network, 8, 8)
    load_quantized(network, tensors)
    facts = describe(network, RECIPE, base.parent / "data.jsonl", validate(network, examples, 20, bf16=False))
    bundle, checkpoint = base.parent / "bundle", base.parent / "checkpoint"
    write_bundle(bundle, tensors, compact(base / "tokenizer.json"), facts)
    special = (*special_tokens(load_catalog()), "<brand_new>")
    unpack(bundle, special, checkpoint)
    again = load_network(checkpoint).eval()
    tokenizer = Tokenizer.from_file(str(checkpoint / "tokenizer.json"))
    assert tokenizer.token_to_id("<brand_new>") == network.shape.vocab
    assert again.shape.vocab == network.shape.vocab + 1
    ids = tokenizer.encode("<say> turn on the kitchen<@1><area><do>").ids
    np.testing.assert_allclose(last_logits(again, ids)[:-1], last_logits(network, ids), atol=1e-4)
    assert json.loads((checkpoint / "config.json").read_text(encoding="utf-8"))["base_model"] == facts["base"]
