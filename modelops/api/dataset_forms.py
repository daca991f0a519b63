"""Requests about data sets, checked for shape; what they mean is decided by the services. And what is answered."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from labeling.api.forms import Form

_MOST_ID = 2**63 - 1


class DatasetForm(Form):
    """``POST dataset-versions/``: a day or a number of days, and the numbers of versions to merge with."""

    since = serializers.DateField(required=False, allow_null=True)
    last_days = serializers.IntegerField(required=False, allow_null=True)
    parent = serializers.IntegerField(  # type: ignore[assignment]  # DRF has an attribute of that name
        required=False, allow_null=True, min_value=1, max_value=2**31 - 1
    )
    merge = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=2**31 - 1), required=False, max_length=10)
    synthetic = serializers.DictField(child=serializers.IntegerField(), required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=5_000)


class SideForm(Form):
    """``POST vendor-sides/``."""

    vendor = serializers.IntegerField(min_value=1, max_value=_MOST_ID)
    side = serializers.CharField(max_length=40)
    reason = serializers.CharField(allow_blank=True, max_length=5_000)


class RemovalForm(Form):
    """``POST documents/{id}/removal/``."""

    ground = serializers.CharField(max_length=40)
    reason = serializers.CharField(allow_blank=True, max_length=5_000)


class DatasetAnswer(serializers.Serializer[Any]):
    """One data set version. ``parent`` and ``same_as`` are numbers."""

    number = serializers.IntegerField()
    state = serializers.CharField()
    parent = serializers.IntegerField(allow_null=True)  # type: ignore[assignment]  # DRF has an attribute of that name
    same_as = serializers.IntegerField(allow_null=True, help_text="the earlier version that holds exactly the same, to be taken instead")
    since = serializers.DateField(allow_null=True)
    documents = serializers.IntegerField(help_text="training documents")
    validation_documents = serializers.IntegerField()
    test_documents = serializers.IntegerField()
    removed_documents = serializers.IntegerField()
    left_out = serializers.DictField(child=serializers.IntegerField(), help_text="gold records that are not in it, by reason")
    data_hash = serializers.CharField()
    note = serializers.CharField()
    error = serializers.CharField()
    created_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    frozen_at = serializers.DateTimeField(allow_null=True)


class DatasetPageAnswer(serializers.Serializer[Any]):
    """One page of versions, newest first."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = DatasetAnswer(many=True)


class DatasetDetail(DatasetAnswer):
    """One version with its counts by side and vendor, its plan, and what used it."""

    counts = serializers.DictField(child=serializers.JSONField())
    plan = serializers.DictField(child=serializers.JSONField())
    runs = serializers.ListField(child=serializers.IntegerField())
    models = serializers.ListField(child=serializers.IntegerField())


class DatasetItemAnswer(serializers.Serializer[Any]):
    """One gold record of a version."""

    gold = serializers.IntegerField()
    document = serializers.IntegerField()
    name = serializers.CharField()
    vendor = serializers.IntegerField(allow_null=True)
    side = serializers.CharField()
    layout = serializers.CharField()
    weight = serializers.FloatField()
    reason = serializers.CharField()
    superseded = serializers.BooleanField(help_text="the document has another gold record by now")
    removed_at = serializers.DateTimeField(allow_null=True)


class LineagePage(serializers.Serializer[Any]):
    """One page of the gold records of a side."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = DatasetItemAnswer(many=True)


class DatasetDiffAnswer(LineagePage):
    """What two versions do not have in common: counts by kind, and one page of a kind."""

    number = serializers.IntegerField()
    against = serializers.IntegerField()
    kind = serializers.CharField()
    counts = serializers.DictField(child=serializers.IntegerField())


class SideAnswer(serializers.Serializer[Any]):
    """A vendor and its side; ``side`` is null for one that was not drawn yet."""

    vendor = serializers.IntegerField()
    name = serializers.CharField()
    merged_into = serializers.IntegerField(allow_null=True)
    side = serializers.CharField(allow_null=True)
    group = serializers.CharField()
    reason = serializers.CharField()
    assigned_by = serializers.CharField(allow_null=True)
    gold_records = serializers.IntegerField()
    fixed = serializers.BooleanField(help_text="data sets hold documents of it, so the side stays")


class SidePage(serializers.Serializer[Any]):
    """One page of vendors, with a number for each side."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    results = SideAnswer(many=True)


class RemovalAnswer(serializers.Serializer[Any]):
    """What the station holds of a document, what used it, and its removal, if it was removed."""

    document = serializers.IntegerField()
    holds = serializers.DictField(child=serializers.IntegerField())
    touches = serializers.DictField(child=serializers.ListField(child=serializers.IntegerField()))
    removed = serializers.DictField(child=serializers.JSONField(), allow_null=True)
