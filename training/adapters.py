"""Add to a network a few weights that learn in place of its own: AdaLoRA by the library peft, and prefixes.

AdaLoRA (arXiv 2303.10512) gives more rank to the matrices that need it; peft replaces the network's linear layers in
place, and multiplies them out at the end. A prefix (arXiv 2101.00190) is a few learnt keys and values that every token of a
layer sees. peft has prefixes only for networks of the library transformers, which take them as a cache of earlier tokens;
this network reads packed rows and has no such cache, so its layers take their prefix themselves.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Protocol

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from .network import Network

TICKS = 1000
"""Into so many steps AdaLoRA sees a run divided, whether steps or minutes end it."""
NAME = "default"


class Adapter(Protocol):
    """What a way of tuning does at each step, and at the end."""

    def penalty(self) -> Tensor | float:
        """Return what is added to the loss."""

    def after_backward(self, progress: float) -> None:
        """Take note of the gradients of a step; the run is so far done (0 to 1)."""

    def merged(self, network: Network) -> Network:
        """Return a copy of the network without what was added, if that can be multiplied out."""


class AdaLora:
    """AdaLoRA on the linear layers of a network."""

    def __init__(self, network: Network, targets: list[str], options: dict[str, Any]) -> None:
        """Replace the layers. Raise ImportError without peft (`scripts/setup training` and pip's group `adapters`)."""
        from peft import AdaLoraConfig  # noqa: PLC0415 - optional
        from peft.tuners.adalora import AdaLoraModel  # noqa: PLC0415 - the same

        self._orthogonal = float(options.get("orthogonal", 0.1))
        self._done = 0
        config = AdaLoraConfig(
            target_modules=targets,
            init_r=options["init_rank"],
            target_r=options["rank"],
            lora_alpha=options["alpha"],
            tinit=int(options.get("warmup", 0.1) * TICKS),
            tfinal=int(options.get("settle", 0.3) * TICKS),
            deltaT=1,
            total_step=TICKS,
        )
        # The tuner keeps the network as its model: it changes in place and stays ours.
        self._tuner = AdaLoraModel(network, config, NAME)

    def penalty(self) -> Tensor | float:
        """Return how far the factors are from orthogonal, weighed."""
        parts = [
            torch.linalg.matrix_norm(
                (weight @ weight.T if "lora_A" in name else weight.T @ weight)
                - torch.eye(min(weight.shape), device=weight.device)
            )
            for name, weight in self._tuner.model.named_parameters()
            if "lora_A" in name or "lora_B" in name
        ]
        return self._orthogonal * torch.stack(parts).mean()

    def after_backward(self, progress: float) -> None:
        """Give rank to where it counts; every tick is told once, whatever it falls between."""
        config = self._tuner.peft_config[NAME]
        last = config.total_step - config.tfinal
        now = min(int(progress * TICKS), TICKS)
        step = last if self._done < last <= now else now
        if step > self._done or not self._done:
            self._tuner.update_and_allocate(step)
        self._done = max(step, self._done)

    def merged(self, network: Network) -> Network:
        """Return the network as it would be had its own weights learnt."""
        if network is not self._tuner.model:
            raise ValueError("another network")
        plain: Network = copy.deepcopy(self._tuner).merge_and_unload()
        return plain


class Prefix:
    """Keys and values in front of every example, in every layer."""

    def __init__(self, network: Network, length: int) -> None:
        """Add so many to each layer: small random keys, values of nothing."""
        shape = network.shape
        for layer in network.layers:
            keys = torch.randn(shape.kv_heads, length, shape.head) * 0.2
            layer.prefix = nn.Parameter(torch.stack([keys, torch.zeros_like(keys)]))

    def penalty(self) -> float:
        """Return nothing."""
        return 0.0

    def after_backward(self, progress: float) -> None:
        """Do nothing."""

    def merged(self, network: Network) -> Network:
        """Return the network itself: a prefix is no change of weights, and is saved beside them."""
        return network
