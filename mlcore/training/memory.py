"""Memory of a run: how much it took, and whether an error says that there was too little. Imports torch."""

from __future__ import annotations

import resource

import torch
from accelerate.utils.memory import should_reduce_batch_size

_SIGNS = ("out of memory", "CUBLAS_STATUS_ALLOC_FAILED")


def ran_out(error: RuntimeError) -> bool:
    """Whether memory ran out.

    Torch's allocator says so, or the driver (``torch.AcceleratorError``), cuBLAS, or cuDNN, which finds no algorithm for what is left.
    """
    return isinstance(error, torch.OutOfMemoryError) or any(sign in str(error) for sign in _SIGNS) or should_reduce_batch_size(error)


def peak_memory(device: torch.device) -> int:
    """Bytes: of the GPU, or of the whole process on a CPU."""
    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
