"""The browser's ports of the core rules against the core itself, run as modules in the real browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from mlcore.billing.service_dates import printed_periods
from mlcore.normalize import is_procedure_code, ndc11, parse_date, parse_decimal, procedure_parts

VECTORS = Path(__file__).parents[2] / "vectors"

NUMBERS = [
    "1,234.50", "1234.5", "1 234,50", "1.234,50", "(12.00)", "12.00-", "-12", "−3.5", "$ 5", ".50", "0,500", "1,234", "12,34",
    "1,23,456", "1.2.3", "RM 10.00", "USD 4", "12.00CR", "", "-", "abc", "1,234,567.891", "999999999999.9999", "1000000000000",
    "0", "-0.00", "5-3", "1'234.50", "1234567", "12,345", "0,5", "1..2", "$-4.00", "(1,234", "00,123", "100 000", "9999999999999",
    "1.234", "-12.345", "0.125", "$1.234", "1.234.567",
]  # fmt: skip
DATES = [
    "2025-03-04", "2025/3/4", "20250304", "03/04/2025", "13/04/2025", "04/13/2025", "04/04/2025", "4 March 2025", "4th Mar 25",
    "March 4, 2025", "Mar 4 '25", "31/02/2025", "2025-02-30", "1. Januar 2024", "15 août 2023", "12 déc 2022", "2025",
    "1899-12-31", "2101-01-01", "3/4/68", "3.3.69", "Smarch 4, 2025", "4-MAR-2025", " 2025-03-04. ", "29/02/2024", "29/02/2023",
    "02 29 2024",
]  # fmt: skip
CODES = [
    "12345-6789-01", "12345-678-90", "1234-5678-90", "12345-6789-1", "12345678901", "1234567890", "12-34-56", "abc", "", "99213",
    "J1100", "j1100", "99213-25", "9921325", "G0008", "0001F", "W1234", "A123", "J1100 59", "0071-0805-40", "0071–0805–40",
    "* 0071-0805-40", "99213 25", "J1100-JW", "99213-25-59", "e0601 rr, kh", "0001A", "O1234", "99213-2", "0071T/26", "99213–25",
]  # fmt: skip
DESCRIPTIONS = [
    "Wheelchair (10/17/25-11/15/25)", "Visit Oct 18, 2025", "Visit 18-OCT-2024 to 03/04/2025", "Pump 12/20 - 01/18/26",
    "Lot 3 exp 12/31/2027", "DOB: 03/04/1960, seen 2025-10-18", "10.17.25–11.15.25", "Tube 10.5.3", "Ratio 1/2/3", "02/29/25",
    "2025-10-01 thru 2025-10-31", "",
    "Ａ １０/１７/２５", "5 March 2024 until 6 april 2024", "30 caps 24", "10/17/2025 08:30", "10-17-25-11-15-25",
]  # fmt: skip

Run = Callable[[str, Any], Any]


@pytest.fixture
def run(browser_page: Page) -> Run:
    """Runs JavaScript with the modules of the screen: ``body`` sees ``modules`` and ``input``."""
    browser_page.goto("/sign-in/")

    def call(body: str, value: Any) -> Any:
        names = ["balance", "normalise", "formats", "merge", "page_rows", "billing", "service_dates"]
        imports = ", ".join(f"{name}: await import('/static/labeling/js/{name}.js')" for name in names)
        return browser_page.evaluate(f"async (input) => {{ const modules = {{{imports}}}; {body} }}", value)

    return call


@pytest.mark.main_job
def test_balance_gives_the_answers_of_the_core(run: Run) -> None:
    cases = json.loads((VECTORS / "balance.json").read_text())
    body = """return input.map(({record}) => {
      const {residuals, explanations} = modules.balance.explainImbalance(record);
      return {residuals, explanations: explanations.map(({path, kind, value}) => ({path, kind, value}))};
    })"""
    for case, answer in zip(cases, run(body, cases), strict=True):
        assert answer == case["expected"], case["name"]


@pytest.mark.main_job
def test_numbers_are_read_as_the_core_reads_them(run: Run) -> None:
    found = run("return input.map((text) => modules.normalise.parseDecimal(text))", NUMBERS)
    for text, plain in zip(NUMBERS, found, strict=True):
        expected = parse_decimal(text)
        assert (plain is None) == (expected is None), text
        assert expected is None or type(expected)(plain) == expected, text


@pytest.mark.main_job
def test_dates_are_read_as_the_core_reads_them(run: Run) -> None:
    found = run("return input.map((text) => modules.normalise.parseDate(text))", DATES)
    expected = [date.isoformat() if (date := parse_date(text)) else None for text in DATES]
    assert dict(zip(DATES, found, strict=True)) == dict(zip(DATES, expected, strict=True))


def test_codes_have_the_forms_of_the_core(run: Run) -> None:
    body = """return input.map((text) => {
      const parts = modules.normalise.procedureParts(text);
      return [modules.normalise.ndc11(text), modules.normalise.isProcedureCode(text), parts && [parts.code, ...parts.modifiers]];
    })"""
    for text, (ndc, procedure, parts) in zip(CODES, run(body, CODES), strict=True):
        assert ndc == ndc11(text), text
        assert procedure == is_procedure_code(text), text
        expected = procedure_parts(text)
        assert parts == (expected and [expected[0], *expected[1]]), text


def test_billing_rules_give_the_answers_and_the_sentences_of_the_core(run: Run) -> None:
    cases = json.loads((VECTORS / "billing.json").read_text())
    answers = run("return input.map(({record}) => modules.billing.billingFindings(record))", cases)
    for case, answer in zip(cases, answers, strict=True):
        assert answer == case["expected"], case["name"]


def test_dates_of_service_are_read_as_the_core_reads_them(run: Run) -> None:
    found = run("return input.map((text) => modules.service_dates.printedPeriods(text))", DESCRIPTIONS)
    for text, periods in zip(DESCRIPTIONS, found, strict=True):
        expected = printed_periods(text)
        assert [period["printed"] for period in periods] == [period.printed for period in expected], text
        readings = [[[day.isoformat() for day in (one.first, one.last)] for one in period.readings] for period in expected]
        assert [period["readings"] for period in periods] == readings, text


def test_a_date_that_reads_both_ways_is_refused_with_both_readings(run: Run) -> None:
    read = run("return modules.formats.readValue('date', input, [])", "03/04/2025")
    assert read["value"] is None
    assert read["choices"] == ["2025-04-03", "2025-03-04"] or read["choices"] == ["2025-03-04", "2025-04-03"]
    assert "reads both ways" in read["problem"]


def test_money_is_padded_and_codes_only_warned_about(run: Run) -> None:
    assert run("return modules.formats.readValue('money', input, [])", "1,234.5")["value"] == "1234.50"
    code = run("return modules.formats.readValue('ndc', input, [])", "123-45")
    assert code["value"] == "123-45"
    assert code["problem"] == ""
    assert "is no NDC" in code["warning"]


def test_merge_keeps_mine_where_only_mine_changed_and_asks_where_both_did(run: Run) -> None:
    def cell(value: str) -> dict[str, Any]:
        return {"value": value, "mark": None, "unsure": False}

    merged = run(
        """const {agreed, conflicts, rows} = modules.merge.mergeDrafts(
             input.base, {cells: new Map(Object.entries(input.mine)), rows: input.rows}, input.theirs);
           return {agreed: [...agreed], conflicts: conflicts.map(({key}) => key), rows}""",
        {
            "base": {"cells": {"total": cell("1")}, "rows": ["p0", "p1"]},
            "mine": {"total": cell("2"), "tax": cell("3"), "date": cell("2025-01-01")},
            "rows": ["p0", "nA", "p1"],
            "theirs": {"cells": {"total": cell("4"), "date": cell("2025-01-01")}, "rows": ["p1", "nB"]},
        },
    )
    assert merged == {"agreed": ["date"], "conflicts": ["total"], "rows": ["nA", "p1", "nB"]}


def test_lines_of_words_become_rows_with_codes_and_numbers(run: Run) -> None:
    def word(text: str, x: float) -> dict[str, Any]:
        return {"text": text, "x0": x, "y0": 0.1, "x1": x + 0.05, "y1": 0.12, "line": 3, "key": text.lower()}

    texts = ["1", "0071-0805-40", "GABAPENTIN", "300MG", "15", "J1100", "26.50", "397.50"]
    items = run("return modules.page_rows.itemsFromLines(1, [input])", [word(text, index / 10) for index, text in enumerate(texts)])
    assert {name: found["text"] for name, found in items[0].items()} == {
        "ndc_code": "0071-0805-40",
        "quantity": "15",
        "unit_price": "26.50",
        "total": "397.50",
        "cpt_code": "J1100",
        "description": "1 GABAPENTIN 300MG",
    }
