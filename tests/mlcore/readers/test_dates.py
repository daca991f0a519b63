from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from mlcore.documents import DocumentText
from mlcore.readers.context import Context
from mlcore.readers.dates import DateForm, choose_order, find_dates
from mlcore.readers.header import read_header
from mlcore.readers.layout import build_layout


def read(document: DocumentText) -> list[dt.date]:
    context = Context(build_layout(document))
    spans = find_dates(context.rows)
    preference = choose_order(context.layout, context.rows, spans)
    return [span.value(preference) for span in spans]


@pytest.mark.parametrize(
    "text",
    [
        "2018-12-14",
        "14/12/2018",
        "14-12-18 10:22",
        "14.12.2018",
        "14 DEC 2018",
        "14/DEC/2018",
        "Dec 14, 2018",
        "14. Dezember 2018",
        "14 décembre 2018",
        "20181214",
        "14122018 13:11",
        "l4/12/2O18",
    ],
)
def test_printed_forms(typewritten: Callable[..., DocumentText], text: str) -> None:
    assert read(typewritten(f"Date: {text}")) == [dt.date(2018, 12, 14)]


def test_a_certain_date_decides_for_the_ambiguous_one(typewritten: Callable[..., DocumentText]) -> None:
    assert read(typewritten("Invoice date 03/04/2024\nDue 03/28/2024"))[0] == dt.date(2024, 3, 4)
    assert read(typewritten("Invoice date 03/04/2024\nDue 28/04/2024"))[0] == dt.date(2024, 4, 3)


def test_country_decides_when_every_date_is_ambiguous(typewritten: Callable[..., DocumentText]) -> None:
    assert read(typewritten("Toledo, OH 43604\n03/04/2024")) == [dt.date(2024, 3, 4)]
    assert read(typewritten("Total RM 5.00 GST\n03/04/2024")) == [dt.date(2024, 4, 3)]


def test_year_day_month_is_read_only_when_the_calendar_asks_for_it(typewritten: Callable[..., DocumentText]) -> None:
    assert read(typewritten("2015-30-01")) == [dt.date(2015, 1, 30)]


def test_short_french_months(typewritten: Callable[..., DocumentText]) -> None:
    text = "aot 19, 2016\njui 21,2017\naoû 5, 2019"
    assert read(typewritten(text)) == [dt.date(2016, 8, 19), dt.date(2017, 6, 21), dt.date(2019, 8, 5)]


def test_numbers_that_are_no_dates(typewritten: Callable[..., DocumentText]) -> None:
    assert read(typewritten("Tel 03-40210276\nRef 99/99/2018\nNDC 0409-4755-03\n1.250,00")) == []


def test_a_number_with_a_slash_before_a_date_is_no_day_of_it(typewritten: Callable[..., DocumentText]) -> None:
    assert read(typewritten("Our reference 6174/23   November 26, 2023")) == [dt.date(2023, 11, 26)]


def candidates(document: DocumentText) -> list[object]:
    return [found.value for found in read_header(Context(build_layout(document)))["date"]]


@pytest.mark.parametrize(
    "text",
    [
        "Invoice date 03/28/2024\nDate of birth 07/19/1994",
        "Invoice date 03/28/2024\nPatient Ana Ruiz   DOB: 07/19/1994",
        "Patient         Date of birth     Invoice date\nAna Ruiz        07/19/1994        03/28/2024",
        "Invoice date            Date of birth            Account\n            03/28/2024               07/19/1994             77120",
        "Born\n07/19/1994\nInvoice date 03/28/2024",
    ],
    ids=["beside the label", "a short label", "under a heading", "in a grid whose edges do not agree", "under the label"],
)
def test_a_date_of_birth_is_no_candidate_and_the_date_beside_it_is(typewritten: Callable[..., DocumentText], text: str) -> None:
    assert candidates(typewritten(text)) == [dt.date(2024, 3, 28)]


def test_a_date_of_birth_still_says_how_the_other_dates_are_to_be_read(typewritten: Callable[..., DocumentText]) -> None:
    assert candidates(typewritten("Invoice date 03/04/2024\nDate of birth 07/19/1994")) == [dt.date(2024, 3, 4)]
    assert candidates(typewritten("Invoice date 03/04/2024\nDate of birth 19/07/1994")) == [dt.date(2024, 4, 3)]


def test_both_readings_are_kept_for_the_template(typewritten: Callable[..., DocumentText]) -> None:
    (span,) = find_dates(Context(build_layout(typewritten("03/04/2024"))).rows)
    assert span.value((DateForm.MONTH_DAY_YEAR,)) == dt.date(2024, 3, 4)
    assert span.value((DateForm.DAY_MONTH_YEAR,)) == dt.date(2024, 4, 3)
