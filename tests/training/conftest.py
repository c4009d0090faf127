"""A toy model, its tokenizer and its data."""

import json
import random
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from tokenizers import Tokenizer, pre_tokenizers, trainers
from tokenizers.models import BPE

from intendant_core.catalog import load_catalog
from intendant_core.encode import special_tokens
from training.network import Network, Shape, to_hugging_face
from training.rows import Examples, read_examples
from training.vocabulary import build_tokenizer, trim

# A toy model is quicker on one core, and far quicker where others want the cores too.
torch.set_num_threads(1)
SHAPE = Shape(vocab=40, width=24, layers=2, heads=6, kv_heads=2, head=4, hidden=32, theta=100.0, tied=True)
SENTENCES = ["turn on the kitchen lights", "turn off the heating", "把厨房的灯打开", "close the kitchen blinds, please"]


@pytest.fixture(scope="session")
def source() -> Tokenizer:
    """Return a tokenizer like the base model's, trained on a few sentences."""
    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(SENTENCES * 3, trainers.BpeTrainer(vocab_size=330, initial_alphabet=alphabet))
    return tokenizer


@pytest.fixture
def base(tmp_path: Path, source: Tokenizer) -> Path:
    """Write a toy starting checkpoint and the data for it: which switch, and in which place."""
    special = special_tokens(load_catalog())
    vocabulary = trim(source, SENTENCES, special, 330, "电视")
    tokenizer = build_tokenizer(vocabulary.tokens, vocabulary.merges, vocabulary.special)
    folder = tmp_path / "base"
    folder.mkdir()
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    shape = Shape(**asdict(SHAPE) | {"vocab": len(vocabulary.tokens)})
    names: dict[str, float] = {"vocab_size": shape.vocab, "hidden_size": shape.width, "num_hidden_layers": shape.layers}
    names |= {"num_attention_heads": shape.heads, "num_key_value_heads": shape.kv_heads, "head_dim": shape.head}
    names |= {"intermediate_size": shape.hidden, "rope_theta": shape.theta, "tie_word_embeddings": True}
    (folder / "config.json").write_text(json.dumps({"model_type": "llama", **names}), encoding="utf-8")
    save_file(to_hugging_face(Network(shape).state_dict(), shape), folder / "model.safetensors")
    with (tmp_path / "data.jsonl").open("w", encoding="utf-8") as lines:
        chance = random.Random(1)
        for _ in range(60):
            verb, place = chance.choice(["on", "off"]), chance.choice(["kitchen", "heating"])
            prompt = f"<say> turn {verb} the {place}<@1><area><do>"
            lines.write(json.dumps({"prompt": prompt, "output": f"<{verb}><@1><end>", "language": "en"}) + "\n")
    return folder


@pytest.fixture
def tokenizer(base: Path) -> Tokenizer:
    return Tokenizer.from_file(str(base / "tokenizer.json"))


@pytest.fixture
def examples(base: Path, tokenizer: Tokenizer) -> Examples:
    return read_examples(base.parent / "data.jsonl", tokenizer, 48)


def last_logits(network: Network, ids: list[int]) -> NDArray[np.float32]:
    """Return torch's scores for the token after these, (vocabulary,)."""
    inputs = torch.tensor([ids]), torch.arange(len(ids))[None], torch.zeros(1, len(ids), dtype=torch.long)
    with torch.no_grad():
        scores: NDArray[np.float32] = network.logits(network(*inputs))[0, -1].numpy()
    return scores
