"""Averaging a checkpoint with the one it went on from."""

import pytest
import torch

from training.blend import blend


def test_a_share_of_each() -> None:
    found = blend({"w": torch.ones(2)}, {"w": torch.zeros(2)}, 0.75)
    assert found["w"].tolist() == [0.75, 0.75]


def test_other_networks_are_refused() -> None:
    with pytest.raises(ValueError, match="different networks"):
        blend({"w": torch.ones(2)}, {"w": torch.ones(3)}, 0.5)
