"""The rules of handing out work."""

from __future__ import annotations

import datetime as dt

import pytest

from labeling.assignment.lease_sql import find_statement
from labeling.assignment.strategies import Step, claim_steps, kinds_for, labeled_kinds, priority


@pytest.mark.parametrize(
    ("senior", "prefetch", "steps"),
    [
        (False, False, [Step.OPENED, Step.PREFETCHED, Step.RETURNED, Step.QUEUE]),
        (False, True, [Step.PREFETCHED, Step.RETURNED, Step.QUEUE]),
        (True, False, [Step.OPENED, Step.PREFETCHED, Step.RETURNED, Step.ESCALATED, Step.QUEUE]),
        (True, True, [Step.PREFETCHED, Step.RETURNED, Step.ESCALATED, Step.QUEUE]),
    ],
)
def test_where_a_claim_looks(senior: bool, prefetch: bool, steps: list[Step]) -> None:
    assert list(claim_steps(senior=senior, prefetch=prefetch)) == steps


@pytest.mark.parametrize(
    ("days", "confidence", "expected"),
    [(0, 1.0, 0), (0, 0.0, 10), (0, None, 10), (1, 1.0, 10), (2, 0.75, 22), (90, 0.5, 305), (-3, 2.0, 0)],
)
def test_a_day_of_waiting_weighs_as_much_as_full_doubt(days: int, confidence: float | None, expected: int) -> None:
    assert priority(waiting=dt.timedelta(days=days), confidence=confidence) == expected


def test_adjudications_are_handed_to_seniors_and_only_when_they_ask_for_them() -> None:
    assert kinds_for("biller") == ("label",)
    for role in ("senior", "admin"):
        assert "adjudicate" in kinds_for(role)
        assert "adjudicate" not in labeled_kinds(role)


def test_only_postgresql_locks_and_only_rows_that_are_nobodys() -> None:
    steps = claim_steps(senior=True, prefetch=False)
    assert find_statement(steps, 1, "postgresql", 900).count("FOR UPDATE SKIP LOCKED") == 3
    assert "FOR UPDATE" not in find_statement(steps, 1, "sqlite", 900)
    assert "t.kind IN (%(kind0)s, %(kind1)s)" in find_statement(steps, 2, "sqlite", 900)
