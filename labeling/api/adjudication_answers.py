"""Answers about adjudications. Who labeled is told in one place, and only once the adjudication is resolved."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import timezone

from invoices.models import Page, User
from labeling.adjudication.grouping import Preview, Ruled
from labeling.api.answers import document_json, instant, page_image
from labeling.guidelines.fields import FIELDS
from labeling.guidelines.markdown import html_of
from labeling.models import Adjudication, Difference, DifferenceCause, Guideline, LabelingTask, Ruling
from labeling.selectors.adjudication_case import Case, ShownDifference
from labeling.selectors.adjudications import AdjudicationRow
from labeling.selectors.precedents import Precedent


def row_json(row: AdjudicationRow) -> dict[str, Any]:
    """One row of the list."""
    adjudication = row.adjudication
    document = adjudication.document
    holder = adjudication.task.assignee if adjudication.task and row.standing in ("mine", "held") else None
    return {
        "id": adjudication.pk,
        "state": adjudication.state,
        "standing": row.standing,
        "holder": holder.username if holder else None,
        "opened_at": instant(adjudication.opened_at),
        "resolved_at": instant(adjudication.resolved_at),
        "document": {
            "id": document.pk,
            "name": document.name,
            "vendor": {"id": document.vendor.pk, "name": document.vendor.name} if document.vendor else None,
        },
        "differences": row.differences,
        "left": row.left,
        "critical": row.critical,
        "causes": [{"label": label, "count": count} for label, count in row.causes],
    }


def case_json(case: Case, user: User) -> dict[str, Any]:
    """One adjudication in full."""
    adjudication = case.adjudication
    return {
        "id": adjudication.pk,
        "state": adjudication.state,
        "opened_at": instant(adjudication.opened_at),
        "resolved_at": instant(adjudication.resolved_at),
        "gold": adjudication.gold_id,
        "task": _task_json(adjudication.task, user),
        "document": document_json(adjudication.document),
        "authors": _authors_json(case),
        "differences": [shown_json(shown) for shown in case.differences],
        "record": [asdict(field) | {"label": FIELDS[field.name]} for field in case.record],
        "precedents": precedents_json(case.precedents),
        "guidelines": guidelines_json(case.guidelines),
    }


def shown_json(shown: ShownDifference) -> dict[str, Any]:
    """A difference with its values; the letters are those of this document."""
    difference = shown.difference
    label = FIELDS[difference.name].removeprefix("Line item: ")
    return {
        **difference_json(difference),
        "label": label
        if shown.row is None
        else f"Row {shown.row + 1}"
        if difference.name == "line_items"
        else f"Row {shown.row + 1}, {label}",
        "row": shown.row,
        "a": asdict(shown.a),
        "b": asdict(shown.b),
        "machine": asdict(shown.machine),
        "third": shown.third,
        "alike": max(shown.alike, 0),
    }


def difference_json(difference: Difference) -> dict[str, Any]:
    """How a difference stands. ``by_itself`` says that it closed without a person."""
    return {
        "id": difference.pk,
        "name": difference.name,
        "cause": difference.cause,
        "cause_label": DifferenceCause(difference.cause).label,
        "cause_typed": difference.cause_typed,
        "critical": difference.critical,
        "choice": difference.choice or None,
        "value": difference.value,
        "reason": difference.ruling.reason if difference.ruling else "",
        "ruling": difference.ruling_id,
        "by_itself": bool(difference.choice) and difference.settled_by_id is None,
    }


def preview_json(preview: Preview, shown: dict[int, ShownDifference], pages: dict[int, list[Page]]) -> dict[str, Any]:
    """What a ruling would write. ``choice`` is ``null`` where nothing follows from it."""
    items = []
    for proposal in preview.proposals:
        difference, transfer = proposal.difference, proposal.transfer
        document = difference.adjudication.document
        items.append(
            {
                **shown_json(shown[difference.pk]),
                "adjudication": difference.adjudication_id,
                "document": {"id": document.pk, "name": document.name, "pages": [page_json(page) for page in pages.get(document.pk, [])]},
                "choice": transfer.choice if transfer else None,
                "value": transfer.value if transfer else None,
                "why": transfer.why if transfer else "",
            }
        )
    return {"difference": preview.example.pk, "value": preview.value, "items": items, "more": preview.more}


def ruled_json(ruled: Ruled) -> dict[str, Any]:
    """What a ruling settled."""
    return {
        "ruling": ruled.ruling.pk,
        "settled": list(ruled.settled),
        "resolved": list(ruled.resolved),
        "passed_over": list(ruled.passed_over),
    }


def precedents_json(found: dict[str, list[Precedent]]) -> dict[str, list[dict[str, Any]]]:
    """Precedents by field name."""
    return {field: [precedent_json(precedent) for precedent in precedents] for field, precedents in found.items()}


def precedent_json(precedent: Precedent) -> dict[str, Any]:
    """A ruling with its crop."""
    ruling, page = precedent.ruling, precedent.page
    place = {**ruling.place, "image": page_json(page)} if page is not None else None
    return {**ruling_json(ruling), "place": place}


def ruling_json(ruling: Ruling) -> dict[str, Any]:
    """A ruling. ``value`` is ``null`` when the field is not on the document."""
    return {
        "id": ruling.pk,
        "vendor": ruling.vendor_id,
        "field": ruling.field,
        "label": FIELDS.get(ruling.field, ruling.field),
        "cause": ruling.cause,
        "choice": ruling.choice,
        "value": ruling.value or None,
        "reason": ruling.reason,
        "author": ruling.author.username,
        "guideline": ruling.guideline_id,
        "created_at": instant(ruling.created_at),
        "undone_at": instant(ruling.undone_at),
    }


def guidelines_json(found: dict[str, Guideline]) -> dict[str, dict[str, Any]]:
    """Guidelines by field name."""
    return {field: guideline_json(guideline) for field, guideline in found.items()}


def guideline_json(guideline: Guideline) -> dict[str, Any]:
    """A guideline, as written and as HTML that is safe to show."""
    return {
        "id": guideline.pk,
        "field": guideline.field,
        "title": FIELDS.get(guideline.field, guideline.field),
        "version": guideline.version,
        "text": guideline.text,
        "html": html_of(guideline.text),
        "created_at": instant(guideline.created_at),
    }


def page_json(page: Page) -> dict[str, Any]:
    """A page image to cut a crop from."""
    image = page_image(page.document_id, page.number, page.image_sha256)
    return {"number": page.number, "width": page.image_width, "height": page.image_height, "image": image}


def _authors_json(case: Case) -> dict[str, str] | None:
    if case.adjudication.state != Adjudication.State.RESOLVED:
        return None
    names = {case.adjudication.agreement.first_id: case.adjudication.agreement.first_author.username}
    names[case.adjudication.agreement.second_id] = case.adjudication.agreement.second_author.username
    settled = next((shown.difference.settled_by for shown in case.differences if shown.difference.settled_by), None)
    return {"a": names[case.labels[0].pk], "b": names[case.labels[1].pk], "senior": settled.username if settled else ""}


def _task_json(task: LabelingTask | None, user: User) -> dict[str, Any] | None:
    if task is None:
        return None
    held = task.assignee_id is not None and task.lease_expires_at is not None and task.lease_expires_at > timezone.now()
    mine = held and task.assignee_id == user.pk
    return {"id": task.pk, "state": task.state, "held": held, "mine": mine, "lease_expires_at": instant(task.lease_expires_at)}
