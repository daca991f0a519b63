"""The list of tasks: filters from an allowlist, keyset pages."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from invoices.selectors.keyset import Ordering, ordering_named, read_cursor, slice_of
from invoices.veils import shown, veiled
from labeling.api import schemas
from labeling.api.answers import ROW_COLUMNS, task_row_json
from labeling.api.base import LabelingView
from labeling.models import TaskKind, TaskState
from labeling.task_list import of_shown_kind, visible_tasks

MAX_PAGE = 200
ORDERINGS = {
    "id": Ordering("pk"),
    "priority": Ordering("priority"),
    "name": Ordering("document__name"),
}
_CHOICES = [sign + name for name in ORDERINGS for sign in ("", "-")]


class TaskListQuery(serializers.Serializer[Any]):
    """What may be asked; anything else in the address is ignored."""

    state = serializers.ChoiceField(TaskState.choices, required=False)
    kind = serializers.ChoiceField(TaskKind.choices, required=False)
    mine = serializers.BooleanField(required=False, default=None, allow_null=True)
    vendor = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    search = serializers.CharField(required=False, max_length=100, help_text="part of the document's or vendor's name")
    ordering = serializers.ChoiceField(_CHOICES, default="-id")
    cursor = serializers.CharField(default="", max_length=2000)
    page_size = serializers.IntegerField(default=30, min_value=1, max_value=MAX_PAGE)

    def condition(self, user_id: int) -> Q:
        """The filters as one condition."""
        data = self.validated_data
        wanted = Q()
        for name, column in (("state", "state"), ("vendor", "document__vendor")):
            if name in data:
                wanted &= Q(**{column: data[name]})
        if data["mine"] is not None:
            wanted &= Q(assignee=user_id) if data["mine"] else ~Q(assignee=user_id)
        if "search" in data:
            wanted &= Q(document__name__icontains=data["search"]) | Q(document__vendor__name__icontains=data["search"])
        return wanted


class TaskPage(serializers.Serializer[Any]):
    """One page of tasks; ``next`` and ``previous`` are cursors."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = schemas.TaskRow(many=True)


class TaskListView(LabelingView):
    """``tasks/``."""

    @extend_schema(
        operation_id="tasks_list",
        parameters=[TaskListQuery],
        responses={200: TaskPage, 400: schemas.Problem},
        tags=["tasks"],
    )
    def get(self, request: Request) -> Response:
        """What this person may see, newest first unless ordered otherwise."""
        form = TaskListQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        data, user = form.validated_data, person(request)
        rows = visible_tasks(user).filter(form.condition(user.pk)).select_related("document__vendor", "assignee")
        if "kind" in data:
            rows = of_shown_kind(rows, data["kind"])
        rows = rows.only(*ROW_COLUMNS)
        _, ordering = ordering_named(data["ordering"], ORDERINGS, "-id")
        page = slice_of(rows, ordering, read_cursor(data["cursor"]), data["page_size"])
        shown((task.document for task in page.rows), veiled(user))
        results = [task_row_json(task) for task in page.rows]
        return Response({"next": page.next or None, "previous": page.previous or None, "results": results})
