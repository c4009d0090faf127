"""The Llama network in plain torch: forward passes over packed rows, as fast as two processor cores allow.

Reads and writes Hugging Face checkpoints of the Llama family (`LlamaForCausalLM`, tied or untied, no biases).
Projections that share an input are fused (query-key-value, gate-up); logits are computed only where asked.
It refuses what it would get wrong: rope scaling, attention biases and other activations than SiLU.

Sources: Llama 2 (arXiv 2307.09288), RoPE (2104.09864), RMSNorm (1910.07467), SwiGLU (2002.05202), GQA (2305.13245).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes that make up a network; names as in the field."""

    vocab: int
    width: int
    layers: int
    heads: int
    kv_heads: int
    head: int
    """Size of one head."""
    hidden: int
    """Inner size of the feed-forward part."""
    theta: float = 10_000.0
    eps: float = 1e-5
    tied: bool = True

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Shape:
        """Read the sizes from a Hugging Face `config.json`."""
        rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
        if (
            config["model_type"] != "llama"
            or config.get("hidden_act", "silu") != "silu"
            or config.get("attention_bias")
        ):
            raise ValueError(f"only plain Llama networks, not {config['model_type']}")
        if rope.get("rope_type", "default") != "default":
            raise ValueError(f"no rope scaling: {rope}")
        heads = config["num_attention_heads"]
        return cls(
            vocab=config["vocab_size"],
            width=config["hidden_size"],
            layers=config["num_hidden_layers"],
            heads=heads,
            kv_heads=config.get("num_key_value_heads") or heads,
            head=config.get("head_dim") or config["hidden_size"] // heads,
            hidden=config["intermediate_size"],
            theta=float(config.get("rope_theta") or rope.get("rope_theta") or 10_000.0),
            eps=config.get("rms_norm_eps", 1e-5),
            tied=config.get("tie_word_embeddings", False),
        )


class Layer(nn.Module):
    """One decoder layer: attention over the row's own example, then SwiGLU; each normed before and added after."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.shape, self.dropout = shape, dropout
        size = (shape.heads + 2 * shape.kv_heads) * shape.head
        self.attn_norm = nn.Parameter(torch.ones(shape.width))
        self.qkv = nn.Linear(shape.width, size, bias=False)
        self.out = nn.Linear(shape.heads * shape.head, shape.width, bias=False)
        self.mlp_norm = nn.Parameter(torch.ones(shape.width))
        self.gate_up = nn.Linear(shape.width, 2 * shape.hidden, bias=False)
        self.down = nn.Linear(shape.hidden, shape.width, bias=False)
        self.prefix: nn.Parameter | None = None
        """Keys and values that every token sees besides those of its example (2, kv_heads, places, head); adapters.py."""

    def forward(self, x: Tensor, rope: tuple[Tensor, Tensor], mask: Tensor) -> Tensor:
        """Transform x (rows, tokens, width); mask (rows, 1, tokens, tokens) is added to the attention scores."""
        normed = functional.rms_norm(x, x.shape[-1:], self.attn_norm, self.shape.eps)
        x = x + self._drop(self.out(self._attend(self.qkv(normed), rope, mask)))
        normed = functional.rms_norm(x, x.shape[-1:], self.mlp_norm, self.shape.eps)
        gate, up = self.gate_up(normed).chunk(2, dim=-1)
        return x + self._drop(self.down(functional.silu(gate) * up))

    def _attend(self, qkv: Tensor, rope: tuple[Tensor, Tensor], mask: Tensor) -> Tensor:
        shape = self.shape
        rows, tokens, _ = qkv.shape
        qkv = qkv.view(rows, tokens, -1, shape.head)
        turned = _turn(qkv[:, :, : shape.heads + shape.kv_heads], *rope)
        q, k = turned.split([shape.heads, shape.kv_heads], dim=2)
        v = qkv[:, :, shape.heads + shape.kv_heads :]
        groups = shape.heads // shape.kv_heads
        k, v = (t.repeat_interleave(groups, dim=2).transpose(1, 2) for t in (k, v))
        if self.prefix is not None:
            keys, values = (
                self.prefix.to(k.dtype).repeat_interleave(groups, dim=1).expand(rows, -1, -1, -1, -1).unbind(1)
            )
            k, v = torch.cat([keys, k], 2), torch.cat([values, v], 2)
            mask = functional.pad(mask, (keys.shape[2], 0))
        mixed = functional.scaled_dot_product_attention(q.transpose(1, 2), k, v, attn_mask=mask.to(q.dtype))
        return mixed.transpose(1, 2).reshape(rows, tokens, -1)

    def _drop(self, x: Tensor) -> Tensor:
        return functional.dropout(x, self.dropout) if self.training and self.dropout else x


class Network(nn.Module):
    """Embedding, layers, final norm; the head is the embedding again unless untied."""

    def __init__(self, shape: Shape, dropout: float = 0.0) -> None:
        super().__init__()
        self.shape, self.dropout = shape, dropout
        self.embed = nn.Embedding(shape.vocab, shape.width)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))
        self.norm = nn.Parameter(torch.ones(shape.width))
        self.turns: Tensor
        self.head = None if shape.tied else nn.Linear(shape.width, shape.vocab, bias=False)
        turns = shape.theta ** -(torch.arange(0, shape.head, 2).float() / shape.head)
        self.register_buffer("turns", turns, persistent=False)

    def forward(self, ids: Tensor, positions: Tensor, examples: Tensor) -> Tensor:
        """Return hidden states (rows, tokens, width), normed.

        ids, positions and examples are (rows, tokens). Tokens see only tokens of the same number in
        `examples` that stand before them; a token of a number of its own sees itself only (padding).
        """
        rope, mask = self._rope(positions), _mask(examples)
        x = self.embed(ids)
        if self.training and self.dropout:
            x = functional.dropout(x, self.dropout)
        for layer in self.layers:
            x = layer(x, rope, mask)
        return functional.rms_norm(x, x.shape[-1:], self.norm, self.shape.eps)

    def logits(self, hidden: Tensor) -> Tensor:
        """Score the vocabulary for the hidden states given: (..., width) → (..., vocab)."""
        return functional.linear(hidden, self.embed.weight if self.head is None else self.head.weight)

    def _rope(self, positions: Tensor) -> tuple[Tensor, Tensor]:
        """Cosines and signed sines, both (rows, tokens, 1, head)."""
        angles = positions[..., None].float() * self.turns
        cos, sin = angles.cos(), angles.sin()
        return torch.cat([cos, cos], -1)[:, :, None], torch.cat([-sin, sin], -1)[:, :, None]


def _turn(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate the pairs (i, i + head/2) of x (rows, tokens, heads, head), Hugging Face's order of RoPE."""
    return x * cos.to(x.dtype) + x.roll(x.shape[-1] // 2, -1) * sin.to(x.dtype)


def _mask(examples: Tensor) -> Tensor:
    """Zero where a token may look, minus infinity elsewhere: block-diagonal and causal."""
    tokens = examples.shape[1]
    same = examples[:, None, :, None] == examples[:, None, None, :]
    causal = torch.ones(tokens, tokens, dtype=torch.bool, device=examples.device).tril()
    return torch.zeros_like(same, dtype=torch.float32).masked_fill_(~(same & causal), float("-inf"))


# --- Hugging Face checkpoints ----------------------------------------------------------------------

FUSED = {
    "qkv": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "out": ("self_attn.o_proj",),
    "gate_up": ("mlp.gate_proj", "mlp.up_proj"),
    "down": ("mlp.down_proj",),
}
PREFIX = "prefix.safetensors"
"""What no Llama checkpoint has a place for lies beside it."""
NORMS = {"attn_norm": "input_layernorm", "mlp_norm": "post_attention_layernorm"}


def load_network(folder: Path, dropout: float = 0.0) -> Network:
    """Read a Hugging Face checkpoint folder into a Network (fp32)."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    network = Network(Shape.from_config(config), dropout)
    network.load_state_dict(from_hugging_face(load_file(folder / "model.safetensors"), network.shape))
    for name, weight in (load_file(folder / PREFIX) if (folder / PREFIX).exists() else {}).items():
        network.layers[int(name.split(".")[1])].prefix = nn.Parameter(weight)
    return network


def save_network(network: Network, folder: Path) -> None:
    """Write the weights (fp32) into a checkpoint folder that already holds the config and the tokenizer."""
    weights = to_hugging_face(network.state_dict(), network.shape)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    prefixes = {name: weight for name, weight in network.state_dict().items() if name.endswith(".prefix")}
    if prefixes:
        save_file(prefixes, folder / PREFIX, metadata={"format": "pt"})


def from_hugging_face(weights: dict[str, Tensor], shape: Shape) -> dict[str, Tensor]:
    """Rename and fuse Hugging Face's weights into the Network's."""
    found = {"embed.weight": weights["model.embed_tokens.weight"].float(), "norm": weights["model.norm.weight"].float()}
    if not shape.tied:
        found["head.weight"] = weights["lm_head.weight"].float()
    for i in range(shape.layers):
        at = f"model.layers.{i}."
        for ours, theirs in NORMS.items():
            found[f"layers.{i}.{ours}"] = weights[f"{at}{theirs}.weight"].float()
        for ours, parts in FUSED.items():
            found[f"layers.{i}.{ours}.weight"] = torch.cat([weights[f"{at}{part}.weight"].float() for part in parts])
    return found


def to_hugging_face(weights: dict[str, Tensor], shape: Shape) -> dict[str, Tensor]:
    """Split and rename the Network's weights into Hugging Face's; the inverse of from_hugging_face."""
    found = {"model.embed_tokens.weight": weights["embed.weight"], "model.norm.weight": weights["norm"]}
    if not shape.tied:
        found["lm_head.weight"] = weights["head.weight"]
    sizes = {
        "qkv": [shape.heads * shape.head, shape.kv_heads * shape.head, shape.kv_heads * shape.head],
        "out": [shape.width],
        "gate_up": [shape.hidden, shape.hidden],
        "down": [shape.width],
    }
    for i in range(shape.layers):
        at = f"model.layers.{i}."
        for ours, theirs in NORMS.items():
            found[f"{at}{theirs}.weight"] = weights[f"layers.{i}.{ours}"]
        for ours, parts in FUSED.items():
            pieces = weights[f"layers.{i}.{ours}.weight"].split(sizes[ours])
            found |= {f"{at}{part}.weight": piece for part, piece in zip(parts, pieces, strict=True)}
    return {name: weight.detach().float().contiguous().clone() for name, weight in found.items()}
