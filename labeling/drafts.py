"""Saving a draft: every acknowledged edit is stored, once, in one transaction of at most six statements."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from invoices.models import User
from invoices.prepared import Prepared, Slot, insert
from labeling.assignment import lease_sql
from labeling.draft_edits import DraftRequest, Edit, is_stale, merge, split_key, text_before, text_of
from labeling.errors import LabelingError, LeaseLost, StaleVersion, TaskFinished, TaskNotFound, TaskWithdrawn
from labeling.models import FieldEdit, LabelingTask, TaskDraft, TaskState
from labeling.prefill_shown import shown_record
from labeling.task_view import WITHOUT_DOCUMENT, TaskView, is_for, refuse_closed, tasks_for, view_of


def _locked_task() -> QuerySet[LabelingTask]:
    tasks = tasks_for(Slot("user"), WITHOUT_DOCUMENT).filter(pk=Slot("task")).defer("prediction__fields", "prediction__checks")
    return tasks.select_for_update(of=("self",))


_TASK = Prepared(_locked_task)
_EDITS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer to a stored save."""

    version: int
    acknowledged: tuple[uuid.UUID, ...]
    saved_at: dt.datetime | None
    lease_expires_at: dt.datetime


def save_draft(*, user: User, task_id: int, request: DraftRequest) -> Saved:
    """Store the edits in this person's own draft and extend the lease (also that of a prefetched task).

    Idempotent: an edit id that was seen before is acknowledged again and changes nothing. Raises
    ``TaskNotFound``; ``StaleVersion`` when another window wrote something that this one has not seen
    (nothing is stored); ``TaskFinished``, ``TaskWithdrawn`` or ``LeaseLost`` when the task is not this
    person's any more: then the edits are stored all the same, and the error carries the draft.
    """
    with transaction.atomic():
        row = _TASK.first(task=task_id, user=user.pk)
        if row is None or not is_for(row, user):
            raise TaskNotFound(f"There is no task {task_id} for you, so nothing can be saved in it.")
        outcome = _save(view_of(row), user, request)
    if isinstance(outcome, LabelingError):
        raise outcome
    return outcome


def draft_json(draft: TaskDraft | None) -> dict[str, Any]:
    """The draft as the labeling protocol writes it; version 0 when there is none."""
    if draft is None:
        return {"version": 0, "cells": {}, "rows": None, "saved_at": None, "active_ms": 0, "keystrokes": 0}
    return {
        "version": draft.version,
        "cells": draft.cells,
        "rows": draft.rows,
        "saved_at": draft.saved_at.isoformat().replace("+00:00", "Z"),
        "active_ms": draft.active_ms,
        "keystrokes": draft.keystrokes,
    }


def _save(view: TaskView, user: User, request: DraftRequest) -> Saved | LabelingError:
    task, draft = view.task, view.draft
    mine = task.state == TaskState.OPEN and task.assignee_id == user.pk
    known, since = _stored(draft, request)
    if mine:
        lease_sql.extend(task.pk, user_id=user.pk)
        if _stale(draft, request, known, since):
            detail = "This document was changed in another window of yours. Compare the two, nothing has been overwritten."
            return StaleVersion(detail, {"current": draft_json(draft)})
    draft = _store(view, user, request, known)
    acknowledged = tuple(edit.id for edit in request.edits)
    if not mine:
        return _kept(task, user, draft, acknowledged)
    return Saved(draft.version if draft else 0, acknowledged, draft.saved_at if draft else None, view.now + settings.LEASE)


def _stored(draft: TaskDraft | None, request: DraftRequest) -> tuple[dict[uuid.UUID, int], set[int]]:
    """Which of the sent edits are stored (with the version each made), and the versions since the request's."""
    if draft is None or (not request.edits and request.version == draft.version):
        return {}, set()
    sent = {edit.id for edit in request.edits}
    rows = draft.edits.filter(Q(edit_id__in=sent) | Q(version__gt=request.version)).values_list("edit_id", "version")
    known = {edit_id: version for edit_id, version in rows if edit_id in sent}
    return known, {version for _, version in rows if version > request.version}


def _stale(draft: TaskDraft | None, request: DraftRequest, known: dict[uuid.UUID, int], since: set[int]) -> bool:
    if draft is None:
        return request.version > 0
    return is_stale(request=request, version=draft.version, rows=draft.rows, rows_version=draft.rows_version, known=known, since=since)


def _store(view: TaskView, user: User, request: DraftRequest, known: dict[uuid.UUID, int]) -> TaskDraft | None:
    draft = view.draft
    fresh = list({edit.id: edit for edit in request.edits if edit.id not in known}.values())
    rows_changed = request.sets_rows and request.rows != (draft.rows if draft else None)
    changed = bool(fresh) or rows_changed
    if draft is None:
        if not changed:
            return None
        draft = TaskDraft(task=view.task, author=user)
    base = draft.version
    before = draft.cells
    if changed:
        draft.version = base + 1
        draft.saved_at = view.now
    if rows_changed:
        draft.rows, draft.rows_version = request.rows, draft.version
    draft.cells = merge(draft.cells, fresh)
    totals = max(draft.active_ms, request.active_ms), max(draft.keystrokes, request.keystrokes)
    if changed or totals != (draft.active_ms, draft.keystrokes):
        draft.active_ms, draft.keystrokes = totals
        _write(draft, base)
    stored = _field_edits(draft, fresh, before, shown_record(view.task))
    for start in range(0, len(stored), _EDITS_AT_ONCE):
        insert(stored[start : start + _EDITS_AT_ONCE])
    return draft


def _write(draft: TaskDraft, base: int) -> None:
    """Insert, or compare and swap on the version; the lock on the task makes the swap succeed."""
    if draft._state.adding:
        insert([draft])
        return
    values = {name: getattr(draft, name) for name in ("cells", "rows", "version", "rows_version", "active_ms", "keystrokes", "saved_at")}
    if not TaskDraft.objects.filter(pk=draft.pk, version=base).update(**values):
        raise StaleVersion("This document was changed in another window of yours. Send the change again.", {"current": draft_json(draft)})


def _field_edits(draft: TaskDraft, edits: list[Edit], cells: dict[str, Any], prefill: dict[str, Any] | None) -> list[FieldEdit]:
    rows = []
    cells = dict(cells)
    for edit in edits:
        row_id, name = split_key(edit.key)
        rows.append(
            FieldEdit(
                draft=draft,
                edit_id=edit.id,
                version=draft.version,
                row_id=row_id,
                name=name,
                before=text_before(edit.key, cells, prefill),
                after=text_of(edit.cell) if edit.cell is not None else text_before(edit.key, {}, prefill),
                mark=str((edit.cell or {}).get("mark") or ""),
                cause=str((edit.cell or {}).get("cause") or "undo"),
                at=edit.at,
                active_ms=edit.active_ms,
                keystrokes=edit.keystrokes,
            )
        )
        if edit.cell is not None:
            cells[edit.key] = dict(edit.cell)
        else:
            cells.pop(edit.key, None)
    return rows


def _kept(task: LabelingTask, user: User, draft: TaskDraft | None, acknowledged: tuple[uuid.UUID, ...]) -> LabelingError:
    extra = {"draft": draft_json(draft), "acknowledged": [str(edit) for edit in acknowledged]}
    try:
        refuse_closed(task, user)
    except (TaskFinished, TaskWithdrawn) as error:
        error.extra.update(extra)
        return error
    detail = f"You no longer hold task {task.pk}. Everything you entered is kept in your draft; open the task again or go on with the next."
    return LeaseLost(detail, extra)
