"""``evaluate``: from cases to an ``Evaluation``. Every value is a measure of summed counts, every interval the same measure of
resampled sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from mlcore.compare import Outcome
from mlcore.errors import EvaluationError
from mlcore.evaluation import measures
from mlcore.evaluation.bootstrap import Floats, Resampling, cluster_sums, draws, interval, resampled
from mlcore.evaluation.case import Case
from mlcore.evaluation.counting import COLUMNS, FIELDS, Counts, at, count_case
from mlcore.evaluation.measures import MEASURES, RARE_TYPES, Measure
from mlcore.evaluation.scores import FORMAT, DocumentScore, Estimate, Evaluation, FieldScore, GroupScore, RowScore, TypeScore
from mlcore.schema import ItemType

GAP_MEASURES = ("field_accuracy", "guide_accuracy", "end_to_end")
_DEFAULT = Resampling()


def evaluate(cases: Iterable[Case], resampling: Resampling = _DEFAULT) -> Evaluation:
    """Score a system. Raises ``EvaluationError`` for no cases or an id that occurs twice."""
    return evaluation_of([score_document(case) for case in cases], resampling)


def score_document(case: Case) -> DocumentScore:
    """Compare and count one document."""
    counted = count_case(case)
    failure = "" if case.found is not None else case.failure or "no record"
    return DocumentScore(
        case.id, case.vendor_key, case.layout, case.set_name, case.seen, failure, tuple(counted.counts.tolist()), counted.wrong_fields
    )


def evaluation_of(documents: Sequence[DocumentScore], resampling: Resampling = _DEFAULT) -> Evaluation:
    """The evaluation of scored documents. Raises ``EvaluationError`` for none or an id that occurs twice."""
    if not documents:
        raise EvaluationError("There is no document to evaluate; give a set with at least one.")
    twice = [id for id, n in Counter(document.id for document in documents).items() if n > 1]
    if twice:
        raise EvaluationError(f"{len(twice)} documents occur more than once, the first is {twice[0]!r}; every document counts once.")
    sample = _Sample.of(documents, resampling)
    return Evaluation(
        documents=tuple(documents),
        vendors=len({document.vendor for document in documents}),
        unit=sample.unit,
        resampling=resampling,
        overall=_overall(sample),
        fields=tuple(_field(name, sample) for name in FIELDS if sample.total[[at(f"{name}:{o}") for o in Outcome]].sum()),
        rows=_rows(sample),
        line_types=tuple(_line_type(kind, sample) for kind in ItemType if _support(kind, sample.total) or _called(kind, sample.total)),
        groups=tuple(_groups(documents, resampling)),
        gap=_gap(documents, resampling),
    )


def restricted(evaluation: Evaluation, ids: Collection[str]) -> Evaluation:
    """The same system on some of its documents. Raises ``EvaluationError`` when none is left."""
    return evaluation_of([document for document in evaluation.documents if document.id in ids], evaluation.resampling)


def evaluation_from_json(data: Mapping[str, Any]) -> Evaluation:
    """Inverse of ``Evaluation.to_json``: metrics are computed again from the counts. Raises ``EvaluationError``."""
    try:
        if data["format"] != FORMAT or tuple(data["columns"]) != COLUMNS:
            raise EvaluationError("This evaluation was written by another version of the metrics; evaluate the system again.")
        how = data["intervals"]
        resampling = Resampling(int(how["resamples"]), float(how["level"]), int(how["seed"]))
        return evaluation_of([DocumentScore.from_json(document) for document in data["documents"]], resampling)
    except (KeyError, TypeError, ValueError) as error:
        raise EvaluationError(f"This is no evaluation ({error!r}); give a file that `python -m mlcore evaluate` wrote.") from error


@dataclass(frozen=True)
class _Sample:
    """Counts summed by cluster, over all, and over each resample."""

    sums: Counts
    total: Counts
    drawn: Counts
    unit: str
    resampling: Resampling

    @classmethod
    def of(cls, documents: Sequence[DocumentScore], resampling: Resampling, stream: int = 0) -> _Sample:
        unit = "vendor" if len({document.vendor for document in documents}) > 1 else "document"
        clusters = [document.vendor if unit == "vendor" else document.id for document in documents]
        sums = cluster_sums(np.array([document.counts for document in documents]), clusters)
        return cls(sums, sums.sum(axis=0), resampled(sums, resampling, stream), unit, resampling)

    def estimate(self, measure: Measure) -> Estimate:
        """A measure with its interval."""
        return _estimate(float(measure(self.total)), measure(self.drawn) if len(self.sums) > 1 else None, self.resampling.level)


def _estimate(value: float, drawn: Floats | None, level: float) -> Estimate:
    if np.isnan(value):
        return Estimate(None)
    bounds = interval(drawn, level) if drawn is not None else None
    return Estimate(value, *bounds) if bounds else Estimate(value)


def _overall(sample: _Sample) -> dict[str, Estimate]:
    rare = [kind for kind in RARE_TYPES if _support(kind, sample.total)]
    found = {name: sample.estimate(measure) for name, measure in MEASURES.items()}
    mean = _vendor_mean(sample) if sample.unit == "vendor" else found["field_accuracy"]
    return {**found, "vendor_mean": mean, "rare_f1": sample.estimate(partial(measures.macro_f1, rare))}


def _vendor_mean(sample: _Sample) -> Estimate:
    """Unweighted mean of the field accuracy of vendors, which are the clusters: every one counts alike, however many documents it has."""
    each = measures.field_accuracy(sample.sums)
    there = ~np.isnan(each)
    if not there.any():
        return Estimate(None)
    values = np.where(there, each, 0.0)
    weights = draws(len(values), sample.resampling)
    counted = weights @ there
    drawn = np.divide(weights @ values, counted, out=np.full(len(weights), np.nan), where=counted > 0)
    return _estimate(float(values.sum() / there.sum()), drawn if len(values) > 1 else None, sample.resampling.level)


def _field(name: str, sample: _Sample) -> FieldScore:
    outcomes = {outcome: int(sample.total[at(f"{name}:{outcome}")]) for outcome in Outcome}
    parts: tuple[Callable[[str, Counts], Floats], ...] = (measures.field_share, measures.precision, measures.recall, measures.f1)
    return FieldScore(name, outcomes, *(sample.estimate(partial(part, name)) for part in parts))


def _rows(sample: _Sample) -> RowScore:
    expected, found, matched, right = (int(sample.total[at(f"rows_{part}")]) for part in ("expected", "found", "matched", "right"))
    parts: tuple[Measure, ...] = (measures.row_recall, measures.row_precision, measures.rows_right)
    return RowScore(expected, found, matched, right, *(sample.estimate(part) for part in parts))


def _line_type(kind: ItemType, sample: _Sample) -> TypeScore:
    parts: tuple[Callable[[ItemType, Counts], Floats], ...] = (measures.type_precision, measures.type_recall, measures.type_f1)
    counts = _support(kind, sample.total), _called(kind, sample.total), int(sample.total[at(f"type:{kind}:hit")])
    return TypeScore(kind.value, *counts, *(sample.estimate(partial(part, kind)) for part in parts))


def _support(kind: ItemType, total: Counts) -> int:
    return int(total[at(f"type:{kind}:hit")] + total[at(f"type:{kind}:missed")])


def _called(kind: ItemType, total: Counts) -> int:
    return int(total[at(f"type:{kind}:hit")] + total[at(f"type:{kind}:false")])


def _groups(documents: Sequence[DocumentScore], resampling: Resampling) -> Iterable[GroupScore]:
    kinds: dict[str, Callable[[DocumentScore], str]] = {
        "set": lambda document: document.set_name,
        "seen": lambda document: "seen" if document.seen else "unseen",
        "layout": lambda document: document.layout,
        "vendor": lambda document: document.vendor,
    }
    for kind, name_of in kinds.items():
        members: dict[str, list[DocumentScore]] = {}
        for document in documents:
            members.setdefault(name_of(document), []).append(document)
        for name in sorted(members):
            if name:
                yield _group(kind, name, members[name], resampling)


def _group(kind: str, name: str, documents: Sequence[DocumentScore], resampling: Resampling) -> GroupScore:
    sample = _Sample.of(documents, resampling)
    vendors = len({document.vendor for document in documents})
    failed = sum(bool(document.failure) for document in documents)
    parts = (sample.estimate(MEASURES[measure]) for measure in GAP_MEASURES)
    return GroupScore(kind, name, len(documents), vendors, failed, sample.unit, *parts)


def _gap(documents: Sequence[DocumentScore], resampling: Resampling) -> dict[str, Estimate]:
    """Seen less unseen vendors; the two sides are resampled independently of each other."""
    parts = [[document for document in documents if document.seen is seen] for seen in (True, False)]
    if not all(parts):
        return {}
    seen, unseen = (_Sample.of(part, resampling, stream) for stream, part in enumerate(parts, start=1))
    found = {}
    for name in GAP_MEASURES:
        measure = MEASURES[name]
        drawn = measure(seen.drawn) - measure(unseen.drawn) if min(len(seen.sums), len(unseen.sums)) > 1 else None
        found[name] = _estimate(float(measure(seen.total) - measure(unseen.total)), drawn, resampling.level)
    return found
