"""What the template reader is not sure of, and what it holds possible there."""

from __future__ import annotations

import pytest

from mlcore.dataset.synthetic import generate
from mlcore.documents import DocumentText, GoldExample
from mlcore.normalize import comparison_key
from mlcore.rescoring.open_fields import FLOOR, LONGEST, MOST, OpenFields, open_fields
from mlcore.schema import spec_for, value_at
from mlcore.templates.extractor import TemplateExtractor
from mlcore.templates.learn import learn_template
from mlcore.templates.reading import TemplateReading
from tests.mlcore.conftest import typewritten
from tests.mlcore.rescoring.conftest import DOUBTFUL


def test_a_field_is_open_where_two_values_are_possible(opened: OpenFields) -> None:
    date = next(field for field in opened.fields if field.name == "date")
    assert [option.text for option in date.options] == ["06/14/2026", "06/20/2026"]
    assert [option.chosen for option in date.options] == [True, False]
    assert {"vendor.name", "invoice_number"}.isdisjoint(field.name for field in opened.fields), "of these there is no doubt"


def test_absence_is_an_option_where_it_may_be(opened: OpenFields) -> None:
    subtotal = next(field for field in opened.fields if field.name == "subtotal")
    assert (subtotal.options[-1].text, subtotal.options[-1].chosen, subtotal.options[-1].candidate) == ("", True, None)


def test_what_is_printed_is_what_the_template_would_say(look: TemplateReading, opened: OpenFields) -> None:
    said = {field.path: field.raw for field in look.extraction().fields}
    assert opened.printed["vendor.name"] == said["vendor.name"] == "Apex Infusion Services"
    assert opened.printed["line_items[0].description"] == "Saline bag"
    assert "subtotal" not in opened.printed


@pytest.mark.parametrize("number", range(12))
def test_every_open_field_has_one_chosen_option_and_none_twice(number: int) -> None:
    [document] = generate(1, 70 + number)
    look = TemplateExtractor().look(document.text)
    record = look.extraction().record
    for field in open_fields(look).fields:
        kind = spec_for(field.name).kind
        keys = [comparison_key(kind, one.candidate.value) if one.candidate else None for one in field.options]
        assert 2 <= len(set(keys)) == len(keys) <= MOST + 2
        assert sum(one.chosen for one in field.options) == 1
        value = value_at(record, field.name)
        assert keys[[one.chosen for one in field.options].index(True)] == (comparison_key(kind, value) if value is not None else None)
        assert all(one.share >= FLOOR or one.chosen for one in field.options)
        assert sum(one.share for one in field.options) <= 1 + 1e-9


def test_texts_are_such_as_a_model_can_be_asked_about() -> None:
    odd = typewritten(DOUBTFUL.replace("Apex Infusion", "Apex \ud800 Infusion").replace("Saline bag", "Saline " * 100))
    opened = open_fields(TemplateExtractor().look(odd))
    assert opened.fields
    texts = [*opened.printed.values(), *(option.text for field in opened.fields for option in field.options)]
    assert all(len(text) <= LONGEST for text in texts)
    "".join(texts).encode()
    assert "\ufffd" in opened.printed["vendor.name"]


def test_nothing_is_open_for_a_vendor_with_a_template_nor_on_a_blank_page(look: TemplateReading) -> None:
    document = look.document
    template = learn_template("apex", [GoldExample(document, look.extraction().record, "apex")])
    assert open_fields(TemplateExtractor(template).look(document)).fields == ()
    assert open_fields(TemplateExtractor().look(DocumentText(()))).fields == ()
