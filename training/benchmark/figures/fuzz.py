"""Random scores through the grammar, and sentences that are none through the real model."""

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from intendant_core.bundle import load_bundle
from intendant_core.interpret import Interpreter
from training.fuzz import complaint, garbage, random_turn

from .core_home import situation_of
from .homes import make_home
from .part import Figures, run

if TYPE_CHECKING:
    from pathlib import Path

_GRAMMAR, _GARBAGE = 100_000, 300


def measure(bundle: Path, quick: bool) -> Figures:  # noqa: FBT001 (every part is called alike)
    """Return how many turns were wrong, and the first of them."""
    count = 2000 if quick else _GRAMMAR
    wrong = [text for seed in range(count) if (text := complaint(*random_turn(seed)))]
    interpreter = Interpreter(load_bundle(bundle))
    situation = situation_of(make_home(100), datetime.now(UTC))
    failed, slowest, acted = [], 0.0, 0
    for seed in range(_GARBAGE):
        text = garbage(seed)
        began = time.process_time()
        try:
            found = interpreter.interpret(text, situation)
        except Exception as err:  # noqa: BLE001 (any error is a finding)
            failed.append(f"{seed}: {type(err).__name__}: {err}")
            continue
        slowest = max(slowest, time.process_time() - began)
        acted += any(type(intention).__name__ == "Act" for intention in found.intentions)
    return {
        "grammar": {"turns": count, "wrong": len(wrong), "examples": wrong[:5]},
        "garbage": {
            "turns": _GARBAGE,
            "failed": len(failed),
            "examples": failed[:5],
            "slowest_cpu_ms": round(slowest * 1000, 1),
            "would_act": acted,
        },
    }


if __name__ == "__main__":
    run(measure)
