"""Real blind pairs for tests: two submissions of one document, compared, with what an adjudication stores about them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from invoices.models import Document, DocumentStatus, User
from labeling.models import Adjudication, Agreement, Annotation, Difference, LabelingTask, TaskKind, TaskState
from mlcore.compare import compare_records
from mlcore.record_json import record_from_json, value_to_json
from mlcore.schema import LINE_ITEM_FIELDS, item_path, item_value, spec_for


@dataclass(frozen=True, slots=True)
class Pair:
    """A disagreement that is open."""

    document: Document
    adjudication: Adjudication
    task: LabelingTask

    def difference(self, name: str) -> Difference:
        """The one difference of that name."""
        return self.adjudication.differences.get(name=name)


def submit_label(document: Document, author: User, record: dict[str, Any], kind: str = TaskKind.LABEL, **values: Any) -> Annotation:
    """A finished task with its annotation."""
    prediction = document.predictions.order_by("-pk").first()
    task = LabelingTask.objects.create(document=document, kind=kind, state=TaskState.DONE, assignee=author, prediction=prediction)
    return Annotation.objects.create(
        task=task, document=document, author=author, prediction=prediction, record=record, request_hash="0" * 64, **values
    )


def open_adjudication(
    document: Document, labels: tuple[tuple[User, dict[str, Any]], tuple[User, dict[str, Any]]], *, a_is_first: bool = True, **causes: str
) -> Pair:
    """Two labels of a document that differ. ``causes`` are by name with ``__`` for the dot; ``guideline`` otherwise."""
    LabelingTask.objects.filter(document=document).delete()
    (one, first), (two, second) = labels
    submitted = submit_label(document, one, first), submit_label(document, two, second, TaskKind.SECOND_LABEL)
    agreement = Agreement.objects.create(
        document=document,
        vendor=document.vendor,
        first=submitted[0],
        second=submitted[1],
        first_author=one,
        second_author=two,
        first_prefill="changed",
        second_prefill="changed",
        exact=False,
        critical=False,
        outcome={},
    )
    task = LabelingTask.objects.create(document=document, kind=TaskKind.ADJUDICATE)
    adjudication = Adjudication.objects.create(document=document, agreement=agreement, task=task, a_is_first=a_is_first)
    machine = submitted[0].prediction.record if submitted[0].prediction else None
    for values in differences_of(first, second, machine):
        cause = causes.get(values["name"].replace(".", "__"), "row" if values["name"] == "line_items" else "guideline")
        Difference.objects.create(adjudication=adjudication, cause=cause, cause_typed=cause, **values)
    Document.objects.filter(pk=document.pk).update(status=DocumentStatus.LABELED)
    return Pair(document, adjudication, task)


def place_in(record: dict[str, Any], path: str, value: str | None) -> None:
    """Write one value into the JSON form of a record."""
    holder: Any = record
    *parts, name = path.replace("[", ".").replace("]", "").split(".")
    for part in parts:
        holder = holder[int(part)] if part.isdigit() else holder[part]
    holder[name] = value


def differences_of(first: dict[str, Any], second: dict[str, Any], machine: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What a difference stores, for each of two records."""
    left, right = record_from_json(first), record_from_json(second)
    found: list[dict[str, Any]] = []
    lone: set[tuple[int | None, int | None]] = set()
    for field in compare_records(left, right).fields:
        if field.outcome in ("correct", "both_absent"):
            continue
        rows = field.expected_row, field.found_row
        if None in rows and rows != (None, None):
            lone.add(rows)
            continue
        column = field.name.rpartition(".")[2]
        paths = [item_path(row, column) if row is not None else field.name for row in rows]
        theirs = record_from_json(machine) if machine else None
        value = None
        if theirs is not None and rows[0] is None:
            value = getattr(theirs.vendor, column) if field.name.startswith("vendor.") else getattr(theirs, column)
        elif theirs is not None and rows[0] is not None and rows[0] < len(theirs.line_items):
            value = getattr(theirs.line_items[rows[0]], column)
        found.append(
            {
                "name": field.name,
                "path_first": paths[0],
                "path_second": paths[1],
                "value_first": value_to_json(field.expected),
                "value_second": value_to_json(field.found),
                "value_machine": value_to_json(value),
                "critical": spec_for(field.name).critical,
            }
        )
    for i, j in sorted(lone, key=str):
        item = left.line_items[i] if i is not None else right.line_items[j or 0]
        text = json.dumps({spec.name: value_to_json(item_value(item, spec.name)) for spec in LINE_ITEM_FIELDS})
        found.append(
            {
                "name": "line_items",
                "path_first": "" if i is None else f"line_items[{i}]",
                "path_second": "" if j is None else f"line_items[{j}]",
                "value_first": text if i is not None else None,
                "value_second": text if j is not None else None,
                "value_machine": None,
                "critical": True,
            }
        )
    return found
