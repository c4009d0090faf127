"""Multiply by a matrix as fast as the machine's BLAS can do it for a few rows.

A turn multiplies one to some dozen rows (tokens) by matrices that do not fit the cache. Cut into narrow blocks, BLAS
libraries with kernels for small matrices (OpenBLAS on AVX-512) need not rearrange the matrix for every product: two to
six times faster. Others gain from threads on the whole matrix. So two products are timed once, when a model is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

_BLOCK, _PART = 32, 640
"""Outputs of a block; most inputs of one."""
_FEW = 6
"""Up to so many rows, a product for each row (memory-bound) can beat one for all of them."""
_ROWS = 24
"""A prompt's usual length."""
_TRIES, _CLEARLY = 3, 1.7


@dataclass(frozen=True, slots=True)
class Layout:
    """How matrices lie in memory, and up to how many rows are multiplied one by one."""

    cut: bool = True
    singly: int = 0


class Matrix:
    """A matrix (inputs, outputs), laid out for products with few rows."""

    def __init__(self, weight: Array, layout: Layout) -> None:
        """Lay the matrix out."""
        inputs, outputs = weight.shape
        parts = next(n for n in range(1, inputs + 1) if inputs % n == 0 and inputs // n <= _PART) if layout.cut else 1
        width = next(n for n in range(min(_BLOCK, outputs), 0, -1) if outputs % n == 0) if layout.cut else outputs
        # (parts, blocks, inputs of a part, outputs of a block)
        self._blocks = np.ascontiguousarray(weight.reshape(parts, inputs // parts, -1, width).transpose(0, 2, 1, 3))
        self.layout = layout

    def __call__(self, x: Array) -> Array:
        """Return x (rows, inputs) times the matrix."""
        rows, parts = len(x), len(self._blocks)
        split = x.reshape(rows, parts, 1, -1).transpose(1, 2, 0, 3)
        if 1 < rows <= self.layout.singly:
            found = np.matmul(split[:, :, :, None], self._blocks[:, :, None])[:, :, :, 0]
        else:
            found = np.matmul(split, self._blocks)
        whole: Array = found.sum(axis=0) if parts > 1 else found[0]
        return whole.transpose(1, 0, 2).reshape(rows, -1)


def fastest_layout(weight: Array) -> Layout:
    """Return the layout in which this machine multiplies rows by a matrix (inputs, outputs) of this size fastest.

    Threads that gain on an idle machine lose far more on a busy one: the whole matrix must win clearly.
    """
    x = np.ones((_ROWS, len(weight)), np.float32)
    seconds: dict[Layout, float] = {}
    for cut, handicap in ((True, 1.0), (False, _CLEARLY)):
        matrix = Matrix(weight, Layout(cut))
        prompt = _shortest(matrix, x)
        for singly in (0, _FEW):
            matrix.layout = Layout(cut, singly)
            # A turn feeds one prompt, and then a few tokens several times.
            seconds[matrix.layout] = handicap * (prompt + 2 * _shortest(matrix, x[:2]))
    return min(seconds, key=lambda layout: seconds[layout])


def _shortest(matrix: Matrix, x: Array) -> float:
    times = []
    for _ in range(_TRIES):
        began = perf_counter()
        matrix(x)
        times.append(perf_counter() - began)
    return min(times)
