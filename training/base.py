"""Build the starting checkpoint: fewer layers, a vocabulary cut to the house, Chinese and special tokens added.

    python -m training.base training/recipes/default.yaml CORPUS... --out work/base

CORPUS: text files or dataset files (.jsonl) whose words must stay single tokens. The source is any Llama-like
checkpoint with a byte-level BPE tokenizer: a GGUF file, a Hugging Face folder, or the name of a model on a hub.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import yaml
from transformers import AutoModelForCausalLM, AutoTokenizer

from intendant_core.catalog import load_catalog
from intendant_core.encode import special_tokens

from .transplant import Donor, carry_over, embed_special, neighbours, read_donor
from .vocabulary import Vocabulary, build_tokenizer, common_characters, read_lines, spell_text, trim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

PROBES = "灯开关热冷门窗温度亮暗红蓝客卧厨房分钟小时三明天音停锁风帘视"


def build_base(recipe: dict[str, Any], corpus: Sequence[Path], special: Sequence[str], out: Path) -> None:
    """Write the starting checkpoint: config.json, model.safetensors, tokenizer.json."""
    model, source = load_source(str(recipe["source"]))
    vocabulary = trim(
        source, read_lines(corpus), special, recipe["en_vocab"], common_characters(recipe["zh_characters"])
    )
    tokenizer = build_tokenizer(vocabulary.tokens, vocabulary.merges, vocabulary.special)
    rows = model.get_input_embeddings().weight.detach().float().numpy()
    base = Donor(dict(source.get_vocab()), rows)
    donor = Path(recipe["donor"]) if recipe.get("donor") else None
    embeddings = embed_vocabulary(vocabulary, source, base, donor)
    keep_layers(model, choose_layers(recipe["layers"], model.config.num_hidden_layers))
    replace_embeddings(model, embeddings)
    out.mkdir(parents=True, exist_ok=True)
    save(model, tokenizer, out, end=tokenizer.token_to_id("<end>"))
    print(f"{len(vocabulary.tokens)} tokens, {sum(p.numel() for p in model.parameters()) / 1e6:.1f} M weights in {out}")


def load_source(source: str) -> tuple[Any, Tokenizer]:
    """Return the source model (fp32) and its tokenizer, from a GGUF file, a folder or a hub."""
    path = Path(source)
    names = {"gguf_file": path.name} if path.suffix == ".gguf" else {}
    place = str(path.parent) if names else source
    model = AutoModelForCausalLM.from_pretrained(place, dtype=torch.float32, **names)
    return model, AutoTokenizer.from_pretrained(place, **names).backend_tokenizer


def choose_layers(wanted: int | list[int], count: int) -> list[int]:
    """Return the layers to keep: those listed, or so many spread evenly, the first and the last among them."""
    if isinstance(wanted, list):
        return wanted
    return [round(i * (count - 1) / (wanted - 1)) for i in range(wanted)]


def keep_layers(model: Any, layers: Sequence[int]) -> None:  # noqa: ANN401
    """Drop all other layers from the model."""
    model.model.layers = torch.nn.ModuleList(model.model.layers[i] for i in layers)
    for i, layer in enumerate(model.model.layers):
        layer.self_attn.layer_idx = i
    model.config.num_hidden_layers = len(layers)


def replace_embeddings(model: Any, embeddings: np.ndarray) -> None:  # noqa: ANN401
    """Put the embeddings (tokens, width) in place of the model's own, tied to the head."""
    model.resize_token_embeddings(len(embeddings), mean_resizing=False)
    with torch.no_grad():
        model.get_input_embeddings().weight.copy_(torch.from_numpy(embeddings))
    model.config.tie_word_embeddings = True
    model.tie_weights()


def embed_vocabulary(vocabulary: Vocabulary, source: Tokenizer, base: Donor, donor: Path | None) -> np.ndarray:
    """Return the embeddings (tokens, width) of the vocabulary: copied, carried over, described, or averaged."""
    found = {token: base.rows[i] for token, i in base.ids.items()}
    if donor and donor.exists():
        carried = carry_over(read_donor(donor), base, vocabulary.characters)
        report(carried, base, [t for t in vocabulary.tokens if t.startswith("Ġ") and t[1:].isalpha() and t in base.ids])
        found |= {spell_text(character): row for character, row in carried.items()}
    else:
        print("no donor: Chinese characters start as the mean of their bytes")
    found |= embed_special(source, base.rows, vocabulary.special)
    mean = base.rows.mean(0)
    return np.stack([_first(found, token, mean) for token in vocabulary.tokens]).astype(np.float32)


def _first(found: dict[str, Any], token: str, mean: np.ndarray) -> np.ndarray:
    """Return the token's embedding, else the mean of its bytes' embeddings."""
    if token in found:
        row: np.ndarray = found[token]
        return row
    rows: np.ndarray = np.stack([found.get(byte, mean) for byte in token]).mean(axis=0)
    return rows


def report(carried: dict[str, Any], base: Donor, words: Sequence[str]) -> None:
    """Print the English neighbours of some characters: nonsense there means that the map does not work."""
    for character in PROBES:
        if character in carried:
            print(character, ", ".join(neighbours(carried[character], base, words)))


def save(model: Any, tokenizer: Tokenizer, out: Path, end: int | None) -> None:  # noqa: ANN401
    """Write the checkpoint without what transformers remembers of a quantized source."""
    for name in ("hf_quantizer", "is_quantized", "quantization_method"):
        model.__dict__.pop(name, None)
    if getattr(model.config, "quantization_config", None) is not None:
        del model.config.quantization_config
    for config in (model.config, model.generation_config):
        config.bos_token_id, config.eos_token_id, config.pad_token_id = None, end, end
    model.save_pretrained(out)
    tokenizer.save(str(out / "tokenizer.json"))
    names = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<end>", "pad_token": "<end>"}
    (out / "tokenizer_config.json").write_text(json.dumps(names, indent=2), encoding="utf-8")


def main() -> None:
    """Run the command that the module's docstring shows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("corpus", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--source", help="instead of the recipe's")
    parser.add_argument("--donor", help="instead of the recipe's")
    arguments = parser.parse_args()
    recipe = yaml.safe_load(arguments.recipe.read_text(encoding="utf-8"))["base"]
    recipe |= {name: value for name in ("source", "donor") if (value := getattr(arguments, name))}
    build_base(recipe, arguments.corpus, special_tokens(load_catalog()), arguments.out)


if __name__ == "__main__":
    main()
