"""One extraction out of two readings of a document, with calibrated confidences, checks and a route."""

from __future__ import annotations

from collections.abc import Iterator

from mlcore.confidence.decisions import Choice, Decision, decide, document_score, placed
from mlcore.confidence.proposals import propose
from mlcore.confidence.routes import UNCERTIFIED, Thresholds, route
from mlcore.confidence.scorer import RuleScorer, Scorer
from mlcore.documents import DocumentText, Evidence, Extraction, FieldPrediction
from mlcore.inference.reading import DocumentReading
from mlcore.schema import Value, split_item_path

DEFAULT_SCORER = RuleScorer()
"""Stands in until a scorer is fitted."""


def combine(
    document: DocumentText,
    template: Extraction,
    model: DocumentReading | None,
    scorer: Scorer = DEFAULT_SCORER,
    *,
    model_id: str,
    thresholds: Thresholds = UNCERTIFIED,
) -> Extraction:
    """The likelier value of each field, its confidence the probability that it is right. Pure and deterministic.

    A value that both readers hold is spelled as the template has it and keeps its note and both readers' places. Lines that one
    reader alone saw stay when they are likelier real than not. A value of which the template is sure never gives way to nothing.
    Header fields that are likely not on the document are predictions without a value. Without a model the template's values
    stand, with the scorer's confidence.
    """
    decision = decide(propose(document, template, model), scorer)
    way = route(document_score(decision, scorer), thresholds, contradicting=decision.contradicting)
    return Extraction(model_id, decision.record, tuple(_fields(decision)), decision.checks, way)


def _fields(decision: Decision) -> Iterator[FieldPrediction]:
    for path, choice, value in placed(decision):
        if value is not None or split_item_path(path) is None:
            yield _field(path, choice, value)


def _field(path: str, choice: Choice, value: Value) -> FieldPrediction:
    prediction, reading = choice.proposal.prediction, choice.proposal.reading
    if value is None:
        return FieldPrediction(path, None, choice.probability)
    raw = (prediction.raw if prediction is not None else "") or (reading.text if reading is not None else "")
    note = prediction.note if prediction is not None else ""
    places = prediction.evidence if prediction is not None else ()
    more = reading.evidence if reading is not None else ()
    return FieldPrediction(path, value, choice.probability, _joined(places, more), raw, note)


def _joined(first: tuple[Evidence, ...], second: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """All of the first, and those of the second that lie elsewhere."""
    return (*first, *(place for place in second if not any(_touch(place, other) for other in first)))


def _touch(left: Evidence, right: Evidence) -> bool:
    a, b = left.box, right.box
    return left.page == right.page and a.x0 < b.x1 and b.x0 < a.x1 and a.y0 < b.y1 and b.y0 < a.y1
