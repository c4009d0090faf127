"""The numpy network against a slow one written out token by token, and bundles that must be refused."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import BPE

from intendant_core.bundle import CARD, TOKENIZER, WEIGHTS, load_bundle
from intendant_core.catalog import load_catalog
from intendant_core.decide import Thresholds
from intendant_core.encode import FORMAT
from intendant_core.errors import BundleCorrupt, BundleError, BundleMismatch, BundleMissing
from intendant_core.model import Model, Sizes, restore

SIZES = Sizes(vocab=11, width=12, layers=2, heads=6, kv_heads=2, head=4, hidden=20, theta=100.0, eps=1e-5)
IDS = [3, 1, 4, 1, 5, 9, 2, 6]

Array = NDArray[Any]


def make_tensors(seed: int = 0) -> dict[str, Array]:
    chance = np.random.default_rng(seed)

    def matrix(*shape: int) -> Array:
        return chance.standard_normal(shape).astype(np.float32) * 0.4

    tensors: dict[str, Array] = {"embed": matrix(SIZES.vocab, SIZES.width), "norm": 1 + matrix(SIZES.width)}
    for i in range(SIZES.layers):
        tensors |= {
            f"layers.{i}.attn_norm": 1 + matrix(SIZES.width),
            f"layers.{i}.qkv": matrix((SIZES.heads + 2 * SIZES.kv_heads) * SIZES.head, SIZES.width),
            f"layers.{i}.out": matrix(SIZES.width, SIZES.heads * SIZES.head),
            f"layers.{i}.mlp_norm": 1 + matrix(SIZES.width),
            f"layers.{i}.gate_up": matrix(2 * SIZES.hidden, SIZES.width),
            f"layers.{i}.down": matrix(SIZES.width, SIZES.hidden),
        }
    return tensors


def norm(x: Array, weight: Array) -> Array:
    scaled: Array = x / np.sqrt(np.mean(x**2) + SIZES.eps) * weight
    return scaled


def turn(x: Array, position: int) -> Array:
    half = SIZES.head // 2
    pairs = x[:half] + 1j * x[half:]
    pairs = pairs * np.exp(1j * position * SIZES.theta ** -(np.arange(half) / half))
    return np.concatenate([pairs.real, pairs.imag])


def reference(tensors: dict[str, Array], ids: list[int]) -> Array:
    """Return the scores after every token (tokens, vocab), one head and one token at a time, in double precision."""
    t = {name: value.astype(np.float64) for name, value in tensors.items()}
    xs = [t["embed"][i] for i in ids]
    for i in range(SIZES.layers):
        at = f"layers.{i}."
        heads = [(t[at + "qkv"] @ norm(x, t[at + "attn_norm"])).reshape(-1, SIZES.head) for x in xs]
        for p, x in enumerate(list(xs)):
            mixed = []
            for head in range(SIZES.heads):
                shared = head // (SIZES.heads // SIZES.kv_heads)
                keys = [turn(heads[j][SIZES.heads + shared], j) for j in range(p + 1)]
                weights = np.exp([turn(heads[p][head], p) @ key / np.sqrt(SIZES.head) for key in keys])
                values = [heads[j][SIZES.heads + SIZES.kv_heads + shared] for j in range(p + 1)]
                mixed.append((weights / weights.sum()) @ np.array(values))
            y = x + t[at + "out"] @ np.concatenate(mixed)
            gate, up = np.split(t[at + "gate_up"] @ norm(y, t[at + "mlp_norm"]), 2)
            xs[p] = y + t[at + "down"] @ (gate / (1 + np.exp(-gate)) * up)
    return np.array([t["embed"] @ norm(x, t["norm"]) for x in xs])


@pytest.fixture
def model() -> Model:
    return Model(SIZES, make_tensors())


EXPECTED = reference(make_tensors(), IDS)


@pytest.mark.parametrize("cuts", [[], [1], [4], [1, 2, 3, 4, 5, 6, 7], [3, 4]])
def test_scores_do_not_depend_on_how_tokens_are_fed(model: Model, cuts: list[int]) -> None:
    session = model.session()
    for start, end in zip([0, *cuts], [*cuts, len(IDS)], strict=True):
        session.feed(IDS[start:end])
        np.testing.assert_allclose(session.logits(), EXPECTED[end - 1], atol=1e-4)


def test_only_the_scores_asked_for_in_their_order(model: Model) -> None:
    session = model.session()
    session.feed(IDS)
    np.testing.assert_allclose(session.logits([7, 2]), EXPECTED[-1][[7, 2]], atol=1e-4)


def test_rollback_and_fork_go_on_from_where_they_stand(model: Model) -> None:
    session = model.session()
    session.feed(IDS[:5])
    other = session.fork()
    other.feed([0, 0])
    session.feed([7, 8, 9])
    session.rollback(5)
    np.testing.assert_allclose(session.logits(), EXPECTED[4], atol=1e-4)
    session.feed(IDS[5:])
    np.testing.assert_allclose(session.logits(), EXPECTED[-1], atol=1e-4)
    other.rollback(5)
    other.feed(IDS[5:])
    np.testing.assert_allclose(other.logits(), EXPECTED[-1], atol=1e-4)


def test_a_session_grows(model: Model) -> None:
    long = (IDS * 40)[:300]
    whole, bits = model.session(), model.session()
    whole.feed(long)
    for token in long:
        bits.feed([token])
    np.testing.assert_allclose(bits.logits(), whole.logits(), atol=1e-4)


def test_misuse_is_named(model: Model) -> None:
    session = model.session()
    for misuse in (lambda: session.feed([]), session.logits, lambda: session.rollback(1)):
        with pytest.raises(ValueError, match=r"feed|tokens"):
            misuse()


def test_stored_numbers_are_restored() -> None:
    scale = np.array([[0.5, 2.0]], np.float16)
    eight: dict[str, Array] = {"w": np.array([[1, -2, 3, -4]], np.int8), "w.scale": scale}
    assert restore(eight, "w").tolist() == [[0.5, -1.0, 6.0, -8.0]]
    four: dict[str, Array] = {
        "w": np.array([[(1 + 8) | (-2 + 8) << 4, (3 + 8) | (-4 + 8) << 4]], np.uint8),
        "w.scale": scale,
    }
    assert restore(four, "w").tolist() == [[0.5, -1.0, 6.0, -8.0]]


def test_weights_of_another_size_are_refused() -> None:
    for name in ("embed", "layers.1.down"):
        tensors = make_tensors()
        tensors[name] = tensors[name][:, 1:]
        with pytest.raises(ValueError, match=name):
            Model(SIZES, tensors)


def test_a_head_of_its_own() -> None:
    tensors = make_tensors()
    session = Model(SIZES, tensors | {"head": tensors["embed"] * 2}).session()
    session.feed(IDS)
    np.testing.assert_allclose(session.logits(), 2 * EXPECTED[-1], atol=2e-4)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tokenizer = Tokenizer(BPE({letter: i for i, letter in enumerate("abcdefghi")}, []))
    tokenizer.add_special_tokens(["<say>", "<do>"])
    tokenizer.save(str(tmp_path / TOKENIZER))
    save_file(make_tensors(), tmp_path / WEIGHTS)
    write_card(tmp_path)
    return tmp_path


def write_card(folder: Path, **changes: Any) -> None:
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (WEIGHTS, TOKENIZER)}
    card = {"format": FORMAT, "catalogue": load_catalog().hash, "languages": ["en"], "base": "toy", "licence": "none"}
    card |= {"sizes": asdict(SIZES), "bits": 8, "mlp_bits": 8, "recipe": "", "data": "", "scores": {}, "bytes": 1}
    card |= {"special": ["<say>", "<do>"], "sha256": files, "thresholds": asdict(Thresholds()), **changes}
    (folder / CARD).write_text(json.dumps(card), encoding="utf-8")


def test_a_bundle_opens(folder: Path) -> None:
    bundle = load_bundle(folder)
    assert bundle.special_ids == {"<say>": 9, "<do>": 10}
    assert bundle.thresholds == Thresholds()
    session = bundle.model.session()
    session.feed(IDS)
    np.testing.assert_allclose(session.logits(), EXPECTED[-1], atol=1e-4)


@pytest.mark.parametrize("name", [CARD, WEIGHTS, TOKENIZER])
def test_a_missing_file(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(BundleMissing, match=name):
        load_bundle(folder)


@pytest.mark.parametrize("name", [CARD, WEIGHTS, TOKENIZER])
def test_a_truncated_file(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:-50])
    with pytest.raises(BundleCorrupt, match=name):
        load_bundle(folder)


@pytest.mark.parametrize("name", [WEIGHTS, TOKENIZER])
def test_a_truncated_file_that_the_card_describes(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:-50])
    write_card(folder)
    with pytest.raises(BundleCorrupt, match="can not be loaded"):
        load_bundle(folder)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"format": FORMAT + 1}, BundleMismatch),
        ({"catalogue": "another"}, BundleMismatch),
        ({"format": "new"}, BundleCorrupt),
        ({"sizes": {"vocab": 11}}, BundleCorrupt),
        ({"sizes": asdict(SIZES) | {"width": 24}}, BundleCorrupt),
        ({"sha256": {}}, BundleCorrupt),
        ({"unknown": 1}, BundleCorrupt),
        ({"special": ["<say>", "<nowhere>"]}, BundleCorrupt),
    ],
)
def test_a_card_that_does_not_fit(folder: Path, changes: dict[str, Any], error: type[BundleError]) -> None:
    write_card(folder, **changes)
    with pytest.raises(error):
        load_bundle(folder)
