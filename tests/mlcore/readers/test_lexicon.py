from __future__ import annotations

import pytest

from mlcore.readers.lexicon import find_labels, label_word


def labels(text: str) -> list[str]:
    return [kind for kind, _first, _last in find_labels([label_word(word) for word in text.split()])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Invoice Date: 05/01/2024", ["date.invoice"]),
        ("Due date 05/31/2024", ["date.due"]),
        ("Date d'échéance", ["date.due"]),
        ("Rechnungsdatum 05.06.2018", ["date.invoice"]),
        ("TOTAL AMOUNT DUE $4.11", ["amount.grand"]),
        ("Total (inclusive of GST) : 36.04", ["amount.grand"]),
        ("TOTAL INCL. GST@6% RM 57.40", ["amount.grand"]),
        ("Net à payer", ["amount.grand"]),
        ("SUB-TOTAL: 10.30", ["amount.subtotal"]),
        ("GST REG NO 000656195584", ["number.tax"]),
        ("Facture N°: FA01", ["number.invoice"]),
        ("Ship to", ["party.buyer"]),
    ],
)
def test_labels_of_several_languages(text: str, expected: list[str]) -> None:
    assert labels(text) == expected


def test_a_misread_label_is_its_nearest_neighbour() -> None:
    assert labels("INVOLCE NO.: 17") == ["number.invoice"]
    assert labels("Echéacnce") == ["date.due"]


def test_joined_words_are_labels_too() -> None:
    assert labels("TOTALAMOUNT: 31.00") == ["amount.total"]


def test_text_without_labels_has_none() -> None:
    assert labels("Amoxicillin capsules 500 mg") == []
