"""A turn computes with half of the cores, and leaves the number of threads as it was."""

from __future__ import annotations

import os

import numpy as np

from intendant_core import threads


def test_few_threads_while_it_computes() -> None:
    assert np.ones(2).sum() == 2  # numpy is loaded
    switch = threads._find_threads()  # noqa: SLF001 - what is switched
    assert switch is not None
    before = switch.get()
    half = min(before, max(1, (os.cpu_count() or 1) // 2))
    with threads.few_threads():
        assert switch.get() == half
        with threads.few_threads():
            assert switch.get() == half
        assert switch.get() == half
    assert switch.get() == before
