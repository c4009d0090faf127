"""What the core adds to a process: memory, time to load, and the bundle's size."""

import os
import resource
import time
from datetime import UTC, datetime
from pathlib import Path

from .homes import make_home, make_sentences
from .part import Figures, run, spread

_TURNS = 50
_MB = 1e6


def measure(bundle: Path, quick: bool) -> Figures:  # noqa: ARG001, FBT001 (every part is called alike)
    """Load the bundle and take some turns."""
    before = _resident()
    began = time.perf_counter()
    from intendant_core.bundle import load_bundle  # noqa: PLC0415 (its memory counts)
    from intendant_core.interpret import Interpreter  # noqa: PLC0415

    imported = time.perf_counter()
    interpreter = Interpreter(load_bundle(bundle))
    loaded, after_load = time.perf_counter(), _resident()

    from .core_home import situation_of  # noqa: PLC0415

    home = make_home(100)
    situation = situation_of(home, datetime.now(UTC))
    spent = []
    for sentence in make_sentences(home, _TURNS):
        start = time.process_time()
        interpreter.interpret(sentence, situation)
        spent.append((time.process_time() - start) * 1000)
    return {
        "import_s": round(imported - began, 2),
        "load_s": round(loaded - imported, 2),
        "added_by_load_mb": round((after_load - before) / _MB, 1),
        "added_after_turns_mb": round((_resident() - before) / _MB, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MB, 1),
        "bundle_mb": round(sum(file.stat().st_size for file in bundle.iterdir()) / _MB, 2),
        "cpu_ms": spread(spent),
    }


def _resident() -> int:
    """Return the bytes of the process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    run(measure)
