"""An online bootstrap: how often a document is in each resample depends on its id alone, so that sums can grow one by one.

Each document is in each resample Poisson(1) times (Hanley and MacGibbon 2006; Oza and Russell 2001), instead of the draws of a
multinomial that know how many documents there will be. Sums of resamples are therefore additive: of two sets of documents that have
none in common, they are those of both together. The weights come from SHAKE-128 of seed and id and are the same on every machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, factorial

import numpy as np
from numpy.typing import NDArray

from mlcore.errors import AgreementError

Ints = NDArray[np.int64]

_MOST = 12
_CUMULATED = np.cumsum([exp(-1) / factorial(k) for k in range(_MOST)])
_THRESHOLDS = np.floor(_CUMULATED * 2**32)
MAX_RESAMPLES = 10_000


@dataclass(frozen=True, slots=True)
class Poisson:
    """Number of resamples and seed. No resamples: sums alone, no intervals. Raises ``AgreementError`` outside of 0..10,000."""

    resamples: int = 200
    seed: int = 7

    def __post_init__(self) -> None:
        if not 0 <= self.resamples <= MAX_RESAMPLES:
            raise AgreementError(f"{self.resamples} resamples; take 0 (no intervals) to {MAX_RESAMPLES}.")

    def weights(self, document_ids: Sequence[str]) -> Ints:
        """How often each document is in each resample, shape ``(documents, resamples)``."""
        drawn = b"".join(hashlib.shake_128(f"{self.seed}:{name}".encode()).digest(4 * self.resamples) for name in document_ids)
        uniform = np.frombuffer(drawn, dtype="<u4").astype(np.float64).reshape(len(document_ids), self.resamples)
        return np.searchsorted(_THRESHOLDS, uniform, side="right").astype(np.int64)
