from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from mlcore.confidence.boosting import Boosting
from mlcore.confidence.certificates import NotCertifiable
from mlcore.confidence.confidence import Confidence
from mlcore.confidence.decisions import decide, decide_by, document_score
from mlcore.confidence.features import FEATURES, describe, entries
from mlcore.confidence.fit import fit_confidence, fit_weights, folds_by_vendor, part_by_vendor, prepare
from mlcore.confidence.labels import UNKNOWN
from mlcore.confidence.proposals import propose
from mlcore.confidence.scorer import RuleScorer
from mlcore.errors import ConfidenceError
from tests.mlcore.confidence.simulated import held_out, learned


def test_what_is_read_from_a_file_scores_every_value_and_document_the_same() -> None:
    samples, confidence = learned()
    again = Confidence.from_json(json.loads(json.dumps(confidence.to_json(), allow_nan=False)))
    assert again.thresholds == confidence.thresholds
    for sample in samples[:8]:
        proposals = propose(sample.document, sample.template, sample.model)
        rows, names = describe(proposals), [slot.name for slot, _ in entries(proposals)]
        first, second = (one.scorer.weigh(rows) for one in (confidence, again))
        assert np.array_equal(first, second)
        assert np.array_equal(confidence.scorer.probabilities(first, names), again.scorer.probabilities(second, names))
        decisions = [decide(proposals, one.scorer) for one in (confidence, again)]
        assert decisions[0] == decisions[1]
        assert document_score(decisions[0], confidence.scorer) == document_score(decisions[1], again.scorer)


def test_a_learned_scorer_is_truer_than_the_rule_on_vendors_it_never_saw() -> None:
    worth = []
    for scorer in (RuleScorer(), learned()[1].scorer):
        loss: list[float] = []
        for one in held_out():
            odds = scorer.weigh(one.rows)
            decision = decide_by(one.proposals, one.rows, odds, scorer.probabilities(odds, one.names))
            loss.extend((c.probability - one.labels[c.entry]) ** 2 for c in decision.choices() if one.labels[c.entry] != UNKNOWN)
        worth.append(np.mean(loss))
    assert worth[1] < worth[0]


def test_the_report_is_of_other_vendors_and_says_how_many() -> None:
    samples, confidence = learned()
    report = confidence.report
    assert report["learned"]["documents"] + report["tested"]["documents"] == len(samples)
    assert report["learned"]["vendors"] + report["tested"]["vendors"] == len({sample.vendor_key for sample in samples})
    assert report["documents"]["count"] == report["tested"]["documents"]
    values = report["values"]["after"]
    assert values["count"] == report["values"]["before"]["count"] > 500
    assert values["ece"] < 0.05
    assert values["accuracy"] > 0.9


def test_too_few_documents_certify_nothing_and_say_so() -> None:
    outcome = learned()[1].thresholds.accepted
    assert isinstance(outcome, NotCertifiable)
    assert f"n = {outcome.count}" in outcome.message


@pytest.mark.parametrize("count", [0, 10])
def test_too_little_to_learn_from_is_refused_in_a_sentence(count: int) -> None:
    with pytest.raises(ConfidenceError, match=f"{count} documents of .* Confirm more"):
        fit_confidence(learned()[0][:count])


def test_documents_without_a_labeled_field_teach_nothing() -> None:
    unlabeled = [replace(sample, gold=replace(sample.gold, label_fields=frozenset())) for sample in learned()[0]]
    with pytest.raises(ConfidenceError, match="labeled"):
        fit_confidence(unlabeled, how=Boosting(trees=1))


def test_no_vendor_is_on_both_sides_of_any_cut() -> None:
    prepared = [prepare(sample) for sample in learned()[0][:15]]
    left, right = part_by_vendor(prepared, 0.4, 1)
    assert not {one.sample.vendor_key for one in left} & {one.sample.vendor_key for one in right}
    assert len(left) + len(right) == 15
    assert right
    vendors = ["a"] * 7 + ["b"] * 3 + ["c"] * 3 + ["d", "e"]
    fold = folds_by_vendor(vendors, 3)
    assert len(set(zip(vendors, fold.tolist(), strict=True))) == len(set(vendors))
    assert sorted(np.bincount(fold).tolist()) == [4, 4, 7]


def test_weights_are_those_that_made_the_labels() -> None:
    rng = np.random.default_rng(4)
    signs = rng.normal(3, [1.0, 5.0], (20_000, 2))
    right = rng.random(20_000) < 1 / (1 + np.exp(-(1.0 * signs[:, 0] - 0.2 * signs[:, 1] - 2)))
    assert fit_weights(signs, right) == pytest.approx([1.0, -0.2, -2], abs=0.15)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 0},
        {"scorer": {}},
        {"scorer": {"features": list(FEATURES[:-1])}},
        {"thresholds": {"accepted": {"certified": True, "odd": 1}, "review": None}},
    ],
)
def test_a_stored_confidence_of_another_kind_is_refused(change: dict[str, object]) -> None:
    data = learned()[1].to_json()
    if isinstance(change.get("scorer"), dict) and change["scorer"]:
        change = {"scorer": {**data["scorer"], **change["scorer"]}}  # type: ignore[dict-item]
    with pytest.raises(ConfidenceError, match="calibrate again"):
        Confidence.from_json({**data, **change})


def test_serving_reads_a_stored_scorer_without_scipy() -> None:
    code = (
        "import sys; from mlcore.confidence.confidence import Confidence; print(sorted({'scipy', 'sklearn', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
