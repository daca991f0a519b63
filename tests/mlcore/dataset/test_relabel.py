"""Labels of noisy documents: they say what the noisy page says, can be said under the grammar, and survive being stored."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest

from mlcore.answers import FORMS, AnswerForm
from mlcore.answers.printed import printed_record
from mlcore.base_model.loading import LoadedBase, load_base
from mlcore.compare import compare_records, same
from mlcore.dataset.noise import Rewritten
from mlcore.dataset.relabel import noisy_example, places_of, relabeled
from mlcore.dataset.synthetic import generate, vendor_catalogue
from mlcore.documents import DocumentText, GoldExample, Page, gold_from_json, gold_to_json
from mlcore.inference.grammar import Grammars
from mlcore.page_text import page_text
from mlcore.schema import InvoiceRecord, LineItem, VendorParty, iter_values, spec_for
from tests.mlcore.conftest import Typewriter
from tests.mlcore.tiny import write_tiny_base


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> LoadedBase:
    return load_base(write_tiny_base(tmp_path_factory.mktemp("base")), "fp32", "cpu")


def _noisy(count: int, level: float) -> Iterator[tuple[GoldExample, GoldExample]]:
    for document in generate(count, 29, vendor_catalogue(20, 3)):
        yield document.gold, noisy_example(document.gold, random.Random(document.id), level)


@pytest.mark.thorough
@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_answers_of_noisy_examples_may_be_said_but_for_codes_that_are_damaged_beyond_their_form(base: LoadedBase, form: AnswerForm) -> None:
    grammars = Grammars(base.tokenizer, base.model.config.vocab_size)
    whole, asked = 0, 0
    for _, gold in _noisy(60, 1.5):
        printed = printed_record(gold)
        answer = "".join(part.text for part in form.spell(printed, gold.label_fields))
        guide = grammars.guide(form, page_text(gold.document).text)
        tokens = base.tokenizer(answer)["input_ids"]
        taken = 0
        while taken < len(tokens) and guide.could_take([tokens[taken]]):
            guide.take(tokens[taken])
            taken += 1
        asked, whole = asked + 1, whole + (taken == len(tokens))
        if taken < len(tokens):
            begun = len(base.tokenizer.decode(tokens[:taken]))
            codes = [one for one in form.read(answer) if one.path.endswith(("cpt_code", "ndc_code"))]
            assert any(one.start - 10 <= begun <= one.end for one in codes), answer[max(0, begun - 40) : begun + 20]
    assert asked >= 20
    assert whole >= 0.8 * asked


def test_values_are_what_the_noisy_page_says_at_their_places() -> None:
    kept: Counter[bool] = Counter()
    for clean, gold in _noisy(80, 1.0):
        printed = printed_record(gold)
        places = places_of(gold)
        for path, value in iter_values(gold.record):
            kind = spec_for(path).kind
            if value is None or path.endswith(".type"):
                continue
            assert path in gold.evidence
            words = [gold.document.pages[page].words[i].text for page, found in places[path] for i in found]
            assert "".join(printed[path].split()) == "".join("".join(words).split()), path
            if not path.startswith("line_items"):
                kept[same(kind, value, dict(iter_values(clean.record))[path])] += 1
    assert kept[True] > 0.8 * kept.total() > 0
    assert kept[False]


def test_a_noisy_example_comes_back_from_its_json() -> None:
    for _, gold in _noisy(20, 2.0):
        back = gold_from_json(gold_to_json(gold))
        assert back.record == gold.record
        assert set(back.evidence) == set(gold.evidence)


def test_without_errors_all_labels_stay() -> None:
    for clean, gold in _noisy(10, 0.0):
        assert compare_records(clean.record, gold.record).exact
        assert gold.document.text == clean.document.text
        assert set(gold.evidence) == set(clean.evidence)


def _rewritten(document: DocumentText, changes: dict[str, str | None]) -> Rewritten:
    """The typewritten page with some words replaced, or taken out (``None``)."""
    (page,) = document.pages
    kept = [(i, word) for i, word in enumerate(page.words) if changes.get(word.text, "") is not None]
    words = tuple(type(word)(changes.get(word.text) or word.text, word.box, word.line) for _, word in kept)
    return Rewritten(DocumentText((Page(1, page.width, page.height, words),)), (tuple((i,) for i, _ in kept),))


def test_the_rule_for_each_kind_of_damage(typewritten: Typewriter) -> None:
    document = typewritten(
        "Apex Infusion\nInvoice INV-7   04/05/2025\nSaline bag  2  10.00  20.00\nGauze       1   5.00   5.00\nTotal  25.00"
    )
    rows = (LineItem("Saline bag", Decimal(2), Decimal("10.00"), Decimal("20.00")), LineItem("Gauze", Decimal(1), None, None))
    record = InvoiceRecord("INV-7", dt.date(2025, 5, 4), VendorParty("Apex Infusion"), rows, None, Decimal("7.00"), Decimal("25.00"))
    gold = GoldExample(document, record, "apex")
    changes = {
        "Apex": "Apox", "INV-7": "lNV-7", "04/05/2025": "04/08/2025", "bag": None, "10.00": "1O.00", "20.00": "2000", "25.00": "$25.00",
        "Gauze": None, "1": None,
    }  # fmt: skip
    got = relabeled(gold, _rewritten(document, changes), places_of(gold)).record
    assert got.vendor.name == "Apox Infusion"
    assert got.invoice_number == "lNV-7"
    assert got.date == dt.date(2025, 8, 4)
    assert got.total == Decimal("25.00")
    assert got.tax == Decimal("7.00")
    assert got.line_items == (LineItem("Saline", Decimal(2), None, Decimal("2000")),)


def test_what_nobody_labeled_stays_unlabeled(typewritten: Typewriter) -> None:
    document = typewritten("Total  25.00")
    gold = GoldExample(document, InvoiceRecord(total=Decimal("25.00")), "v", {}, frozenset({"total"}))
    assert noisy_example(gold, random.Random(1), 0.0).label_fields == frozenset({"total"})
