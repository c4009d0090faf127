"""Thousands of turns that want in and may not (attack.py)."""

import asyncio
import logging
from typing import TYPE_CHECKING

from .part import Figures, run, use_bundle

if TYPE_CHECKING:
    from pathlib import Path

TURNS = 5000


def measure(bundle: Path, quick: bool) -> Figures:  # noqa: FBT001 (every part is called alike)
    """Attack, and return what opened."""
    # Home Assistant first, then the integration's constants.
    from training.benchmark import attack, hass  # noqa: F401, PLC0415

    use_bundle(bundle)
    logging.basicConfig(level=logging.CRITICAL)
    return asyncio.run(attack.run(200 if quick else TURNS, seed=1)).to_json()


if __name__ == "__main__":
    run(measure)
