"""The rules of handing out work."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import Q

from labeling.assignment.lease_sql import find_statement
from labeling.assignment.strategies import Step, claim_steps, kinds_for, lines_for, priority
from labeling.models.tasks import LABELING_LINE, SENIOR_LINES


@pytest.mark.parametrize(
    ("senior", "prefetch", "steps"),
    [
        (False, False, [Step.OPENED, Step.PREFETCHED, Step.RETURNED, Step.RESERVED, Step.DUE, Step.QUEUE]),
        (False, True, [Step.PREFETCHED, Step.RETURNED, Step.RESERVED, Step.DUE, Step.QUEUE]),
        (True, False, [Step.OPENED, Step.PREFETCHED, Step.RETURNED, Step.RESERVED, Step.ESCALATED, Step.DUE, Step.QUEUE]),
        (True, True, [Step.PREFETCHED, Step.RETURNED, Step.RESERVED, Step.ESCALATED, Step.DUE, Step.QUEUE]),
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


def test_labels_second_labels_and_audits_are_one_line_and_reviews_and_adjudications_are_the_seniors() -> None:
    assert kinds_for("biller") == ("label", "second_label", "audit")
    assert kinds_for("senior") == kinds_for("admin") == ("label", "second_label", "audit", "review", "adjudicate")
    assert [lines_for(role)[0] for role in ("biller", "senior", "admin")] == ["label"] * 3


def test_only_postgresql_locks_and_only_rows_that_are_nobodys() -> None:
    steps = claim_steps(senior=True, prefetch=False)
    assert find_statement(steps, "label", "postgresql", 900).count("FOR UPDATE SKIP LOCKED") == 5
    assert "FOR UPDATE" not in find_statement(steps, "label", "sqlite", 900)


@pytest.mark.parametrize(("line", "condition"), [("label", LABELING_LINE), ("review", SENIOR_LINES)])
def test_a_claim_names_the_kinds_as_the_condition_of_its_index_does(line: str, condition: Q) -> None:
    kinds: list[str] = next(child[1] for child in condition.children if isinstance(child, tuple) and child[0] == "kind__in")
    named = ", ".join(f"'{kind}'" for kind in kinds)
    assert f"t.kind IN ({named})" in find_statement(claim_steps(senior=False, prefetch=False), line, "sqlite", 900)
