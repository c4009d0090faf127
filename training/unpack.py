"""Turn a bundle back into a checkpoint, to go on training from what is in service instead of from the base model.

    python -m training.unpack custom_components/intendant/bundles/default work/base

The weights come back as the quantization left them (within half a step of 1/127 of each row's range); the first minutes
of training even that out. Special tokens of the catalogue that the bundle did not know yet are added.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from safetensors.numpy import load_file
from tokenizers import AddedToken, Tokenizer

from intendant_core.bundle import TOKENIZER, WEIGHTS, Card, read_card
from intendant_core.catalog import load_catalog
from intendant_core.encode import special_tokens
from intendant_core.errors import BundleError
from intendant_core.model import restore

from .network import Network, Shape, save_network
from .transplant import embed_special

if TYPE_CHECKING:
    from collections.abc import Sequence


def unpack(bundle: Path, special: Sequence[str], out: Path) -> Network:
    """Write the bundle as a checkpoint (config.json, model.safetensors, tokenizer.json) and return its network.

    `special` are the tokens that the catalogue needs. Raise BundleError where the bundle can not be read.
    """
    card = read_card(bundle)
    tensors = load_file(bundle / WEIGHTS)
    tokenizer = Tokenizer.from_file(str(bundle / TOKENIZER))
    missing = [token for token in special if tokenizer.token_to_id(token) is None]
    embedding = restore(tensors, "embed")
    added = embed_special(tokenizer, embedding, missing)
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in missing])
    embedding = np.concatenate([embedding, *(added[token][None] for token in missing)])
    shape = Shape(**asdict(card.sizes) | {"vocab": len(embedding)}, tied="head" not in tensors)
    network = Network(shape)
    state = {name: torch.from_numpy(restore(tensors, name.removesuffix(".weight"))) for name in network.state_dict()}
    network.load_state_dict(state | {"embed.weight": torch.from_numpy(embedding)})
    out.mkdir(parents=True, exist_ok=True)
    (out / "config.json").write_text(json.dumps(describe(shape, card), indent=2) + "\n", encoding="utf-8")
    tokenizer.save(str(out / "tokenizer.json"))
    save_network(network, out)
    print(f"{card.base}, as {bundle} left it: {len(embedding)} tokens, {len(missing)} of them new, in {out}")
    return network


def describe(shape: Shape, card: Card) -> dict[str, Any]:
    """Return the Hugging Face configuration of a network of this shape."""
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": shape.vocab,
        "hidden_size": shape.width,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads,
        "head_dim": shape.head,
        "intermediate_size": shape.hidden,
        "rope_theta": shape.theta,
        "rms_norm_eps": shape.eps,
        "hidden_act": "silu",
        "tie_word_embeddings": shape.tied,
        "base_model": card.base,
        "parent": card.sha256[WEIGHTS][:16],
    }


def main() -> None:
    """Run the command that the module's docstring shows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    try:
        unpack(arguments.bundle, special_tokens(load_catalog()), arguments.out)
    except BundleError as err:
        sys.exit(f"unpack: {err}")


if __name__ == "__main__":
    main()
