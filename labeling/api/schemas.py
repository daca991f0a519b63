"""Shapes of the answers for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from invoices.api.problems import Problem


class Draft(serializers.Serializer[Any]):
    """A draft: what differs from the pre-fill, by cell key."""

    version = serializers.IntegerField()
    cells = serializers.DictField(child=serializers.JSONField())
    rows = serializers.ListField(child=serializers.CharField(), allow_null=True)
    saved_at = serializers.DateTimeField(allow_null=True)
    active_ms = serializers.IntegerField()
    keystrokes = serializers.IntegerField()


class Task(serializers.Serializer[Any]):
    """A task as the screen opens it."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    state = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True, help_text="what is due within a day is handed out first")
    lease_expires_at = serializers.DateTimeField(allow_null=True)
    lease_seconds = serializers.IntegerField()
    now = serializers.DateTimeField()
    document = serializers.DictField(child=serializers.JSONField(allow_null=True))
    prediction = serializers.DictField(child=serializers.JSONField(), allow_null=True)
    draft = Draft()
    verified = serializers.ListField(child=serializers.DictField(), help_text="values that somebody verified in a batch")
    doubts = serializers.ListField(child=serializers.DictField(), required=False, help_text="of a review: what is doubted, and why")
    adjudication = serializers.IntegerField(allow_null=True)
    onboarding = serializers.DictField(
        child=serializers.JSONField(), required=False, help_text="of a step of the onboarding: step, of, and the page with the results"
    )


class TaskRow(serializers.Serializer[Any]):
    """One row of the task list."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    state = serializers.CharField()
    priority = serializers.IntegerField()
    escalated = serializers.BooleanField()
    due_at = serializers.DateTimeField(allow_null=True)
    holder = serializers.CharField(allow_null=True)
    lease_expires_at = serializers.DateTimeField(allow_null=True)
    postponed_until = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    document = serializers.DictField(child=serializers.JSONField(allow_null=True))


class Saved(serializers.Serializer[Any]):
    """A stored draft."""

    version = serializers.IntegerField()
    acknowledged = serializers.ListField(child=serializers.UUIDField())
    saved_at = serializers.DateTimeField(allow_null=True)
    lease_expires_at = serializers.DateTimeField()


class Submitted(serializers.Serializer[Any]):
    """A submitted record."""

    annotation = serializers.IntegerField()
    gold = serializers.IntegerField(allow_null=True)
    document_status = serializers.CharField()


class Counters(serializers.Serializer[Any]):
    """Today and left."""

    today = serializers.IntegerField()
    left = serializers.IntegerField()
    active_seconds_today = serializers.IntegerField()


class Gold(serializers.Serializer[Any]):
    """The truth about a document with provenance per field."""

    id = serializers.IntegerField()
    document = serializers.IntegerField()
    vendor = serializers.DictField(child=serializers.JSONField(), allow_null=True)
    record = serializers.DictField(child=serializers.JSONField(allow_null=True))
    evidence = serializers.DictField(child=serializers.JSONField())
    provenance = serializers.DictField(child=serializers.JSONField())
    created_at = serializers.DateTimeField()


class Difference(serializers.Serializer[Any]):
    """How a difference stands."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    cause = serializers.CharField()
    cause_label = serializers.CharField()
    cause_typed = serializers.CharField()
    critical = serializers.BooleanField()
    choice = serializers.CharField(allow_null=True)
    value = serializers.CharField(allow_null=True)
    reason = serializers.CharField()
    ruling = serializers.IntegerField(allow_null=True)
    by_itself = serializers.BooleanField()


class Adjudication(serializers.Serializer[Any]):
    """One adjudication in full. ``authors`` is ``null`` until it is resolved."""

    id = serializers.IntegerField()
    state = serializers.CharField()
    opened_at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    gold = serializers.IntegerField(allow_null=True)
    task = serializers.DictField(child=serializers.JSONField(allow_null=True), allow_null=True)
    document = serializers.DictField(child=serializers.JSONField(allow_null=True))
    authors = serializers.DictField(child=serializers.CharField(), allow_null=True)
    differences = serializers.ListField(child=serializers.DictField(child=serializers.JSONField(allow_null=True)))
    record = serializers.ListField(child=serializers.DictField(child=serializers.JSONField(allow_null=True)))
    precedents = serializers.DictField(child=serializers.JSONField())
    guidelines = serializers.DictField(child=serializers.JSONField())


class Resolved(serializers.Serializer[Any]):
    """A resolved adjudication."""

    gold = serializers.IntegerField()
    document = serializers.IntegerField()
    document_status = serializers.CharField()


class Ruled(serializers.Serializer[Any]):
    """What a ruling settled: ids of differences, of adjudications that it completed, of differences that had changed."""

    ruling = serializers.IntegerField()
    settled = serializers.ListField(child=serializers.IntegerField())
    resolved = serializers.ListField(child=serializers.IntegerField())
    passed_over = serializers.ListField(child=serializers.IntegerField())


class RulingPreview(serializers.Serializer[Any]):
    """What a ruling would write into differences that are alike."""

    difference = serializers.IntegerField()
    value = serializers.CharField(allow_null=True)
    items = serializers.ListField(child=serializers.DictField(child=serializers.JSONField(allow_null=True)))
    more = serializers.BooleanField()


class Undone(serializers.Serializer[Any]):
    """The differences that are open again."""

    differences = serializers.ListField(child=serializers.IntegerField())


class Guideline(serializers.Serializer[Any]):
    """A guideline, as written and as HTML."""

    id = serializers.IntegerField()
    field = serializers.CharField()
    title = serializers.CharField()
    version = serializers.IntegerField()
    text = serializers.CharField()
    html = serializers.CharField()
    created_at = serializers.DateTimeField()


class Guidance(serializers.Serializer[Any]):
    """What stands beside the fields of a task, by field name."""

    precedents = serializers.DictField(child=serializers.JSONField())
    guidelines = serializers.DictField(child=serializers.JSONField())
    unread = Guideline(many=True)


REFUSALS = {400: Problem, 404: Problem, 409: Problem, 410: Problem}

__all__ = [
    "REFUSALS",
    "Adjudication",
    "Counters",
    "Difference",
    "Draft",
    "Gold",
    "Guidance",
    "Guideline",
    "Problem",
    "Resolved",
    "Ruled",
    "RulingPreview",
    "Saved",
    "Submitted",
    "Task",
    "TaskRow",
    "Undone",
]
