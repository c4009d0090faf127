"""The vocabulary, the first embeddings and the network of the starting checkpoint."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from transformers import LlamaConfig, LlamaForCausalLM

from training.base import choose_layers, embed_vocabulary, keep_layers, replace_embeddings
from training.network import Network, Shape, from_hugging_face
from training.transplant import Donor, carry_over, neighbours
from training.vocabulary import build_tokenizer, is_isolated, read_lines, spell_text, trim

SENTENCES = ["turn on the kitchen lights", "turn off the heating", "把厨房的灯打开", "close the kitchen blinds, please"]


def test_the_corpus_is_encoded_as_before(source: Tokenizer) -> None:
    trimmed = trim(source, SENTENCES[:1], ["<say>"], 300, "")
    tokenizer = build_tokenizer(trimmed.tokens, trimmed.merges, trimmed.special)
    assert tokenizer.encode(SENTENCES[0]).tokens == source.encode(SENTENCES[0]).tokens
    assert tokenizer.get_vocab_size() < source.get_vocab_size()
    assert tokenizer.encode("<say> turn").tokens[0] == "<say>"


def test_a_chinese_character_is_one_token_wherever_it_stands(tokenizer: Tokenizer) -> None:
    for text in ("把厨房的灯打开", "电视的灯", "房厨"):
        tokens = tokenizer.encode(text).tokens
        assert tokens == [spell_text(character) for character in text]
    assert tokenizer.decode(tokenizer.encode("鬱 and é").ids) == "鬱 and é"
    assert [is_isolated(character) for character in "灯，a"] == [True, True, False]


def test_lines_come_from_text_and_from_data(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\ntwo\n", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"prompt": "three", "output": "four"}\n', encoding="utf-8")
    assert list(read_lines([tmp_path / "a.txt", tmp_path / "b.jsonl"])) == ["one", "two", "three", "four"]


def test_tokens_start_from_what_the_base_knows(source: Tokenizer) -> None:
    vocabulary = trim(source, SENTENCES, ["<on>"], 320, "")
    chance = np.random.default_rng(0)
    rows = chance.standard_normal((source.get_vocab_size(), 24)).astype(np.float32)
    ids = dict(source.get_vocab())
    found = embed_vocabulary(vocabulary, source, Donor(ids, rows), None)
    assert found.shape == (len(vocabulary.tokens), 24)
    kept = vocabulary.tokens.index("Ġkitchen")
    np.testing.assert_array_equal(found[kept], rows[ids["Ġkitchen"]])
    described = rows[source.encode(" on").ids].mean(0)
    assert found[-1] @ described > 0.8 * np.linalg.norm(found[-1]) * np.linalg.norm(described)


def test_characters_land_beside_the_words_that_mean_the_same() -> None:
    chance = np.random.default_rng(0)
    words = ["Ġ" + "".join(letters) for letters in product("abcd", repeat=4)]
    meanings = chance.standard_normal((len(words), 16)).astype(np.float32)
    base = Donor({word: i for i, word in enumerate(words)}, meanings)
    rows = (meanings @ chance.standard_normal((16, 24))).astype(np.float32)
    ids = {word: i for i, word in enumerate(words)} | {spell_text("灯"): len(words), spell_text("门"): len(words) + 1}
    donor = Donor(ids, np.concatenate([rows, rows[5:6] + 0.01, rows[9:10] - 0.01]))
    carried = carry_over(donor, base, "灯门鬱")
    assert list(carried) == ["灯", "门"]
    assert [words.index("Ġ" + neighbours(carried[character], base, words)[0]) for character in "灯门"] == [5, 9]
    assert carry_over(donor, base, "鬱") == {}


@pytest.fixture
def llama() -> LlamaForCausalLM:
    config = LlamaConfig(
        vocab_size=40, hidden_size=24, num_hidden_layers=4, num_attention_heads=6, num_key_value_heads=2, head_dim=4,
        intermediate_size=32, rope_parameters={"rope_type": "default", "rope_theta": 100.0}, tie_word_embeddings=True,
        rms_norm_eps=1e-5,
    )  # fmt: skip
    torch.manual_seed(0)
    model: LlamaForCausalLM = LlamaForCausalLM(config).eval()
    return model


def test_logits_equal_those_of_transformers_and_packed_examples_do_not_meet(llama: LlamaForCausalLM) -> None:
    keep_layers(llama, choose_layers(2, 4))
    replace_embeddings(llama, np.random.default_rng(0).standard_normal((40, 24)).astype(np.float32))
    network = Network(Shape.from_config(llama.config.to_dict())).eval()
    network.load_state_dict(from_hugging_face(llama.state_dict(), network.shape))
    first, second = torch.randint(0, 40, (2, 1, 7), generator=torch.Generator().manual_seed(1))
    ids = torch.cat([first, second], 1)
    positions, members = torch.arange(7).repeat(2)[None], torch.arange(2).repeat_interleave(7)[None]
    with torch.no_grad():
        got = network.logits(network(ids, positions, members))
        wanted = torch.cat([llama(first).logits, llama(second).logits], 1)
    torch.testing.assert_close(got, wanted, atol=1e-4, rtol=1e-4)


def test_layers_are_spread_or_chosen() -> None:
    assert choose_layers(9, 30) == [0, 4, 7, 11, 14, 18, 22, 25, 29]
    assert choose_layers([0, 2], 30) == [0, 2]


@pytest.mark.parametrize(
    "changes",
    [
        {"model_type": "gemma"},
        {"hidden_act": "gelu"},
        {"attention_bias": True},
        {"rope_scaling": {"rope_type": "yarn"}},
    ],
)
def test_other_networks_are_refused(base: Path, changes: dict[str, Any]) -> None:
    config = json.loads((base / "config.json").read_text(encoding="utf-8")) | changes
    with pytest.raises(ValueError, match=r"only plain|no rope"):
        Shape.from_config(config)
