"""Descriptions: each house style its own, and the words give the line type away."""

from __future__ import annotations

import datetime as dt

import pytest

from mlcore.dataset.synthetic.facts import read_products
from mlcore.dataset.synthetic.writing import Writing, describe, rental_period
from mlcore.schema import ItemType

PRODUCTS = read_products()


def test_the_facts_are_plentiful_and_their_ndcs_unique() -> None:
    drugs = PRODUCTS[ItemType.STANDARD_MEDICATION]

    assert len(drugs) >= 150
    assert len({drug.ndc for drug in drugs}) == len(drugs)
    assert all(len(PRODUCTS[kind]) >= 20 for kind in ItemType)
    assert all(product.price > 0 for products in PRODUCTS.values() for product in products)


def test_one_drug_reads_differently_in_every_style() -> None:
    drug = next(drug for drug in PRODUCTS[ItemType.STANDARD_MEDICATION] if drug.brand == "Keytruda")

    texts = {describe(drug, writing) for writing in Writing}
    assert len(texts) == len(Writing)
    assert "Keytruda (pembrolizumab) 100 mg/4 mL vial" in texts
    assert "PEMBROLIZUMAB 100MG/4ML VIAL 1X4 ML" in texts


@pytest.mark.parametrize("writing", list(Writing))
def test_rentals_and_compounds_say_what_they_are(writing: Writing) -> None:
    for product in PRODUCTS[ItemType.DME_RENTAL]:
        assert "rental" in describe(product, writing).casefold()
    for product in PRODUCTS[ItemType.COMPOUND_MEDICATION]:
        text = describe(product, writing).casefold()
        assert text.startswith(("compounded ", "cmpd "))


def test_a_monthly_rental_names_its_thirty_days() -> None:
    text = rental_period("Patient lift, monthly rental", "MO", dt.date(2025, 1, 10), Writing.SENTENCE)

    assert text == "Patient lift, monthly rental (01/10/25-02/08/25)"
