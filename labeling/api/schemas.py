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
    lease_expires_at = serializers.DateTimeField(allow_null=True)
    lease_seconds = serializers.IntegerField()
    now = serializers.DateTimeField()
    document = serializers.DictField(child=serializers.JSONField(allow_null=True))
    prediction = serializers.DictField(child=serializers.JSONField(), allow_null=True)
    draft = Draft()
    verified = serializers.ListField(child=serializers.DictField(), help_text="values that somebody verified in a batch")
    doubts = serializers.ListField(child=serializers.DictField(), required=False, help_text="of a review: what is doubted, and why")


class TaskRow(serializers.Serializer[Any]):
    """One row of the task list."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    state = serializers.CharField()
    priority = serializers.IntegerField()
    escalated = serializers.BooleanField()
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


REFUSALS = {400: Problem, 404: Problem, 409: Problem, 410: Problem}

__all__ = ["REFUSALS", "Counters", "Draft", "Gold", "Problem", "Saved", "Submitted", "Task", "TaskRow"]
