"""Several households train together; what leaves a home are weights."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import yaml

from training.federated import Task, learnt, prepare, train_at_home
from training.ways import RECIPE

ROOT = Path(__file__).parents[2]
SMALL = {"rows": 2, "passes": 2, "row_tokens": 48, "learning_rate": 0.01, "embedding_rate": 0.01, "dropout": 0.0}


def task(base: Path, steps: int, rounds: int, **changes: object) -> Task:
    return Task(yaml.safe_load(RECIPE.read_text(encoding="utf-8"))["finetune"] | SMALL | changes, base, steps, rounds)


def test_only_what_learns_leaves_a_home(base: Path) -> None:
    one = task(base, 2, 1, tune="lora", lora={"rank": 4, "alpha": 8})
    weights, count, loss = train_at_home(one, base.parent / "data.jsonl", learnt(prepare(one)), 0, 1)
    assert count == 60
    assert loss > 0
    assert all("original" not in name for name in weights)
    assert any(not torch.equal(weight, learnt(prepare(one))[name]) for name, weight in weights.items())


def test_ranks_are_not_averaged(base: Path) -> None:
    with pytest.raises(ValueError, match="can't be averaged"):
        prepare(task(base, 2, 1, tune="prefix", prefix={"length": 2}))


@pytest.mark.timeout(600)
def test_three_households_learn_together(base: Path, tmp_path: Path) -> None:
    """In a process of its own: what Ray leaves behind when it ends is its business."""
    pytest.importorskip("flwr")
    lines = (base.parent / "data.jsonl").read_text(encoding="utf-8").splitlines()
    files = []
    for number in range(3):
        files.append(str(tmp_path / f"home{number}.jsonl"))
        Path(files[-1]).write_text("\n".join(lines[number::3]) + "\n", encoding="utf-8")
    whole = yaml.safe_load(RECIPE.read_text(encoding="utf-8"))
    whole["finetune"] |= SMALL
    (tmp_path / "recipe.yaml").write_text(yaml.safe_dump(whole), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "training.federated",
        str(tmp_path / "recipe.yaml"),
        str(base),
        str(tmp_path / "model"),
    ]
    command += [
        "--data",
        *files,
        "--check",
        str(base.parent / "data.jsonl"),
        "--rounds",
        "3",
        "--steps",
        "12",
        "--strategy",
        "mean",
    ]
    ended = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)  # noqa: S603 - our own module
    found = re.search(r"loss ([\d.]+), ([\d.]+)", ended.stdout)
    assert found
    assert float(found[2]) < 0.5 * float(found[1])
    assert not [line for line in lines if json.loads(line)["prompt"] in ended.stdout + ended.stderr]
