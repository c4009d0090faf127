"""Average a fine-tuned checkpoint with the one that it went on from: what is new is kept, and less of the old forgotten.

    python -m training.blend work/model work/base 0.7 work/blend

The weights become share x fine-tuned + (1 - share) x before. Source: WiSE-FT (arXiv 2109.01903).
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from safetensors.torch import load_file, save_file

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS = "model.safetensors"


def blend(tuned: dict[str, Tensor], before: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """Return the averaged weights. Raise ValueError when the two don't belong together."""
    if tuned.keys() != before.keys() or any(tuned[name].shape != before[name].shape for name in tuned):
        raise ValueError("these checkpoints are of different networks")
    return {name: (share * weight + (1 - share) * before[name]).contiguous() for name, weight in tuned.items()}


def main() -> None:
    """Run the command that the module's docstring shows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tuned", type=Path)
    parser.add_argument("before", type=Path)
    parser.add_argument("share", type=float)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    weights = blend(load_file(arguments.tuned / WEIGHTS), load_file(arguments.before / WEIGHTS), arguments.share)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for path in arguments.tuned.glob("*.json"):
        shutil.copy(path, arguments.out / path.name)
    save_file(weights, arguments.out / WEIGHTS, metadata={"format": "pt"})
    print(f"{arguments.share:g} of {arguments.tuned}, the rest of {arguments.before}, in {arguments.out}")


if __name__ == "__main__":
    main()
