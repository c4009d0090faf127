"""Measure a network on examples: loss per output token, and how many outputs it would write exactly.

Greedy decoding writes an output exactly if and only if, given the right output so far, the likeliest next token is
right at every place. So one pass over the right outputs counts exact matches, without generating anything.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from .rows import Examples, lay_out

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from .network import Network


@dataclass(frozen=True, slots=True)
class Scores:
    """What a validation found."""

    loss: float
    exact: float
    """Share of outputs written exactly."""
    groups: dict[str, float]
    """The same per language."""
    count: int
    wrong: tuple[tuple[int, tuple[int, ...]], ...]
    """(example, the likeliest token at every place of its output) of those that are not exact."""

    @property
    def margin(self) -> float:
        """Half the width of the 95 % interval of `exact`."""
        return 1.96 * math.sqrt(max(self.exact * (1 - self.exact), 1e-9) / self.count)


@torch.no_grad()
def validate(network: Network, examples: Examples, count: int, bf16: bool, batch: int = 32) -> Scores:  # noqa: FBT001
    """Measure the first `count` examples, shortest ones together, padded to the longest of each batch."""
    training = network.training
    network.eval()
    device = network.norm.device
    chosen = sorted(range(min(count, len(examples))), key=lambda i: len(examples[i]))
    loss, tokens, wrong = 0.0, 0, []
    for start in range(0, len(chosen), batch):
        part = chosen[start : start + batch]
        width = -(-max(len(examples[i]) for i in part) // 8) * 8
        rows = lay_out([[(examples, i)] for i in part], width)
        counted = (rows.weights > 0) & ~rows.prompt
        places = torch.from_numpy(counted).to(device)
        inputs = (torch.from_numpy(x).to(device) for x in (rows.ids, rows.positions, rows.examples))
        with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
            logits = network.logits(network(*inputs)[places]).float()
        targets = torch.from_numpy(np.roll(rows.ids, -1, axis=1)[counted]).to(device)
        loss += float(functional.cross_entropy(logits, targets, reduction="sum"))
        tokens += len(targets)
        best = logits.argmax(-1).cpu().numpy()
        ends = np.cumsum(counted.sum(axis=1))
        for i, got, right in zip(
            part, np.split(best, ends[:-1]), np.split(targets.cpu().numpy(), ends[:-1]), strict=True
        ):
            if not np.array_equal(got, right):
                wrong.append((i, tuple(got.tolist())))
    network.train(training)
    return _summarize(examples, chosen, loss / max(tokens, 1), wrong)


def _summarize(examples: Examples, chosen: list[int], loss: float, wrong: list[tuple[int, tuple[int, ...]]]) -> Scores:
    sizes = Counter(examples.groups[i] for i in chosen)
    misses = Counter(examples.groups[i] for i, _ in wrong)
    groups = {group: 1 - misses[group] / size for group, size in sorted(sizes.items())}
    return Scores(loss, 1 - len(wrong) / len(chosen), groups, len(chosen), tuple(wrong))


def show_wrong(scores: Scores, examples: Examples, tokenizer: Tokenizer, count: int) -> str:
    """Return some of the misses as text: the prompt and right output, and what would have been written."""
    lines = []
    for i, got in scores.wrong[:: max(1, len(scores.wrong) // max(count, 1))][:count]:
        lines.append(f"  {tokenizer.decode(examples[i].tolist(), skip_special_tokens=False)}")
        lines.append(f"    got {tokenizer.decode(list(got), skip_special_tokens=False)}")
    return "\n".join(lines)
