"""Learning with noise tells little of any one example, says how little, and leaves a plain network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from training.network import Layer, load_network

if TYPE_CHECKING:
    from pathlib import Path

    from training.rows import Examples

pytest.importorskip("opacus")
pytest.importorskip("peft")

from training.private import Budget, Reader, batch_of, tune_privately

LORA = {"rank": 4, "alpha": 8}


@pytest.mark.filterwarnings("ignore:Full backward hook")
def test_each_example_has_its_own_gradient(base: Path, examples: Examples) -> None:
    """What Opacus takes one example at a time is what each example gives alone."""
    from opacus import GradSampleModule  # noqa: PLC0415 - optional

    torch.manual_seed(3)
    reader = Reader(load_network(base), 4, 8)
    for name, weight in reader.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight)
    private = GradSampleModule(reader)
    private(*batch_of(examples, [0, 1, 2])).mean().backward()
    together = {name: weight.grad_sample.clone() for name, weight in private.named_parameters() if weight.requires_grad}
    assert together
    for row in range(3):
        private.zero_grad()
        private(*batch_of(examples, [row])).mean().backward()
        for name, weight in private.named_parameters():
            if weight.requires_grad:
                torch.testing.assert_close(weight.grad_sample[0], together[name][row], atol=1e-5, rtol=1e-3)


def test_epsilon_is_kept_and_the_network_stays_plain(base: Path, examples: Examples) -> None:
    torch.manual_seed(1)
    network = load_network(base)
    before = {name: weight.clone() for name, weight in network.state_dict().items()}
    spent = tune_privately(network, examples, Budget(4.0, 1e-4, 20, 12), 1e-2, LORA)
    assert 0 < spent.epsilon <= 4.0
    assert spent.noise > 0
    assert spent.steps > 10
    assert network.state_dict().keys() == before.keys()
    assert any(not torch.equal(weight, before[name]) for name, weight in network.state_dict().items())
    assert all(
        torch.equal(weight, before[name])
        for name, weight in network.state_dict().items()
        if "norm" in name or "embed" in name
    )
    assert isinstance(network.layers[0], Layer)


def test_more_privacy_is_more_noise(base: Path, examples: Examples) -> None:
    noise = [
        tune_privately(load_network(base), examples, Budget(epsilon, 1e-4, 10, 12), 1e-2, LORA).noise
        for epsilon in (1.0, 8.0)
    ]
    assert noise[0] > noise[1]


@pytest.mark.parametrize("batch", [2, 1000])
def test_too_few_examples(base: Path, examples: Examples, batch: int) -> None:
    with pytest.raises(ValueError, match="too few"):
        tune_privately(load_network(base), examples, Budget(4.0, 1e-4, 10, batch), 1e-2, LORA)
