from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from mlcore.compare import Outcome, compare_records
from mlcore.dataset.synthetic import Vendor, generate, vendor_catalogue
from mlcore.documents import DocumentText, GoldExample, TextSource
from mlcore.record_json import record_from_json
from mlcore.schema import InvoiceRecord
from mlcore.tables.learn import learn_table
from mlcore.tables.read import read_table
from mlcore.tables.template import AmountRule, TableTemplate

Typewriter = Callable[..., DocumentText]

HEAD = "Was                              A        B          C           D\n"
FIRST = HEAD + (
    "Gauze sponge                     3     4.50      20 %       16.20\n"
    "Kit 12 pieces                    2    10.00       0 %       20.00\n"
    "Lot A12\n"
    "Heparin lock flush               5     2.00      20 %       12.00\n"
    "Alles                                                       48.20\n"
)
SECOND = HEAD + (
    "Saline bag                       4     3.00      20 %       14.40\n"
    "Lot B77\n"
    "Gauze spange                     1     4.50      20 %        5.40\n"
    "Alles                                                       19.80\n"
)


def _example(document: DocumentText, rows: list[tuple[str, str, str, str]]) -> GoldExample:
    items = [dict(zip(("description", "quantity", "unit_price", "total"), row, strict=True)) for row in rows]
    labels = frozenset(f"line_items.{name}" for name in ("description", "quantity", "unit_price", "total"))
    return GoldExample(document, record_from_json({"line_items": items}), "v", {}, labels)


@pytest.fixture
def learned(typewritten: Typewriter) -> TableTemplate:
    example = _example(
        typewritten(FIRST),
        [("Gauze sponge", "3", "4.50", "13.50"), ("Kit 12 pieces", "2", "10.00", "20.00"), ("Heparin lock flush", "5", "2.00", "10.00")],
    )
    template = learn_table([example])
    assert template is not None
    return template


def test_one_confirmed_record_teaches_unknown_words_and_net_amounts(typewritten: Typewriter, learned: TableTemplate) -> None:
    assert learned.amount is AmountRule.COMPUTED
    items = read_table(typewritten(SECOND), learned).items
    assert [(item.description, item.quantity, item.unit_price, item.total) for item in items] == [
        ("Saline bag", Decimal(4), Decimal("3.00"), Decimal("12.00")),
        ("Gauze spange", Decimal(1), Decimal("4.50"), Decimal("4.50")),
    ]


def test_a_computed_amount_says_so(typewritten: Typewriter, learned: TableTemplate) -> None:
    cell = read_table(typewritten(SECOND), learned).rows[0].cells["total"]
    assert cell.note == "Computed as quantity x price; this vendor's 14.40 includes tax."
    assert cell.evidence


def test_a_page_that_is_shifted_reads_the_same(typewritten: Typewriter, learned: TableTemplate) -> None:
    plain = read_table(typewritten(SECOND), learned).items
    assert read_table(typewritten(SECOND, shift=(24.0, 60.0)), learned).items == plain


def test_confirmed_descriptions_correct_letters_that_ocr_misread(typewritten: Typewriter, learned: TableTemplate) -> None:
    document = typewritten(SECOND)
    scanned = DocumentText(tuple(replace(page, source=TextSource.OCR) for page in document.pages))
    cell = read_table(scanned, learned).rows[1].cells["description"]
    assert cell.value == "Gauze sponge"
    assert cell.note == "Read Gauze spange; confirmed lines of this vendor say Gauze sponge."


def test_a_template_survives_json_and_reads_the_same(typewritten: Typewriter, learned: TableTemplate) -> None:
    again = TableTemplate.from_json(json.loads(json.dumps(learned.to_json())))
    assert read_table(typewritten(SECOND), again) == read_table(typewritten(SECOND), learned)


def test_a_document_of_another_layout_falls_back_to_the_general_reading(typewritten: Typewriter, learned: TableTemplate) -> None:
    text = "Description              Qty    Price     Amount\nGauze                      3     4.50      13.50\n"
    assert [item.description for item in read_table(typewritten(text), learned).items] == ["Gauze"]


@pytest.mark.parametrize("rows", [[], [("Not on the page", "7", "7.77", "54.39")]])
def test_nothing_to_learn_gives_no_template(typewritten: Typewriter, rows: list[tuple[str, str, str, str]]) -> None:
    assert learn_table([_example(typewritten(FIRST), rows)]) is None


KEYS = ("northgate", "kestrel_veterans", "cedar_ridge", "sunrise_drugs", "halvorsen")
VENDORS = [vendor for vendor in vendor_catalogue() if vendor.key in KEYS]


@pytest.mark.parametrize("vendor", VENDORS, ids=[vendor.key for vendor in VENDORS])
def test_after_one_synthetic_document_the_next_are_nearly_right(vendor: Vendor) -> None:
    examples = [document.gold for document in generate(5, 11, [vendor])]
    template = learn_table(examples[:1])
    right = total = 0
    for example in examples[1:]:
        found = InvoiceRecord(line_items=read_table(example.document, template).items)
        outcome = compare_records(example.record, found, {"line_items"})
        right += outcome.count(Outcome.CORRECT)
        total += len(outcome.fields) - outcome.count(Outcome.BOTH_ABSENT)
    assert right / total >= 0.95
