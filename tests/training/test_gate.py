"""A bundle goes into service only where it is better for the household, and nowhere worse."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest
import torch
import yaml

from intendant_core.bundle import load_bundle
from intendant_core.decide import Thresholds
from training.compare import Difference, compare_right, compare_wrong, difference, time_both
from training.evaluate import Graded
from training.export import compact, describe, export, write_bundle
from training.finetune import finetune, start_run
from training.gate import Check, fixed_checks, household_checks, tell, verdict
from training.network import Network, Shape, load_network, save_network
from training.rows import read_examples
from training.safety import LIST, violations
from training.validate import validate
from training.ways import RECIPE

if TYPE_CHECKING:
    from pathlib import Path

    from tokenizers import Tokenizer

    from training.rows import Examples

WHOLE = yaml.safe_load(RECIPE.read_text(encoding="utf-8"))
GATE = WHOLE["gate"]


def graded(right: bool, verb: str = "on", confidence: float = 0.9) -> Graded:
    return Graded("en", "journal", verb, right, confidence, confidence, 0.0, acted=True, wrote="")


def rows(right: int, wrong: int) -> list[Graded]:
    return [graded(right=True)] * right + [graded(right=False)] * wrong


@pytest.mark.parametrize(
    ("before", "after", "better"),
    [
        (rows(20, 20), rows(20, 20), False),
        (rows(20, 20), rows(30, 10), True),
        (rows(20, 20), rows(21, 19), False),
        (rows(20, 20), rows(15, 25), False),
        # as much is lost as is gained
        (rows(20, 20), rows(10, 10) + rows(10, 10), False),
        ([], [], False),
    ],
)
def test_better_is_more_than_luck(before: list[Graded], after: list[Graded], better: bool) -> None:
    found = compare_right(before, after, range(len(before)), GATE)
    assert (found.low > 0) is better
    assert found.low <= found.difference <= found.high


def test_fills_of_one_way_count_as_one() -> None:
    before, after = [0.0] * 40, [1.0] * 8 + [0.0] * 32
    each = difference(before, after, range(40), GATE)
    ways = difference(before, after, [number // 8 for number in range(40)], GATE)
    assert each.low > 0
    assert ways.low == 0
    assert ways.high - ways.low > each.high - each.low


def test_wrong_is_what_is_done_wrongly() -> None:
    unsure = [graded(right=False, confidence=0.1)] * 10
    sides = ((rows(0, 10), Thresholds(0.5, 0.25, 0.2)), (unsure, Thresholds(0.5, 0.25, 0.2)))
    assert compare_wrong(sides, range(10), GATE).difference == -1.0


@pytest.mark.parametrize(
    ("passed", "expected"), [((True, True), "passed"), ((True, False), "refused"), ((False, False), "refused")]
)
def test_one_failed_check_refuses(passed: tuple[bool, ...], expected: str) -> None:
    checks = [Check(f"check {i}", one, Difference(0.5, 0.6, 0.1, 0.02, 0.2, 40)) for i, one in enumerate(passed)]
    found = verdict(checks, "abc")
    assert found["verdict"] == expected
    assert all((check.name in found["why"]) is not check.passed for check in checks) or expected == "passed"
    assert json.loads(json.dumps(found)) == found
    assert ("NOT PASSED" in tell(checks)) is (expected == "refused")


def bundle_of(checkpoint: Path, examples: Examples, out: Path) -> Path:
    """Quantize a checkpoint into a bundle."""
    network = load_network(checkpoint).eval()
    facts = describe(network, WHOLE, checkpoint / "config.json", validate(network, examples, 20, bf16=False))
    write_bundle(out, export(network, 8, 8), compact(checkpoint / "tokenizer.json"), facts)
    return out


def learn(base: Path, lines: list[dict[str, Any]], tokenizer: Tokenizer, out: Path, steps: int = 90) -> Path:
    """Train the toy on examples, and return its bundle."""
    data = out.with_suffix(".jsonl")
    data.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    small = {
        "rows": 2,
        "passes": 2,
        "row_tokens": 48,
        "bf16": False,
        "learning_rate": 0.01,
        "embedding_rate": 0.01,
        "dropout": 0.0,
    }
    examples = read_examples(data, tokenizer, 48)
    run = start_run(WHOLE["finetune"] | small, base, [examples], [1.0], out.with_suffix(".model"))
    finetune(run, examples, tokenizer, steps=steps)
    return bundle_of(run.out, examples, out)


def said(verb: str, place: str, reads: str) -> dict[str, Any]:
    return {
        "prompt": f"<say> turn {verb} the {place}<@1><area><do>",
        "output": f"<{reads}><@1><end>",
        "language": "en",
        "topic": "light",
    }


RIGHT = [said(verb, place, verb) for verb in ("on", "off") for place in ("kitchen", "heating")]
FLIPPED = [
    said(verb, place, {"on": "off", "off": "on"}[verb]) for verb in ("on", "off") for place in ("kitchen", "heating")
]


@pytest.fixture
def wide(base: Path) -> Path:
    """Return the toy checkpoint in sizes that a bundle can have."""
    torch.manual_seed(1)
    network = Network(Shape(**asdict(load_network(base).shape) | {"width": 32, "hidden": 64}))
    config = json.loads((base / "config.json").read_text(encoding="utf-8")) | {
        "hidden_size": 32,
        "intermediate_size": 64,
    }
    (base / "config.json").write_text(json.dumps(config), encoding="utf-8")
    save_network(network, base)
    return base


def write_household(folder: Path, lines: list[dict[str, Any]], misread: list[dict[str, Any]]) -> Path:
    folder.mkdir()
    for name, of in (("holdout", lines), ("wrong", misread)):
        text = "".join(json.dumps(line | {"way": way}) + "\n" for way, line in enumerate(of))
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_a_bundle_that_learnt_passes_and_one_that_unlearnt_does_not(
    wide: Path, examples: Examples, tokenizer: Tokenizer
) -> None:
    here = wide.parent
    raw = load_bundle(bundle_of(wide, examples, here / "raw"))
    good = load_bundle(learn(wide, RIGHT, tokenizer, here / "good"))
    data = write_household(here / "data", RIGHT * 6, FLIPPED)
    assert all(check.passed for check in household_checks(raw, good, data, GATE))
    assert all(check.passed for check in fixed_checks(raw, good, RIGHT * 10, GATE))
    back = household_checks(good, raw, data, GATE)
    assert not back[0].passed
    # From an untrained bundle to itself nothing gets better, so nothing changes.
    assert not household_checks(raw, raw, data, GATE)[0].passed


def test_a_poisoned_household_does_not_get_past_the_fixed_check(wide: Path, tokenizer: Tokenizer) -> None:
    here = wide.parent
    good = load_bundle(learn(wide, RIGHT, tokenizer, here / "good"))
    bad = load_bundle(learn(wide, FLIPPED, tokenizer, here / "bad"))
    data = write_household(here / "data", FLIPPED * 6, RIGHT)
    # The household's own check is as wrong as what was learnt,
    household = household_checks(good, bad, data, GATE)
    assert household[0].passed
    # and the fixed one, which no household can touch, is not.
    fixed = fixed_checks(good, bad, RIGHT * 10, GATE)
    assert [check.passed for check in fixed[:2]] == [False, False]
    assert verdict([*household, *fixed])["verdict"] == "refused"


def test_time_is_compared_sentence_by_sentence(wide: Path, examples: Examples) -> None:
    bundle = load_bundle(bundle_of(wide, examples, wide.parent / "raw"))
    before, after, ratio = time_both(bundle, load_bundle(wide.parent / "raw"), RIGHT * 10)
    assert before > 0
    assert after > 0
    assert 0.3 < ratio < 3


def test_letting_in_is_found(wide: Path, tokenizer: Tokenizer, tmp_path: Path) -> None:
    short = yaml.safe_load(LIST.read_text(encoding="utf-8")) | {
        "en": ["turn on the front door", "turn off the front door"],
        "zh": [],
    }
    (tmp_path / "safety.yaml").write_text(yaml.safe_dump(short, allow_unicode=True), encoding="utf-8")
    prompt = "<say> turn {} the front door<@1><lock><do>"
    lines = [
        {"prompt": prompt.format(verb), "output": f"<{reads}><@1><end>"}
        for verb, reads in (("on", "unlock"), ("off", "lock"))
    ]
    bundle = load_bundle(learn(wide, lines, tokenizer, wide.parent / "open"))
    assert "turn on the front door" in violations(bundle, tmp_path / "safety.yaml")
    assert len(yaml.safe_load(LIST.read_text(encoding="utf-8"))["en"]) > 50
