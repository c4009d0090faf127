"""Layers of the source put back between those that were kept."""

import pytest
import torch

from training.grow import grow
from training.network import Network, Shape

SOURCE = Shape(vocab=11, width=8, layers=4, heads=2, kv_heads=1, head=4, hidden=16)
SMALL = Shape(vocab=7, width=8, layers=2, heads=2, kv_heads=1, head=4, hidden=16)


def test_layers_stand_in_the_order_of_the_source_and_are_damped() -> None:
    torch.manual_seed(1)
    small, source = Network(SMALL), Network(SOURCE)
    grown = grow(small, source.state_dict(), kept=[0, 3], added=[1], scale=0.25)
    assert (grown.shape.layers, grown.shape.vocab) == (3, 7)
    old, own, new = source.state_dict(), small.state_dict(), grown.state_dict()
    assert torch.equal(new["layers.0.qkv.weight"], own["layers.0.qkv.weight"])
    assert torch.equal(new["layers.1.qkv.weight"], old["layers.1.qkv.weight"])
    assert torch.equal(new["layers.1.down.weight"], old["layers.1.down.weight"] * 0.25)
    assert torch.equal(new["layers.2.out.weight"], own["layers.1.out.weight"])
    assert torch.equal(new["embed.weight"], own["embed.weight"])


def test_without_what_they_add_nothing_changes() -> None:
    torch.manual_seed(2)
    small, source = Network(SMALL).eval(), Network(SOURCE)
    grown = grow(small, source.state_dict(), kept=[0, 3], added=[1, 2], scale=0.0).eval()
    ids = torch.tensor([[1, 2, 3, 4]])
    positions, examples = torch.arange(4)[None], torch.zeros(1, 4, dtype=torch.long)
    assert torch.allclose(small(ids, positions, examples), grown(ids, positions, examples), atol=1e-6)


@pytest.mark.parametrize(("kept", "added"), [([0, 3], [3]), ([0, 3], [1, 1]), ([0, 1, 3], [2])])
def test_what_does_not_fit_is_refused(kept: list[int], added: list[int]) -> None:
    with pytest.raises(ValueError, match="layers"):
        grow(Network(SMALL), Network(SOURCE).state_dict(), kept, added, 0.25)
