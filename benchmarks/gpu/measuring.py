"""Seconds and bytes of the device that measures. Imports torch."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TypeVar

import torch

Answer = TypeVar("Answer")


def emptied(device: torch.device) -> None:
    """Give back what nobody holds, and begin to count the peak anew."""
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats(device)


def waited(device: torch.device) -> float:
    """The clock in seconds, after all work that the device was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter()


def timed(device: torch.device, way: Callable[[], Answer]) -> tuple[Answer, float]:
    """What ``way`` gives, and how many seconds it took to the end of the device's work."""
    begun = waited(device)
    answer = way()
    return answer, waited(device) - begun
