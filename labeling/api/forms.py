"""Requests of the labeling endpoints, checked for shape and limits. What they mean is decided by the services."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from labeling.api.edit_shapes import MAX_COUNT, MAX_EDITS, MAX_TEXT, read_edits
from labeling.assignment.strategies import POSTPONE_MINUTES
from labeling.draft_edits import DraftRequest, Edit
from labeling.models import EditCause, SkipReason, TaskKind
from labeling.submission import MARKS, Submission, read_submission

MAX_ROW_IDS = 2_000
_ROW_ID = r"^[A-Za-z0-9_-]{1,40}$"
_KEY = r"^[A-Za-z0-9_.\[\]-]{1,80}$"


class Form(serializers.Serializer[Any]):
    """The shape of a request."""

    @classmethod
    def checked(cls, raw: object) -> dict[str, Any]:
        """The values of a request's body, with defaults. Raises DRF's ``ValidationError`` with every problem."""
        values: dict[str, Any] = _only(cls).run_validation(raw)
        return values


@cache
def _only(form: type[Form]) -> Form:
    """The one instance of a form: checking leaves nothing in it, and making it costs more than a check."""
    return form()


class ClaimForm(Form):
    """``POST tasks/claim/``."""

    kind = serializers.ChoiceField(TaskKind.choices, required=False)
    task = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    prefetch = serializers.BooleanField(default=False)


class PlaceForm(serializers.Serializer[Any]):
    """One place on a page; the box is in fractions of the page."""

    page = serializers.IntegerField(min_value=1, max_value=100_000)
    box = serializers.ListField(child=serializers.FloatField(min_value=0, max_value=1), min_length=4, max_length=4)


class CellForm(serializers.Serializer[Any]):
    """A cell as entered; its value need not be valid."""

    value = serializers.CharField(allow_null=True, allow_blank=True, trim_whitespace=False, max_length=MAX_TEXT, default=None)
    mark = serializers.ChoiceField(MARKS, allow_null=True, default=None)
    unsure = serializers.BooleanField(default=False)
    confirmed = serializers.BooleanField(default=False)
    evidence = serializers.ListField(child=PlaceForm(), max_length=200, default=list)
    cause = serializers.ChoiceField(EditCause.choices, default=EditCause.TYPED.value)


class EditForm(serializers.Serializer[Any]):
    """One edit of a draft; a ``null`` cell takes the cell back to the pre-fill."""

    id = serializers.UUIDField()
    key = serializers.RegexField(_KEY)
    cell = CellForm(allow_null=True)
    at = serializers.DateTimeField(required=False)
    active_ms = serializers.IntegerField(default=0, min_value=0, max_value=MAX_COUNT)
    keystrokes = serializers.IntegerField(default=0, min_value=0, max_value=MAX_COUNT)


@extend_schema_field(EditForm(many=True))
class EditList(serializers.Field[Any, Any, Any, Any]):
    """The edits; their shape is ``EditForm``, and ``edit_shapes`` reads them."""

    def to_internal_value(self, data: Any) -> tuple[Edit, ...]:
        """The edits in the order sent."""
        return read_edits(data, timezone.now())


class DraftForm(Form):
    """``PATCH tasks/{id}/draft/``."""

    version = serializers.IntegerField(min_value=0, max_value=MAX_COUNT)
    edits = EditList(default=list)
    rows = serializers.ListField(child=serializers.RegexField(_ROW_ID), allow_null=True, required=False, max_length=MAX_ROW_IDS)
    active_ms = serializers.IntegerField(default=0, min_value=0, max_value=MAX_COUNT)
    keystrokes = serializers.IntegerField(default=0, min_value=0, max_value=MAX_COUNT)

    @classmethod
    def draft_request(cls, raw: object) -> DraftRequest:
        """The checked request as the service takes it."""
        data = cls.checked(raw)
        edits = tuple(data["edits"])
        return DraftRequest(data["version"], edits, data.get("rows"), "rows" in data, data["active_ms"], data["keystrokes"])


class SubmitForm(Form):
    """``POST tasks/{id}/submit/``. ``keystrokes_saved`` may be sent; what is stored is counted by the server."""

    record = serializers.JSONField()
    version = serializers.IntegerField(min_value=0, max_value=MAX_COUNT)
    marks = serializers.DictField(child=serializers.CharField(max_length=40), default=dict)
    unsure = serializers.ListField(child=serializers.CharField(max_length=200), max_length=MAX_EDITS, default=list)
    evidence = serializers.DictField(child=serializers.ListField(child=serializers.JSONField()), default=dict)
    active_seconds = serializers.FloatField(default=0, min_value=0, max_value=MAX_COUNT / 1000)
    keystrokes = serializers.IntegerField(default=0, min_value=0, max_value=MAX_COUNT)
    keystrokes_saved = serializers.IntegerField(required=False)

    @classmethod
    def submission(cls, raw: object) -> Submission:
        """The checked submission. Raises ``RecordInvalid`` with every problem of the record."""
        data = cls.checked(raw)
        return read_submission(
            record=data["record"],
            version=data["version"],
            marks=data["marks"],
            unsure=data["unsure"],
            evidence=data["evidence"],
            active_ms=round(data["active_seconds"] * 1000),
            keystrokes=data["keystrokes"],
        )


class SkipForm(Form):
    """``POST tasks/{id}/skip/``."""

    reason = serializers.ChoiceField(SkipReason.choices)
    comment = serializers.CharField(max_length=500, allow_blank=True, default="")


class PostponeForm(Form):
    """``POST tasks/{id}/postpone/``."""

    minutes = serializers.IntegerField(help_text=f"{POSTPONE_MINUTES.start} to {POSTPONE_MINUTES.stop - 1}")
