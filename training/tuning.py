"""Decide what of a network learns, how fast, and how the pace changes over a run.

Full fine-tuning, LoRA (arXiv 2106.09685), AdaLoRA or prefixes (adapters.py), or embeddings and norms alone; AdamW
(1711.05101) with decay on matrices only, or SGD with momentum; the pace is warm-up, stay, decay (WSD, 2404.06395) over steps or over the clock.
"""

from __future__ import annotations

import copy
import math
import time
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from .adapters import AdaLora, Adapter, Prefix

if TYPE_CHECKING:
    from .network import Network

TUNES = ("full", "frozen", "lora", "adalora", "prefix")
MATRICES = ("qkv", "out", "gate_up", "down")


def bf16_pays(device: torch.device) -> bool:
    """Tell whether this processor multiplies bfloat16 matrices faster than fp32 ones.

    One without such instructions is a hundred times slower with them; the recipe says `bf16: auto` to have it measured.
    """
    seconds = {}
    for dtype in (torch.float32, torch.bfloat16):
        rows, square = (torch.ones(size, 512, dtype=dtype, device=device) for size in (2048, 512))
        tries = []
        for _ in range(6):  # the first sets up; of the others the best, for other work may be in the way
            started = time.perf_counter()
            float((rows @ square)[0, 0])
            tries.append(time.perf_counter() - started)
        seconds[dtype] = min(tries[1:])
    return seconds[torch.bfloat16] < seconds[torch.float32]


class LowRank(nn.Module):
    """Adds a learnt product of two thin matrices to a frozen weight (outputs, inputs)."""

    def __init__(self, weight: Tensor, rank: int, alpha: float) -> None:
        super().__init__()
        self.scale = alpha / rank
        self.first = nn.Parameter(torch.randn(rank, weight.shape[1], device=weight.device) / math.sqrt(weight.shape[1]))
        self.second = nn.Parameter(torch.zeros(weight.shape[0], rank, device=weight.device))

    def forward(self, weight: Tensor) -> Tensor:
        """Return the changed weight."""
        return weight + self.second @ self.first * self.scale


def set_tuning(network: Network, recipe: dict[str, Any]) -> Adapter | None:
    """Freeze what the recipe does not train, and add what it trains instead; return what then needs looking after."""
    tune = recipe["tune"]
    if tune not in TUNES:
        raise ValueError(f"tune: {', '.join(TUNES)}, not {tune}")
    for layer in network.layers:
        for name in MATRICES:
            linear = getattr(layer, name)
            linear.weight.requires_grad_(tune == "full")
            if tune == "lora":
                parametrize.register_parametrization(linear, "weight", LowRank(linear.weight, **recipe["lora"]))
    if tune == "prefix":
        # Nothing else learns: that is what prefixes are for.
        network.requires_grad_(requires_grad=False)
        return Prefix(network, recipe["prefix"]["length"])
    if tune == "adalora":
        adapter = AdaLora(network, list(MATRICES), recipe["adalora"])
        network.embed.requires_grad_(requires_grad=True)
        for name, weight in network.named_parameters():
            weight.requires_grad_(weight.requires_grad or name.endswith("norm"))
        return adapter
    return None


def merged(network: Network, adapter: Adapter | None = None) -> Network:
    """Return the network with its LoRA matrices multiplied out, a copy if there are any."""
    if adapter:
        return adapter.merged(network)
    if not any(parametrize.is_parametrized(module) for module in network.modules()):
        return network
    plain = copy.deepcopy(network)
    for module in plain.modules():
        if isinstance(module, nn.Linear) and parametrize.is_parametrized(module, "weight"):
            parametrize.remove_parametrizations(module, "weight")
    return plain


def make_optimizer(network: Network, recipe: dict[str, Any]) -> torch.optim.Optimizer:
    """Return AdamW, or SGD, with three groups: matrices (decayed), embeddings (their own rate), norms."""
    learnt = [(name, weight) for name, weight in network.named_parameters() if weight.requires_grad]
    embeddings = [w for name, w in learnt if name.startswith(("embed", "head"))]
    matrices = [w for name, w in learnt if w.ndim > 1 and not name.startswith(("embed", "head"))]
    norms = [w for name, w in learnt if w.ndim == 1]
    groups = [
        {"params": matrices, "peak": recipe["learning_rate"], "weight_decay": recipe["weight_decay"]},
        {"params": embeddings, "peak": recipe["embedding_rate"], "weight_decay": 0.0},
        {"params": norms, "peak": recipe["learning_rate"], "weight_decay": 0.0},
    ]
    groups = [group for group in groups if group["params"]]
    if recipe.get("optimizer", "adamw") == "sgd":
        return torch.optim.SGD(groups, lr=0.0, momentum=recipe.get("momentum", 0.9), nesterov=True)
    return torch.optim.AdamW(groups, lr=0.0, betas=tuple(recipe["betas"]), eps=1e-8, fused=True)


def set_pace(optimizer: torch.optim.Optimizer, progress: float, recipe: dict[str, Any]) -> float:
    """Set the learning rates for a run that is so far done (0 to 1); return the share of the peak."""
    share = min(1.0, progress / recipe["warmup"]) if recipe["warmup"] else 1.0
    if recipe["decay"] and progress > 1 - recipe["decay"]:
        down = min(1.0, (progress - 1 + recipe["decay"]) / recipe["decay"])
        share *= 0.5 * (1 + math.cos(math.pi * down))
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * max(share, 1e-3)
    return share


def update_average(average: dict[str, Tensor], network: Network, keep: float) -> None:
    """Move the running average of the weights towards the network's."""
    for name, weight in network.named_parameters():
        average[name].lerp_(weight.detach(), 1 - keep)
