"""Quantize a checkpoint and write the bundle that Home Assistant loads.

    python -m training.export training/recipes/default.yaml work/model work/bundle \
        --check work/data/validation.jsonl --data work/data/card.json [--bits 8] [--mlp-bits 4]

Symmetric quantization: int8 with one scale per output (arXiv 2103.13630), 4 bits with one scale per 32 inputs; each scale is
the one, of a few, that changes the row least. Prints the size, and the accuracy before and after.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import yaml
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from intendant_core.bundle import CARD, TOKENIZER, WEIGHTS
from intendant_core.catalog import load_catalog
from intendant_core.decide import Thresholds
from intendant_core.encode import FORMAT, special_tokens
from intendant_core.model import restore

from .network import PREFIX, Network, load_network
from .rows import read_examples
from .validate import Scores, validate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Tensors = dict[str, NDArray[Any]]

GROUP = 32
"""Inputs that share a scale when quantized to 4 bits."""
SHRINK = (1.0, 0.95, 0.9, 0.85, 0.8)
"""Shares of the range that are tried: cutting off the largest weights can serve the others."""


def export(network: Network, bits: int, mlp_bits: int) -> Tensors:
    """Return the tensors of a bundle: quantized matrices (outputs, inputs) with their scales, norms in fp32."""
    tensors: Tensors = {}
    for name, weight in network.state_dict().items():
        plain = name.removesuffix(".weight")
        values = weight.detach().float().cpu().numpy()
        if values.ndim == 1:
            tensors[plain] = values
        else:
            mlp = plain.endswith(("gate_up", "down"))
            tensors |= quantize(plain, values, mlp_bits if mlp else bits)
    return tensors


def quantize(name: str, weight: NDArray[np.float32], bits: int) -> Tensors:
    """Return the matrix (outputs, inputs) as `name` and `name.scale` (outputs, groups); core/model.py restores it."""
    if bits not in {4, 8}:
        raise ValueError(f"4 or 8 bits, not {bits}")
    largest = 2 ** (bits - 1) - 1
    grouped = weight.reshape(len(weight), -1, GROUP if bits == 4 else weight.shape[1])
    peak = np.abs(grouped).max(axis=2)
    best, error = np.zeros_like(peak), np.full_like(peak, np.inf)
    for share in SHRINK:
        scale = np.maximum(peak * share / largest, 1e-7).astype(np.float16).astype(np.float32)
        off = np.square(_round(grouped, scale, largest) * scale[:, :, None] - grouped).sum(axis=2)
        best, error = np.where(off < error, scale, best), np.minimum(off, error)
    found = _round(grouped, best, largest).astype(np.int8).reshape(weight.shape)
    scales = best.astype(np.float16)
    if bits == 8:
        return {name: found, f"{name}.scale": scales}
    lifted = (found + np.int8(8)).astype(np.uint8)
    return {name: lifted[:, 0::2] | lifted[:, 1::2] << 4, f"{name}.scale": scales}


def _round(grouped: NDArray[np.float32], scale: NDArray[np.float32], largest: int) -> NDArray[np.float32]:
    rounded: NDArray[np.float32] = np.clip(np.rint(grouped / np.maximum(scale, 1e-7)[:, :, None]), -largest, largest)
    return rounded


def load_quantized(network: Network, tensors: Tensors) -> None:
    """Put the bundle's weights, as Home Assistant will restore them, into the network."""
    state = {}
    for name in network.state_dict():
        plain = name.removesuffix(".weight")
        state[name] = torch.from_numpy(restore(tensors, plain))
    network.load_state_dict(state)


def write_bundle(out: Path, tensors: Tensors, tokenizer: bytes, facts: dict[str, Any]) -> int:
    """Write the files of the bundle and its card; return their size in bytes."""
    out.mkdir(parents=True, exist_ok=True)
    save_file(tensors, out / WEIGHTS)
    (out / TOKENIZER).write_bytes(tokenizer)
    files = {name: (out / name).read_bytes() for name in (WEIGHTS, TOKENIZER)}
    size = sum(map(len, files.values()))
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    card = {"format": FORMAT, **facts, "sha256": sums, "bytes": size}
    (out / CARD).write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return size


def describe(network: Network, recipe: dict[str, Any], data: Path, scores: Scores) -> dict[str, Any]:
    """Return what the card says apart from the files themselves."""
    shape = asdict(network.shape)
    del shape["tied"]
    return {
        "catalogue": load_catalog().hash,
        "languages": recipe["export"]["languages"],
        "base": recipe["base"]["source"],
        "licence": recipe["export"]["licence"],
        "sizes": shape,
        "bits": recipe["export"]["bits"],
        "mlp_bits": recipe["export"]["mlp_bits"],
        "recipe": hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()[:16],
        "data": hashlib.sha256(data.read_bytes()).hexdigest()[:16],
        "scores": {"exact": scores.exact, "loss": scores.loss, "examples": scores.count}
        | {f"exact {group}": share for group, share in scores.groups.items() if group},
        "thresholds": asdict(Thresholds()) | recipe["export"].get("thresholds", {}),
        "special": special_tokens(load_catalog()),
    }


def compact(tokenizer: Path) -> bytes:
    """Return the tokenizer's file without the white space that takes up half of it."""
    content = json.loads(tokenizer.read_text(encoding="utf-8"))
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def main() -> None:
    """Run the command that the module's docstring shows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--check", type=Path, required=True, help="validation examples")
    parser.add_argument("--data", type=Path, required=True, help="the file whose hash stands for the data set")
    parser.add_argument("--examples", type=int, default=2000)
    parser.add_argument("--bits", type=int, help="instead of the recipe's")
    parser.add_argument("--mlp-bits", type=int, help="instead of the recipe's")
    arguments = parser.parse_args()
    recipe = yaml.safe_load(arguments.recipe.read_text(encoding="utf-8"))
    config = json.loads((arguments.checkpoint / "config.json").read_text(encoding="utf-8"))
    recipe["base"]["source"] = config.get("base_model", recipe["base"]["source"])
    recipe["export"] |= {name: bits for name in ("bits", "mlp_bits") if (bits := getattr(arguments, name))}
    if (arguments.checkpoint / PREFIX).exists():
        sys.exit(
            f"export: {arguments.checkpoint} has a prefix, and a bundle has no place for one: tune with lora or adalora"
        )
    network = load_network(arguments.checkpoint).eval()
    tokenizer = arguments.checkpoint / TOKENIZER
    examples = read_examples(arguments.check, Tokenizer.from_file(str(tokenizer)), recipe["finetune"]["row_tokens"])
    before = validate(network, examples, arguments.examples, bf16=False)
    tensors = export(network, recipe["export"]["bits"], recipe["export"]["mlp_bits"])
    load_quantized(network, tensors)
    after = validate(network, examples, arguments.examples, bf16=False)
    facts = describe(network, recipe, arguments.data, after) | {"parent": config.get("parent", "")}
    size = write_bundle(arguments.out, tensors, compact(tokenizer), facts)
    print(f"{arguments.out}: {size / 1e6:.1f} MB, of {before.count} examples")
    print(f"exact {before.exact:.2%} as trained, {after.exact:.2%} quantized (± {after.margin:.2%})")
    print(f"loss {before.loss:.4f} as trained, {after.loss:.4f} quantized")


if __name__ == "__main__":
    main()
