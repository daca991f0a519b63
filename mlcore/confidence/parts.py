"""Documents parted by their vendors, so that nothing is judged by what was learned from its own vendor. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlcore.confidence.sample import ConfidenceSample

FOLDS = 5


def part_by_vendor(samples: Sequence[ConfidenceSample], share: float, seed: int) -> tuple[list[ConfidenceSample], list[ConfidenceSample]]:
    """Two parts without a common vendor, the second with about ``share`` of the documents and at least one vendor."""
    order = sorted({one.vendor_key for one in samples}, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).digest())
    taken: set[str] = set()
    for vendor in order[:-2]:
        taken.add(vendor)
        if sum(one.vendor_key in taken for one in samples) >= share * len(samples):
            break
    parts = [[one for one in samples if (one.vendor_key in taken) is second] for second in (False, True)]
    return parts[0], parts[1]


def folds_by_vendor(vendors: Sequence[str], folds: int = FOLDS) -> NDArray[np.int64]:
    """The fold of each document: vendors are never parted, folds have about equally many documents."""
    keys, which, counts = np.unique(np.array(vendors), return_inverse=True, return_counts=True)
    folds = min(folds, len(keys))
    filled, of_vendor = np.zeros(folds, dtype=np.int64), np.zeros(len(keys), dtype=np.int64)
    for vendor in np.argsort(-counts, kind="stable"):
        of_vendor[vendor] = int(filled.argmin())
        filled[of_vendor[vendor]] += counts[vendor]
    found: NDArray[np.int64] = of_vendor[which]
    return found
