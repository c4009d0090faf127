"""Fine-tune a checkpoint on dataset files, for so many minutes or steps.

    python -m training.finetune training/recipes/default.yaml work/base work/model \
        --data work/data/train.jsonl work/data/journal.jsonl=0.3 --check work/data/validation.jsonl --minutes 120

Writes work/model (a Hugging Face checkpoint) and keeps work/model/state.pt on the way; the same command after an
interruption goes on from there exactly. A dataset's share (1 unless said) is how often it is drawn from.
"""

from __future__ import annotations

import argparse
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
import yaml
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional
from torch.utils.tensorboard import SummaryWriter
from tqdm import tqdm

from .network import Network, load_network, save_network
from .rows import Examples, Rows, Stream, read_examples
from .spread import Spread
from .tuning import bf16_pays, make_optimizer, merged, set_pace, set_tuning, update_average
from .validate import Scores, show_wrong, validate

if TYPE_CHECKING:
    from collections.abc import Callable

    from .adapters import Adapter


@dataclass(slots=True)
class Run:
    """A fine-tuning under way: everything that changes, and what it needs to go on."""

    network: Network
    stream: Stream
    recipe: dict[str, Any]
    out: Path
    optimizer: torch.optim.Optimizer
    adapter: Adapter | None = None
    """What a way of tuning needs looking after."""
    spread: Spread = field(default_factory=Spread)
    """The processes that train together."""
    average: dict[str, Tensor] = field(default_factory=dict)
    step: int = 0
    seconds: float = 0.0
    """Spent in earlier sittings and this one."""
    tokens: int = 0
    best: float = float("inf")
    strikes: int = 0
    """Validations since the best one."""
    progress: float = 0.0
    """How far it is done, 0 to 1."""


def start_run(recipe: dict[str, Any], base: Path, files: list[Examples], shares: list[float], out: Path) -> Run:
    """Prepare a run, and continue the one that `out` holds if there is one."""
    torch.manual_seed(recipe["seed"])
    network = load_network(base, recipe["dropout"])
    adapter, spread = set_tuning(network, recipe), Spread()
    network.to(spread.device).train()
    if recipe["bf16"] == "auto":
        recipe = recipe | {"bf16": bf16_pays(network.norm.device)}
        print(f"bf16: {'faster here' if recipe['bf16'] else 'slower here, so fp32'}")
    stream = Stream(files, shares, spread.seed(recipe["seed"]))
    run = Run(network, stream, recipe, out, make_optimizer(network, recipe), adapter, spread)
    if recipe["ema"]:
        run.average = {name: weight.detach().clone() for name, weight in network.named_parameters()}
    out.mkdir(parents=True, exist_ok=True)
    for path in base.iterdir():
        if path.suffix == ".json":
            shutil.copy(path, out / path.name)
    if (out / "state.pt").exists():
        load_state(run)
    return run


def save_state(run: Run) -> None:
    """Keep everything that is needed to go on; a crash while writing leaves the state before."""
    state = {
        "network": run.network.state_dict(),
        "optimizer": run.optimizer.state_dict(),
        "average": run.average,
        "stream": (run.stream.drawn, run.stream.waiting),
        "counters": (run.step, run.seconds, run.tokens, run.best, run.strikes),
        "chance": torch.get_rng_state(),
    }
    torch.save(state, run.out / "state.new")
    (run.out / "state.new").replace(run.out / "state.pt")


def load_state(run: Run) -> None:
    """Take up what save_state kept."""
    state = torch.load(run.out / "state.pt", weights_only=True)
    run.network.load_state_dict(state["network"])
    run.optimizer.load_state_dict(state["optimizer"])
    run.average = state["average"]
    drawn, waiting = state["stream"]
    run.stream.go_on(drawn, [(file, index) for file, index in waiting])
    run.step, run.seconds, run.tokens, run.best, run.strikes = state["counters"]
    torch.set_rng_state(state["chance"])
    print(f"continues after step {run.step}, {run.seconds / 60:.1f} minutes")


def save_model(run: Run) -> None:
    """Write the checkpoint: the averaged weights if there is an average."""
    with averaged(run):
        save_network(merged(run.network, run.adapter), run.out)


class averaged:  # noqa: N801 - reads as a phrase: with averaged(run)
    """Put the running average of the weights into the network while the block runs."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.kept: dict[str, Tensor] = {}

    def __enter__(self) -> None:
        for name, weight in self.run.network.named_parameters():
            if name in self.run.average:
                self.kept[name] = weight.data
                weight.data = self.run.average[name]

    def __exit__(self, *_: object) -> None:
        for name, weight in self.run.network.named_parameters():
            if name in self.kept:
                weight.data = self.kept[name]


def train_step(run: Run, rows: Rows, forward: Callable[..., Tensor]) -> float:
    """Take one step over the rows, in passes; return the mean loss per output token of weight 1.

    Only places that count are scored: all of the output, and a share of the prompt that stands for the whole.
    """
    recipe, device = run.recipe, run.network.norm.device
    ids, positions, examples, weights, prompt = (
        torch.from_numpy(x).to(device) for x in (rows.ids, rows.positions, rows.examples, rows.weights, rows.prompt)
    )
    share = recipe["prompt_share"] if recipe["prompt_loss"] else 0.0
    drawn = (torch.rand(prompt.shape) < share).to(device)
    weights = torch.where(prompt, weights * drawn * (recipe["prompt_loss"] / (share or 1.0)), weights)
    targets = ids.roll(-1, dims=1)
    total = weights[~prompt].sum().clamp(min=1.0)
    loss_sum = 0.0
    for part in torch.arange(len(ids)).split(recipe["rows"]):
        # Twice the same rows under other dropout, where the two readings shall agree (R-Drop).
        twice = part.repeat(2 if recipe.get("r_drop") else 1)
        with torch.autocast(device.type, torch.bfloat16, enabled=recipe["bf16"]):
            counted = weights[twice] > 0
            logits = run.network.logits(forward(ids[twice], positions[twice], examples[twice])[counted]).float()
        losses = functional.cross_entropy(
            logits, targets[twice][counted], reduction="none", label_smoothing=recipe["label_smoothing"]
        )
        of = weights[twice][counted] * (len(part) / len(twice))
        loss = losses @ of / total
        if recipe.get("r_drop"):
            loss = loss + recipe["r_drop"] * (disagreement(logits) @ of[: len(of) // 2]) / total
        if run.adapter:
            loss = loss + run.adapter.penalty() * len(part) / len(ids)
        loss.backward()
        loss_sum += float((losses.detach() * of)[~prompt[twice][counted]].sum() / total)
    learnt = [weight for weight in run.network.parameters() if weight.requires_grad]
    torch.nn.utils.clip_grad_norm_(learnt, recipe["clip"])
    run.optimizer.step()
    if run.adapter:
        run.adapter.after_backward(run.progress)
    run.optimizer.zero_grad(set_to_none=True)
    if run.average:
        update_average(run.average, run.network, recipe["ema"])
    return loss_sum


def disagreement(logits: Tensor) -> Tensor:
    """Return how far two readings of the same places (2n, vocabulary), n after n, are apart: (n), in nats.

    The mean of both Kullback-Leibler divergences, as in R-Drop (Liang et al. 2021, arXiv 2106.14448).
    """
    one, other = functional.log_softmax(logits, dim=-1).chunk(2)
    return ((one.exp() - other.exp()) * (one - other)).sum(-1) / 2


def check(run: Run, examples: Examples, tokenizer: Tokenizer) -> Scores:
    """Validate, print what is wrong, and keep the checkpoint of the best loss."""
    with averaged(run):
        scores = validate(run.network, examples, run.recipe["check_examples"], bf16=run.recipe["bf16"])
    groups = ", ".join(f"{group} {share:.1%}" for group, share in scores.groups.items() if group)
    tqdm.write(
        f"step {run.step}, {run.seconds / 60:.1f} min, epoch {run.stream.epochs:.2f}: loss {scores.loss:.4f}, "
        f"exact {scores.exact:.1%} ± {scores.margin:.1%}" + (f" ({groups})" if groups else "")
    )
    tqdm.write(show_wrong(scores, examples, tokenizer, 4))
    run.strikes = 0 if scores.loss < run.best else run.strikes + 1
    if scores.loss < run.best or not run.recipe["patience"]:
        run.best = min(run.best, scores.loss)
        save_model(run)
    return scores


def finetune(run: Run, checks: Examples, tokenizer: Tokenizer, minutes: float = 0, steps: int = 0) -> Scores:
    """Train until the minutes or steps are over, or nothing improves any more; return the last scores."""
    recipe = run.recipe
    forward = run.spread.prepare(run.network)
    forward = torch.compile(forward) if recipe["compile"] else forward
    before, started = run.seconds, time.monotonic()
    saved = checked = run.seconds
    with (
        SummaryWriter(str(run.out / "logs")) as writer,
        tqdm(total=100, unit="%", bar_format="{l_bar}{bar}|{postfix}") as bar,
    ):
        stopped = False
        while (progress := run.spread.agree(1.0 if stopped else _done(run, minutes, steps))) < 1:
            run.progress = progress
            set_pace(run.optimizer, progress, recipe)
            loss = train_step(
                run, run.stream.next_rows(recipe["rows"] * recipe["passes"], recipe["row_tokens"]), forward
            )
            run.step += 1
            run.tokens += recipe["rows"] * recipe["passes"] * recipe["row_tokens"]
            run.seconds = before + time.monotonic() - started
            if not run.spread.first:
                continue
            writer.add_scalar("loss/train", loss, run.step)
            bar.n = round(100 * run.progress, 1)
            bar.set_postfix_str(f"step {run.step} loss {loss:.3f} {run.tokens / run.seconds:.0f} tokens/s")
            if run.seconds - checked > 60 * recipe["check_minutes"]:
                scores, checked = check(run, checks, tokenizer), run.seconds
                writer.add_scalar("loss/check", scores.loss, run.step)
                writer.add_scalar("exact/check", scores.exact, run.step)
                stopped = bool(recipe["patience"]) and run.strikes >= recipe["patience"]
            if run.seconds - saved > 60 * recipe["save_minutes"]:
                save_state(run)
                saved = run.seconds
    if run.spread.first:
        save_state(run)
    scores = check(run, checks, tokenizer) if run.spread.first else Scores(0.0, 0.0, {}, 0, ())
    run.spread.wait()
    return scores


def _done(run: Run, minutes: float, steps: int) -> float:
    return run.step / steps if steps else run.seconds / 60 / minutes


def main() -> None:
    """Run the command that the module's docstring shows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("base", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", nargs="+", required=True, metavar="FILE[=SHARE]")
    parser.add_argument("--check", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--steps", type=int, default=0)
    arguments = parser.parse_args()
    if not arguments.minutes and not arguments.steps:
        parser.error("say --minutes or --steps")
    recipe = yaml.safe_load(arguments.recipe.read_text(encoding="utf-8"))["finetune"]
    tokenizer = Tokenizer.from_file(str(arguments.base / "tokenizer.json"))
    parts = [name.partition("=") for name in arguments.data]
    files = [read_examples(Path(name), tokenizer, recipe["row_tokens"]) for name, _, _ in parts]
    run = start_run(recipe, arguments.base, files, [float(share or 1) for _, _, share in parts], arguments.out)
    checks = read_examples(arguments.check, tokenizer, recipe["row_tokens"])
    print(f"{sum(map(len, files))} examples, {len(files[0].ids) / len(files[0]):.1f} tokens each in the first file")
    finetune(run, checks, tokenizer, arguments.minutes, arguments.steps)


if __name__ == "__main__":
    main()
