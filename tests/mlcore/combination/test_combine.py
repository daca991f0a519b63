from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from mlcore.combination.combine import combine
from mlcore.compare import Outcome, compare_records
from mlcore.confidence.certificates import Certificate
from mlcore.confidence.decisions import TEMPLATE_SURE, decide, document_score
from mlcore.confidence.proposals import propose
from mlcore.confidence.routes import Thresholds, route
from mlcore.confidence.scorer import RuleScorer, Scorer
from mlcore.documents import Box, Evidence, Extraction, Route
from mlcore.schema import InvoiceRecord, VendorParty, iter_values
from mlcore.templates.extractor import template_id_of
from tests.mlcore.confidence.simulated import held_out, learned
from tests.mlcore.confidence.test_proposals import CULTURE, DOCUMENT, GLUCOSE, PANEL, extraction, reading

SUM = sum((item.total or Decimal(0) for item in (PANEL, CULTURE)), Decimal(0))
WHOLE = InvoiceRecord("NG-1", None, VendorParty("Northgate", None), (PANEL, CULTURE), SUM, Decimal(0), SUM)
SCORERS = [RuleScorer(), learned()[1].scorer]


def both(scorer: Scorer, template: Extraction, model: InvoiceRecord, log_probability: float = -0.02) -> Extraction:
    return combine(DOCUMENT, template, reading(model, log_probability), scorer, model_id="adapter-1")


@pytest.mark.parametrize("scorer", SCORERS)
def test_what_both_readers_say_stands(scorer: Scorer) -> None:
    found = both(scorer, extraction(WHOLE), WHOLE)
    assert found.record == WHOLE
    assert found.model_id == "adapter-1"
    assert {field.path for field in found.fields if field.value is not None} == {
        path for path, value in iter_values(WHOLE) if value is not None
    }


@pytest.mark.parametrize("scorer", SCORERS)
def test_without_a_model_the_templates_record_stands(scorer: Scorer) -> None:
    found = combine(DOCUMENT, extraction(WHOLE, 0.95), None, scorer, model_id="m")
    assert found.record == WHOLE


def test_the_surer_reader_wins_a_field_and_sums_decide_between_equals() -> None:
    other = replace(WHOLE, invoice_number="NG-7")
    assert both(RuleScorer(), extraction(WHOLE, 0.95), other, -1.5).record.invoice_number == "NG-1"
    assert both(RuleScorer(), extraction(WHOLE, 0.55), other, -0.02).record.invoice_number == "NG-7"
    misread = replace(WHOLE, total=SUM + 10)
    assert both(RuleScorer(), extraction(misread, 0.6), WHOLE, -0.02).record.total == SUM
    assert both(RuleScorer(), extraction(WHOLE, 0.8), misread, -0.2).record.total == SUM


def test_the_template_leads_and_leads_further_where_the_vendor_is_known() -> None:
    """Somewhat surer is not enough, nor for a vendor with confirmed documents what is enough for a new one."""
    other, template = replace(WHOLE, invoice_number="NG-7"), extraction(WHOLE, 0.7)
    known = replace(template, model_id=f"template-3:{'0' * 16}")
    assert template_id_of(known.model_id)
    assert not template_id_of(template.model_id)
    answers = [[both(RuleScorer(), one, other, odds).record.invoice_number for one in (template, known)] for odds in (-0.02, -0.1, -0.2)]
    assert answers == [["NG-7", "NG-7"], ["NG-7", "NG-1"], ["NG-1", "NG-1"]]


@pytest.mark.parametrize("scorer", SCORERS)
def test_a_value_the_template_is_sure_of_never_gives_way_to_nothing(scorer: Scorer) -> None:
    found = both(scorer, extraction(WHOLE, TEMPLATE_SURE), InvoiceRecord(), -0.001)
    assert found.record.line_items == WHOLE.line_items
    assert (found.record.invoice_number, found.record.total) == ("NG-1", SUM)


def test_a_line_of_one_reader_stays_when_it_is_likely_and_goes_when_it_is_not() -> None:
    more = replace(WHOLE, line_items=(PANEL, GLUCOSE, CULTURE), subtotal=SUM + Decimal("7.10"), total=SUM + Decimal("7.10"))
    assert both(RuleScorer(), extraction(WHOLE, 0.6), more, -0.05).record.line_items == more.line_items
    extra = replace(WHOLE, line_items=(PANEL, GLUCOSE, CULTURE))
    assert both(RuleScorer(), extraction(WHOLE, 0.9), extra, -1.2).record.line_items == WHOLE.line_items


def test_equal_values_keep_the_templates_note_print_and_both_places() -> None:
    elsewhere = Evidence(1, Box(0.7, 0.7, 0.8, 0.72))
    template = extraction(WHOLE)
    fields = tuple(
        replace(field, note="Read 84; 8.4 fits.", raw="84", evidence=(elsewhere,)) if field.path == "total" else field
        for field in template.fields
    )
    found = {field.path: field for field in both(RuleScorer(), replace(template, fields=fields), WHOLE).fields}
    assert (found["total"].note, found["total"].raw) == ("Read 84; 8.4 fits.", "84")
    assert [place.box.x0 for place in found["total"].evidence] == [0.7, 0.1]
    assert len(found["invoice_number"].evidence) == 1


def test_a_header_field_that_is_not_there_has_a_confidence_of_its_own() -> None:
    (date,) = [field for field in both(RuleScorer(), extraction(WHOLE), WHOLE).fields if field.path == "date"]
    assert date.value is None
    assert 0.5 < date.confidence < 1


def test_checks_are_of_the_combined_record_and_a_contradiction_is_flagged_whatever_the_score() -> None:
    wrong = replace(WHOLE, total=SUM + 10)
    accept_all = Certificate(0.95, 0.95, 0.0, 100, 100, 1.0, 0.97)
    found, right = (
        combine(DOCUMENT, extraction(record, 0.99), reading(record), model_id="m", thresholds=Thresholds(accept_all, accept_all))
        for record in (wrong, WHOLE)
    )
    assert "subtotal_plus_tax" in {check.code for check in found.checks}
    assert (found.route, _score(wrong)) == (Route.FLAGGED, 0.0)
    assert right.route is Route.ACCEPTED
    assert 0 < _score(WHOLE) < 1


def _score(record: InvoiceRecord) -> float:
    return document_score(decide(propose(DOCUMENT, extraction(record, 0.99), reading(record)), RuleScorer()), RuleScorer())


@pytest.mark.parametrize(("score", "way"), [(0.95, Route.ACCEPTED), (0.9, Route.ACCEPTED), (0.8, Route.REVIEW), (0.5, Route.FLAGGED)])
def test_routes_follow_certified_thresholds(score: float, way: Route) -> None:
    accepted, review = (Certificate(p, 0.95, t, 200, 100, 1.0, p) for p, t in ((0.95, 0.9), (0.9, 0.7)))
    assert route(score, Thresholds(accepted, review), contradicting=False) is way
    assert route(score, Thresholds(accepted, review), contradicting=True) is Route.FLAGGED
    assert route(score, Thresholds(), contradicting=False) is Route.REVIEW
    assert route(0.5, Thresholds(accepted, None), contradicting=False) is Route.REVIEW


def test_together_they_are_better_than_each_on_vendors_never_seen() -> None:
    _, confidence = learned()
    hits = {"template": 0, "model": 0, "both": 0}
    for sample in (one.sample for one in held_out()):
        assert sample.model is not None
        together = combine(sample.document, sample.template, sample.model, confidence.scorer, model_id="m")
        for name, record in (("template", sample.template.record), ("model", sample.model.record), ("both", together.record)):
            hits[name] += compare_records(sample.gold.record, record).count(Outcome.CORRECT, Outcome.BOTH_ABSENT)
    assert hits["both"] > max(hits["template"], hits["model"])


def test_the_same_readings_give_the_same_extraction_and_every_value_a_confidence() -> None:
    samples, confidence = learned()
    for sample in samples[:10]:
        first, again = (combine(sample.document, sample.template, sample.model, confidence.scorer, model_id="m") for _ in range(2))
        assert first == again
        named = {field.path: field for field in first.fields}
        for path, value in iter_values(first.record):
            if value is not None:
                assert named[path].value == value
                assert 0 < named[path].confidence < 1
