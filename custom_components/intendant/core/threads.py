"""Compute with half of the processor's cores: with all of them, each product waits for whatever else runs on the last one.

numpy's OpenBLAS splits a product among threads that wait for each other by spinning. Where another program keeps a core busy,
a turn of 50 ms then takes seconds. Half of the cores cost nothing on two (measured: 49 ms and 49 ms a turn).
"""

from __future__ import annotations

import ctypes
import os
import threading
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ENDINGS = ("64_", "")
_PREFIXES = ("scipy_", "")
"""How the functions are called depends on who built the library (numpy's own wheels: scipy_…64_)."""
_lock = threading.Lock()
_inside: list[int] = []
"""The number of threads before, once for each computation that is going on."""


class _Threads(NamedTuple):
    get: Callable[[], int]
    set: Callable[[int], None]


@contextmanager
def few_threads() -> Iterator[None]:
    """Let products be computed by half of the cores while the block runs; nothing changes where there is no OpenBLAS."""
    threads = _find_threads()
    if threads is None:
        yield
        return
    with _lock:
        _inside.append(_inside[0] if _inside else threads.get())
        threads.set(min(_inside[0], max(1, (os.cpu_count() or 1) // 2)))
    try:
        yield
    finally:
        with _lock:
            before = _inside.pop()
            if not _inside:
                threads.set(before)


@cache
def _find_threads() -> _Threads | None:
    """Return the switch of the OpenBLAS that this process has loaded (Linux alone tells which), None without one."""
    maps = Path("/proc/self/maps")
    if not maps.exists():
        return None
    loaded = {line.split()[-1] for line in maps.read_text(encoding="utf-8").splitlines() if "openblas" in line}
    for path in sorted(loaded):
        library = ctypes.CDLL(path)
        for name in (f"{prefix}openblas_{{}}_num_threads{ending}" for prefix in _PREFIXES for ending in _ENDINGS):
            if hasattr(library, name.format("set")):
                return _Threads(getattr(library, name.format("get")), getattr(library, name.format("set")))
    return None
