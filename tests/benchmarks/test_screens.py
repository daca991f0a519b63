"""Every address has a row in the benchmark of screens or a reason for having none, and pages do not cost more statements with more rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import get_resolver, resolve

from benchmarks.screens.addresses import ROWS, Row, filled
from benchmarks.screens.counting import Cost, costs
from benchmarks.screens.fates import OF_200, SIGNED_IN
from benchmarks.screens.filling import fill
from benchmarks.screens.printing import ALLOWED, LITTLE, faults
from benchmarks.screens.targets import targets
from benchmarks.screens.unmeasured import NOT_MEASURED
from invoices.audit.verifying import verify
from labeling.models import Agreement, LabelingTask
from tests.addresses import routes


class Anything(dict[str, list[Any]]):
    """Stands for every target."""

    def items(self) -> Any:
        return {name: [1] for row in ROWS for name in _names(row)}.items()


def _names(row: Row) -> list[str]:
    return [part.partition("}")[0] for part in row.address.split("{")[1:]]


def _route(row: Row) -> str:
    return str(resolve(filled(row.address, Anything(), 0).partition("?")[0]).route)


def test_every_address_is_measured_or_says_why_not() -> None:
    """A new screen or endpoint without a line in ``benchmarks/screens/addresses.py`` fails here."""
    measured, known = {_route(row) for row in ROWS}, set(routes(get_resolver()))
    assert known - measured - set(NOT_MEASURED) == set(), "add a row to benchmarks/screens/addresses.py, or a reason to unmeasured.py"
    assert set(NOT_MEASURED) - known == set()
    assert measured & set(NOT_MEASURED) == set()
    assert all(NOT_MEASURED.values())


def test_rows_are_told_apart_and_follow_rows_that_exist() -> None:
    assert len({row.name + row.address for row in ROWS}) == len(ROWS)
    assert {row.by for row in ROWS} == set(SIGNED_IN)
    assert {name for row in ROWS for name in row.before} <= {row.name for row in ROWS if row.method != "GET"}


def test_documents_of_every_fate_are_a_whole_archive() -> None:
    assert sum(OF_200.values()) == 200


@pytest.mark.thorough
@pytest.mark.django_db
def test_no_address_costs_more_statements_when_there_is_three_times_as_much(settings: Any) -> None:
    """With 400 documents every page is full; with 1,200 there is more of everything."""
    fill(400)
    names = targets()
    assert [name for name, found in names.items() if not found] == []
    few = costs(names)
    fill(1_200, first=400)
    many = costs(targets())
    assert verify().faults == []
    assert Agreement.objects.count() == 1_200 * 24 // 200
    assert LabelingTask.objects.filter(kind="second_label", state="open", hides_prefill=False).exists()
    wrong = [fault for row in ROWS for fault in faults(row, [_pair(few, row), _pair(many, row)]) if "statements" in fault]
    assert wrong == []


def test_a_row_that_is_not_bounded_is_told() -> None:
    row = next(row for row in ROWS if not row.grows)
    assert faults(row, [(9, 1_000), (11, LITTLE)]) == []
    assert faults(row, [(9, 1_000), (9, int(ALLOWED * 1_000))]) == []
    (statements,) = faults(row, [(9, 1_000), (39, 1_000)])
    assert "39" in statements
    (work,) = faults(row, [(9, 1_000), (9, 100_000)])
    assert "100.0 times" in work


def _pair(found: dict[str, Cost], row: Row) -> tuple[int, int]:
    cost = found[row.name + row.address]
    return cost.statements, cost.steps
