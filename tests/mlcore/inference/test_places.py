"""Every place of a value, and the likeliest one."""

from __future__ import annotations

from decimal import Decimal

from mlcore.answers.printed import habits, printed_record, value_of
from mlcore.dataset.synthetic import generate
from mlcore.documents import DocumentText
from mlcore.inference.places import Finder, Placed, Wanted, place_values
from mlcore.page_text import page_text
from mlcore.readers.layout import evidence_of
from mlcore.schema import spec_for
from tests.mlcore.conftest import Typewriter

_PAGE = """
Apex Infusion Services            Invoice INV-7

Description          Qty     Price     Amount
Saline bag             1     20.00      20.00
0.9 %, sterile
Gauze                  2     10.00      20.00
Saline bag             1     20.00      20.00

                          Subtotal      60.00
                          Amount due    60.00
"""


def _placed(document: DocumentText, printed: dict[str, str]) -> dict[str, Placed]:
    order, style = habits(document)
    wanted = {path: Wanted(text, value_of(spec_for(path).kind, text, order, style)) for path, text in printed.items()}
    return place_values(Finder(page_text(document)), wanted)


def _words(placed: Placed) -> tuple[str, int]:
    assert placed.place is not None
    return " ".join(token.text for token in placed.place.tokens), placed.place.row


def test_equal_rows_are_placed_one_below_the_other_and_equal_cells_side_by_side(typewritten: Typewriter) -> None:
    items = [("Saline bag", "1", "20.00", "20.00"), ("Gauze", "2", "10.00", "20.00"), ("Saline bag", "1", "20.00", "20.00")]
    names = ("description", "quantity", "unit_price", "total")
    printed = {f"line_items[{row}].{name}": text for row, item in enumerate(items) for name, text in zip(names, item, strict=True)}
    placed = _placed(typewritten(_PAGE), printed)
    assert [_words(placed[f"line_items[{row}].description"])[1] for row in range(3)] == [2, 4, 5]
    for row, line in enumerate((2, 4, 5)):
        price, total = placed[f"line_items[{row}].unit_price"].place, placed[f"line_items[{row}].total"].place
        assert price is not None
        assert total is not None
        assert price.row == total.row == line
        assert price.x < total.x
    assert placed["line_items[0].total"].count == 5


def test_a_sum_stands_beside_its_label_and_no_print_is_two_values(typewritten: Typewriter) -> None:
    placed = _placed(typewritten(_PAGE), {"subtotal": "60.00", "total": "60.00"})
    assert (_words(placed["subtotal"]), _words(placed["total"])) == (("60.00", 6), ("60.00", 7))
    bare = _placed(typewritten("Apex\n5.00\n5.00"), {"subtotal": "5.00", "total": "5.00"})
    assert (_words(bare["subtotal"])[1], _words(bare["total"])[1]) == (1, 2)


def test_a_wrapped_value_is_one_place_and_reads_exactly(typewritten: Typewriter) -> None:
    (placed,) = _placed(typewritten(_PAGE), {"line_items[0].description": "Saline bag 0.9 %, sterile"}).values()
    assert placed.place is not None
    assert placed.place.exact
    assert len(evidence_of(placed.place.tokens)) == 2


def test_no_part_of_a_number_or_word_is_a_place(typewritten: Typewriter) -> None:
    found = Finder(page_text(typewritten("Total 1,234.50 Gauzes ($20.00)")))
    assert not found.exact("234.50")
    assert not found.exact("Gauze")
    assert not found.exact("")
    assert [place.tokens[0].text for place in found.exact("20.00")] == ["($20.00)"]


def test_what_is_spelled_otherwise_is_found_but_not_exact_and_what_is_nowhere_has_no_place(typewritten: Typewriter) -> None:
    placed = _placed(typewritten(_PAGE), {"vendor.name": "Apex Infusion Servlces", "total": "61.00", "date": "tomorrow"})
    name = placed["vendor.name"].place
    assert name is not None
    assert not name.exact
    assert placed["total"] == placed["date"] == Placed(None, 0)


def test_generated_invoices_are_placed_where_they_print() -> None:
    """Nearly every cell of a line item is found at its own print, though many are printed more than once."""
    cells = right = 0
    for document in generate(12, 21):
        placed = _placed(document.text, printed_record(document.gold))
        for path, one in placed.items():
            gold = document.evidence.get(path)
            if gold is None or not path.startswith("line_items"):
                continue
            assert one.place is not None, path
            x, y = evidence_of(one.place.tokens)[0].box.center
            cells += 1
            right += any(place.box.x0 <= x <= place.box.x1 and place.box.y0 <= y <= place.box.y1 for place in gold)
    assert cells > 200
    assert right > 0.96 * cells


def test_values_of_no_document_are_none() -> None:
    assert place_values(Finder(page_text(DocumentText(()))), {"total": Wanted("5.00", Decimal("5.00"))}) == {"total": Placed(None, 0)}
