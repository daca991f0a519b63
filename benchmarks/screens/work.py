"""Labels that were submitted, pairs that were compared, disagreements that were settled, as rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from benchmarks.screens.fates import Paper
from benchmarks.screens.known import suspicion, taught, tested
from benchmarks.screens.people import Staff
from benchmarks.screens.store import Rows
from invoices.models import Prediction, User
from labeling.models import (
    Adjudication,
    Agreement,
    Annotation,
    Choice,
    Difference,
    FieldEdit,
    GoldRecord,
    LabelingTask,
    MeasuredReading,
    Ruling,
    TaskDraft,
    TaskKind,
    TaskState,
)
from mlcore.agreement.pair import PairOutcome, compare_pair
from mlcore.record_json import record_from_json
from mlcore.schema import iter_values

_CAUSES = ("misread", "misread", "place", "row", "alias", "guideline")


def labeled(
    rows: Rows, task: LabelingTask, said: dict[str, Any], by: User, at: dt.datetime, *, gold: bool, source: str = "confirmed"
) -> Annotation:
    """A task that is done with its draft, one of its edits and its label; with ``gold`` also what that made."""
    done = at + dt.timedelta(hours=5)
    task.state, task.assignee, task.claimed_at, task.finished_at = TaskState.DONE, by, at, done
    rows.add(task)
    draft = rows.add(TaskDraft(task=task, author=by, version=1, active_ms=20_000, keystrokes=20, saved_at=done))
    annotation = rows.add(
        Annotation(
            task=task,
            document=task.document,
            author=by,
            prediction=task.prediction,
            record=said,
            active_ms=18_000 + task.priority * 100,
            keystrokes=14,
            keystrokes_saved=120,
            request_hash="0" * 64,
            submitted_at=done,
        )
    )
    edit = {"edit_id": f"{int(task.document.sha256, 16):032x}", "version": 1, "name": "total", "path": "total", "cause": "typed"}
    rows.add(FieldEdit(draft=draft, annotation=annotation, after=said["total"], at=done, active_ms=1_500, keystrokes=6, **edit))
    if gold:
        record = golden(rows, task, said, done, annotation, {"source": source, "by": by.pk, "model_id": _read(task).model_id})
        measured(rows, task, record, audited=task.kind == TaskKind.AUDIT)
    return annotation


def once(rows: Rows, paper: Paper, task: LabelingTask, said: dict[str, Any], by: User, staff: Staff, at: dt.datetime) -> None:
    """A document that one person labeled, and what else it is used for."""
    labeled(rows, task, said, by, at, gold=True)
    gold = rows.last(GoldRecord)
    suspicion(rows, gold, staff.seniors[1], at)
    if paper.fate == "gold_single":
        taught(rows, paper, task, gold, staff, at)


def _read(task: LabelingTask) -> Prediction:
    assert task.prediction is not None
    return task.prediction


def golden(
    rows: Rows, task: LabelingTask, said: dict[str, Any], at: dt.datetime, annotation: Annotation | None, origin: dict[str, Any]
) -> GoldRecord:
    """A gold record, every value with its provenance and its place."""
    places = {field["path"]: field["evidence"] for field in _read(task).fields}
    values = {path: origin for path, value in iter_values(record_from_json(said)) if value is not None}
    more = {"record": said, "evidence": places, "provenance": values, "created_at": at}
    return rows.add(GoldRecord(document=task.document, vendor=task.document.vendor, annotation=annotation, **more))


def measured(rows: Rows, task: LabelingTask, gold: GoldRecord, *, audited: bool) -> None:
    """How right the document was read."""
    wrong = int(_read(task).record["vendor"]["name"] != gold.record["vendor"]["name"]) + len(_read(task).checks)
    score = 0.0 if _read(task).checks else min(field["confidence"] for field in _read(task).fields)
    numbers = {"score": score, "right": not wrong, "wrong": wrong, "amount": gold.record["total"], "audited": audited}
    rows.add(MeasuredReading(document=task.document, gold=gold, prediction=task.prediction, **numbers))


def twice(
    rows: Rows, paper: Paper, common: dict[str, Any], said: tuple[dict[str, Any], dict[str, Any]], staff: Staff, at: dt.datetime
) -> None:
    """Both tasks of a blind pair, and what became of them."""
    side, one, other_side, other = staff.pair(paper.number, paper.draw.random())
    hidden = paper.draw.random() < 0.5
    rank = paper.draw.randint(1, 90)
    drawn = {**common, "priority": rank, "drawn_for": "double"}
    first = LabelingTask(kind=TaskKind.LABEL, side=side, **drawn)
    seen = {**drawn, "prediction": None} if hidden else drawn
    second = LabelingTask(kind=TaskKind.SECOND_LABEL, side=other_side, hides_prefill=hidden, **seen)
    if paper.fate == "open_pair":
        rows.add(first), rows.add(second)
        return
    a = labeled(rows, first, said[0], one, at, gold=False)
    if paper.fate == "half_pair":
        rows.add(second)
        return
    b = _second(rows, second, common, said[1], other, at)
    outcome = compare_pair(record_from_json(said[0]), record_from_json(said[1]))
    agreement = rows.add(_agreement(a, b, outcome, hidden, at))
    if paper.fate == "gold_agreed":
        origin = {"source": "agreed", "by": one.pk, "also_by": other.pk, "model_id": None}
        gold = golden(rows, first, said[0], at + dt.timedelta(hours=6), a, origin)
        measured(rows, first, gold, audited=False)
        suspicion(rows, gold, staff.seniors[1], at)
        tested(rows, paper, first, gold, (one, other), staff, at)
    else:
        _adjudication(rows, paper, first, agreement, outcome, said[0], staff, at)


def _second(rows: Rows, task: LabelingTask, common: dict[str, Any], said: dict[str, Any], by: User, at: dt.datetime) -> Annotation:
    """A second label, whose task may show no pre-fill."""
    shown = task.prediction
    task.prediction = common["prediction"]
    annotation = labeled(rows, task, said, by, at + dt.timedelta(hours=1), gold=False)
    task.prediction = annotation.prediction = shown
    return annotation


def _agreement(a: Annotation, b: Annotation, outcome: PairOutcome, hidden: bool, at: dt.datetime) -> Agreement:
    changed = Agreement.Prefill.CHANGED
    return Agreement(
        document=a.document,
        vendor=a.document.vendor,
        first=a,
        second=b,
        first_author=a.author,
        second_author=b.author,
        first_prefill=Agreement.Prefill.UNCHANGED if outcome.exact else changed,
        second_prefill=Agreement.Prefill.HIDDEN if hidden else changed,
        exact=outcome.exact,
        critical=outcome.critical,
        outcome=outcome.to_json(),
        compared_at=at + dt.timedelta(hours=6),
    )


def _adjudication(
    rows: Rows,
    paper: Paper,
    first: LabelingTask,
    agreement: Agreement,
    outcome: PairOutcome,
    said: dict[str, Any],
    staff: Staff,
    at: dt.datetime,
) -> None:
    senior, done = staff.seniors[2], at + dt.timedelta(hours=9)
    resolved = paper.fate == "gold_adjudicated"
    state = {"gold_adjudicated": "resolved", "waiting": "waiting"}.get(paper.fate, "open")
    case = Adjudication(document=first.document, agreement=agreement, a_is_first=paper.draw.random() < 0.5, state=state, opened_at=at)
    if state == "waiting":
        third = {"policy": first.policy, "priority": first.priority, "drawn_for": "third", "created_at": at, "prediction": first.prediction}
        rows.add(LabelingTask(document=first.document, kind=TaskKind.SECOND_LABEL, ordinal=2, side=-1, **third))
    else:
        case.task = rows.add(LabelingTask(document=first.document, kind=TaskKind.ADJUDICATE, priority=first.priority, created_at=at))
    if resolved:
        assert case.task is not None
        case.task.state, case.task.assignee, case.task.finished_at, case.resolved_at = TaskState.DONE, senior, done, done
        origin = {"source": "adjudicated", "by": senior.pk, "choice": "a", "model_id": None}
        case.gold = golden(rows, first, said, done, None, origin)
        measured(rows, first, case.gold, audited=False)
        suspicion(rows, case.gold, senior, at)
    rows.add(case)
    for found in outcome.differences:
        cause = paper.draw.choice(_CAUSES)
        values = {"value_first": found.value_first, "value_second": found.value_second, "value_machine": found.value_first}
        paths = {"path_first": found.path_first, "path_second": found.path_second}
        one = Difference(adjudication=case, name=found.name, cause=cause, cause_typed=cause, critical=found.critical, **paths, **values)
        if resolved:
            one.choice, one.value, one.settled_by, one.settled_at = Choice.A, found.value_first, senior, done
            one.ruling = rows.add(_ruling(one, first, senior, done))
        rows.add(one)


def _ruling(of: Difference, task: LabelingTask, author: User, at: dt.datetime) -> Ruling:
    reason = "The amount that the vendor prints in bold counts." if task.priority % 3 == 0 else ""
    what = {"field": of.name, "cause": of.cause, "choice": of.choice, "value": of.value or "", "reason": reason}
    return Ruling(vendor=task.document.vendor, author=author, created_at=at, **what)
