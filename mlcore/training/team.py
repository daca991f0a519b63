"""The processes that train one adapter together, started by ``torchrun`` or ``accelerate launch``. Imports torch; accelerate if needed.

Every process holds the whole model, computes its share of a step's micro-batches and adds its gradient to the others'. Sums, never
means: the loss is divided by the weights of the whole window before, so that the number of processes changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import torch


@dataclass(frozen=True, slots=True)
class Team:
    """``rank`` counts from 0; the process of rank 0 writes and tells. A team of one sends nothing."""

    rank: int
    size: int
    device: torch.device | None = None

    @property
    def leads(self) -> bool:
        """Whether this is the process that writes files and tells events."""
        return self.rank == 0

    def sum_gradients(self, parameters: Sequence[torch.nn.Parameter], loss: float) -> float:
        """Add up the gradients of all processes in place, in one message; returns the summed loss."""
        if self.size == 1:
            return loss
        parts = [(torch.zeros_like(one) if one.grad is None else one.grad).reshape(-1) for one in parameters]
        together = self._sum(torch.cat([*parts, torch.tensor([loss], device=parts[0].device, dtype=parts[0].dtype)]))
        start = 0
        for one in parameters:
            one.grad = together[start : start + one.numel()].view_as(one).clone()
            start += one.numel()
        return float(together[-1])

    def sum(self, *numbers: float) -> tuple[float, ...]:
        """Each number added up over the processes."""
        return numbers if self.size == 1 else tuple(self._sum(torch.tensor(numbers, dtype=torch.float64, device=self.device)).tolist())

    def any(self, flag: bool) -> bool:
        """Whether any process says so; all processes hear the same answer."""
        return self.sum(float(flag))[0] > 0

    def gather(self, row: torch.Tensor) -> torch.Tensor:
        """``row`` of every process, ``[processes, length]`` on the CPU."""
        if self.size == 1:
            return row[None]
        from accelerate.utils import gather

        found: torch.Tensor = gather(row[None].to(self.device))
        return found.cpu()

    def _sum(self, tensor: torch.Tensor) -> torch.Tensor:
        from accelerate.utils import reduce

        summed: torch.Tensor = reduce(tensor, reduction="sum")
        return summed


ALONE = Team(0, 1)


def join_team(device: str | None = None) -> Team:
    """The team that the launcher's environment (``WORLD_SIZE``) speaks of, met through accelerate; ``ALONE`` without one.

    ``device`` ``cpu`` keeps a team off the GPUs that are there.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        return ALONE
    from accelerate import PartialState

    state = PartialState(cpu=device == "cpu" or not torch.cuda.is_available())
    return Team(state.process_index, state.num_processes, state.device)
