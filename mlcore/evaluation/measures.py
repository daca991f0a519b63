"""The metrics as functions of summed counts.

Each takes sums of shape ``(..., len(COLUMNS))`` and gives shape ``(...)``: one row of sums gives the metric, a matrix of
resampled sums gives its distribution. ``nan`` where nothing was there to be right or wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlcore.compare import Outcome
from mlcore.evaluation.counting import FIELDS, Counts, at
from mlcore.schema import ItemType

Measure: TypeAlias = Callable[[Counts], NDArray[np.float64]]

RARE_TYPES: tuple[ItemType, ...] = (ItemType.COMPOUND_MEDICATION, ItemType.DME_RENTAL, ItemType.BUNDLED_SERVICE)


def field_accuracy(sums: Counts) -> NDArray[np.float64]:
    """Our field accuracy: right values over the values that either side has.

    A value is one labeled header field or one labeled cell of a line item. Rows are matched one to one whatever their order
    (``compare.match_rows``); the cells of a missing row are missing values, those of an extra row spurious ones. A field that
    is absent on both sides is not counted: it would be right for a reader that reads nothing.
    """
    right = _outcome(sums, FIELDS, Outcome.CORRECT)
    return _share(right, right + _outcome(sums, FIELDS, Outcome.WRONG, Outcome.MISSING, Outcome.SPURIOUS))


def guide_accuracy(sums: Counts) -> NDArray[np.float64]:
    """The specification's field accuracy: right fields over fields, for the fields that its code names.

    Fields are invoice number, date, total and every cell of every line item; ``None == None`` counts as right, as its ``==``
    does. Its three faults are not repeated: rows are matched instead of cut off by ``zip``, and no cell of a missing or
    extra row is right; amounts are equal as decimals, not within 0.01 of a float; a missing key or record is wrong, not a crash.
    """
    return _share(sums[..., at("guide_right")], sums[..., at("guide_slots")])


def end_to_end(sums: Counts) -> NDArray[np.float64]:
    """Documents with every labeled field right, no row missing and none extra, over all documents."""
    return _share(sums[..., at("exact")], sums[..., at("documents")])


def payment_right(sums: Counts) -> NDArray[np.float64]:
    """Documents with every labeled critical field right (``schema.FieldSpec.critical``), over all documents."""
    return _share(sums[..., at("critical_exact")], sums[..., at("documents")])


def anls(sums: Counts) -> NDArray[np.float64]:
    """Mean ANLS* of the documents (``anls``)."""
    return _share(sums[..., at("anls")], sums[..., at("documents")])


def field_share(name: str, sums: Counts) -> NDArray[np.float64]:
    """Accuracy of one field: right values over values that either side has."""
    right = _outcome(sums, (name,), Outcome.CORRECT)
    return _share(right, right + _outcome(sums, (name,), Outcome.WRONG, Outcome.MISSING, Outcome.SPURIOUS))


def precision(name: str, sums: Counts) -> NDArray[np.float64]:
    """Right values of a field over found values. A wrong value is a false positive and a false negative."""
    right = _outcome(sums, (name,), Outcome.CORRECT)
    return _share(right, right + _outcome(sums, (name,), Outcome.WRONG, Outcome.SPURIOUS))


def recall(name: str, sums: Counts) -> NDArray[np.float64]:
    """Right values of a field over expected values."""
    right = _outcome(sums, (name,), Outcome.CORRECT)
    return _share(right, right + _outcome(sums, (name,), Outcome.WRONG, Outcome.MISSING))


def f1(name: str, sums: Counts) -> NDArray[np.float64]:
    """Harmonic mean of precision and recall of a field."""
    right = _outcome(sums, (name,), Outcome.CORRECT)
    wrong = _outcome(sums, (name,), Outcome.WRONG)
    return _share(2 * right, 2 * right + 2 * wrong + _outcome(sums, (name,), Outcome.MISSING, Outcome.SPURIOUS))


def row_recall(sums: Counts) -> NDArray[np.float64]:
    """Expected line items that a found one was matched with (at least one equal cell), over expected ones."""
    return _share(sums[..., at("rows_matched")], sums[..., at("rows_expected")])


def row_precision(sums: Counts) -> NDArray[np.float64]:
    """Found line items that match an expected one, over found ones."""
    return _share(sums[..., at("rows_matched")], sums[..., at("rows_found")])


def rows_right(sums: Counts) -> NDArray[np.float64]:
    """Line items with every labeled cell right over all rows of either side (expected, and extra ones)."""
    extra = sums[..., at("rows_found")] - sums[..., at("rows_matched")]
    return _share(sums[..., at("rows_right")], sums[..., at("rows_expected")] + extra)


def type_f1(kind: ItemType, sums: Counts) -> NDArray[np.float64]:
    """F1 of a line type over matched rows: a missing row is a false negative of its type, an extra row a false positive."""
    hit, missed, false = (sums[..., at(f"type:{kind}:{part}")] for part in ("hit", "missed", "false"))
    return _share(2 * hit, 2 * hit + missed + false)


def type_precision(kind: ItemType, sums: Counts) -> NDArray[np.float64]:
    """Rows rightly called this type over rows called this type."""
    hit = sums[..., at(f"type:{kind}:hit")]
    return _share(hit, hit + sums[..., at(f"type:{kind}:false")])


def type_recall(kind: ItemType, sums: Counts) -> NDArray[np.float64]:
    """Rows rightly called this type over rows of this type."""
    hit = sums[..., at(f"type:{kind}:hit")]
    return _share(hit, hit + sums[..., at(f"type:{kind}:missed")])


def macro_f1(kinds: Sequence[ItemType], sums: Counts) -> NDArray[np.float64]:
    """Unweighted mean of the F1 of these types; a type that a resample has nothing of is left out of its mean."""
    if not kinds:
        return np.full(sums.shape[:-1], np.nan)
    scores = np.stack([type_f1(kind, sums) for kind in kinds])
    there = ~np.isnan(scores)
    summed: NDArray[np.float64] = np.where(there, scores, 0.0).sum(axis=0)
    return _share(summed, there.sum(axis=0))


MEASURES: dict[str, Measure] = {
    "field_accuracy": field_accuracy,
    "guide_accuracy": guide_accuracy,
    "end_to_end": end_to_end,
    "payment_right": payment_right,
    "anls": anls,
    "row_recall": row_recall,
    "row_precision": row_precision,
    "rows_right": rows_right,
}
"""Measures of the whole record by name; line types and single fields are made with ``field_measure`` and ``macro_f1``."""


def field_measure(name: str) -> Measure:
    """``field_share`` of one field."""
    return partial(field_share, name)


def _outcome(sums: Counts, names: Sequence[str], *outcomes: Outcome) -> NDArray[np.float64]:
    columns = [at(f"{name}:{outcome}") for name in names for outcome in outcomes]
    total: NDArray[np.float64] = sums[..., columns].sum(axis=-1)
    return total


def _share(part: ArrayLike, whole: ArrayLike) -> NDArray[np.float64]:
    below = np.asarray(whole, dtype=np.float64)
    share: NDArray[np.float64] = np.divide(part, below, out=np.full(below.shape, np.nan), where=below > 0)
    return share
