"""Train on several GPUs or machines at once: the library accelerate starts the processes and joins their gradients.

    accelerate launch --num_processes 2 -m training.finetune ...      # one machine; `accelerate config` asks about more

Every process draws other examples; the first one measures, saves and says how far the run is. Started without accelerate,
there is one process and none of this does anything.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from .network import Network


class Spread:
    """The processes of one run."""

    def __init__(self) -> None:
        """Join the other processes, if there are any. Raise ImportError without accelerate where there are."""
        self._accelerator: Any = None
        if int(os.environ.get("WORLD_SIZE", "1")) > 1:
            from accelerate import Accelerator  # noqa: PLC0415 - takes seconds

            self._accelerator = Accelerator(cpu=not torch.cuda.is_available())

    @property
    def first(self) -> bool:
        """Whether this process measures and saves."""
        return self._accelerator is None or bool(self._accelerator.is_main_process)

    @property
    def device(self) -> torch.device:
        """Where this process computes."""
        if self._accelerator is not None:
            return torch.device(self._accelerator.device)
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def seed(self, seed: int) -> int:
        """Return a seed of this process's own."""
        return seed if self._accelerator is None else seed + 1000 * int(self._accelerator.process_index)

    def prepare(self, network: Network) -> Callable[..., Tensor]:
        """Return the forward pass whose gradients all processes share."""
        return network if self._accelerator is None else self._accelerator.prepare_model(network)  # type: ignore[no-any-return]

    def agree(self, progress: float) -> float:
        """Return what the first process says, so that all of them end together."""
        if self._accelerator is None:
            return progress
        from accelerate.utils import broadcast  # noqa: PLC0415 - takes seconds

        return float(broadcast(torch.tensor([progress], device=self.device, dtype=torch.float64))[0])

    def wait(self) -> None:
        """Wait until all processes are here."""
        if self._accelerator is not None:
            self._accelerator.wait_for_everyone()
