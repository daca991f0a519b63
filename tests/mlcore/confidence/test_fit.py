from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from mlcore.confidence.boosting import Boosting
from mlcore.confidence.certificates import Certificate, NotCertifiable, certification_to_json
from mlcore.confidence.certified import certified_fields, certify_documents, table_lines
from mlcore.confidence.confidence import Confidence
from mlcore.confidence.decisions import decide, decide_by, document_score
from mlcore.confidence.features import FEATURES, describe, entries
from mlcore.confidence.fit import HELD_OUT, fit_confidence, fit_weights, prepare
from mlcore.confidence.labels import UNKNOWN
from mlcore.confidence.measured import Judged, judged_documents
from mlcore.confidence.parts import folds_by_vendor, part_by_vendor
from mlcore.confidence.proposals import propose
from mlcore.confidence.recertify import recertify
from mlcore.confidence.routes import RoutePrecisions
from mlcore.confidence.scorer import RuleScorer
from mlcore.errors import ConfidenceError
from mlcore.schema import HEADER_FIELDS
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


def test_the_table_says_for_documents_and_every_field_what_is_certified() -> None:
    report = learned()[1].report
    table = report["certified"]
    assert set(table["fields"]) == set(report["fields"])
    for lines in (table["documents"], *table["fields"].values()):
        assert [line["precision"] for line in lines] == [0.99, 0.95, 0.90]
        assert all(line["certified"] == (line["coverage"] > 0) for line in lines)
    accepted = learned()[1].thresholds.accepted
    assert {**table["documents"][1], "coverage": None} == {**certification_to_json(accepted), "coverage": None}  # type: ignore[arg-type]
    text = table_lines(table["documents"], table["fields"])
    assert text[1].startswith("documents")
    assert f"not certifiable with n = {report['tested']['documents']}" in text[1]


def test_values_of_a_field_are_certified_where_documents_suffice() -> None:
    rng = np.random.default_rng(3)
    documents = np.repeat(np.arange(700), 2).astype(str)
    scores = rng.beta(6, 1, 1_400)
    right = rng.random(1_400) < np.where(scores > 0.5, 1.0, 0.5)
    values = Judged(np.full(1_400, "total"), scores, right, documents)
    elsewhere = Judged(np.full(1_400, "total"), rng.beta(6, 1, 1_400), right, documents)
    lines = certified_fields(values, elsewhere)["total"]
    assert [line["certified"] for line in lines] == [True, True, True]
    assert lines[0]["count"] == 700
    assert lines[0]["coverage"] == pytest.approx(np.mean(scores >= lines[0]["threshold"]))
    assert right[scores >= lines[0]["threshold"]].mean() >= 0.99
    few = Judged(values.names[:400], scores[:400], right[:400], documents[:400])
    assert certified_fields(few, elsewhere)["total"][0]["certified"] is False
    assert certified_fields(few, replace(elsewhere, names=np.full(1_400, "date")))["total"][2]["certified"] is True


def test_a_document_that_was_read_several_times_counts_once() -> None:
    once = judged_documents(np.full(40, 0.9), np.ones(40, bool), np.ones(40, bool), [str(n) for n in range(40)])
    twice = judged_documents(np.full(80, 0.9), np.ones(80, bool), np.ones(80, bool), [str(n % 40) for n in range(80)])
    enough = judged_documents(np.full(118, 0.9), np.ones(118, bool), np.ones(118, bool), [str(n % 59) for n in range(118)])
    elsewhere = np.full(100, 0.5)
    for short in (once, twice):
        found = certify_documents(short, 0.95, elsewhere)
        assert isinstance(found, NotCertifiable)
        assert found.count == 40
    assert isinstance(certify_documents(enough, 0.95, elsewhere), Certificate)


def test_a_document_that_is_not_labeled_in_every_critical_field_certifies_values_alone() -> None:
    without = frozenset(spec.name for spec in HEADER_FIELDS) - {"total"} | {"line_items"}
    samples = learned()[0]
    partly = [replace(one, gold=replace(one.gold, label_fields=without)) if n % 2 else one for n, one in enumerate(samples)]
    confidence = fit_confidence(partly, how=Boosting(trees=3, depth=2))
    tested = [prepare(one) for one in part_by_vendor(partly, HELD_OUT, 0)[1]]
    whole = sum(one.whole for one in tested)
    assert 0 < whole < len(tested)
    accepted = confidence.thresholds.accepted
    assert accepted is not None
    assert accepted.count == confidence.report["documents"]["count"] == whole
    table = confidence.report["certified"]["fields"]
    assert (table["total"][0]["count"], table["date"][0]["count"]) == (whole, len(tested))
    none = fit_confidence([replace(one, gold=replace(one.gold, label_fields=without)) for one in samples], how=Boosting(trees=3, depth=2))
    assert isinstance(none.thresholds.accepted, NotCertifiable)
    assert none.thresholds.accepted.count == 0
    json.dumps(none.to_json(), allow_nan=False)


def test_thresholds_are_certified_again_for_a_scorer_that_stays() -> None:
    samples, confidence = learned()
    kept = Confidence.from_json(json.loads(json.dumps(confidence.to_json())))
    thresholds, lines = recertify(samples, kept)
    assert thresholds.accepted is not None
    assert (thresholds.accepted.count, len(lines)) == (len(samples), 3)
    assert recertify(samples, kept) == (thresholds, lines)
    unlabeled = [replace(one, gold=replace(one.gold, label_fields=frozenset({"date"}))) for one in samples]
    with pytest.raises(ConfidenceError, match="every critical field"):
        recertify(unlabeled, kept)
    with pytest.raises(ConfidenceError, match="without --recertify"):
        recertify(samples, Confidence(kept.scorer, kept.thresholds, {}))


def test_routes_keep_the_precisions_that_are_asked_for() -> None:
    samples, confidence = learned()
    usual, strict = recertify(samples, confidence)[0], recertify(samples, confidence, RoutePrecisions(0.99, 0.5))[0]
    for found, wanted in ((usual, (0.95, 0.9)), (strict, (0.99, 0.5))):
        assert found.accepted is not None
        assert found.review is not None
        assert (found.accepted.precision, found.review.precision) == wanted
    assert isinstance(strict.review, Certificate), "half of the documents can be certified with few"
    taken = fit_confidence(samples, how=Boosting(trees=3, depth=2), precisions=RoutePrecisions(0.8, 0.6)).thresholds
    assert (taken.accepted and taken.accepted.precision, taken.review and taken.review.precision) == (0.8, 0.6)


@pytest.mark.parametrize(("accepted", "review"), [(0.9, 0.95), (1.0, 0.9), (0.9, 0.0)])
def test_precisions_that_cannot_be_are_told(accepted: float, review: float) -> None:
    with pytest.raises(ConfidenceError, match=f"accepted from {accepted:g} on and reviewed from {review:g} on"):
        recertify(learned()[0], learned()[1], RoutePrecisions(accepted, review))


@pytest.mark.parametrize("count", [0, 10])
def test_too_little_to_learn_from_is_refused_in_a_sentence(count: int) -> None:
    with pytest.raises(ConfidenceError, match=f"{count} documents of .* Confirm more"):
        fit_confidence(learned()[0][:count])


def test_documents_without_a_labeled_field_teach_nothing() -> None:
    unlabeled = [replace(sample, gold=replace(sample.gold, label_fields=frozenset())) for sample in learned()[0]]
    with pytest.raises(ConfidenceError, match="labeled"):
        fit_confidence(unlabeled, how=Boosting(trees=1))


def test_no_vendor_is_on_both_sides_of_any_cut() -> None:
    left, right = part_by_vendor(learned()[0][:15], 0.4, 1)
    assert not {one.vendor_key for one in left} & {one.vendor_key for one in right}
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
