"""How much computing a step needs and how fast a reading can be at the best. Pure.

FLOPs of training, for documents of T tokens of which C count in the loss (only those go through the head, see ``mlcore/training/loss.py``):

    frozen base with an adapter   T (4 N + 6 A) + 4 C H + attention
    every weight learns           T  6 N        + 6 C H + attention

N are the weights of the blocks' linear layers, A those of the adapter, H those of the head. A product with a weight takes 2 FLOPs forward
and 2 backward to the activations; only weights that learn take 2 more for their own gradient. Attention takes 4 FLOPs for every pair of a
token and one that it looks at, channel and layer (scores, and sums of values), twice that backward; a token looks at itself and at those
before it: T (T + 1) / 2 pairs. What checkpointing computes again and what padding computes for nothing is not work done (MFU, not HFU).
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.gpu.devices import Peak
from benchmarks.gpu.shapes import Shape


@dataclass(frozen=True, slots=True)
class Floor:
    """Seconds that no implementation stays under: of the prompts, and of the passes that say the answers."""

    prefill: float
    decode: float

    @property
    def seconds(self) -> float:
        """Both together, for the whole batch."""
        return self.prefill + self.decode


def training_flops(shape: Shape, tokens: int, counted: int, adapter: int | None) -> float:
    """FLOPs of a document's forward and backward pass; ``adapter`` counts the adapter's weights, ``None``: every weight learns."""
    pairs = tokens * (tokens + 1) / 2
    attention = 3 * 4 * pairs * shape.heads * shape.head_dim * shape.layers
    if adapter is None:
        return 6.0 * tokens * shape.block_weights + 6.0 * counted * shape.head_weights + attention
    return tokens * (4.0 * shape.block_weights + 6.0 * adapter) + 4.0 * counted * shape.head_weights + attention


def utilisation(flops: float, seconds: float, peak: Peak | None) -> float | None:
    """MFU: the share of the device's peak that was work done; ``None`` where the peak is unknown."""
    return flops / seconds / peak.flops if peak is not None else None


def reading_floor(shape: Shape, precision: str, batch: int, prompt: int, passes: int, peak: Peak | None) -> Floor | None:
    """The floor of ``batch`` answers said in ``passes`` passes after ``prompt`` tokens each; ``None`` where the peak is unknown.

    A pass reads every weight once and each row's cache, at half of the answer on average; a prompt token takes 2 N FLOPs. Plain decoding
    makes one pass a token, so its floor is that of as many passes as an answer has tokens; guesses and forced tokens get under it.
    """
    if peak is None:
        return None
    context = prompt + passes / 2
    read = shape.weight_bytes(precision) + batch * context * shape.cache_bytes
    return Floor(2.0 * shape.block_weights * prompt * batch / peak.flops, passes * read / peak.bandwidth)
