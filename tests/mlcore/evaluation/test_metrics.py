"""The metrics: what must hold for any record, and by hand on small ones."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.compare import Outcome
from mlcore.errors import EvaluationError
from mlcore.evaluation import Case, Evaluation, evaluate
from mlcore.evaluation.bootstrap import Resampling
from mlcore.evaluation.metrics import evaluation_from_json, restricted
from mlcore.schema import InvoiceRecord, ItemType, LineItem
from tests.mlcore.evaluation.records import invoice, line_items, records, row

QUICK = Resampling(resamples=50)
ACCURACIES = ("field_accuracy", "guide_accuracy", "anls")


def score(expected: InvoiceRecord, found: InvoiceRecord | None, **more: object) -> Evaluation:
    return evaluate([Case("a", "v", expected, found, **more)], QUICK)  # type: ignore[arg-type]


def right_values(evaluation: Evaluation) -> int:
    return sum(field.outcomes[Outcome.CORRECT] for field in evaluation.fields)


def value(evaluation: Evaluation, name: str) -> float:
    found = evaluation.overall[name].value
    assert found is not None
    return found


@given(records(least_rows=1))
@settings(max_examples=60)
def test_a_record_against_itself_is_right_in_every_way(record: InvoiceRecord) -> None:
    evaluation = score(record, record)
    rare = any(item.type is not ItemType.STANDARD_MEDICATION for item in record.line_items)
    for name, estimate in evaluation.overall.items():
        assert estimate.value == pytest.approx(1.0) if name != "rare_f1" or rare else estimate.value is None, name
    assert all(kind.f1.value == 1.0 for kind in evaluation.line_types)
    assert (evaluation.rows.missing, evaluation.rows.extra) == (0, 0)


@given(records(least_rows=1), st.data())
@settings(max_examples=60)
def test_a_dropped_row_lowers_every_metric(record: InvoiceRecord, data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(record.line_items) - 1))
    rows = record.line_items[:gone] + record.line_items[gone + 1 :]
    evaluation = score(record, replace(record, line_items=rows))
    assert all(value(evaluation, name) < 1 for name in (*ACCURACIES, "end_to_end", "payment_right", "row_recall", "rows_right"))
    assert evaluation.rows.missing == 1


@given(records(), line_items(), st.data())
@settings(max_examples=60)
def test_an_extra_row_lowers_every_metric(record: InvoiceRecord, extra: LineItem, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(record.line_items)))
    rows = (*record.line_items[:place], extra, *record.line_items[place:])
    evaluation = score(record, replace(record, line_items=rows))
    assert all(value(evaluation, name) < 1 for name in (*ACCURACIES, "end_to_end", "payment_right", "row_precision", "rows_right"))
    assert evaluation.rows.extra == 1


@given(records(least_rows=2), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_of_rows_does_not_matter(record: InvoiceRecord, chance: random.Random) -> None:
    rows = list(record.line_items)
    chance.shuffle(rows)
    assert value(score(record, replace(record, line_items=tuple(rows))), "end_to_end") == 1


@given(records(least_rows=1), records(least_rows=1), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_of_rows_does_not_matter_for_wrong_records_either(
    expected: InvoiceRecord, found: InvoiceRecord, chance: random.Random
) -> None:
    rows = list(found.line_items)
    chance.shuffle(rows)
    turned = score(expected, replace(found, line_items=tuple(rows)))
    assert right_values(turned) == right_values(score(expected, found))


def test_null_and_value_count_both_ways() -> None:
    full, empty = invoice("A1", total="5.00"), replace(invoice("A1"), total=None)
    missing, spurious = score(full, empty), score(empty, full)
    for evaluation, outcome in ((missing, Outcome.MISSING), (spurious, Outcome.SPURIOUS)):
        total = next(field for field in evaluation.fields if field.name == "total")
        assert total.outcomes[outcome] == 1
        assert value(evaluation, "field_accuracy") == pytest.approx(2 / 3)
        assert value(evaluation, "end_to_end") == 0
    by_name = {name: {f.name: f for f in e.fields}["total"] for name, e in (("missing", missing), ("spurious", spurious))}
    assert (by_name["missing"].recall.value, by_name["missing"].precision.value) == (0.0, None)
    assert (by_name["spurious"].recall.value, by_name["spurious"].precision.value) == (None, 0.0)


def test_rows_that_zip_would_cut_off_are_counted() -> None:
    three = invoice("A1", row("one", "1.00"), row("two", "2.00"), row("three", "3.00"))
    first = replace(three, line_items=three.line_items[:1])
    zipped = [a.description == b.description for a, b in zip(first.line_items, three.line_items, strict=False)]
    assert all(zipped), "the guide's loop sees no error here"
    # three header fields and seven cells a row: two whole rows are wrong whichever side lacks them
    assert value(score(three, first), "guide_accuracy") == pytest.approx(10 / 24)
    assert value(score(first, three), "guide_accuracy") == pytest.approx(10 / 24)
    # number, date, total and four printed cells a row
    assert value(score(three, first), "field_accuracy") == pytest.approx(7 / 15)
    assert value(score(first, three), "field_accuracy") == pytest.approx(7 / 15)


def test_zip_would_compare_the_wrong_rows_after_a_missing_one() -> None:
    three = invoice("A1", row("one", "1.00"), row("two", "2.00"), row("three", "3.00"))
    later = replace(three, line_items=three.line_items[1:])
    assert value(score(three, later), "row_recall") == pytest.approx(2 / 3)
    assert score(three, later).rows.right == 2


def test_amounts_are_compared_as_decimals_not_within_a_cent() -> None:
    ten, nearly = invoice("A1", total="10.00"), invoice("A1", total="10.009")
    assert abs(10.0 - 10.009) < 0.01, "the guide's tolerance calls these equal"
    assert value(score(ten, nearly), "guide_accuracy") == pytest.approx(2 / 3)
    assert value(score(ten, invoice("A1", total="10.0")), "guide_accuracy") == 1
    big = invoice("A1", total="9007199254740993.01")
    assert value(score(big, invoice("A1", total="9007199254740993.02")), "guide_accuracy") == pytest.approx(2 / 3)


def test_the_two_field_accuracies_differ_in_absent_fields_and_in_which_fields_count() -> None:
    expected = replace(invoice("A1"), subtotal=Decimal("9.00"), date=None)
    found = replace(expected, subtotal=None)
    # the guide counts number, date (absent on both sides) and total; ours number, total and subtotal
    assert value(score(expected, found), "guide_accuracy") == 1
    assert value(score(expected, found), "field_accuracy") == pytest.approx(2 / 3)


def test_a_document_without_a_record_is_wrong_and_stays_in_every_denominator() -> None:
    good = invoice("A1", row("one", "1.00"))
    evaluation = evaluate([Case("a", "v", good, good), Case("b", "w", good, None, failure="cut short")], QUICK)
    assert value(evaluation, "end_to_end") == 0.5
    assert value(evaluation, "field_accuracy") == 0.5
    assert value(evaluation, "guide_accuracy") == 0.5
    assert value(evaluation, "anls") == 0.5
    assert evaluation.failed == 1
    assert evaluation.documents[1].failure == "cut short"


def test_an_empty_document_that_failed_is_not_right() -> None:
    evaluation = score(InvoiceRecord(), None)
    assert value(evaluation, "end_to_end") == 0
    assert value(evaluation, "anls") == 0
    assert evaluation.overall["field_accuracy"].value is None


def test_unlabeled_fields_are_not_scored() -> None:
    expected, found = invoice("A1", row("one", "1.00"), total="10.00"), invoice("A1", total="99.00")
    evaluation = score(expected, found, label_fields=frozenset({"invoice_number", "date"}))
    assert value(evaluation, "end_to_end") == 1
    assert {field.name for field in evaluation.fields} == {"invoice_number", "date"}
    assert not evaluation.line_types


def test_line_types_are_counted_over_matched_rows() -> None:
    rental, bundle = ItemType.DME_RENTAL, ItemType.BUNDLED_SERVICE
    expected = invoice("A1", row("chair", "1.00", rental), row("bed", "2.00", rental), row("visit", "3.00", bundle))
    found = invoice("A1", row("visit", "3.00", rental), row("chair", "1.00", rental))
    kinds = {kind.name: kind for kind in score(expected, found).line_types}
    assert (kinds["dme_rental"].support, kinds["dme_rental"].called, kinds["dme_rental"].hits) == (2, 2, 1)
    assert kinds["dme_rental"].f1.value == pytest.approx(0.5)
    assert kinds["bundled_service"].f1.value == 0
    assert value(score(expected, found), "rare_f1") == pytest.approx(0.25)


def test_groups_and_the_gap_between_seen_and_unseen_vendors() -> None:
    good, bad = invoice("A1"), invoice("B2")
    cases = [Case(f"s{n}", f"s{n}", good, good, set_name="x", seen=True) for n in range(4)]
    cases += [Case(f"u{n}", f"u{n}", good, good if n else bad, set_name="y", layout="wide") for n in range(4)]
    evaluation = evaluate(cases, QUICK)
    assert evaluation.gap["end_to_end"].value == pytest.approx(0.25)
    low, high = evaluation.gap["end_to_end"].low, evaluation.gap["end_to_end"].high
    assert low is not None
    assert high is not None
    assert low <= 0.25 <= high
    assert [(g.name, g.documents, g.end_to_end.value) for g in evaluation.of_kind("seen")] == [("seen", 4, 1.0), ("unseen", 4, 0.75)]
    assert [g.name for g in evaluation.of_kind("layout")] == ["wide"]
    assert len(evaluation.of_kind("vendor")) == 8
    assert not evaluate(cases[:4], QUICK).gap


def test_the_mean_over_vendors_gives_each_vendor_one_vote() -> None:
    good, bad = invoice("A1"), InvoiceRecord()
    cases = [Case(f"a{n}", "big", good, good) for n in range(9)] + [Case("b", "small", good, bad)]
    evaluation = evaluate(cases, QUICK)
    assert value(evaluation, "field_accuracy") == pytest.approx(0.9)
    assert value(evaluation, "vendor_mean") == pytest.approx(0.5)
    more = invoice("A2", *(row(f"drug {n}", "1.00") for n in range(6)))
    alone = evaluate([Case("a", "one", good, good), Case("b", "one", more, bad)], QUICK)
    assert value(alone, "vendor_mean") == value(alone, "field_accuracy") < 0.5


def test_json_gives_the_same_evaluation_back() -> None:
    cases = [Case(f"d{n}", f"v{n % 3}", invoice("A1", row("x", "1.00")), invoice("A1") if n % 2 else None) for n in range(9)]
    evaluation = evaluate(cases, QUICK)
    data = json.loads(json.dumps(evaluation.to_json()))
    assert evaluation_from_json(data) == evaluation
    with pytest.raises(EvaluationError, match="another version"):
        evaluation_from_json({**data, "columns": ["documents"]})
    with pytest.raises(EvaluationError, match="no evaluation"):
        evaluation_from_json({"format": 1})


def test_faults_are_told() -> None:
    with pytest.raises(EvaluationError, match="no document"):
        evaluate([])
    case = Case("same", "v", invoice("A1"), None)
    with pytest.raises(EvaluationError, match="'same'"):
        evaluate([case, case])


def test_an_evaluation_restricted_to_some_documents_scores_those_alone() -> None:
    good = invoice("A1")
    evaluation = evaluate([Case("a", "v", good, good), Case("b", "w", good, None)], QUICK)
    assert value(restricted(evaluation, {"a"}), "end_to_end") == 1
