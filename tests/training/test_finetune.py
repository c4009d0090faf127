"""Rows, and fine-tuning with a toy model that takes real steps."""

from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from tokenizers import Tokenizer

from training.finetune import Run, disagreement, finetune, load_state, save_state, start_run, train_step
from training.network import Network, Shape, load_network
from training.rows import Examples, Stream, lay_out, read_examples
from training.tuning import make_optimizer, merged, set_pace, set_tuning
from training.validate import show_wrong, validate

RECIPE = yaml.safe_load((Path(__file__).parents[2] / "training/recipes/default.yaml").read_text(encoding="utf-8"))
SHAPE = Shape(vocab=40, width=24, layers=2, heads=6, kv_heads=2, head=4, hidden=32, theta=100.0, tied=True)


def make_recipe(**changes: Any) -> dict[str, Any]:
    small = {"rows": 2, "passes": 2, "row_tokens": 48, "bf16": False, "learning_rate": 0.01, "embedding_rate": 0.01}
    recipe: dict[str, Any] = RECIPE["finetune"] | small | {"check_examples": 50} | changes
    return recipe


def start(base: Path, examples: Examples, out: str = "model", **changes: Any) -> Run:
    return start_run(make_recipe(**changes), base, [examples], [1.0], base.parent / out)


def test_an_epoch_brings_every_example_once(examples: Examples) -> None:
    stream = Stream([examples], [1.0], seed=3)
    seen: list[tuple[int, int]] = []
    while len(seen) < len(examples):
        seen.append(stream.draw())
    assert sorted(index for _, index in seen) == list(range(len(examples)))
    assert stream.epochs == 1.0


def test_files_are_mixed_by_share(examples: Examples) -> None:
    stream = Stream([examples, examples], [3.0, 1.0], seed=3)
    files = [stream.draw()[0] for _ in range(400)]
    assert files.count(1) == 100


def test_rows_count_what_the_next_token_is(examples: Examples) -> None:
    length, prompt = len(examples[0]), int(examples.prompts[0])
    rows = lay_out([[(examples, 0), (examples, 0)]], 2 * length + 3)
    assert rows.positions[0, length] == 0
    assert rows.weights[0].sum() == 2 * (length - 1)
    assert rows.prompt[0, :length].sum() == prompt - 1
    assert len(set(rows.examples[0, -3:])) == 3


def test_packing_wastes_little_and_loses_nothing(examples: Examples) -> None:
    stream = Stream([examples], [1.0], seed=3)
    filled, placed = 0, 0
    for _ in range(10):
        rows = stream.next_rows(4, 48)
        filled += int((rows.examples < 48).sum())
        placed += int((rows.positions[rows.examples < 48] == 0).sum())
    assert filled > 0.8 * 10 * 4 * 48
    assert placed + len(stream.waiting) == stream.drawn[0]


def test_goes_on_with_other_files(examples: Examples) -> None:
    stream = Stream([examples, examples], [1.0, 1.0], seed=3)
    stream.go_on([7], [(0, 1), (0, len(examples)), (2, 0)])
    assert (stream.drawn, stream.waiting) == ([7, 0], [(0, 1)])
    assert stream.next_rows(4, 48).ids.shape == (4, 48)


def test_long_examples_are_left_out(base: Path, tokenizer: Tokenizer, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="at least one example"):
        Stream([read_examples(base.parent / "data.jsonl", tokenizer, 5)], [1.0], seed=0)
    assert "60 of 60" in capsys.readouterr().out


ADALORA = {"tune": "adalora", "adalora": {"init_rank": 6, "rank": 3, "alpha": 8}}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"ema": 0.8},
        {"tune": "lora"},
        {"tune": "frozen"},
        {"optimizer": "sgd", "learning_rate": 0.3, "embedding_rate": 0.3},
        ADALORA,
        {"tune": "prefix", "prefix": {"length": 6}, "learning_rate": 0.1},
    ],
)
def test_it_learns(base: Path, examples: Examples, tokenizer: Tokenizer, changes: dict[str, Any]) -> None:
    if changes.get("tune") == "adalora":
        pytest.importorskip("peft")
    run = start(base, examples, dropout=0.0, **changes)
    before = validate(run.network, examples, 50, bf16=False)
    after = finetune(run, examples, tokenizer, steps=40)
    assert before.exact < 0.2
    assert after.loss < 0.5 * before.loss
    saved = validate(load_network(run.out), examples, 50, bf16=False)
    assert saved.loss == pytest.approx(after.loss, rel=1e-4)
    assert saved.exact == after.exact


def test_it_learns_exactly_given_the_steps(base: Path, examples: Examples, tokenizer: Tokenizer) -> None:
    scores = finetune(start(base, examples), examples, tokenizer, steps=120)
    assert scores.exact == 1.0
    assert scores.groups == {"en": 1.0}


def test_it_resumes_exactly(base: Path, examples: Examples) -> None:
    def go(run: Run, steps: int) -> None:
        for _ in range(steps):
            set_pace(run.optimizer, run.step / 10, run.recipe)
            train_step(run, run.stream.next_rows(4, 48), run.network)
            run.step += 1

    whole, halves = start(base, examples, "whole"), start(base, examples, "halves")
    torch.manual_seed(7)
    go(whole, 6)
    torch.manual_seed(7)
    go(halves, 3)
    save_state(halves)
    torch.manual_seed(99)
    resumed = start(base, examples, "halves")
    assert resumed.step == 3
    go(resumed, 3)
    for name, weight in whole.network.state_dict().items():
        assert torch.equal(weight, resumed.network.state_dict()[name]), name


def test_it_stops_when_nothing_improves(base: Path, examples: Examples, tokenizer: Tokenizer) -> None:
    run = start(base, examples, learning_rate=0.0, embedding_rate=0.0, patience=2, check_minutes=0)
    finetune(run, examples, tokenizer, steps=50)
    assert run.step == 3


def test_it_keeps_its_state_by_the_clock(base: Path, examples: Examples, tokenizer: Tokenizer) -> None:
    run = start(base, examples, save_minutes=0, check_minutes=1)
    finetune(run, examples, tokenizer, minutes=0.01)
    load_state(run)
    assert run.step > 0


def test_only_so_much_of_the_prompt_is_scored(base: Path, examples: Examples) -> None:
    run = start(base, examples, prompt_loss=0.0)
    assert train_step(run, run.stream.next_rows(4, 48), run.network) > 0


def test_the_pace_warms_up_stays_and_comes_down(base: Path, examples: Examples) -> None:
    run = start(base, examples)
    shares = [set_pace(run.optimizer, progress, run.recipe) for progress in (0.0, 0.015, 0.3, 0.75, 1.0)]
    assert shares == pytest.approx([0.0, 0.5, 1.0, 0.5, 0.0])


def test_what_learns() -> None:
    network = Network(SHAPE)
    set_tuning(network, make_recipe(tune="lora"))
    learnt = {name for name, weight in network.named_parameters() if weight.requires_grad}
    assert "layers.0.qkv.parametrizations.weight.0.first" in learnt
    assert "layers.0.qkv.parametrizations.weight.original" not in learnt
    assert set(merged(network).state_dict()) == set(Network(SHAPE).state_dict())
    decays = {group["weight_decay"] for group in make_optimizer(network, make_recipe()).param_groups}
    assert decays == {0.0, make_recipe()["weight_decay"]}
    with pytest.raises(ValueError, match="not half"):
        set_tuning(network, make_recipe(tune="half"))


def test_misses_are_shown(base: Path, examples: Examples, tokenizer: Tokenizer) -> None:
    scores = validate(load_network(base), examples, 20, bf16=False)
    assert scores.margin > 0
    assert show_wrong(scores, examples, tokenizer, 2).count("got ") == 2


def test_two_readings_that_agree_are_no_distance_apart() -> None:
    logits = torch.tensor([[2.0, 0.0], [0.0, 1.0]])
    assert disagreement(torch.cat([logits, logits])).tolist() == [0.0, 0.0]
    apart = disagreement(torch.cat([logits, logits.flip(1)]))
    assert (apart > 0).all()
    assert apart[0] > apart[1]


def test_readings_under_other_dropout_come_to_agree(base: Path, examples: Examples) -> None:
    """With R-Drop the loss falls as without it."""
    run = start(base, examples, r_drop=2.0, dropout=0.1)
    first = train_step(run, run.stream.next_rows(run.recipe["rows"], run.recipe["row_tokens"]), run.network)
    for _ in range(40):
        last = train_step(run, run.stream.next_rows(run.recipe["rows"], run.recipe["row_tokens"]), run.network)
    assert last < first
