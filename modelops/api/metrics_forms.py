"""What is asked about daily metrics, and the shapes of the answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from modelops.selectors.metrics_documents import SHOWN


class MetricsRangeQuery(serializers.Serializer[Any]):
    """``from`` and ``to``: days (UTC), both included; the 30 days up to today by default."""

    start = serializers.DateField(required=False)
    to = serializers.DateField(required=False)

    def get_fields(self) -> dict[str, Any]:
        """``start`` is called ``from``, which no attribute can be."""
        fields = dict(super().get_fields())
        return {"from": fields.pop("start"), **fields}


class MetricsQuery(MetricsRangeQuery):
    """Of which vendor (its id; left out: of all), and as what."""

    vendor = serializers.IntegerField(required=False, min_value=1, max_value=2**53)
    format = serializers.ChoiceField(["json", "csv"], default="json")


class MetricsVendorsQuery(MetricsRangeQuery):
    """As what."""

    format = serializers.ChoiceField(["json", "csv"], default="json")


class MetricsBehindQuery(serializers.Serializer[Any]):
    """Which documents of the day: of which vendor, what about them, and a place in the list."""

    vendor = serializers.IntegerField(required=False, min_value=1, max_value=2**53)
    show = serializers.ChoiceField(list(SHOWN), default="settled")
    cursor = serializers.CharField(default="", allow_blank=True, max_length=2000)


class MetricShare(serializers.Serializer[Any]):
    """A share with its 95 % interval, of ``n`` documents; ``value`` is null where it is not known, and ``unknown`` says why."""

    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()
    few = serializers.BooleanField()
    unknown = serializers.ChoiceField(["", "nothing_judged", "no_audits"], allow_blank=True)


class MetricStratum(serializers.Serializer[Any]):
    """Documents that came to be looked at in one way."""

    documents = MetricShare()
    values = MetricShare()


class MetricFigures(serializers.Serializer[Any]):
    """What some days come to. Counts by name, shares 0..1, times in seconds, ``minutes`` for a settled document."""

    documents = MetricShare()
    values = MetricShare()
    seen = MetricStratum()
    audited = MetricStratum()
    accepted = MetricShare()
    received = serializers.IntegerField()
    read_accepted = serializers.IntegerField()
    read_review = serializers.IntegerField()
    read_flagged = serializers.IntegerField()
    passed = serializers.IntegerField()
    settled = serializers.IntegerField()
    corrected_documents = serializers.IntegerField()
    judged_documents = serializers.IntegerField()
    right_documents = serializers.IntegerField()
    judged_values = serializers.IntegerField()
    right_values = serializers.IntegerField()
    accepted_judged = serializers.IntegerField()
    accepted_right = serializers.IntegerField()
    labels = serializers.IntegerField()
    effort_seconds = serializers.FloatField()
    minutes = serializers.FloatField(allow_null=True)
    pages = serializers.IntegerField()
    ocr_pages = serializers.IntegerField()
    ocr_quality = serializers.FloatField(allow_null=True)
    novel = serializers.IntegerField()
    waiting_label = serializers.IntegerField()
    waiting_review = serializers.IntegerField()
    waiting_oldest = serializers.IntegerField()
    straight_through = serializers.FloatField(allow_null=True)
    review_share = serializers.FloatField(allow_null=True)
    bands = serializers.DictField(child=serializers.IntegerField())
    confidence = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    model_id = serializers.CharField(allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        """``fields`` are counts by field, ``{name: [judged, right, corrected]}``; a serializer has an attribute of that name."""
        fields = dict(super().get_fields())
        return {**fields, "fields": serializers.DictField(child=serializers.ListField(child=serializers.IntegerField()))}


class MetricDay(MetricFigures):
    """A day. ``counted``: whether anything is stored of it."""

    day = serializers.DateField()
    counted = serializers.BooleanField()
    counted_at = serializers.DateTimeField(allow_null=True)


class MetricVendor(serializers.Serializer[Any]):
    """Whose."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class MetricsDaily(serializers.Serializer[Any]):
    """A series, oldest first, and what it comes to."""

    vendor = MetricVendor(allow_null=True)
    total = MetricFigures()
    days = MetricDay(many=True)

    def get_fields(self) -> dict[str, Any]:
        """``from`` and ``to`` are the days that were asked for."""
        return {"from": serializers.DateField(), "to": serializers.DateField(), **super().get_fields()}


class MetricsOfVendor(MetricFigures):
    """What the days come to for one vendor."""

    vendor = MetricVendor()


class MetricsVendors(serializers.Serializer[Any]):
    """Vendors, the one whose values may be least right first."""

    results = MetricsOfVendor(many=True)

    def get_fields(self) -> dict[str, Any]:
        """``from`` and ``to`` are the days that were asked for."""
        return {"from": serializers.DateField(), "to": serializers.DateField(), **super().get_fields()}


class MetricDocument(serializers.Serializer[Any]):
    """A document behind a number: how it came to be looked at and how right it was read, or how it was routed."""

    document = serializers.IntegerField()
    file = serializers.CharField()
    stratum = serializers.ChoiceField(["", "seen", "audit", "reported"], allow_blank=True)
    judged = serializers.IntegerField(allow_null=True)
    right = serializers.IntegerField(allow_null=True)
    corrected = serializers.IntegerField(allow_null=True)
    wrong = serializers.ListField(child=serializers.CharField())
    minutes = serializers.FloatField(allow_null=True)
    route = serializers.CharField(allow_blank=True)
    passed = serializers.BooleanField()
    novel = serializers.BooleanField()


class MetricDocuments(serializers.Serializer[Any]):
    """One page; ``next`` and ``previous`` are cursors."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = MetricDocument(many=True)


class MetricCalibration(serializers.Serializer[Any]):
    """``promises`` are ``[said, right, low, high, count]``; ``ece``, ``certified`` and ``drift`` in shares (0..1)."""

    model = serializers.CharField(allow_blank=True)
    ece = serializers.FloatField(allow_null=True)
    certified = serializers.FloatField(allow_null=True)
    drift = serializers.FloatField(allow_null=True)
    values = serializers.IntegerField()
    documents = serializers.IntegerField()
    audits_missing = serializers.BooleanField()
    promises = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))
