"""Fine-tune on a household's examples with differential privacy: what is learnt hardly depends on any one example.

    python -m training.private training/recipes/personal.yaml work/base work/model \
        --data work/data/household.jsonl --check work/replay/validation.jsonl --epsilon 8 --steps 100

Opacus (pip's group `private`) draws examples by chance, clips the gradient of each and adds noise, and counts what that
amounts to (DP-SGD, arXiv 1607.00133). Writes the checkpoint and privacy.json with epsilon and delta, which hold for one
example among the N of the file. The household's file has several examples of each way of speaking: give it one each
(`household_examples` as small as there are ways) where epsilon shall hold for a way.

What learns are LoRA matrices of the library peft: they are linear layers of their own, whose gradients Opacus can take
one example at a time. It can't do that for weights that are used outside of a layer's own forward pass, as this network's
norms and its embedding (which is its head again) are; and not for packed rows: so each row holds one example.
"""

from __future__ import annotations

import argparse
import json
import shutil
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
import yaml
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from .network import load_network, save_network
from .rows import Examples, lay_out, read_examples
from .tuning import MATRICES
from .validate import validate

if TYPE_CHECKING:
    from .network import Network

ADAPTER = "default"
SMALLEST = 8
"""Examples of a step."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be given away, and how it is spent."""

    epsilon: float
    delta: float
    steps: int
    batch: int
    """Examples of a step, on average."""
    clip: float = 1.0
    """Largest length of one example's gradient."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What was given away."""

    epsilon: float
    delta: float
    noise: float
    steps: int
    examples: int


class Reader(nn.Module):
    """A network with LoRA layers that returns the loss of each example of a batch."""

    def __init__(self, network: Network, rank: int, alpha: float) -> None:
        super().__init__()
        from peft import LoraConfig, inject_adapter_in_model  # noqa: PLC0415 - optional

        config = LoraConfig(r=rank, lora_alpha=alpha, target_modules=list(MATRICES))
        self.network: Network = inject_adapter_in_model(config, network, ADAPTER)

    def forward(self, ids: Tensor, positions: Tensor, examples: Tensor, counted: Tensor) -> Tensor:
        """Return the mean loss of the counted places of each row (rows,)."""
        # Every row takes part in every layer once, so that its gradient can be told from the others'.
        logits = self.network.logits(self.network(ids, positions, examples))
        losses = functional.cross_entropy(logits.transpose(1, 2), ids.roll(-1, dims=1), reduction="none")
        each: Tensor = (losses * counted).sum(1) / counted.sum(1).clamp(min=1.0)
        return each


def tune_privately(network: Network, examples: Examples, budget: Budget, rate: float, lora: dict[str, Any]) -> Spent:
    """Train the network in place, and multiply out what it learnt; return what that gave away.

    Raise ImportError without opacus and peft.
    """
    from opacus import PrivacyEngine  # noqa: PLC0415 - optional

    if not SMALLEST <= budget.batch <= len(examples):
        raise ValueError(
            f"{len(examples)} examples are too few for steps of {budget.batch}, or these smaller than {SMALLEST}"
        )
    reader = Reader(network, lora["rank"], lora["alpha"]).train()
    learnt = [weight for weight in reader.parameters() if weight.requires_grad]
    steps = 0
    with warnings.catch_warnings():
        # Opacus warns of its own workings, and of noise from torch's generator, which is no cryptographic one.
        warnings.simplefilter("ignore")
        engine = PrivacyEngine(accountant="rdp")
        numbers = torch.utils.data.TensorDataset(torch.arange(len(examples)))
        private, optimizer, loader = engine.make_private_with_epsilon(
            module=reader,
            optimizer=torch.optim.AdamW(learnt, lr=rate),
            data_loader=torch.utils.data.DataLoader(numbers, budget.batch),
            target_epsilon=budget.epsilon,
            target_delta=budget.delta,
            epochs=(epochs := max(round(budget.steps * budget.batch / len(examples)), 1)),
            max_grad_norm=budget.clip,
        )
        for _ in tqdm(range(epochs), unit="epoch", disable=None):
            for (chosen,) in loader:
                if not len(chosen):
                    continue  # so rare with steps of this size that it does not count
                optimizer.zero_grad()
                private(*batch_of(examples, chosen.tolist())).mean().backward()
                optimizer.step()
                steps += 1
        spent = Spent(
            float(engine.get_epsilon(budget.delta)),
            budget.delta,
            float(optimizer.noise_multiplier),
            steps,
            len(examples),
        )
    for parent in list(network.modules()):
        for name, layer in list(parent.named_children()):
            low_rank: Any = layer
            if hasattr(low_rank, "merge") and hasattr(low_rank, "base_layer"):
                low_rank.merge()
                setattr(parent, name, low_rank.base_layer)
    return spent


def batch_of(examples: Examples, chosen: list[int]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return ids, positions, numbers of examples and counted places of a batch, each row one example (rows, tokens)."""
    width = max(len(examples[i]) for i in chosen)
    rows = lay_out([[(examples, i)] for i in chosen], width)
    counted = torch.from_numpy(rows.weights * ~rows.prompt)
    return torch.from_numpy(rows.ids), torch.from_numpy(rows.positions), torch.from_numpy(rows.examples), counted


def main() -> None:
    """Run the command that the module's docstring shows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("base", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--check", type=Path, required=True)
    parser.add_argument("--epsilon", type=float, default=8.0)
    parser.add_argument("--steps", type=int, default=100)
    arguments = parser.parse_args()
    recipe = yaml.safe_load(arguments.recipe.read_text(encoding="utf-8"))["finetune"]
    tokenizer = Tokenizer.from_file(str(arguments.base / "tokenizer.json"))
    examples, checks = (
        read_examples(path, tokenizer, recipe["row_tokens"]) for path in (arguments.data, arguments.check)
    )
    torch.manual_seed(recipe["seed"])
    network = load_network(arguments.base)
    how = recipe["private"]
    budget = Budget(
        arguments.epsilon, how.get("delta") or 1 / (10 * len(examples)), arguments.steps, how["batch"], how["clip"]
    )
    before = validate(network, checks, recipe["check_examples"], bf16=False)
    spent = tune_privately(network, examples, budget, how["learning_rate"], recipe["lora"])
    after = validate(network, checks, recipe["check_examples"], bf16=False)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for path in arguments.base.glob("*.json"):
        shutil.copy(path, arguments.out / path.name)
    save_network(network, arguments.out)
    (arguments.out / "privacy.json").write_text(json.dumps(asdict(spent), indent=1) + "\n", encoding="utf-8")
    print(
        f"epsilon {spent.epsilon:.2f}, delta {spent.delta:.1e} for one of {spent.examples} examples; noise {spent.noise:.2f}, {spent.steps} steps"
    )
    print(
        f"exact {before.exact:.1%} before, {after.exact:.1%} after (± {after.margin:.1%}); loss {before.loss:.4f}, {after.loss:.4f}"
    )


if __name__ == "__main__":
    main()
