"""The table of what is certified: whole documents and the values of each field, at each of the usual precisions.

Every line keeps its word by itself (``certificates.CONFIDENCE``); that all lines do so together is not promised. Needs SciPy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.confidence.certificates import Certificate, Certification, certification_to_json
from mlcore.confidence.certify import certify, certify_values, thresholds_from
from mlcore.confidence.measured import Judged
from mlcore.confidence.routes import RoutePrecisions, Thresholds

Floats = NDArray[np.float64]

PRECISIONS = (0.99, 0.95, 0.90)


def certify_documents(judged: Judged, precision: float, elsewhere: Floats) -> Certification:
    """Certify whole documents. One that was read several times, with another template each time, counts once, by its share of right ones.

    ``elsewhere`` are scores of other documents; thresholds are chosen by them.
    """
    count = len(np.unique(judged.documents))
    thresholds = thresholds_from(elsewhere, count, precision)
    if count == len(judged.documents):
        return certify(judged.scores, judged.right, precision, thresholds)
    return certify_values(judged.scores, judged.right, judged.documents, precision, thresholds)


def certified_thresholds(judged: Judged, elsewhere: Floats, precisions: RoutePrecisions) -> Thresholds:
    """What routes are taken by. ``elsewhere`` as in ``certify_documents``. Raises ``ConfidenceError`` for precisions that cannot be."""
    wanted = precisions.checked()
    return Thresholds(*(certify_documents(judged, precision, elsewhere) for precision in (wanted.accepted, wanted.review)))


def certify_field(judged: Judged, precision: float, elsewhere: Floats) -> Certification:
    """Certify the values of one field; a document counts once, by the share of its values that is right. ``elsewhere`` as above."""
    thresholds = thresholds_from(elsewhere, len(np.unique(judged.documents)), precision)
    return certify_values(judged.scores, judged.right, judged.documents, precision, thresholds)


def certified_documents(documents: Judged, elsewhere: Floats) -> list[dict[str, Any]]:
    """One line of the table for each of ``PRECISIONS``: ``certification_to_json`` and ``coverage``, the share that is accepted (0..1)."""
    return [_line(certify_documents(documents, precision, elsewhere), documents) for precision in PRECISIONS]


def certified_fields(values: Judged, elsewhere: Judged) -> dict[str, list[dict[str, Any]]]:
    """The lines of each field by its name. A field that the other documents lack takes its thresholds from all of their values."""
    table = {}
    for name in map(str, np.unique(values.names)):
        own, others = values.of(name), elsewhere.of(name).scores
        tried = others if len(others) else elsewhere.scores
        table[name] = [_line(certify_field(own, precision, tried), own) for precision in PRECISIONS]
    return table


def _line(outcome: Certification, judged: Judged) -> dict[str, Any]:
    share = float(np.mean(judged.scores >= outcome.threshold)) if isinstance(outcome, Certificate) else 0.0
    return {**certification_to_json(outcome), "coverage": round(share, 6)}


def table_lines(documents: list[dict[str, Any]], fields: Mapping[str, list[dict[str, Any]]]) -> list[str]:
    """The table as text: a line for each field, a column for each precision."""
    heads = [
        f"{'certified at 95 % confidence':28}",
        f"{'n':>6}",
        *(f"{f'{precision:.2f} from score, share':>34}" for precision in PRECISIONS),
    ]
    rows = [("documents", documents), *fields.items()]
    return [
        "  ".join(heads),
        *("  ".join((f"{name:28}", f"{row[0]['count']:6}", *(f"{_cell(one):>34}" for one in row))) for name, row in rows),
    ]


def _cell(line: Mapping[str, Any]) -> str:
    if not line["certified"]:
        return f"not certifiable with n = {line['count']}"
    return f"{line['threshold']:.4f}, {100 * line['coverage']:.1f} %"
