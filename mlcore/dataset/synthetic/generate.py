"""The stream of documents: which vendors write, how many each, and how often the rare line types occur.

Document ``n`` of a seed depends on the seed, its number and the vendors only, so a longer stream begins with the
shorter one and any document can be made again alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

from mlcore.dataset.synthetic.catalogue import vendor_catalogue
from mlcore.dataset.synthetic.content import RARE_TYPES, regular_buyers, write_invoice
from mlcore.dataset.synthetic.document import SyntheticDocument
from mlcore.dataset.synthetic.vendor import Vendor
from mlcore.schema import ItemType

RARE_SHARE = 0.0425
"""Share of each of the three rare line types among all lines of a stream."""
_MOST = 0.6
"""No vendor's lines are of one rare type with more than this probability."""


def generate(
    count: int,
    seed: int,
    vendors: Sequence[Vendor] | None = None,
    weights: Sequence[float] | None = None,
    rare_share: float = RARE_SHARE,
) -> Iterator[SyntheticDocument]:
    """``count`` documents of the vendors (default: the whole catalogue, all equally often).

    ``weights`` are relative document counts, for example from ``major_minor_weights``. Raises ``ValueError`` when
    they do not match the vendors.
    """
    makers = tuple(vendors) if vendors is not None else vendor_catalogue()
    shares = tuple(weights) if weights is not None else (1.0,) * len(makers)
    if len(shares) != len(makers):
        raise ValueError(f"{len(shares)} weights for {len(makers)} vendors; give one weight for each vendor.")
    rates = rare_rates(makers, shares, rare_share)
    for index in range(count):
        rng = random.Random(f"{seed}:{index}")  # noqa: S311 - reproducible, nothing secret
        (maker,) = rng.choices(makers, shares)
        content = random.Random(f"{seed}:{index}:{maker.key}")  # noqa: S311 - reproducible, nothing secret
        yield one_document(maker, rates[maker.key], content, f"syn-{seed}-{index:05d}")


def one_document(maker: Vendor, rates: Mapping[ItemType, float], rng: random.Random, name: str) -> SyntheticDocument:
    """One document of a vendor; ``rates`` as in ``rare_rates``."""
    buyers = regular_buyers(maker.key)
    return SyntheticDocument(name, maker, write_invoice(maker.trade, rates, rng, buyers, maker.layout.items.grouped))


def rare_rates(makers: Sequence[Vendor], weights: Sequence[float], share: float = RARE_SHARE) -> dict[str, dict[ItemType, float]]:
    """For each vendor the probability that a line is of a rare type, so that the stream as a whole has ``share`` of each.

    Vendors sell rare things in proportion to their trade's appetite for them.
    """
    lines = [weight * _mean_lines(maker) for maker, weight in zip(makers, weights, strict=True)]
    rates: dict[str, dict[ItemType, float]] = {maker.key: {} for maker in makers}
    for kind in RARE_TYPES:
        appetites = [maker.trade.appetite.get(kind, 1.0) for maker in makers]
        hunger = sum(n * appetite for n, appetite in zip(lines, appetites, strict=True))
        for maker, appetite in zip(makers, appetites, strict=True):
            rates[maker.key][kind] = min(_MOST / len(RARE_TYPES), share * appetite * sum(lines) / hunger) if hunger else 0.0
    return rates


def major_minor_weights(makers: Sequence[Vendor], major_share: float = 0.75) -> tuple[float, ...]:
    """Weights that give the major vendors together ``major_share`` of the documents."""
    majors = sum(maker.major for maker in makers)
    minors = len(makers) - majors
    return tuple(major_share / majors if maker.major else (1 - major_share) / minors for maker in makers)


def _mean_lines(maker: Vendor) -> float:
    trade = maker.trade
    return (1 - trade.long_share) * sum(trade.lines) / 2 + trade.long_share * sum(trade.long_lines) / 2
