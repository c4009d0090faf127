"""Let several households train one network together: weights leave a home, sentences never do.

    python -m training.federated training/recipes/personal.yaml work/base work/model \
        --data home1/household.jsonl home2/household.jsonl ... --check work/replay/validation.jsonl --rounds 5 --steps 20

Each file is one household's. In each round, every household takes the common weights, trains some steps on its own
examples, and gives back the weights that learn; the server averages them by the number of examples (FedAvg, arXiv
1602.05629), or takes their median or trimmed mean, which one household that means harm can move little. Flower (pip's
group `federated`) simulates the households, each a process of its own that reads its own file and no other.
"""

from __future__ import annotations

import argparse
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
import yaml
from tokenizers import Tokenizer

from .network import Network, load_network, save_network
from .rows import Stream, read_examples
from .tuning import make_optimizer, merged, set_pace, set_tuning
from .validate import validate

if TYPE_CHECKING:
    from torch import Tensor

STRATEGIES = {"mean": "FedAvg", "median": "FedMedian", "trimmed": "FedTrimmedAvg"}
Weights = dict[str, "Tensor"]


@dataclass(frozen=True, slots=True)
class Task:
    """What all households share: how to train, from which checkpoint, for how long. No example of any of them."""

    recipe: dict[str, Any]
    base: Path
    steps: int
    rounds: int


def prepare(task: Task) -> Network:
    """Return the network with what the recipe lets learn."""
    torch.manual_seed(task.recipe["seed"])
    network = load_network(task.base, task.recipe["dropout"])
    if set_tuning(network, task.recipe) is not None:
        raise ValueError("federated: tune full, frozen or lora; rank and prefixes can't be averaged")
    return network


def learnt(network: Network) -> Weights:
    """Return the weights that learn, and so leave a home."""
    return {name: weight.detach().clone() for name, weight in network.named_parameters() if weight.requires_grad}


def train_at_home(task: Task, file: Path, common: Weights, number: int, turn: int) -> tuple[Weights, int, float]:
    """Train some steps on one household's examples; return the weights that learn, the number of examples, the last loss."""
    from .finetune import Run, train_step  # noqa: PLC0415 - brings TensorBoard

    network, recipe = prepare(task), task.recipe | {"bf16": False, "ema": 0.0}
    network.load_state_dict(common, strict=False)
    network.train()
    tokenizer = Tokenizer.from_file(str(task.base / "tokenizer.json"))
    examples = read_examples(file, tokenizer, recipe["row_tokens"])
    stream = Stream([examples], [1.0], recipe["seed"] + 1000 * number + turn)
    run = Run(network, stream, recipe, Path(), make_optimizer(network, recipe))
    loss = 0.0
    for step in range(task.steps):
        set_pace(run.optimizer, (step + 0.5) / task.steps, recipe)
        loss = train_step(run, stream.next_rows(recipe["rows"] * recipe["passes"], recipe["row_tokens"]), network)
    return learnt(network), len(examples), loss


def train_together(task: Task, files: list[Path], strategy: str) -> Network:
    """Return the network that the households trained. Raise ImportError without flwr."""
    os.environ.setdefault("FLWR_TELEMETRY_ENABLED", "0")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    from flwr.app import ArrayRecord, Context, Message, MetricRecord, RecordDict  # noqa: PLC0415 - optional
    from flwr.clientapp import ClientApp  # noqa: PLC0415 - the same
    from flwr.serverapp import Grid, ServerApp, strategy as strategies  # noqa: PLC0415 - the same
    from flwr.simulation import run_simulation  # noqa: PLC0415 - the same

    client, server = ClientApp(), ServerApp()
    network = prepare(task)
    found: list[Weights] = []

    @client.train()
    def train(message: Message, context: Context) -> Message:
        torch.set_num_threads(1)
        number = int(context.node_config["partition-id"])
        common = message.content["arrays"].to_torch_state_dict()
        turn = int(message.content["config"]["server-round"])
        weights, count, loss = train_at_home(task, files[number], common, number, turn)
        metrics = MetricRecord({"num-examples": count, "loss": loss})
        return Message(content=RecordDict({"arrays": ArrayRecord(weights), "metrics": metrics}), reply_to=message)

    @server.main()
    def main(grid: Grid, context: Context) -> None:  # noqa: ARG001 - Flower calls it with both
        everyone = {"fraction_evaluate": 0.0, "min_train_nodes": len(files), "min_available_nodes": len(files)}
        chosen = getattr(strategies, STRATEGIES[strategy])(**everyone)
        result = chosen.start(grid=grid, initial_arrays=ArrayRecord(learnt(network)), num_rounds=task.rounds)
        found.append(result.arrays.to_torch_state_dict())

    one_each = {"client_resources": {"num_cpus": 1, "num_gpus": 0.0}}
    run_simulation(server, client, len(files), backend_config=one_each)
    network.load_state_dict(found[0], strict=False)
    return merged(network)


def main() -> None:
    """Run the command that the module's docstring shows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("base", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="one file for each household")
    parser.add_argument("--check", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=20, help="of each household in each round")
    parser.add_argument("--strategy", choices=STRATEGIES, default="trimmed")
    arguments = parser.parse_args()
    recipe = yaml.safe_load(arguments.recipe.read_text(encoding="utf-8"))["finetune"]
    base = arguments.base.resolve()
    checks = read_examples(arguments.check, Tokenizer.from_file(str(base / "tokenizer.json")), recipe["row_tokens"])
    before = validate(load_network(base), checks, recipe["check_examples"], bf16=False)
    task = Task(recipe, base, arguments.steps, arguments.rounds)
    network = train_together(task, [path.resolve() for path in arguments.data], arguments.strategy)
    after = validate(network, checks, recipe["check_examples"], bf16=False)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for path in base.glob("*.json"):
        shutil.copy(path, arguments.out / path.name)
    save_network(network, arguments.out)
    print(
        f"{len(arguments.data)} households, {arguments.rounds} rounds of {arguments.steps} steps, {arguments.strategy}"
    )
    print(
        f"exact {before.exact:.1%} before, {after.exact:.1%} after (± {after.margin:.1%}); loss {before.loss:.4f}, {after.loss:.4f}"
    )


if __name__ == "__main__":
    main()
