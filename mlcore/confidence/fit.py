"""Learning confidence from documents with a confirmed record: scorer, calibrations, certified thresholds.

Vendors are parted in two. On the first part the scorer is cross-fitted (a document's scores come from trees that saw no document
of its vendor), and calibrations are fitted on those scores. On the second part, of which nothing was learned, thresholds are
certified and the quality of all probabilities is measured, as they will be served.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.compare import compare_records
from mlcore.confidence.boosting import BoostedTrees, Boosting, fit_trees
from mlcore.confidence.calibrate import Calibrator, calibrate, calibrate_each
from mlcore.confidence.certified import certified_documents, certified_fields, certified_thresholds
from mlcore.confidence.confidence import Confidence
from mlcore.confidence.decisions import Decision, decide_by, document_score
from mlcore.confidence.document_signs import DOCUMENT_FEATURES
from mlcore.confidence.features import describe, entries
from mlcore.confidence.labels import UNKNOWN, judges_whole, label
from mlcore.confidence.measured import Judged, judged_documents, judged_values, measured
from mlcore.confidence.parts import folds_by_vendor, part_by_vendor
from mlcore.confidence.proposals import Proposals, propose
from mlcore.confidence.rescored import rescored_parts
from mlcore.confidence.routes import RoutePrecisions
from mlcore.confidence.sample import ConfidenceSample
from mlcore.confidence.scorer import LearnedScorer, Scorer
from mlcore.errors import ConfidenceError

Floats = NDArray[np.float64]

HELD_OUT = 0.4
"""Share of the documents, by whole vendors, on which thresholds are certified and quality is measured."""

LEAST_VENDORS = 5
LEAST_DOCUMENTS = 20
_QUANTILES = 201


@dataclass(frozen=True)
class Prepared:
    """A sample with its proposals, their features and their labels."""

    sample: ConfidenceSample
    proposals: Proposals
    rows: Floats
    labels: NDArray[np.int8]

    @cached_property
    def names(self) -> list[str]:
        """The slot of every entry."""
        return [slot.name for slot, _ in entries(self.proposals)]

    def right(self, decision: Decision) -> bool:
        """Whether every labeled field of the decided record is right."""
        gold = self.sample.gold
        return compare_records(gold.record, decision.record, gold.label_fields).exact

    @property
    def whole(self) -> bool:
        """Whether that says something about the whole document."""
        return judges_whole(self.sample.gold)


def prepare(sample: ConfidenceSample) -> Prepared:
    """Describe and label one sample."""
    proposals = propose(sample.document, sample.template, sample.model)
    return Prepared(sample, proposals, describe(proposals), label(proposals, sample.gold))


def fit_confidence(
    samples: Iterable[ConfidenceSample],
    *,
    seed: int = 0,
    held_out: float = HELD_OUT,
    how: Boosting | None = None,
    reads: bool = True,
    precisions: RoutePrecisions | None = None,
) -> Confidence:
    """Learn, calibrate, certify and measure. Deterministic. Raises ``ConfidenceError`` when there is too little to learn from.

    ``precisions`` are those that routes are to keep, those of ``RoutePrecisions`` where none are given. What was only weighed teaches how
    far the model is believed about candidates, and nothing else. Where the model ``reads`` nothing everything is learned as if no document
    had been read.
    """
    given = [one if reads else one.unread() for one in samples]
    every = [one for one in given if not (reads and one.only_weighed)]
    vendors = {one.vendor_key for one in every}
    if len(vendors) < LEAST_VENDORS or len(every) < LEAST_DOCUMENTS:
        raise ConfidenceError(
            f"{len(every)} documents of {len(vendors)} vendors; confidence is learned from at least {LEAST_DOCUMENTS} documents "
            f"of {LEAST_VENDORS} vendors. Confirm more documents, of other vendors too."
        )
    parts = part_by_vendor(every, held_out, seed)
    held = {one.vendor_key for one in parts[1]}
    asked = [one for one in given if reads and one.only_weighed and one.vendor_key not in held]
    rescorer, *read = rescored_parts(*parts, asked)
    learned, tested = ([prepare(one) for one in part] for part in read)
    scorer, elsewhere = _learn(learned, how or Boosting())
    decisions, documents = judge(tested, scorer)
    labels = [one.labels for one in tested]
    values = judged_values(labels, decisions, [one.sample.document_id for one in tested])
    thresholds = certified_thresholds(documents, elsewhere.scores, precisions or RoutePrecisions())
    certified = {"documents": certified_documents(documents, elsewhere.scores), "fields": certified_fields(values, elsewhere.values)}
    report = measured(labels, decisions, [scorer.weigh(one.rows) for one in tested], values, documents)
    counts: dict[str, Any] = {"learned": {**_counts(learned), "scores": elsewhere.quantiles()}, "tested": _counts(tested)}
    if asked:
        counts["asked"] = {"documents": len(asked), "vendors": len({one.vendor_key for one in asked})}
    if not reads:
        counts["reads"] = False
    return Confidence(scorer, thresholds, {**counts, "seed": seed, "certified": certified, **report}, rescorer, reads)


def judge(prepared: Sequence[Prepared], scorer: Scorer) -> tuple[list[Decision], Judged]:
    """What is decided about each, and the documents among them that are known to be right or wrong as a whole."""
    decisions = [_decided(one, scorer) for one in prepared]
    scores = np.array([document_score(decision, scorer) for decision in decisions], dtype=np.float64)
    right = np.array([one.right(decision) for one, decision in zip(prepared, decisions, strict=True)], dtype=np.bool_)
    whole = np.array([one.whole for one in prepared], dtype=np.bool_)
    return decisions, judged_documents(scores, right, whole, [one.sample.document_id for one in prepared])


@dataclass(frozen=True)
class _Elsewhere:
    """Scores of documents and values by models that had not seen their vendors: thresholds are chosen by them."""

    scores: Floats
    values: Judged

    def quantiles(self) -> list[float]:
        """The scores of documents in short, to choose thresholds by again (``recertify``)."""
        return [round(float(one), 6) for one in np.quantile(self.scores, np.linspace(0, 1, _QUANTILES), method="lower")]


def _learn(learned: Sequence[Prepared], how: Boosting) -> tuple[LearnedScorer, _Elsewhere]:
    """The scorer, and what the models that had not seen its vendor made of each of these documents.

    The weights of a document are learned from those that are known to be right or wrong as a whole, as far as there are such.
    """
    fold = folds_by_vendor([one.sample.vendor_key for one in learned])
    odds: list[Floats] = [np.empty(0)] * len(learned)
    for number in range(int(fold.max()) + 1):
        trees = _trees([one for one, own in zip(learned, fold, strict=True) if own != number], how)
        for place in np.flatnonzero(fold == number).tolist():
            odds[place] = trees.log_odds(learned[place].rows)
    plain = [decide_by(one.proposals, one.rows, own, 1 / (1 + np.exp(-own))) for one, own in zip(learned, odds, strict=True)]
    calibrations = _calibrations(learned, odds, plain)
    trees = _trees(learned, how)
    by_others = LearnedScorer(trees, calibrations, (0.0,) * (len(DOCUMENT_FEATURES) + 1), calibrations[""])
    decisions = [
        decide_by(one.proposals, one.rows, own, by_others.probabilities(own, one.names)) for one, own in zip(learned, odds, strict=True)
    ]
    signs = np.array([decision.signs.vector() for decision in decisions])
    right = np.array([one.right(decision) for one, decision in zip(learned, decisions, strict=True)])
    weighed, known = np.zeros(len(learned)), np.array([one.whole for one in learned])
    if not all((known & (fold != number)).any() for number in range(int(fold.max()) + 1)):
        known = np.ones(len(learned), dtype=np.bool_)
    for number in range(int(fold.max()) + 1):
        weights = fit_weights(signs[known & (fold != number)], right[known & (fold != number)])
        weighed[fold == number] = signs[fold == number] @ weights[:-1] + weights[-1]
    calibration = calibrate(weighed[known], right[known])
    scorer = LearnedScorer(trees, calibrations, tuple(fit_weights(signs[known], right[known]).tolist()), calibration)
    contradicting = np.array([decision.contradicting for decision in decisions])
    values = judged_values([one.labels for one in learned], decisions, [one.sample.document_id for one in learned])
    return scorer, _Elsewhere(np.where(contradicting, 0.0, calibration(weighed))[known], values)


def _trees(learned: Sequence[Prepared], how: Boosting) -> BoostedTrees:
    rows, labels = np.concatenate([one.rows for one in learned]), np.concatenate([one.labels for one in learned])
    return fit_trees(rows[labels != UNKNOWN], labels[labels != UNKNOWN] == 1, how)


def _calibrations(learned: Sequence[Prepared], odds: Sequence[Floats], decisions: Sequence[Decision]) -> dict[str, Calibrator]:
    """On the chosen proposals alone: what is shown is the probability of what was chosen, which is surer than it should be."""
    chosen = [
        (own[choice.entry], one.labels[choice.entry] == 1, choice.slot.name)
        for one, own, decision in zip(learned, odds, decisions, strict=True)
        for choice in decision.choices()
        if one.labels[choice.entry] != UNKNOWN
    ]
    if not chosen:
        raise ConfidenceError("No field of these documents is labeled; confirm documents first.")
    scores, right, names = zip(*chosen, strict=True)
    return calibrate_each(np.array(scores), np.array(right), np.array(names))


def fit_weights(signs: Floats, right: NDArray[np.bool_], damping: float = 1.0) -> Floats:
    """Logistic regression with a ridge of ``damping`` on standardised signs: one weight for each, then the constant."""
    from scipy.optimize import minimize

    center, spread = signs.mean(axis=0), signs.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    scaled = np.column_stack([(signs - center) / spread, np.ones(len(signs))])

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = scaled @ weights
        ridge = np.append(weights[:-1], 0.0)
        value = np.sum(np.logaddexp(0, odds) - right * odds) + damping / 2 * ridge @ ridge
        return float(value), scaled.T @ (1 / (1 + np.exp(-odds)) - right) + damping * ridge

    found = minimize(loss, np.zeros(scaled.shape[1]), jac=True, method="L-BFGS-B").x
    weights: Floats = np.append(found[:-1] / spread, found[-1] - np.sum(found[:-1] * center / spread))
    return weights


def _decided(one: Prepared, scorer: Scorer) -> Decision:
    odds = scorer.weigh(one.rows)
    return decide_by(one.proposals, one.rows, odds, scorer.probabilities(odds, one.names))


def _counts(prepared: Sequence[Prepared]) -> dict[str, Any]:
    values = chain.from_iterable(one.labels != UNKNOWN for one in prepared)
    documents = len({one.sample.document_id for one in prepared})
    return {
        "documents": documents,
        "readings": len(prepared),
        "vendors": len({one.sample.vendor_key for one in prepared}),
        "proposals": int(sum(values)),
    }
