"""What a campaign measures, on documents whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.campaign.measuring import ACCEPTED, Said, figures, first_and_last, part_of
from benchmarks.campaign.plan import Plan, arrivals
from benchmarks.campaign.plots import Point, curve_picture
from benchmarks.team.habits import BILLERS
from mlcore.record_json import record_to_json
from mlcore.schema import InvoiceRecord

PLAN = Plan(documents=6, held_out=1, vendors=3)
CAREFUL = BILLERS[0]


def test_the_same_round_has_the_same_documents_and_sides_do_not_mix() -> None:
    first, again = arrivals(PLAN, 1), arrivals(PLAN, 1)
    assert [arrival.paper.data for arrival in first] == [arrival.paper.data for arrival in again]
    assert {arrival.vendor for arrival in first if arrival.held_out}.isdisjoint(a.vendor for a in first if not a.held_out)
    assert [arrival.held_out for arrival in first].count(True) == 2
    assert {arrival.paper.name for arrival in first}.isdisjoint(arrival.paper.name for arrival in arrivals(PLAN, 0))


def test_a_plan_says_everything_that_is_wrong_with_it() -> None:
    assert Plan().faults() == []
    assert len(replace(PLAN, rounds=1, documents=2, held_out=3).faults()) == 3


def test_the_first_reading_is_the_templates_and_the_last_one_is_before_gold() -> None:
    record = record_to_json(InvoiceRecord(invoice_number="A-1"))
    other = record_to_json(InvoiceRecord(invoice_number="A-2"))

    def row(model_id: str, at: float, said: object = record, route: str = "review") -> dict[str, object]:
        return {"document_id": 7, "model_id": model_id, "record": said, "route": route, "created_at": at}

    template, both = "template-1:none", "adapter-1+template-1:none"
    rows = [row(template, 1.0), row(both, 2.0, other), row(both, 9.0)]
    first, last = first_and_last(rows, {7: 5.0})
    assert [said.record.invoice_number for said in first if said.record] == ["A-1"]
    assert [said.record.invoice_number for said in last if said.record] == ["A-2"]


def test_what_goes_through_takes_nobody_time_and_is_counted_when_it_is_wrong() -> None:
    papers = [arrival.paper for arrival in arrivals(PLAN, 0)]
    truths = {number: paper.truth for number, paper in enumerate(papers)}
    vendors = {number: f"v{number % 2}" for number in truths}
    right = [Said(number, truth, ACCEPTED) for number, truth in truths.items()]
    found = figures(right, truths, vendors, CAREFUL, 1)
    assert (found.exact.value, found.through, found.through_wrong, found.minutes) == (1.0, len(papers), 0, 0.0)
    wrong = [replace(right[0], record=InvoiceRecord()), *right[1:]]
    assert figures(wrong, truths, vendors, CAREFUL, 1).through_wrong == 1
    shown = figures([replace(said, route="review") for said in right], truths, vendors, CAREFUL, 1)
    empty = figures([Said(said.document, None) for said in right], truths, vendors, CAREFUL, 1)
    assert 0 < shown.minutes < empty.minutes


def test_the_share_of_no_documents_has_no_value() -> None:
    assert part_of(0, 0).value is None
    one = part_of(1, 20)
    assert one.low is not None
    assert one.high is not None
    assert (one.value, round(one.low, 4), round(one.high, 4)) == (0.05, 0.0013, 0.2487)  # R: binom.test(1, 20)


@pytest.mark.parametrize("shares", [True, False])
def test_a_picture_has_a_sign_for_every_point(shares: bool) -> None:
    series = {"template only": [Point(0, 0.5, 0.4, 0.6), Point(1, 0.7)], "both": [Point(1, 0.9)]}
    picture = curve_picture(series, "told", shares=shares)
    assert picture.count("round 0: ") == 1
    assert picture.count("round 1: ") == 2
    assert curve_picture({"both": []}, "nothing", shares=shares).startswith("<svg ")
