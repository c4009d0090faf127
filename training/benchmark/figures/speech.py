"""Spoken commands: how long they take, how many of them are right, and how well the home's own names are heard.

Needs weights and engines, which are fetched (demo/weights.py).
"""

import asyncio
import logging
from typing import TYPE_CHECKING

from .part import Figures, run, use_bundle

if TYPE_CHECKING:
    from pathlib import Path

CASES, TURNS = 220, 30
"""Benchmark sentences of each language; turns that are timed."""
LANGUAGES = ("en", "zh")


def measure(bundle: Path, quick: bool) -> Figures:  # noqa: FBT001 (every part is called alike)
    """Return the figures; the timed part first, while the machine is as it was."""
    # Home Assistant first, then the integration's constants.
    from training.benchmark import hass  # noqa: F401, PLC0415

    use_bundle(bundle)
    logging.basicConfig(level=logging.CRITICAL)
    from demo import engines  # noqa: PLC0415
    from training.benchmark.speech import names, spoken, timing  # noqa: PLC0415
    from training.benchmark.speech.said import Speakers  # noqa: PLC0415

    engines.use()
    speakers = Speakers()
    cases, turns, few = (4, 3, 3) if quick else (CASES, TURNS, None)
    return {
        "timing": asyncio.run(timing.measure(turns, speakers)),
        "spoken": {language: asyncio.run(spoken.measure(language, cases, speakers)) for language in LANGUAGES},
        "names": {language: asyncio.run(names.measure(language, few, speakers)) for language in LANGUAGES},
    }


if __name__ == "__main__":
    run(measure)
