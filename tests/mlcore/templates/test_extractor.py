from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from mlcore.compare import compare_records
from mlcore.documents import DocumentText, GoldExample, Page, Route
from mlcore.schema import InvoiceRecord, LineItem, VendorParty
from mlcore.templates.extractor import ENGINE_VERSION, TemplateExtractor
from mlcore.templates.learn import learn_template
from mlcore.templates.model import VendorTemplate

Typewriter = Callable[..., DocumentText]

PAPER = """
NORTHGATE LABS                              Doc {number}
P.O. Box 5                                  Issued {date}
Salem, OR 97301                             Order 55{order}

Service                 Units    Each      Sum
{rows}

                                 Net       {net}
                                 Levy      {levy}
                                 Owed      {owed}
                                 Deposit   500.00
"""
VENDOR = VendorParty("Northgate Labs", "P.O. Box 5, Salem, OR 97301")


def paper(number: int, date: dt.date, lines: list[tuple[str, int, str]]) -> tuple[str, InvoiceRecord]:
    items = tuple(LineItem(name, Decimal(units), Decimal(price), units * Decimal(price)) for name, units, price in lines)
    net = sum((item.total or Decimal(0) for item in items), Decimal(0))
    levy = (net / 10).quantize(Decimal("0.01"))
    rows = "\n".join(f"{i.description:<24}{i.quantity!s:<9}{i.unit_price!s:<10}{i.total!s}" for i in items)
    text = PAPER.format(number=f"NG-{number}", date=date.strftime("%d/%m/%Y"), order=number, rows=rows, net=net, levy=levy, owed=net + levy)
    return text, InvoiceRecord(f"NG-{number}", date, VENDOR, items, net, levy, net + levy)


FIRST = paper(4411, dt.date(2024, 5, 4), [("Lipid panel", 3, "20.50"), ("Culture", 2, "11.25")])
SECOND = paper(4502, dt.date(2024, 6, 7), [("Glucose", 10, "7.10"), ("Lipid panel", 1, "20.50"), ("Blood count", 4, "33.00")])


def example(typewritten: Typewriter, made: tuple[str, InvoiceRecord]) -> GoldExample:
    return GoldExample(typewritten(made[0]), made[1], "northgate", label_fields=None)


def test_one_confirmed_record_makes_the_next_document_right(typewritten: Typewriter) -> None:
    template = learn_template("northgate", [example(typewritten, FIRST)])
    (extraction,) = TemplateExtractor(template).extract([typewritten(SECOND[0])])
    wrong = [field for field in compare_records(SECOND[1], extraction.record).fields if field.expected != field.found]
    assert [field.name for field in wrong if field.name != "vendor.name"] == []
    assert extraction.record.date == dt.date(2024, 6, 7)
    assert extraction.record.total == SECOND[1].total


@pytest.mark.parametrize("shift", [(14.0, 0.0), (0.0, 40.0), (-9.0, 25.0)])
def test_a_shifted_page_reads_the_same(typewritten: Typewriter, shift: tuple[float, float]) -> None:
    template = learn_template("northgate", [example(typewritten, FIRST)])
    extractor = TemplateExtractor(template)
    straight, shifted = extractor.extract([typewritten(SECOND[0]), typewritten(SECOND[0], shift=shift)])
    assert shifted.record == straight.record


def test_day_and_month_follow_the_vendor(typewritten: Typewriter) -> None:
    ambiguous = paper(4600, dt.date(2024, 4, 3), [("Culture", 2, "11.25")])
    certain = paper(4599, dt.date(2024, 3, 28), [("Culture", 2, "11.25")])
    template = learn_template("northgate", [example(typewritten, certain)])
    (extraction,) = TemplateExtractor(template).extract([typewritten(ambiguous[0])])
    assert extraction.record.date == dt.date(2024, 4, 3)


def test_every_value_has_a_confidence_and_printed_ones_a_place(typewritten: Typewriter) -> None:
    template = learn_template("northgate", [example(typewritten, FIRST)])
    (extraction,) = TemplateExtractor(template).extract([typewritten(SECOND[0])])
    assert {field.path for field in extraction.fields} >= {"vendor.name", "date", "total", "line_items[0].total", "line_items[2].quantity"}
    for field in extraction.fields:
        assert 0 < field.confidence < 1
        assert field.evidence or field.path.endswith(".type")


def test_an_unknown_layout_of_the_vendor_keeps_its_name(typewritten: Typewriter) -> None:
    template = learn_template("northgate", [example(typewritten, FIRST)])
    other = typewritten("RECHNUNG 17\nDatum 03.04.2024\nGesamtbetrag 1.200,00 EUR")
    (extraction,) = TemplateExtractor(template).extract([other])
    assert extraction.record.vendor == VENDOR
    assert extraction.record.total == Decimal("1200.00")


def test_a_sister_company_is_not_renamed_and_a_misread_name_is(typewritten: Typewriter) -> None:
    lines = "{name}\n(867388-U)\nNO 12, JALAN TAMPOI 7/4\n81200 JOHOR BAHRU\nTAX INVOICE\nDATE : 14/12/2017\nTOTAL   24.00\nCASH    30.00"
    record = InvoiceRecord(None, dt.date(2017, 12, 14), VendorParty("GOLDEN LEAF (KUCHAI) SDN BHD"), (), None, None, Decimal("24.00"))
    known = GoldExample(
        typewritten(lines.format(name="GOLDEN LEAF (KUCHAI) SDN BHD")), record, "leaf", {}, frozenset({"vendor.name", "date", "total"})
    )
    extractor = TemplateExtractor(learn_template("leaf", [known]))
    names = ("GOLDEN LEAF (JOHOR) SDN BHD", "G0LDEN LEAF (KUCHA1) SDN BHD")
    sister, misread = extractor.extract([typewritten(lines.format(name=name)) for name in names])
    assert sister.record.vendor.name == "GOLDEN LEAF (JOHOR) SDN BHD"
    assert misread.record.vendor.name == "GOLDEN LEAF (KUCHAI) SDN BHD"


def test_two_layouts_of_a_vendor_are_kept_apart(typewritten: Typewriter) -> None:
    letter = InvoiceRecord("77-A", dt.date(2024, 1, 9), VENDOR, (), None, None, Decimal("64.00"))
    text = "Statement of charges\n\nReference 77-A\nPrepared 09/01/2024\n\nBalance to settle 64.00\nKindly remit within ten days"
    examples = [example(typewritten, FIRST), GoldExample(typewritten(text), letter, "northgate")]
    template = learn_template("northgate", examples)
    assert [layout.examples for layout in template.layouts] == [1, 1]
    (extraction,) = TemplateExtractor(template).extract([typewritten(text.replace("64.00", "93.10").replace("77-A", "78-B"))])
    assert (extraction.record.invoice_number, extraction.record.total) == ("78-B", Decimal("93.10"))


def test_fields_that_nobody_labeled_are_not_learned(typewritten: Typewriter) -> None:
    partial = replace(example(typewritten, FIRST), label_fields=frozenset({"total"}))
    template = learn_template("northgate", [partial])
    assert set(template.layouts[0].rules) == {"total"}


def test_the_model_id_names_engine_and_template(typewritten: Typewriter) -> None:
    assert TemplateExtractor(None).model_id == f"template-{ENGINE_VERSION}:zero-shot"
    first = learn_template("northgate", [example(typewritten, FIRST)])
    again = learn_template("northgate", [example(typewritten, FIRST)])
    both = learn_template("northgate", [example(typewritten, FIRST), example(typewritten, SECOND)])
    assert TemplateExtractor(first).model_id == TemplateExtractor(again).model_id == f"template-{ENGINE_VERSION}:{first.template_id}"
    assert both.template_id != first.template_id


def test_a_stored_template_reads_as_before(typewritten: Typewriter) -> None:
    template = learn_template("northgate", [example(typewritten, FIRST)])
    restored = VendorTemplate.from_json(template.to_json())
    assert restored.template_id == template.template_id
    document = typewritten(SECOND[0])
    assert TemplateExtractor(restored).extract([document]) == TemplateExtractor(template).extract([document])


def test_odd_documents_give_flagged_empty_records() -> None:
    blank = DocumentText((Page(1, 600, 800, ()),))
    for extraction in TemplateExtractor(None).extract([blank, DocumentText(())]):
        assert extraction.record == InvoiceRecord()
        assert extraction.route is Route.FLAGGED


def test_an_npi_on_the_page_is_checked_and_pointed_to(typewritten: Typewriter) -> None:
    document = typewritten(FIRST[0].replace("P.O. Box 5 ", "NPI 1234567890 "))
    (extraction,) = TemplateExtractor(None).extract([document])
    (check,) = [check for check in extraction.checks if check.code == "npi_check_digit"]
    (word,) = [word for word in document.pages[0].words if word.text == "1234567890"]
    assert [place.box for place in check.places] == [word.box]


def test_no_examples_give_the_general_reading(typewritten: Typewriter) -> None:
    assert TemplateExtractor(learn_template("northgate", [])).model_id.endswith(":zero-shot")
