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
    """``count`` cut in proportion to the weights; the largest remainders are rounded up."""
    total = sum(weights)
    exact = [count * weight / total for weight in weights]
    whole = [int(part) for part in exact]
    ranked = sorted(range(len(weights)), key=lambda i: (whole[i] - exact[i], i))
    for i in ranked[: count - sum(whole)]:
        whole[i] += 1
    return whole
