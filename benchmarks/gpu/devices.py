"""What devices can do at the most, as their makers state it: the denominators of MFU and of floors. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Peak:
    """``flops``: dense products a second in half precision on tensor cores, times two. ``bandwidth``: bytes a second of its memory."""

    flops: float
    bandwidth: float


_PEAKS: tuple[tuple[frozenset[str], Peak], ...] = tuple(
    (frozenset(words.split()), Peak(flops * 1e12, bandwidth * 1e12))
    for words, flops, bandwidth in (
        ("B200", 2250, 8.0),
        ("H200 NVL", 835, 4.8),
        ("H200", 989, 4.8),
        ("H100 PCIE", 756, 2.0),
        ("H100 NVL", 835, 3.9),
        ("H100", 989, 3.35),
        ("A100 SXM4 80GB", 312, 2.039),
        ("A100 80GB", 312, 1.935),
        ("A100", 312, 1.555),
        ("L40S", 362, 0.864),
        ("L4", 121, 0.3),
        ("A10G", 70, 0.6),
        ("A10", 125, 0.6),
        ("V100", 125, 0.9),
        ("T4", 65, 0.32),
    )
)
"""Words of a device's name -> peak; the first that has all its words in the name counts."""


def peak_of(device: str) -> Peak | None:
    """The peak of a device by the name that CUDA gives it; ``None`` for one that is not in the table (a CPU, for one)."""
    words = frozenset(re.split(r"[^A-Z0-9]+", device.upper()))
    return next((peak for wanted, peak in _PEAKS if wanted <= words), None)
