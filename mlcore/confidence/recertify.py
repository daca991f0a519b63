"""Thresholds for a scorer that stays as it is, from documents of one's own: a station's, for the artifact that it has. Needs SciPy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from mlcore.confidence.certified import certified_documents, certified_thresholds
from mlcore.confidence.confidence import Confidence
from mlcore.confidence.fit import judge, prepare
from mlcore.confidence.measured import Judged
from mlcore.confidence.rescored import check_weighed
from mlcore.confidence.routes import RoutePrecisions, Thresholds
from mlcore.confidence.sample import ConfidenceSample
from mlcore.errors import ConfidenceError


def recertify(
    samples: Iterable[ConfidenceSample], confidence: Confidence, precisions: RoutePrecisions | None = None
) -> tuple[Thresholds, list[dict[str, Any]]]:
    """The thresholds, and the lines of the table for documents. Nothing is learned, so every document tests.

    The scorer must not have learned from these documents. Raises ``ConfidenceError`` when none of them is labeled in every critical
    field, or when the confidence is older than the scores that thresholds are chosen by.
    """
    scores = (confidence.report.get("learned") or {}).get("scores")
    if not scores:
        raise ConfidenceError("This confidence does not tell the scores that thresholds are chosen by; learn it anew, without --recertify.")
    read = [one for one in samples if not one.only_weighed] if confidence.reads else [one.unread() for one in samples]
    if confidence.rescorer is not None:
        check_weighed(read)
        read = [sample.rescored(confidence.rescorer) for sample in read]
    documents: Judged = judge([prepare(sample) for sample in read], confidence.scorer)[1]
    if not len(documents.scores):
        raise ConfidenceError("None of these documents is labeled in every critical field; only such a document certifies a threshold.")
    elsewhere = np.array(scores, dtype=np.float64)
    return certified_thresholds(documents, elsewhere, precisions or RoutePrecisions()), certified_documents(documents, elsewhere)
