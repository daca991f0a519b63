"""What speaks for and against a document's being wholly right, given the probabilities of its values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

import numpy as np
from numpy.typing import NDArray

from mlcore.documents import Check, Severity

SURE = 0.9
_LEAST = 1e-4


@dataclass(frozen=True, slots=True)
class DocumentSigns:
    """``doubt`` is minus the logarithm of the product of all probabilities, ``least`` the log-odds of the smallest.

    ``unsure`` and ``values`` are logarithms of one more than how many values lie below ``SURE``, and than all. ``lines_left`` is
    the surest line that was left out. Checks are counted as logarithms too; the rest is 0 or 1.
    """

    doubt: float
    least: float
    second: float
    unsure: float
    values: float
    lines_left: float
    warnings: float
    contradicting: float
    sums_hold: float
    agreement: float
    template_known: float
    ocr: float
    cut: float

    def weighed(self, weights: Sequence[float]) -> float:
        """The sum of the signs, each times its weight; the last weight stands alone."""
        return float(np.dot(self.vector(), weights[:-1]) + weights[-1])

    def vector(self) -> NDArray[np.float64]:
        """In the order of ``DOCUMENT_FEATURES``; wide ones bounded."""
        return np.clip(np.array(astuple(self), dtype=np.float64), -10.0, 10.0)


DOCUMENT_FEATURES: tuple[str, ...] = tuple(field.name for field in fields(DocumentSigns))


def document_signs(
    probabilities: Sequence[float], left_out: Sequence[float], checks: Sequence[Check], shared: dict[str, float], *, contradicting: bool
) -> DocumentSigns:
    """Of the probabilities of every chosen value and kept line, and of the lines that were left out.

    ``shared`` holds the features of proposals that are the same for the whole document.
    """
    known = np.clip(np.array(probabilities, dtype=np.float64), _LEAST, 1 - _LEAST)
    ranked = np.sort(known)
    odds = np.log(ranked / (1 - ranked))
    ok = {check.code for check in checks if check.severity is Severity.OK}
    return DocumentSigns(
        doubt=float(-np.log(known).sum()),
        least=float(odds[0]) if len(odds) else 0.0,
        second=float(odds[1]) if len(odds) > 1 else 0.0,
        unsure=float(np.log1p((known < SURE).sum())),
        values=float(np.log1p(len(known))),
        lines_left=max(left_out, default=0.0),
        warnings=float(np.log1p(sum(check.severity is Severity.WARNING for check in checks))),
        contradicting=float(contradicting),
        sums_hold=float({"lines_sum_to_subtotal", "subtotal_plus_tax"} <= ok),
        agreement=shared["agreement"],
        template_known=shared["template_known"],
        ocr=shared["ocr"],
        cut=shared["cut"],
    )
