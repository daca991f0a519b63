"""What speaks against gold records, and labels of documents whose truth is known: gold tests and the onboarding, as rows."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from benchmarks.screens.fates import BILLERS, Paper
from benchmarks.screens.invoices import otherwise
from benchmarks.screens.people import Staff
from benchmarks.screens.store import Rows
from invoices.models import User, Veil
from labeling.models import Annotation, GoldRecord, KnownDocument, LabelingTask, SuspectGold, TaskKind, TaskPurpose, Trial
from labeling.trials.handing_out import APART
from labeling.trials.judging import wrong_fields

SUSPECT_OF_100: Final = 5
TESTED: Final = 0.4
"""Of the documents on which two people agreed so many were a gold test to a third one."""

NEW_PEOPLE: Final = 10
"""Billers who went through the onboarding."""

_ONBOARDING_BEFORE: Final = 60
"""Of the documents with a smaller number than this the single labels are the onboarding set."""

_CHOSEN_EVERY: Final = 9


def suspicion(rows: Rows, gold: GoldRecord, senior: User, at: dt.datetime) -> None:
    """What was found when a record was looked over. Of a hundred records some are listed, one was decided about and one reviewed again."""
    number = int(gold.document.sha256, 16)
    spread = (number // 200 + number % 200 * 7) % 100
    state = "open" if spread < SUSPECT_OF_100 else {SUSPECT_OF_100: "right", SUSPECT_OF_100 + 1: "settled"}.get(spread, "clear")
    found = SuspectGold(gold=gold, state=state, looked_at=at + dt.timedelta(days=1))
    if state != "clear":
        others = [{"document": 1 + number % 50, "value": "12.00"}]
        reason = {"ground": "vendor", "code": "vendor_amount", "paths": ["total"], "message": "Far above the others.", "weight": 0.4}
        found.score, found.reasons = 300 + number % 650, [{**reason, "value": gold.record["total"], "others": others}]
    if state in ("right", "settled"):
        found.decided_by, found.decided_at, found.note = senior, at + dt.timedelta(days=2), "The page says so."
    rows.add(found)


def tested(rows: Rows, paper: Paper, task: LabelingTask, gold: GoldRecord, pair: tuple[User, User], staff: Staff, at: dt.datetime) -> None:
    """A test of a third person with a document on which two agreed; every other one is not told yet. Seniors chose a few of them."""
    if paper.number // 200 % _CHOSEN_EVERY == 0:
        rows.add(KnownDocument(document=task.document, purpose=TaskPurpose.GOLD_TEST, by=staff.seniors[0], at=at))
    by = staff.billers[paper.number // 3 % BILLERS]
    if by in pair or paper.draw.random() > TESTED:
        return
    _judged(rows, paper, task, gold, by, TaskPurpose.GOLD_TEST, at + dt.timedelta(days=3))
    if paper.number // 200 % 2:
        rows.add(Veil(person=by, document=task.document))


def taught(rows: Rows, paper: Paper, task: LabelingTask, gold: GoldRecord, staff: Staff, at: dt.datetime) -> None:
    """A step of the onboarding, if this document is one, with the labels of those who went through it."""
    if paper.number >= _ONBOARDING_BEFORE:
        return
    rows.add(KnownDocument(document=task.document, purpose=TaskPurpose.ONBOARDING, position=paper.number, by=staff.seniors[0], at=at))
    for by in staff.billers[:NEW_PEOPLE]:
        if by != task.assignee:
            _judged(rows, paper, task, gold, by, TaskPurpose.ONBOARDING, at + dt.timedelta(days=3))


def _judged(rows: Rows, paper: Paper, first: LabelingTask, gold: GoldRecord, by: User, purpose: TaskPurpose, at: dt.datetime) -> None:
    """The task, the label and the judgement of one trial. Four of five are right."""
    said: dict[str, Any] = gold.record if paper.draw.random() < 0.8 else otherwise(gold.record, paper.draw)
    common = {"document": first.document, "prediction": first.prediction}
    owned = {"reserved_for": by, "purpose": purpose, "ordinal": APART, "priority": first.priority, "policy": first.policy}
    held = {"assignee": by, "state": "done", "claimed_at": at, "finished_at": at, "created_at": at}
    task = rows.add(LabelingTask(kind=TaskKind.LABEL, **common, **owned, **held))
    spent = {"active_ms": 21_000, "keystrokes": 11, "keystrokes_saved": 120, "request_hash": "0" * 64, "submitted_at": at}
    label = rows.add(Annotation(task=task, author=by, record=said, **common, **spent))
    wrong = wrong_fields(label, gold)
    drawn = {"position": paper.number, "share": 0.05, "seed": 2026, "policy": first.policy}
    result = {"state": "judged", "truth": gold, "exact": not wrong, "wrong": wrong, "created_at": at, "judged_at": at}
    rows.add(Trial(person=by, task=task, purpose=purpose, **common, **drawn, **result))
