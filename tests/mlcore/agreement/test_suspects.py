"""Suspect gold: every ground by itself, their order, and that a long document is not suspect for its length."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from mlcore.agreement.reasons import Ground
from mlcore.agreement.suspects import suspicion_of
from mlcore.agreement.vendor_habits import number_form
from mlcore.checks import check_record
from mlcore.schema import InvoiceRecord, ItemType, LineItem, VendorParty
from tests.mlcore.evaluation.records import invoice, row


def bill(number: str, *, name: str | None = "Acme", price: str = "2.00", kind: ItemType = ItemType.STANDARD_MEDICATION) -> InvoiceRecord:
    item = LineItem("saline", Decimal(1), Decimal(price), Decimal(price), cpt_code="J1100", type=kind)
    return replace(invoice(number, item, total=price), vendor=VendorParty(name, "12 Elm St"))


OTHERS = [bill(f"INV-{n}") for n in range(5)]


def codes(record: InvoiceRecord, others: list[InvoiceRecord] | None = None) -> dict[str, tuple[str, ...]]:
    return {reason.code: reason.paths for reason in suspicion_of(record, others=OTHERS if others is None else others).reasons}


def test_nothing_speaks_against_an_ordinary_record() -> None:
    record = bill("INV-9")
    found = suspicion_of(record, confidences={"total": 0.97}, checks=check_record(record), others=OTHERS)
    assert (found.score, found.reasons) == (0.0, ())


def test_doubt_of_a_reader_that_has_not_seen_it() -> None:
    doubted = suspicion_of(bill("INV-9"), confidences={"total": 0.1, "tax": 0.4, "date": 0.5})
    assert [(reason.paths, round(reason.weight, 2)) for reason in doubted.reasons] == [(("total",), 0.64), (("tax",), 0.16)]
    assert doubted.score == pytest.approx(0.64)
    assert "10 % sure of the value" in doubted.reasons[0].message
    assert "40 % sure that there is none" in doubted.reasons[1].message


def test_failed_arithmetic() -> None:
    record = replace(bill("INV-9"), total=Decimal(50))
    found = suspicion_of(record, checks=check_record(record))
    assert found.reasons[0].ground is Ground.ARITHMETIC
    assert found.score == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("record", "code", "paths"),
    [
        (bill("INV-9", name="Bolt"), "unlike_name", ("vendor.name",)),
        (bill("INV-9", name=None), "unlike_absent", ("vendor.name",)),
        (bill("88812"), "unlike_number_form", ("invoice_number",)),
        (bill("INV-3", price="2.50"), "number_taken", ("invoice_number",)),
        (bill("INV-9", kind=ItemType.DME_RENTAL), "unlike_type", ("line_items[0].type", "line_items[0].cpt_code")),
        (bill("INV-9", price="20.00"), "unlike_price", ("line_items[0].unit_price", "line_items[0].cpt_code")),
    ],
)
def test_unlike_the_vendors_other_records(record: InvoiceRecord, code: str, paths: tuple[str, ...]) -> None:
    assert codes(record) == {code: paths}


def test_a_habit_takes_enough_records() -> None:
    assert codes(bill("88812", name="Bolt"), OTHERS[:2]) == {}
    mixed = [bill("INV-1"), bill("INV-2"), bill("INV-3"), bill("9"), bill("10")]
    assert codes(bill("88812"), mixed) == {}


def test_the_same_invoice_again_is_not_another_one_of_its_number() -> None:
    assert codes(bill("INV-3")) == {}


def test_the_score_joins_grounds_and_not_the_reasons_of_one() -> None:
    record = replace(bill("INV-9", name="Bolt"), total=Decimal(50))
    found = suspicion_of(record, confidences={"total": 0.1}, checks=check_record(record), others=OTHERS)
    assert found.score == pytest.approx(1 - (1 - 0.64) * (1 - 0.6) * (1 - 0.4))
    rows = tuple(row(f"item {n}", "1.00") for n in range(40))
    long = replace(bill("INV-9"), line_items=rows)
    doubts = {f"line_items[{n}].total": 0.4 for n in range(40)}
    assert suspicion_of(long, confidences=doubts).score == pytest.approx(0.16)
    assert found.to_json()["reasons"][0] == {
        "ground": "confidence", "code": "low_confidence", "paths": ["total"], "weight": 0.64, "message": found.reasons[0].message,
    }  # fmt: skip


@pytest.mark.parametrize(("number", "form"), [("inv-2024/7", "A-9/9"), ("AB12C", "A9A"), (" 12 34 ", "9"), ("№5", "A9")])
def test_the_form_of_a_number(number: str, form: str) -> None:
    assert number_form(number) == form
