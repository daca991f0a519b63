from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import replace
from decimal import Decimal

import pytest

from mlcore.documents import Box, Evidence
from mlcore.errors import ReadingError
from mlcore.inference.reading import DocumentReading, ValueReading, WeighedField
from mlcore.inference.reading_json import reading_from_json, reading_to_json
from mlcore.schema import InvoiceRecord, ItemType, LineItem, VendorParty

PLACE = Evidence(1, Box(0.1, 0.2, 0.3, 0.25))
ITEM = LineItem("Lipid panel", Decimal("3"), Decimal("20.5"), Decimal("61.50"), None, "80061", ItemType.BUNDLED_SERVICE)
READING = DocumentReading(
    InvoiceRecord("NG-1", dt.date(2024, 5, 4), VendorParty("Northgate", None), (ITEM,), None, None, Decimal("61.50")),
    (
        ValueReading("invoice_number", "NG-1", "NG-1", (-0.25, -1.5), (2.0, math.inf), (PLACE,), 2, True),
        ValueReading("date", "04/05/2024", dt.date(2024, 5, 4), (-0.125,), (1.0,), (PLACE,), 1, True),
        ValueReading("tax", "", None, (), ()),
        ValueReading("total", "no number", None, (-3.0,), (-0.5,)),
        ValueReading("line_items[0].unit_price", "$20.5", Decimal("20.5"), (), (), (PLACE,), 1, False),
        ValueReading("line_items[0].type", "B", ItemType.BUNDLED_SERVICE, (-0.5,), (0.75,)),
    ),
    windows=2,
    tokens=120,
    passes=61,
    cut=True,
    weighed=(WeighedField("date", (("04/05/2024", -0.25), ("05/05/2024", -7.5))), WeighedField("tax", (("", -0.125), ("3.50", -4.0)))),
)


def test_a_reading_comes_back_from_a_line_of_a_file_as_it_was() -> None:
    again = reading_from_json(json.loads(json.dumps(reading_to_json(READING), allow_nan=False)))
    assert again == READING
    assert isinstance(again.values[-1].value, ItemType)


def test_a_reading_that_weighed_nothing_says_nothing_of_it() -> None:
    plain = replace(READING, weighed=())
    told = reading_to_json(plain)
    assert "weighed" not in told
    assert reading_from_json(told) == plain


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("values", [{"path": "line_items[0].colour"}]),
        ("values", [{**reading_to_json(READING)["values"][1], "value": "soon"}]),
        ("values", [{**reading_to_json(READING)["values"][4], "value": "twenty"}]),
        ("values", None),
        ("record", {"total": "much"}),
        ("windows", "few"),
        ("weighed", {"colour": [["red", -1.0]]}),
        ("weighed", {"date": [["04/05/2024", "likely"]]}),
    ],
)
def test_what_is_no_reading_is_refused_in_a_sentence(key: str, value: object) -> None:
    with pytest.raises(ReadingError, match="read the document again"):
        reading_from_json({**reading_to_json(READING), key: value})
