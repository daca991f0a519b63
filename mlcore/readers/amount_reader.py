"""Total, tax and subtotal among all printed amounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mlcore.readers.amounts import AmountSpan
from mlcore.readers.context import Context
from mlcore.readers.layout import Token
from mlcore.readers.scoring import Features

_MAX_ROUNDING = Decimal("0.5")
_CENT = Decimal("0.011")


@dataclass(frozen=True, slots=True)
class _Ledger:
    """Facts about all amounts of the document."""

    counts: Counter[Decimal]
    largest: Decimal
    values: frozenset[Decimal]
    cash: frozenset[Decimal]
    change: frozenset[Decimal]
    taxes: frozenset[Decimal]
    subtotals: frozenset[Decimal]
    roundings: frozenset[Decimal]
    last_total_row: int


def amount_features(context: Context, spans: Sequence[AmountSpan]) -> list[Features]:
    """Features of every span, in order; the same for total, tax and subtotal."""
    kinds = [_kind(context, span) for span in spans]
    ledger = _ledger(spans, kinds)
    return [_features(context, span, kind, ledger) for span, kind in zip(spans, kinds, strict=True)]


def _kind(context: Context, span: AmountSpan) -> str:
    around = context.around(span.row, span.first, span.last)
    return around.left or around.previous_row or around.above


def _ledger(spans: Sequence[AmountSpan], kinds: Sequence[str]) -> _Ledger:
    def of(*wanted: str) -> frozenset[Decimal]:
        return frozenset(abs(span.value) for span, kind in zip(spans, kinds, strict=True) if kind in wanted and span.value)

    priced = [span for span in spans if span.decimals == 2 or span.mark]
    totals = [s.row for s, kind in zip(spans, kinds, strict=True) if kind in ("amount.total", "amount.grand") and s in priced]
    return _Ledger(
        Counter(span.value for span in priced),
        max((span.value for span in priced), default=Decimal(0)),
        frozenset(span.value for span in priced),
        of("amount.cash"),
        of("amount.change"),
        of("amount.tax"),
        of("amount.subtotal", "amount.net"),
        of("amount.rounding"),
        max(totals, default=-1),
    )


def _features(context: Context, span: AmountSpan, kind: str, ledger: _Ledger) -> Features:
    around = context.around(span.row, span.first, span.last)
    row = context.layout.rows[span.row]
    tokens = row[span.first : span.last]
    value = span.value
    features: Features = {"decimals": float(span.decimals == 2), "mark": float(bool(span.mark)), "whole": float(span.decimals == 0)}
    features["fine"] = float(span.decimals > 2)
    if around.left:
        near = "left" if around.left_tokens_between == 0 else "left_2" if around.left_tokens_between <= 2 else "left_far"
        features[f"{near}={around.left}"] = 1.0
        if around.row_first != around.left:
            features[f"row_first={around.row_first}"] = 1.0
    else:
        features["left_none"] = 1.0
        if around.previous_row:
            features[f"previous={around.previous_row}"] = 1.0
    if around.above:
        features[f"above={around.above}" if around.left else f"above_only={around.above}"] = 1.0
    if around.right:
        features[f"right={around.right}"] = 1.0
    features["in_a_sentence"] = float(_words_follow(row, span))
    features["rightmost"] = float(span.last == len(row))
    features["depth"] = span.row / max(len(context.rows), 1)
    features["last_total"] = float(span.row == ledger.last_total_row)
    features["after_last_total"] = float(span.row > ledger.last_total_row >= 0)
    features["largest"] = float(value == ledger.largest)
    features["repeated"] = min(ledger.counts[value], 4) / 4
    features["zero"] = float(value == 0)
    features["negative"] = float(value < 0)
    features["tall"] = max(min(max(token.height for token in tokens) - 1.0, 1.0), -0.5)
    features["amounts_in_row"] = min(sum(1 for token in row if any(c.isdigit() for c in token.text)) - len(tokens), 5) / 5
    features["page"] = min(tokens[0].page - 1, 3) / 3
    features["last_page"] = float(tokens[0].page == context.layout.rows[-1][0].page)
    _add_arithmetic(features, value, ledger)
    return features


def _words_follow(row: Sequence[Token], span: AmountSpan) -> bool:
    """Whether a word follows closely: ``Pay 98.00 within 10 days``."""
    return span.last < len(row) and row[span.last].cell == row[span.first].cell and row[span.last].text.isalpha()


def _add_arithmetic(features: Features, value: Decimal, ledger: _Ledger) -> None:
    if value <= 0:
        return
    features["cash_less_change"] = float(any(abs(cash - change - value) < _CENT for cash in ledger.cash for change in ledger.change))
    small = [rounding for rounding in ledger.roundings if rounding <= _MAX_ROUNDING]
    features["rounded"] = float(any(value - r in ledger.values or value + r in ledger.values for r in small))
    features["rounded_up_to_five"] = features["rounded"] * float((value * 100) % 5 == 0)
    features["equals_cash"] = float(value in ledger.cash)
    features["equals_change"] = float(value in ledger.change and value not in ledger.cash)
    features["subtotal_plus_tax"] = float(any(abs(sub + tax - value) < _CENT for sub in ledger.subtotals for tax in ledger.taxes))
    features["total_less_tax"] = float(any(tax != value and value + tax in ledger.values for tax in ledger.taxes))
    features["tax_of_pair"] = float(any(sub + value in ledger.values and sub > value for sub in ledger.subtotals))
