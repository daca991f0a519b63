"""Rows that look like items and are sums of the items above them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from mlcore.tables.assemble import Block
from mlcore.tables.vocabulary import begins_summary, column_word

_ZERO = Decimal(0)


def without_sums(blocks: Sequence[Block]) -> list[Block]:
    """The blocks that are items, in order.

    A row is a sum when it has no price (and no quantity, or only the number of a line on a form) where the rows above it
    have one, and its amount is exactly that of the rows since the last sum, of all items, or of the sum just
    above. Under a single row the words must speak of a sum, or the next row repeat the amount: one visit and one
    delivery may well cost the same.
    """
    items: list[Block] = []
    since: list[Block] = []
    last_sum: Decimal | None = None
    for place, block in enumerate(blocks):
        amount = _amount(block)
        if _is_sum(block, amount, items, since, last_sum, blocks[place + 1 : place + 2]):
            since, last_sum = [], amount
            continue
        items.append(block)
        since.append(block)
    return items


def _is_sum(
    block: Block, amount: Decimal, items: Sequence[Block], since: Sequence[Block], last_sum: Decimal | None, following: Sequence[Block]
) -> bool:
    if not amount or not items or not _is_bare(block, since or items):
        return False
    if not since:
        return amount in (last_sum, _total(items))
    if amount not in (_total(since), _total(items)):
        return False
    repeated = any(_amount(other) == amount and other.number("unit_price") is None for other in following)
    return len(since) > 1 or amount != _total(since) or repeated or _speaks_of_a_sum(block)


def _is_bare(block: Block, above: Sequence[Block]) -> bool:
    """Whether the block lacks what most rows above it have."""
    if block.number("unit_price") is not None:
        return False
    priced = sum(other.number("unit_price") is not None for other in above)
    if 2 * priced > len(above):
        return True
    counted = sum(other.number("quantity") is not None for other in above)
    return block.number("quantity") is None and 2 * counted > len(above)


def _speaks_of_a_sum(block: Block) -> bool:
    words = [word for word in (column_word(token.text) for token in block.anchor.tokens) if word]
    return any(begins_summary(words[start:]) for start in range(len(words)))


def _amount(block: Block) -> Decimal:
    chunk = block.number("total")
    return chunk.value if chunk is not None and chunk.value is not None else _ZERO


def _total(blocks: Sequence[Block]) -> Decimal:
    return sum((_amount(block) for block in blocks), _ZERO)
