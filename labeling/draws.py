"""Draws that can be repeated: by seed, what is drawn for, stratum and position. No database.

A plain draw by a hash of the document is unbiased, but a stratum of ten documents may get none or three. Here a stratum hands out
positions (1, 2, 3, ... in the order in which documents arrive) and each block of ``BLOCK`` positions has its quota, at places
permuted by the seed: after any number of documents a stratum is less than one block away from its share, and nobody can tell from
the last draw what the next one will be. The quota of a block with a share that does not divide it starts at a random point, so that
each position is drawn with exactly the share as its probability, in the smallest stratum too, and whatever shares held before it.
"""

from __future__ import annotations

import hashlib
import math
from fractions import Fraction

BLOCK = 10
"""Positions that share one quota."""


def chance(seed: int, *what: object) -> float:
    """A number in [0, 1) that hangs on nothing but the arguments; uniform over seeds."""
    named = "\x1f".join(str(part) for part in (seed, *what))
    return int.from_bytes(hashlib.sha256(named.encode()).digest()[:7]) / 2**56


def is_drawn(*, seed: int, what: str, stratum: str, position: int, share: float) -> bool:
    """Whether the document at ``position`` (from 1) of a stratum is drawn, with ``share`` (0..1) of them drawn in the long run.

    Raises ``ValueError`` for a position below 1 or a share outside 0..1.
    """
    if position < 1 or not 0 <= share <= 1:
        raise ValueError(f"Position {position} counts from 1 and share {share} lies in 0..1.")
    block, place = divmod(position - 1, BLOCK)
    return _rank(seed, what, stratum, block, place) < _quota(seed, what, stratum, block, share)


def _quota(seed: int, what: str, stratum: str, block: int, share: float) -> int:
    """Systematic sampling over blocks: as many as lie between two multiples of the share, from a random start on."""
    start, step = Fraction(chance(seed, what, stratum, "start")), Fraction(str(share)) * BLOCK
    return math.floor((block + 1) * step + start) - math.floor(block * step + start)


def _rank(seed: int, what: str, stratum: str, block: int, place: int) -> int:
    """The place of a position in the permutation of its block, from 0."""
    own = chance(seed, what, stratum, block, place)
    return sum(chance(seed, what, stratum, block, other) < own for other in range(BLOCK))


def stratum_of(*, vendor_id: int | None, line_type: str | None, confidence: float | None) -> str:
    """The stratum of a document for second labels: vendor, the type of most of its lines, and how sure the machine is (0..1)."""
    return f"vendor {vendor_id or '-'}, {line_type or '-'}, {_band(confidence)}"


def _band(confidence: float | None) -> str:
    if confidence is None:
        return "no pre-fill"
    return "sure" if confidence >= 0.9 else "doubtful" if confidence >= 0.7 else "unsure"
