"""Figures of many pairs: by hand, as properties, and that intervals hold a known truth."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.agreement.counting import COLUMNS, count_pair
from mlcore.agreement.figures import Figure, Measured, NotEnough, OneCategory
from mlcore.agreement.outcomes import FieldAgreement, PairOutcome
from mlcore.agreement.pair import compare_pair
from mlcore.agreement.poisson import Ints, Poisson
from mlcore.agreement.statistics import AgreementStatistics, agreement_of
from mlcore.agreement.sums import Sums
from mlcore.agreement.tally import Tally
from mlcore.errors import AgreementError
from mlcore.evaluation.bootstrap import Resampling, interval, resampled
from mlcore.schema import InvoiceRecord, ItemType, LineItem
from tests.mlcore.agreement.labels import pairs, sparse_records
from tests.mlcore.evaluation.records import invoice, records, row

QUICK = Poisson(resamples=50)
SHARES = ("exact", "critical", "values", "row_f1", "cells", "row_count")
SALINE, GAUZE = row("saline", "4.00"), replace(row("gauze", "5.00"), type=ItemType.DME_RENTAL, quantity=Decimal(3))


def statistics(outcomes: Sequence[PairOutcome], floor: int = 1) -> AgreementStatistics:
    return agreement_of(Tally.of(((str(n), one) for n, one in enumerate(outcomes)), QUICK), floor=floor)


def value(figure: object) -> float:
    assert isinstance(figure, Measured)
    return figure.value


@given(records(least_rows=1))
@settings(max_examples=30)
def test_a_record_against_itself_agrees_in_everything(record: InvoiceRecord) -> None:
    found = statistics([compare_pair(record, record)] * 2)
    assert all(value(getattr(found, name)) == 1 for name in SHARES)
    assert all(value(field.values) == 1 for field in found.fields if isinstance(field.values, Measured))


@given(records(least_rows=2), st.data())
@settings(max_examples=30)
def test_a_dropped_row_lowers_it(record: InvoiceRecord, data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(record.line_items) - 1))
    shorter = replace(record, line_items=record.line_items[:gone] + record.line_items[gone + 1 :])
    found = statistics([compare_pair(record, shorter)])
    assert all(value(getattr(found, name)) < 1 for name in SHARES if name != "cells")
    assert value(found.cells) == 1, "the rows that both have agree"


@given(sparse_records(), sparse_records())
@settings(max_examples=40)
def test_who_comes_first_changes_nothing_but_kappa(first: InvoiceRecord, second: InvoiceRecord) -> None:
    one = statistics([compare_pair(first, second, vendor_first="1", vendor_second="2")]).to_json()
    other = statistics([compare_pair(second, first, vendor_first="2", vendor_second="1")]).to_json()
    for found in (one, other):
        for field in found["fields"]:
            counts = field.pop("counts")
            field["lone"] = sorted([counts["first_only"], counts["second_only"]])
            field["presence"].pop("kappa")
        found["item_type"].pop("kappa")
        found["vendor"].pop("kappa")
    assert one == other


def test_two_empty_records_add_nothing_to_any_mean() -> None:
    differing = compare_pair(invoice("A-1", SALINE), invoice("A-2", SALINE))
    empty = compare_pair(InvoiceRecord(), InvoiceRecord())
    alone, among = statistics([differing]), statistics([differing, *[empty] * 99])
    for name in SHARES:
        assert value(getattr(alone, name)) == value(getattr(among, name)), name
    for before, after in zip(alone.fields, among.fields, strict=True):
        for name in ("agreement", "values", "presence_f1"):
            assert getattr(before, name) == getattr(after, name), (before.name, name)
    number = among.field("invoice_number")
    assert value(number.values) == 0
    assert value(number.presence.percent) == 1
    assert number.presence.prevalence == pytest.approx(0.99), "the share that explains it stands beside"


def test_every_figure_by_hand() -> None:
    first = invoice("A-1", SALINE, GAUZE)
    second = replace(invoice("A-2", replace(SALINE, total=Decimal(7))), date=None)
    found = statistics([compare_pair(first, second), compare_pair(first, first)])
    assert (value(found.exact), value(found.critical), value(found.row_count)) == (0.5, 0.5, 0.5)
    assert value(found.row_f1) == pytest.approx(2 * 3 / (4 + 3))
    assert value(found.cells) == pytest.approx(11 / 12)
    # number, date, total; four cells of saline; four values of gauze alone: 4 of 11 the same. Again with 11 of 11
    assert value(found.values) == pytest.approx((4 + 11) / (11 + 11))
    date = found.field("date")
    assert date.counts[FieldAgreement.FIRST_ONLY] == 1
    assert (value(date.values), value(date.agreement), value(date.presence_f1)) == pytest.approx((1.0, 0.5, 2 / 3))
    assert value(date.presence.percent) == 0.5
    assert found.field("vendor.address").values == NotEnough(0, 1)
    with pytest.raises(KeyError):
        found.field("nothing")


def test_types_have_percent_prevalence_kappa_and_alpha_side_by_side() -> None:
    kinds = [ItemType.STANDARD_MEDICATION] * 3 + [ItemType.DME_RENTAL]
    given_types = [ItemType.STANDARD_MEDICATION] * 2 + [ItemType.DME_RENTAL] * 2
    outcomes = [
        compare_pair(InvoiceRecord(line_items=(LineItem("x", type=a),)), InvoiceRecord(line_items=(LineItem("x", type=b),)))
        for a, b in zip(kinds, given_types, strict=True)
    ]
    kind = statistics(outcomes).item_type
    assert (kind.units, kind.prevalence, value(kind.percent)) == (4, 5 / 8, 0.75)
    assert value(kind.kappa) == pytest.approx((0.75 - 0.5) / 0.5)
    assert value(kind.alpha) == pytest.approx(1 - 7 * 2 / (64 - 25 - 9))
    assert statistics(outcomes[:1]).item_type.kappa == OneCategory(1)


def test_vendors_are_a_closed_set_without_being_a_difference() -> None:
    outcome = compare_pair(invoice("A-1"), invoice("A-1"), vendor_first="7", vendor_second="8")
    same = compare_pair(invoice("A-1"), invoice("A-1"), vendor_first="7", vendor_second="7")
    unknown = compare_pair(invoice("A-1"), invoice("A-1"), vendor_first="7")
    found = statistics([outcome, same, same, unknown])
    assert value(found.exact) == 1
    assert found.vendor.units == 3
    assert value(found.vendor.percent) == pytest.approx(2 / 3)


def test_under_the_floor_there_is_no_number() -> None:
    found = agreement_of(Tally.of(pairs(1, 19)))
    assert found.exact == NotEnough(19, 20)
    assert found.item_type.kappa == NotEnough(19, 20)
    assert isinstance(agreement_of(Tally.of(pairs(1, 20))).exact, Measured)
    assert agreement_of(Tally.empty(QUICK), floor=0).exact == NotEnough(0, 0)


def test_where_all_agree_the_interval_is_the_exact_one_and_not_without_width() -> None:
    outcomes = [compare_pair(invoice(f"A-{n}", SALINE, GAUZE), invoice(f"A-{n}", SALINE, GAUZE)) for n in range(30)]
    found = statistics(outcomes)
    assert isinstance(found.exact, Measured)
    assert (found.exact.value, found.exact.low, found.exact.high) == pytest.approx((1.0, 0.025 ** (1 / 30), 1.0))
    assert isinstance(found.item_type.kappa, Measured)
    assert found.item_type.kappa.low == pytest.approx(1 - (1 - 0.025 ** (1 / 30)) / 0.5)


def test_where_none_agree_the_interval_is_the_exact_one_and_not_without_width() -> None:
    kinds = LineItem("x", type=ItemType.STANDARD_MEDICATION), LineItem("x", type=ItemType.DME_RENTAL)
    pair = [compare_pair(InvoiceRecord(line_items=(one,)), InvoiceRecord(line_items=(two,))) for one, two in (kinds, kinds[::-1])]
    kind = statistics(pair * 15).item_type
    assert isinstance(kind.percent, Measured)
    assert (kind.percent.value, kind.percent.low, kind.percent.high) == pytest.approx((0.0, 0.0, 1 - 0.025 ** (1 / 30)))
    assert isinstance(kind.kappa, Measured)
    assert kind.kappa.value == pytest.approx(-1.0)
    assert (kind.kappa.low, kind.kappa.high) == pytest.approx((-1.0, 1 - 2 * 0.025 ** (1 / 30)))


@given(st.integers(0, 12), st.integers(0, 12))
@settings(max_examples=15)
def test_tallies_add_up_exactly(cut: int, other_cut: int) -> None:
    given_pairs = pairs(5, 12)
    low, high = sorted((cut, other_cut))
    whole = Tally.of(given_pairs, QUICK)
    parts = [Tally.of(part, QUICK) for part in (given_pairs[high:], given_pairs[:low], given_pairs[low:high])]
    assert parts[0] + parts[1] + parts[2] == whole
    assert agreement_of(parts[0] + parts[1] + parts[2], floor=1) == agreement_of(whole, floor=1)


def test_a_stored_tally_is_read_back() -> None:
    tally = Tally.of([("a", compare_pair(invoice("1"), invoice("2"), vendor_first="7", vendor_second="8"))], QUICK)
    assert Tally.from_json(json.loads(json.dumps(tally.to_json()))) == tally
    assert tally.documents == 1


@pytest.mark.parametrize("change", [{"format": 9}, {"resampled": "AAAA"}, {"counts": {"nothing": 1}}, {"vendors": [["a"]]}, {"seed": None}])
def test_a_damaged_tally_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(AgreementError, match="cannot be read"):
        Tally.from_json({**Tally.empty(QUICK).to_json(), **change})


def test_tallies_of_other_resamples_do_not_add() -> None:
    with pytest.raises(AgreementError, match="cannot be added"):
        Tally.empty(QUICK) + Tally.empty(Poisson(resamples=50, seed=8))
    with pytest.raises(AgreementError, match="10000"):
        Poisson(resamples=-1)


def test_without_resamples_there_are_values_and_no_intervals() -> None:
    found = agreement_of(Tally.of(pairs(2, 30), Poisson(resamples=0)))
    assert isinstance(found.exact, Measured)
    assert 0 < found.exact.value < 1
    assert (found.exact.low, found.exact.high) == (None, None)


def test_the_weights_of_a_document_are_poisson_and_its_own() -> None:
    weights = Poisson(resamples=2_000, seed=1).weights(["a", "b"] * 10)
    assert (weights[0] == weights[2]).all()
    assert (weights[0] != weights[1]).any()
    assert weights[0].mean() == pytest.approx(1, abs=0.1)
    assert weights[0].var() == pytest.approx(1, abs=0.15)


def test_the_online_bootstrap_is_as_wide_as_that_of_known_size() -> None:
    tally = Tally.of(pairs(11, 400), Poisson(resamples=2_000))
    online = agreement_of(tally).exact
    outcomes = [outcome for _, outcome in pairs(11, 400)]
    sums = resampled(_table(outcomes).astype(float), Resampling(2_000))
    classic = interval(sums[:, COLUMNS.index("exact")] / sums[:, COLUMNS.index("valued")], 0.95)
    assert isinstance(online, Measured)
    assert classic is not None
    assert (online.low, online.high) == pytest.approx(classic, abs=0.012)


@pytest.mark.thorough
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    population, trials, names = _table([outcome for _, outcome in pairs(99, 1_000, drop=0.05)]), 200, ("critical", "values", "row_f1")
    whole = Sums.of(COLUMNS, ((str(n), counts) for n, counts in enumerate(population)), QUICK)
    truth = {name: value(getattr(agreement_of(Tally(whole, {})), name)) for name in names}
    rng, hits = np.random.default_rng(4), dict.fromkeys(names, 0)
    for trial in range(trials):
        drawn = population[rng.integers(0, len(population), 60)]
        found = agreement_of(Tally(Sums.of(COLUMNS, ((f"{trial}-{n}", counts) for n, counts in enumerate(drawn)), Poisson()), {}))
        for name in names:
            hits[name] += _holds(getattr(found, name), truth[name])
    assert all(0.89 <= hit / trials <= 0.99 for hit in hits.values()), hits


def _table(outcomes: Sequence[PairOutcome]) -> Ints:
    return np.stack([count_pair(outcome) for outcome in outcomes])


def _holds(figure: Figure, truth: float) -> bool:
    assert isinstance(figure, Measured)
    assert figure.low is not None
    assert figure.high is not None
    return figure.low <= truth <= figure.high
