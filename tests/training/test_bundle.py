"""The bundle that comes along scores in numpy as in torch."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from intendant_core.bundle import WEIGHTS, load_bundle
from training.export import load_quantized
from training.network import Network, Shape

from .conftest import last_logits

BUNDLE = Path(__file__).parents[2] / "custom_components/intendant/bundles/default"
PROMPTS = (
    "<say> turn off the kitchen<@1><area> lights<do>",
    "<say>把客厅<@1><area>的灯关了<do>",
    "<prev><on><light><area><say> a bit brighter<do><more><it>",
)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_logits_equal_torchs(prompt: str) -> None:
    bundle = load_bundle(BUNDLE)
    sizes = bundle.card.sizes
    shape = Shape(**{field.name: getattr(sizes, field.name) for field in fields(Shape) if hasattr(sizes, field.name)})
    network = Network(shape).eval()
    load_quantized(network, load_file(BUNDLE / WEIGHTS))
    ids = bundle.tokenizer.encode(prompt).ids
    session = bundle.model.session()
    session.feed(ids)
    np.testing.assert_allclose(session.logits(), last_logits(network, ids), atol=1e-3)
