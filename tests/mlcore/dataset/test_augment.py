"""Every augmentation changes the page and keeps the labels right: the words at the places still say the values."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest

from mlcore.answers.printed import printed_record
from mlcore.compare import compare_records, same
from mlcore.dataset.augment import AUGMENTATIONS, augmented
from mlcore.dataset.relabel import places_of
from mlcore.dataset.synthetic import generate, vendor_catalogue
from mlcore.documents import DocumentText, GoldExample
from mlcore.normalize import comparison_key
from mlcore.schema import InvoiceRecord, ValueKind, VendorParty, iter_values, spec_for
from tests.mlcore.conftest import typewritten

_EXAMPLES = [(document.id, document.gold) for document in generate(30, 61, vendor_catalogue(20, 9))]
_HEADER_TEXTS = ("vendor.name", "vendor.address")


def _made(steps: tuple[str, ...]) -> list[tuple[GoldExample, GoldExample, tuple[str, ...]]]:
    found = []
    for name, gold in _EXAMPLES:
        made, done = augmented(gold, steps, random.Random(name))
        found.append((gold, made, done))
    return found


def _words(document: DocumentText) -> Counter[str]:
    return Counter(word.text for page in document.pages for word in page.words)


@pytest.mark.parametrize("step", AUGMENTATIONS)
def test_it_changes_most_documents_and_repeats_itself(step: str) -> None:
    made = _made((step,))
    assert sum(bool(done) for *_, done in made) > 0.7 * len(made)
    assert all(before.document != after.document for before, after, done in made if done)
    assert [after for _, after, _ in made[:3]] == [after for _, after, _ in _made((step,))[:3]]


@pytest.mark.parametrize("steps", [("anonymise",), ("permute",), ("jitter",), AUGMENTATIONS[:3]])
def test_located_evidence_still_says_the_value(steps: tuple[str, ...]) -> None:
    for _, gold, _ in _made(steps):
        places = places_of(gold)
        printed = printed_record(gold)
        for path, value in iter_values(gold.record):
            kind = spec_for(path).kind
            if value is None or kind is ValueKind.ITEM_TYPE:
                continue
            words = [gold.document.pages[page].words[i].text for page, found in places[path] for i in found]
            if kind in (ValueKind.TEXT, ValueKind.IDENTIFIER, ValueKind.NDC, ValueKind.PROCEDURE):
                assert same(kind, " ".join(words), value), (path, words)
            assert "".join(printed[path].split()) == "".join("".join(words).split()), (path, words)


@pytest.mark.parametrize("step", ["permute", "jitter"])
def test_moving_print_changes_no_word_and_no_value(step: str) -> None:
    for before, after, _ in _made((step,)):
        assert _words(before.document) == _words(after.document)
        assert compare_records(before.record, after.record).exact
        for page in after.document.pages:
            assert all(0 <= w.box.x0 <= w.box.x1 <= 1 and 0 <= w.box.y0 <= w.box.y1 <= 1 for w in page.words)


def test_permuted_columns_take_their_headings_along() -> None:
    """In at least some documents two columns of line items stand the other way round, and headings moved as far as they did."""
    swapped = 0
    for before, after, _ in _made(("permute",)):
        names = sorted(path for path in before.evidence if path.startswith("line_items[0]."))
        order = [sorted(names, key=lambda path: gold.evidence[path][0].box.x0) for gold in (before, after)]
        swapped += order[0] != order[1]
    assert swapped > 5


def test_amounts_and_dates_move_too() -> None:
    """A printed amount or date is another text than its value; they are permuted all the same."""
    moved: Counter[str] = Counter()
    for before, after, _ in _made(("permute",)):
        for path, places in before.evidence.items():
            moved[path.rpartition(".")[2]] += after.evidence[path][0].box.center != places[0].box.center
    assert moved["date"]
    assert moved["unit_price"]
    assert moved["total"]


def test_an_anonymised_sender_is_gone_from_the_whole_document_and_another_is_in_its_place() -> None:
    asked = 0
    for before, after, done in _made(("anonymise",)):
        old, new = before.record.vendor.name, after.record.vendor.name
        if not done or old is None or new is None:
            continue
        asked += 1
        assert not same(ValueKind.TEXT, old, new)
        text = comparison_key(ValueKind.TEXT, after.document.text)
        assert comparison_key(ValueKind.TEXT, new) in text
        if len(before.evidence["vendor.name"]) == 1:
            assert comparison_key(ValueKind.TEXT, old) not in text.replace(comparison_key(ValueKind.TEXT, new), ""), old
        kept = [path for path, _ in iter_values(before.record) if path not in _HEADER_TEXTS]
        assert all(dict(iter_values(before.record))[path] == dict(iter_values(after.record))[path] for path in kept)
    assert asked > 20


def _anonymous(page: str, name: str, address: str) -> GoldExample:
    gold = GoldExample(typewritten(page), InvoiceRecord(vendor=VendorParty(name, address)), "v")
    made, done = augmented(gold, ("anonymise",), random.Random(3))
    assert done == ("anonymise",)
    assert made.record.vendor.name != name
    assert made.record.vendor.name is not None
    assert comparison_key(ValueKind.TEXT, made.record.vendor.name) in comparison_key(ValueKind.TEXT, made.document.text)
    return made


def test_the_legal_form_stays_and_of_an_address_abroad_only_the_digits_are_others() -> None:
    address = "LOT 30, JALAN PELABUR 23/1, 40300 SHAH ALAM, SELANGOR"
    made = _anonymous(
        "FRESH BAKERIES (KL) SDN BHD\nLOT 30, JALAN PELABUR 23/1,\n40300 SHAH ALAM, SELANGOR\nTOTAL  4.20",
        "FRESH BAKERIES (KL) SDN BHD",
        address,
    )
    vendor = made.record.vendor
    assert vendor.name is not None
    assert vendor.name.endswith(" (KL) SDN BHD")
    assert not {"FRESH", "BAKERIES"} & set(made.document.text.split())
    assert vendor.address is not None
    assert vendor.address != address
    assert re.sub(r"\d", "9", vendor.address) == re.sub(r"\d", "9", address)
    assert "4.20" in made.document.text


def test_a_name_that_is_nothing_but_a_legal_form_is_replaced_whole() -> None:
    made = _anonymous("Limited Co\n1 Hill St\nBill 7", "Limited Co", "1 Hill St")
    assert made.record.vendor.name is not None
    assert not made.record.vendor.name.startswith("Limited")


def test_what_stands_behind_the_place_of_an_address_stays() -> None:
    made = _anonymous(
        "Wood Corner\n1839 Arbor Way\nTurlock CA 95380\nUnited States\nBill 7",
        "Wood Corner",
        "1839 Arbor Way Turlock CA 95380 United States",
    )
    address = made.record.vendor.address
    assert address is not None
    assert address.endswith(" United States")
    assert not {"Arbor", "Turlock"} & set(address.split())


def test_an_address_that_stands_there_in_part_is_left_as_it_is_with_its_label() -> None:
    address = "250 Executive Park Blvd San Francisco CA 94134 France"
    made = _anonymous("YourCompany\n250 Executive Park Blvd\nSan Francisco 94134\nBill 7", "YourCompany", address)
    assert made.record.vendor.address == address
    assert "250 Executive Park Blvd" in made.document.text
