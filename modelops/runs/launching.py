"""What starts the processes of a run. A launcher turns the arguments of ``python -m mlcore train`` into a command on this machine.

The seam for other machines (a SkyPilot task, a Kubernetes job) is the same protocol; docs/training-runs.md says what such a launcher has
to do. In short, the command that it gives runs in the foreground for as long as the training does, ends when it is told to (SIGTERM)
and takes the training with it, passes on the exit status (0 finished, 3 stopped), and works in the folder of the run, where the worker
reads ``events.jsonl`` and writes ``stop``.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from modelops.errors import RequestInvalid

MOST_PROCESSES = 64
HERE = "here"


@dataclass(frozen=True, slots=True)
class Command:
    """What is run: ``line``, with ``environment`` added to this process's. ``processes`` compute (the cost is times that).

    When the worker dies the kernel sends ``on_death`` to the command; ``grace`` is how many seconds it is given to end by itself when
    it is asked to.
    """

    line: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    processes: int = 1
    on_death: int = signal.SIGKILL
    grace: float = 5.0


class Launcher(Protocol):
    """Anything that can start a training."""

    @property
    def processes(self) -> int:
        """How many devices compute."""
        ...

    def command(self, arguments: Sequence[str]) -> Command:
        """The command that trains with ``arguments`` of ``python -m mlcore``."""
        ...


@dataclass(frozen=True, slots=True)
class Here:
    """One process beside the worker, on the device that ``CUDA_VISIBLE_DEVICES`` of the worker shows first, else on the CPU."""

    processes: int = 1

    def command(self, arguments: Sequence[str]) -> Command:
        """A child that dies with the worker, at once."""
        return Command((sys.executable, "-m", "mlcore", *arguments))


@dataclass(frozen=True, slots=True)
class Torchrun:
    """As many processes on this machine as there are devices to use, met through ``torchrun``.

    When it is killed its processes stay, so it is asked to end instead, which ends them.
    """

    processes: int

    def command(self, arguments: Sequence[str]) -> Command:
        """``torchrun --standalone`` with the trainer as its module; without ``--`` it would take ``--start`` for an option of its own."""
        front = (sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(self.processes))
        return Command((*front, "-m", "--", "mlcore", *arguments), _threads(self.processes), self.processes, signal.SIGTERM, 40.0)


@dataclass(frozen=True, slots=True)
class Accelerate:
    """The same, met through ``accelerate launch``."""

    processes: int

    def command(self, arguments: Sequence[str]) -> Command:
        """``accelerate launch`` on one machine, without a configuration file of its own."""
        front = (sys.executable, "-m", "accelerate.commands.accelerate_cli", "launch", "--num_machines", "1", "--mixed_precision", "no")
        more = ("--dynamo_backend", "no", "--num_processes", str(self.processes), "--module", "mlcore")
        many = ("--multi_gpu",) if self.processes > 1 else ()  # its word for several processes; without a GPU they meet on the CPU
        return Command((*front, *many, *more, *arguments), _threads(self.processes), self.processes, signal.SIGTERM, 40.0)


_SEVERAL: Mapping[str, Callable[[int], Launcher]] = {"torchrun": Torchrun, "accelerate": Accelerate}


def launcher_named(name: str) -> Launcher:
    """``here``, ``torchrun:N`` or ``accelerate:N``. Raises ``RequestInvalid``."""
    kind, _, count = name.partition(":")
    if name == HERE:
        return Here()
    if kind in _SEVERAL and count.isascii() and count.isdigit() and 1 <= int(count) <= MOST_PROCESSES:
        return _SEVERAL[kind](int(count))
    raise RequestInvalid(
        "launcher_unknown",
        f"The launcher is {name!r}; known are here, torchrun:N and accelerate:N, with 1 to {MOST_PROCESSES} processes on this machine.",
    )


def _threads(processes: int) -> dict[str, str]:
    """Several processes share the cores of a machine; torchrun would give each one thread."""
    return {} if "OMP_NUM_THREADS" in os.environ else {"OMP_NUM_THREADS": str(max(1, (os.cpu_count() or 1) // processes))}
