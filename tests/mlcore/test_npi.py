"""National Provider Identifiers on a page."""

from __future__ import annotations

import pytest

from mlcore.checks import check_document
from mlcore.documents import Box, DocumentText, Page, Severity, Word
from mlcore.npi import npi_problem, printed_npis

RIGHT, WRONG = "1234567893", "1234567890"


def document(*lines: str) -> DocumentText:
    """A page with these lines; a word is as wide as it is long, ten characters to a tenth of the page."""
    words = []
    for number, line in enumerate(lines):
        at = 0
        for text in line.split(" "):
            if text:
                words.append(Word(text, Box(at / 100, number / 50, (at + len(text)) / 100, number / 50 + 0.01), number))
            at += len(text) + 1
    return DocumentText((Page(1, 612, 792, tuple(words)),))


def numbers(*lines: str) -> list[str]:
    return [npi.text for npi in printed_npis(document(*lines))]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (RIGHT, ""),
        ("1245319599", ""),
        (WRONG, "has a wrong check digit: misprinted or misread"),
        ("1234567983", "has a wrong check digit: misprinted or misread"),
        ("123456789", "has 9 digits; an NPI has ten"),
        ("3234567893", "begins with 3; an NPI begins with 1 or 2"),
        ("12345678S3", "has a letter in it; an NPI has ten digits"),
    ],
)
def test_what_is_wrong_with_a_number(text: str, problem: str) -> None:
    assert npi_problem(text) == problem


@pytest.mark.parametrize(
    "line",
    [
        f"NPI {WRONG}", f"NPI: {WRONG}", f"NPI:{WRONG}", f"NPI# {WRONG}", f"Npi No. {WRONG}", f"N.P.I. # {WRONG}",
        f"Billing NPI Number: {WRONG} Tax ID 12-3456789", f"(NPI: {WRONG})", f"NPI {WRONG}, TIN 123456789",
    ],
)  # fmt: skip
def test_the_number_beside_the_word(line: str) -> None:
    assert numbers(line) == [WRONG]


def test_the_number_below_the_word_in_its_column() -> None:
    assert numbers("Account       NPI          Date", f"9876543210    {WRONG}   10/20/2025") == [WRONG]


@pytest.mark.parametrize(
    "line", ["NPI", "NPI pending 1234567890", f"Phone {WRONG}", f"Account {WRONG} NPI", "NPISOLOBILLS", "UNPIN 1234567890"]
)
def test_another_number_is_none(line: str) -> None:
    assert numbers(line) == []


def test_a_number_that_is_printed_twice_is_told_once() -> None:
    assert numbers(f"NPI {WRONG}", f"NPI {WRONG} NPI {RIGHT}") == [WRONG, RIGHT]


def test_the_check_points_to_the_place_and_is_good_news_when_all_are_right() -> None:
    (check,) = check_document(document("Some Clinic", f"NPI {WRONG}"))
    assert (check.code, check.severity, check.paths) == ("npi_check_digit", Severity.WARNING, ())
    assert check.message == f"NPI {WRONG} has a wrong check digit: misprinted or misread."
    assert [place.to_json() for place in check.places] == [{"page": 1, "box": [0.04, 0.02, 0.14, 0.03]}]
    (good,) = check_document(document(f"NPI {RIGHT}"))
    assert good.severity is Severity.OK
    assert check_document(document("no number at all")) == ()
