from __future__ import annotations

import pytest

from mlcore.schema import ItemType, LineItem
from mlcore.tables.item_types import infer_type, learn_types

STANDARD, COMPOUND, RENTAL, BUNDLE = (
    ItemType.STANDARD_MEDICATION,
    ItemType.COMPOUND_MEDICATION,
    ItemType.DME_RENTAL,
    ItemType.BUNDLED_SERVICE,
)


@pytest.mark.parametrize(
    ("description", "code", "expected"),
    [
        ("Ondansetron 4 mg tablet; package 30 tablets", "Q0162", STANDARD),
        ("CMPD Omeprazole 2 mg/mL suspension", None, COMPOUND),
        ("Hospital bed, fixed height, monthly rental", None, RENTAL),
        ("Hospital bed with side rails", "E0250", RENTAL),
        ("Office visit package with care plan", "99204", BUNDLE),
        ("Hydration therapy per diem", "S9374", BUNDLE),
        ("Methylcobalamin 5 mg/mL vial", "J7999", COMPOUND),
    ],
)
def test_from_words_and_codes(description: str, code: str | None, expected: ItemType) -> None:
    assert infer_type(description, code, {})[0] is expected


def test_confirmed_lines_overrule_the_words() -> None:
    items = [LineItem("Sunrise plan alpha", type=BUNDLE), LineItem("Sunrise plan beta", type=BUNDLE), LineItem("Pill panel", type=STANDARD)]
    learned = learn_types(items)
    assert infer_type("Sunrise plan gamma", None, learned)[0] is BUNDLE
    assert infer_type("Other panel", None, learned)[0] is STANDARD


def test_one_line_does_not_make_a_rule_of_a_word() -> None:
    assert learn_types([LineItem("Gauze sponge", type=RENTAL)]) == {}


def test_a_size_of_a_package_does_not_make_a_package_price_standard() -> None:
    learned = learn_types([LineItem("Insulin glargine, package 10 vials", type=STANDARD), LineItem("Wound care visit", type=BUNDLE)])
    assert infer_type("Infusion visit, package price", None, learned)[0] is BUNDLE
    assert infer_type("Insulin lispro, package 5 pens", None, learned)[0] is STANDARD


def test_a_package_in_a_confirmed_standard_line_is_none_elsewhere() -> None:
    learned = learn_types([LineItem("Insulin glargine vial package", type=STANDARD)])
    assert infer_type("Insulin lispro pen package", None, learned)[0] is STANDARD
