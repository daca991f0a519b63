"""Choosing subtotal, tax and total together: which candidates fit each other and the sum of the lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from mlcore.readers.candidates import Candidate

MONEY_FIELDS = ("subtotal", "tax", "total")
MAX_CANDIDATES = 6
CENT = Decimal("0.01")
HALF_CENT = Decimal("0.005")
_TAX_LIMIT = Decimal("0.35")

Choice = dict[str, Candidate | None]


@dataclass(frozen=True, slots=True)
class LinesSum:
    """The sum of the row amounts; ``rows`` is how many rows it has, ``None`` sum when a row has no amount."""

    value: Decimal | None
    rows: int

    def equals(self, amount: Decimal | None) -> bool:
        """Whether the lines sum to an amount, within half a cent a line."""
        if self.value is None or amount is None or not self.rows:
            return False
        return abs(self.value - amount) <= max(CENT, HALF_CENT * self.rows)


def choose_totals(header: Mapping[str, Sequence[Candidate]], lines: LinesSum) -> Choice:
    """The best candidate of each amount, or ``None``. Ties go to the candidates that come first.

    The scores of a field's candidates are shares of 1; what they leave is the score of "not on the document".
    """
    options: list[list[Candidate | None]] = []
    absent: list[float] = []
    for name in MONEY_FIELDS:
        found = sorted((c for c in header.get(name, ()) if isinstance(c.value, Decimal)), key=lambda c: -c.score)
        options.append([*found[:MAX_CANDIDATES], None])
        absent.append(max(0.0, 1 - sum(c.score for c in found)) if found else 0.0)
    best: tuple[Candidate | None, ...] = ()
    most = float("-inf")
    for triple in product(*options):
        score = _score(triple, lines) + sum(doubt for doubt, c in zip(absent, triple, strict=True) if c is None)
        if score > most + 1e-9:
            best, most = triple, score
    return dict(zip(MONEY_FIELDS, best, strict=True))


def amount_of(candidate: Candidate | None) -> Decimal | None:
    """The amount of a candidate."""
    return candidate.value if candidate is not None and isinstance(candidate.value, Decimal) else None


def _score(triple: Sequence[Candidate | None], lines: LinesSum) -> float:
    subtotal, tax, total = (amount_of(candidate) for candidate in triple)
    score = sum(candidate.score for candidate in triple if candidate is not None)
    words = [(candidate.page, index) for candidate in triple if candidate for index in candidate.word_indexes]
    if len(set(words)) < len(words) and not (tax is not None and tax == 0):
        score -= 0.3
    score += _sum_score(subtotal, tax, total)
    weight = 0.8 if lines.rows > 1 else 0.5
    if lines.equals(subtotal):
        score += weight if subtotal != total or tax is not None else weight * 0.7
    elif subtotal is not None and lines.value is not None:
        score -= 0.15
    if subtotal is None and total is not None and lines.value is not None:
        score += weight * 0.7 if lines.equals(total) or lines.equals(total - (tax or 0)) else 0.0
    return score


def _sum_score(subtotal: Decimal | None, tax: Decimal | None, total: Decimal | None) -> float:
    if subtotal is not None and total is not None:
        if not tax:
            return 0.2 if subtotal == total else (-0.2 if subtotal > total or tax == 0 else 0.0)
        if abs(subtotal + tax - total) <= CENT:
            return 1.0 if abs(tax) <= abs(subtotal) * _TAX_LIMIT else 0.4
        return 0.0 if subtotal == total else -0.45
    if tax is not None and total is not None and abs(tax) >= abs(total):
        return -0.4 if tax else 0.0
    return 0.0
