"""Run the language model with numpy alone: the network's weights, and sessions that remember what was fed.

A plain Llama decoder (arXiv 2307.09288): RMSNorm (1910.07467), rotary positions (2104.09864), grouped-query
attention (2305.13245), SwiGLU (2002.05202). One Model serves many sessions at once; a Session belongs to one turn.
Scores are computed only for the tokens that the caller allows. It knows nothing of text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .matrix import Matrix, fastest_layout

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from .matrix import Layout

    Array = NDArray[np.float32]

START = 96
"""Tokens a session has room for at first; the room doubles when needed."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes of a network, as the bundle's card states them."""

    vocab: int
    width: int
    layers: int
    heads: int
    kv_heads: int
    head: int
    hidden: int
    theta: float
    eps: float


@dataclass(frozen=True, slots=True)
class Layer:
    """The weights of one layer; norms are folded into the matrices behind them."""

    qkv: Matrix
    out: Matrix
    gate_up: Matrix
    down: Matrix


class Model:
    """The weights of a network, in fp32; never changed, so that sessions of several threads may share it."""

    def __init__(self, sizes: Sizes, tensors: Mapping[str, NDArray[Any]]) -> None:
        """Take the tensors of a bundle: matrices are (outputs, inputs), quantized or not. Raise KeyError or ValueError."""
        self.sizes = sizes
        self.embed = restore(tensors, "embed")
        if self.embed.shape != (sizes.vocab, sizes.width):
            raise ValueError(f"embed is {self.embed.shape}")
        norm = tensors["norm"].astype(np.float32)
        head = restore(tensors, "head") if "head" in tensors else self.embed
        self.norm, self.head = norm, head
        self._layout: Layout | None = None
        self.layers = [self._take_layer(tensors, f"layers.{i}.") for i in range(sizes.layers)]
        self.turns = sizes.theta ** -(np.arange(0, sizes.head, 2) / sizes.head)

    def session(self) -> Session:
        """Begin a turn."""
        return Session(self)

    def _take_layer(self, tensors: Mapping[str, NDArray[Any]], at: str) -> Layer:
        sizes = self.sizes
        heads = sizes.heads * sizes.head
        shapes = {
            "qkv": (heads + 2 * sizes.kv_heads * sizes.head, sizes.width),
            "out": (sizes.width, heads),
            "gate_up": (2 * sizes.hidden, sizes.width),
            "down": (sizes.width, sizes.hidden),
        }
        found: dict[str, Array] = {}
        for name, shape in shapes.items():
            weight = restore(tensors, at + name)
            if weight.shape != shape:
                raise ValueError(f"{at}{name} is {weight.shape} and not {shape}")
            norm = {"qkv": "attn_norm", "gate_up": "mlp_norm"}.get(name)
            if norm:
                weight *= tensors[at + norm].astype(np.float32)
            found[name] = weight.T
        found["qkv"][:, :heads] *= np.float32(sizes.head**-0.5)
        self._layout = self._layout or fastest_layout(found["gate_up"])
        return Layer(**{name: Matrix(weight, self._layout) for name, weight in found.items()})


def restore(tensors: Mapping[str, NDArray[Any]], name: str) -> Array:
    """Return a matrix (outputs, inputs) in fp32: stored plain, as int8, or as two 4-bit numbers a byte.

    `name.scale` is (outputs, groups): each row's inputs fall into that many groups with a scale of their own.
    4-bit numbers are stored plus 8, the even input in the lower half of the byte.
    """
    stored = tensors[name]
    if stored.dtype == np.uint8:
        stored = np.stack([stored & 15, stored >> 4], axis=-1).reshape(len(stored), -1).astype(np.int8) - np.int8(8)
    if stored.dtype != np.int8:
        return stored.astype(np.float32)
    scale = tensors[f"{name}.scale"].astype(np.float32)
    grouped: Array = stored.reshape(len(stored), scale.shape[1], -1).astype(np.float32)
    grouped *= scale[:, :, None]
    return grouped.reshape(len(stored), -1)


class Session:
    """What the model has been fed in one turn: the keys and values of every token, and the last hidden states."""

    def __init__(self, model: Model) -> None:
        """Begin with nothing."""
        self.model = model
        self.length = 0
        self._reserve(START)

    def logits(self, ids: Sequence[int] | None = None, at: int | None = None) -> Array:
        """Score the given tokens as the next one, (ids,) in their order, or all of the vocabulary; `at` looks back to a shorter text."""
        if not self.length:
            raise ValueError("feed something first")
        head = self.model.head if ids is None else self.model.head[np.asarray(ids, np.intp)]
        scores: Array = head @ self._hidden[(at or self.length) - 1]
        return scores

    def rollback(self, length: int) -> None:
        """Forget all but the first `length` tokens."""
        if not 0 <= length <= self.length:
            raise ValueError(f"{length} of {self.length} tokens")
        self.length = length

    def fork(self) -> Session:
        """Return a session that goes on from here by itself."""
        other = Session(self.model)
        other._reserve(len(self._hidden))
        other.length = self.length
        for ours, theirs in zip(self._arrays(), other._arrays(), strict=True):
            theirs[..., : self.length, :] = ours[..., : self.length, :]
        return other

    def feed(self, ids: Sequence[int], scored: int = 1) -> None:
        """Run the tokens (at least one) through the network and keep what later ones need of them.

        Only after the last `scored` of them can the next token be scored.
        """
        model, end = self.model, self.length + len(ids)
        if not ids:
            raise ValueError("nothing to feed")
        if end > len(self._hidden):
            self._reserve(max(end, 2 * len(self._hidden)))
        x = model.embed[np.asarray(ids, np.intp)]
        for i, layer in enumerate(model.layers):
            qkv = layer.qkv(_normed(x, model.sizes.eps))
            if i == model.sizes.layers - 1:
                x = x[-scored:]  # of the others, only keys and values will be needed
            x += layer.out(self._attend(i, qkv, end, len(x)))
            inner = layer.gate_up(_normed(x, model.sizes.eps))
            gate, up = inner[:, : model.sizes.hidden], inner[:, model.sizes.hidden :]
            up *= gate
            up /= 1 + np.exp(-gate)
            x += layer.down(up)
        self._hidden[end - len(x) : end] = _normed(x, model.sizes.eps) * model.norm
        self.length = end

    def _attend(self, layer: int, qkv: Array, end: int, asked: int) -> Array:
        """Take in the keys and values of the tokens before `end`; mix what the last `asked` of them look at.

        qkv (tokens, (heads + 2 kv_heads) · head) → (asked, heads · head).
        """
        sizes, start = self.model.sizes, end - len(qkv)
        groups = sizes.heads // sizes.kv_heads
        qkv = qkv.reshape(len(qkv), -1, sizes.head)
        turned = self._turn(qkv[:, : sizes.heads + sizes.kv_heads], start, end)
        self._keys[layer, :, start:end] = turned[:, sizes.heads :].transpose(1, 0, 2)
        self._values[layer, :, start:end] = qkv[:, sizes.heads + sizes.kv_heads :].transpose(1, 0, 2)
        # Queries that share a key head stand together: (kv_heads, groups · asked, head).
        queries = turned[-asked:, : sizes.heads].transpose(1, 0, 2).reshape(sizes.kv_heads, groups * asked, sizes.head)
        scores: Array = queries @ self._keys[layer, :, :end].transpose(0, 2, 1)
        if asked > 1:
            ahead = np.arange(end) > np.arange(end - asked, end)[:, None]
            scores.reshape(sizes.heads, asked, end)[:, ahead] = -np.inf
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed: Array = scores @ self._values[layer, :, :end]
        return mixed.reshape(sizes.heads, asked, sizes.head).transpose(1, 0, 2).reshape(asked, -1)

    def _turn(self, x: Array, start: int, end: int) -> Array:
        """Rotate the pairs (i, i + head/2) of x (tokens, heads, head) by the tokens' positions."""
        half = self.model.sizes.head // 2
        cos, sin = self._cos[start:end, None], self._sin[start:end, None]
        first, second = x[..., :half], x[..., half:]
        turned = np.empty_like(x)
        turned[..., :half] = first * cos - second * sin
        turned[..., half:] = second * cos + first * sin
        return turned

    def _reserve(self, room: int) -> None:
        """Make room for so many tokens and keep those that are there."""
        sizes = self.model.sizes
        kept = self._arrays() if self.length else ()
        self._keys: Array = np.empty((sizes.layers, sizes.kv_heads, room, sizes.head), np.float32)
        self._values: Array = np.empty_like(self._keys)
        self._hidden: Array = np.empty((room, sizes.width), np.float32)
        angles = np.arange(room)[:, None] * self.model.turns
        self._cos: Array = np.cos(angles).astype(np.float32)
        self._sin: Array = np.sin(angles).astype(np.float32)
        for old, new in zip(kept, self._arrays() if kept else (), strict=True):
            new[..., : self.length, :] = old[..., : self.length, :]

    def _arrays(self) -> tuple[Array, ...]:
        return self._keys, self._values, self._hidden


def _normed(x: Array, eps: float) -> Array:
    """Scale every row of x (tokens, width) to a mean square of one; the norm's weights are folded into the matrices."""
    mean = np.einsum("ij,ij->i", x, x) / x.shape[1]
    scaled: Array = x * (1 / np.sqrt(mean + eps)).astype(np.float32)[:, None]
    return scaled
