"""Put layers of the source model back between those of a checkpoint that was cut from it.

    python -m training.grow work/base HuggingFaceTB/SmolLM2-135M-Instruct work/grown --layers 2 9 16 20 27

What the layers put back add to the stream (`out` and `down`) is multiplied by --scale, so that the network reads about as
before when training begins: stacking in depth as in "Stacking Your Transformers" (arXiv 2405.15319), with layers that knew
each other instead of copies, and damped as in ReZero (arXiv 2003.04887).
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from .base import choose_layers, load_source
from .network import Network, Shape, load_network, save_network
from .source import SourceError, find_source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor


def grow(
    small: Network, source: Mapping[str, Tensor], kept: Sequence[int], added: Sequence[int], scale: float
) -> Network:
    """Return a network with the layers of `small`, which were `kept` of the source's, and `added` ones of the source between them.

    `source` is the state of the whole source in this network's names. Raise ValueError where a layer would be there twice.
    """
    if set(kept) & set(added) or len(set(added)) != len(added):
        raise ValueError(f"layers {sorted(added)} are there already, or twice; kept are {list(kept)}")
    if len(kept) != small.shape.layers:
        raise ValueError(f"{small.shape.layers} layers in the checkpoint, {len(kept)} kept of the source")
    own = small.state_dict()
    state = {name: tensor for name, tensor in own.items() if not name.startswith("layers.")}
    for place, layer in enumerate(sorted([*kept, *added])):
        old = layer in added
        prefix = f"layers.{layer if old else list(kept).index(layer)}."
        for name, tensor in (source if old else own).items():
            if name.startswith(prefix):
                part = name.removeprefix(prefix)
                damped = tensor * scale if old and part.startswith(("out.", "down.")) else tensor
                state[f"layers.{place}.{part}"] = damped.clone()
    network = Network(replace(small.shape, layers=len(kept) + len(added)))
    network.load_state_dict(state)
    return network


def read_layers(place: str, shape: Shape, work: Path) -> tuple[dict[str, Tensor], int]:
    """Return the state of the source in this network's names, and its number of layers. Raise SourceError or ValueError."""
    model, _ = load_source(str(find_source(place)))
    config = model.config.to_dict()
    count = int(config["num_hidden_layers"])
    model.config.quantization_config = None
    for name in ("hf_quantizer", "is_quantized", "quantization_method"):
        model.__dict__.pop(name, None)
    del model.config.quantization_config
    work.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(work)
    network = load_network(work)
    if replace(network.shape, layers=shape.layers, vocab=shape.vocab, tied=shape.tied) != shape:
        raise ValueError(f"{place} has other sizes: {network.shape}, not {shape}")
    return dict(network.state_dict()), count


def main() -> None:
    """Run the command that the module's docstring shows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("source")
    parser.add_argument("out", type=Path)
    parser.add_argument("--layers", type=int, nargs="+", required=True, help="of the source, counted from 0")
    parser.add_argument("--scale", type=float, default=0.25)
    arguments = parser.parse_args()
    small = load_network(arguments.checkpoint)
    work = arguments.out / "source"
    try:
        source, count = read_layers(arguments.source, small.shape, work)
        kept = choose_layers(small.shape.layers, count)
        network = grow(small, source, kept, arguments.layers, arguments.scale)
    except (SourceError, ValueError) as err:
        sys.exit(f"grow: {err}")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    config = json.loads((arguments.checkpoint / "config.json").read_text(encoding="utf-8"))
    config["num_hidden_layers"] = network.shape.layers
    (arguments.out / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    shutil.copy(arguments.checkpoint / "tokenizer.json", arguments.out)
    save_network(network, arguments.out)
    with torch.no_grad():
        weights = sum(p.numel() for p in network.parameters())
    print(f"{network.shape.layers} layers, {weights / 1e6:.1f} M weights in {arguments.out}")


if __name__ == "__main__":
    main()
