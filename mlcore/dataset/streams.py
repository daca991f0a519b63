"""Streams of synthetic documents with exact numbers for each vendor."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from mlcore.dataset.synthetic import SyntheticDocument, Vendor
from mlcore.dataset.synthetic.generate import RARE_SHARE, one_document, rare_rates


def stratified(
    count: int, seed: int, makers: Sequence[Vendor], weights: Sequence[float], rare_share: float = RARE_SHARE
) -> Iterator[SyntheticDocument]:
    """``count`` documents in a shuffled order, as many of each vendor as its weight says, rounded so that they add up.

    Each rare line type has ``rare_share`` of the lines of the stream (in expectation).
    """
    rates = rare_rates(makers, weights, rare_share)
    order = [maker for maker, n in zip(makers, shares(count, weights), strict=True) for _ in range(n)]
    random.Random(f"order:{seed}").shuffle(order)  # noqa: S311 - reproducible, nothing secret
    for index, maker in enumerate(order):
        rng = random.Random(f"{seed}:{index}:{maker.key}")  # noqa: S311 - reproducible, nothing secret
        yield one_document(maker, rates[maker.key], rng, f"syn-{seed}-{index:05d}")


def shares(count: int, weights: Sequence[float]) -> list[int]:
    """``count`` cut in proportion to the weights. Rounded along the running sum, heaviest first, so that like weights together get their
    share too, to one document."""
    total = sum(weights)
    whole = [0] * len(weights)
    running, given = 0.0, 0
    for i in sorted(range(len(weights)), key=lambda i: (-weights[i], i)):
        running += count * weights[i] / total
        whole[i] = int(running + 0.5 + 1e-9) - given
        given += whole[i]
    return whole
