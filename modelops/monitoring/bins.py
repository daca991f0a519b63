"""The bins of a value's confidence, and the three bands that people talk of. No database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

BINS: Final = 20
"""Equal bins of 0..1; the last one takes 1 in."""

BANDS: Final[Mapping[str, tuple[int, int]]] = {"high": (19, 20), "middle": (18, 19), "low": (0, 18)}
"""The specification's bands as ranges of bins: from .95, from .90 to .95, under .90."""

BAND_NAMES: Final[Mapping[str, str]] = {"high": ".95 to 1", "middle": ".90 to .95", "low": "under .90"}


def bin_of(confidence: float) -> int:
    """The bin of a confidence. Borders belong to the bin above; a hair below a border by rounding is on it. Out of 0..1 is clipped."""
    return min(BINS - 1, max(0, int(round(confidence * 10_000) * BINS / 10_000)))


def counts_by_bin(fields: Iterable[Mapping[str, Any]]) -> list[int]:
    """How many values that are there lie in each bin; ``fields`` are those of a stored prediction. Raises ``ValueError`` or ``KeyError``
    for what is none."""
    found = [0] * BINS
    for field in fields:
        if field.get("value") is not None:
            found[bin_of(float(field["confidence"]))] += 1
    return found


def by_band(counts: Sequence[int]) -> dict[str, int]:
    """The counts of the bins added up by band."""
    return {name: sum(counts[start:end]) for name, (start, end) in BANDS.items()}
