"""Shapes of the answers about people's quality."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from labeling.api.agreement_shapes import Figure


class Accuracy(serializers.Serializer[Any]):
    """Against settled truth (docs/agreement.md)."""

    documents = serializers.IntegerField()
    exact = Figure()
    critical = Figure()
    values = Figure()
    fields = serializers.DictField(child=Figure())  # type: ignore[assignment]


class ShortAccuracy(serializers.Serializer[Any]):
    """Of whole documents."""

    documents = serializers.IntegerField()
    exact = Figure()
    critical = Figure()


class QualityUser(serializers.Serializer[Any]):
    """Who it is."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField()


class Meter(serializers.Serializer[Any]):
    """Wrong suggestions that a person was shown: how many stood, and how often people answered so who were not shown them."""

    name = serializers.CharField(allow_blank=True)
    wrong = serializers.IntegerField()
    accepted = Figure()
    seeded = Figure(required=False)
    natural = Figure(required=False)
    corrected = Figure()
    hidden = Figure()
    effect = Figure()


class PersonMeter(Meter):
    """The meter of one person."""

    user = QualityUser()


class Seconds(serializers.Serializer[Any]):
    """Active seconds per label; null under ``floor`` labels."""

    n = serializers.IntegerField()
    floor = serializers.IntegerField()
    q1 = serializers.FloatField(allow_null=True)
    median = serializers.FloatField(allow_null=True)
    q3 = serializers.FloatField(allow_null=True)


class Keystrokes(serializers.Serializer[Any]):
    """``saved``: characters of pre-filled values that stood and need not be typed."""

    typed = serializers.IntegerField()
    saved = serializers.IntegerField()


class Skips(serializers.Serializer[Any]):
    """Skips by reason."""

    total = serializers.IntegerField()
    reasons = serializers.DictField(child=serializers.IntegerField())


class TrendPoint(serializers.Serializer[Any]):
    """One week or month (UTC)."""

    start = serializers.DateField()
    documents = serializers.IntegerField()
    judged = serializers.IntegerField()
    critical = Figure()
    exact = Figure()
    seconds = Seconds()


class Trend(serializers.Serializer[Any]):
    """The oldest first."""

    unit = serializers.ChoiceField(["week", "month"])
    points = TrendPoint(many=True)


class Quality(serializers.Serializer[Any]):
    """One person. ``sources`` and the split of the meter are left out of one's own."""

    user = QualityUser()
    window = serializers.CharField()
    documents = serializers.IntegerField()
    reviews = serializers.IntegerField()
    judged = serializers.IntegerField()
    unreadable = serializers.IntegerField()
    accuracy = Accuracy()
    sources = serializers.DictField(child=Accuracy(), required=False)
    effect = serializers.DictField(child=Figure())
    anchoring = serializers.DictField(child=Meter())
    seconds = Seconds()
    keystrokes = Keystrokes()
    skips = Skips()
    trend = Trend()


class QualityRow(serializers.Serializer[Any]):
    """One person in short."""

    user = QualityUser()
    documents = serializers.IntegerField()
    reviews = serializers.IntegerField()
    skips = serializers.IntegerField()
    accuracy = ShortAccuracy()
    seconds = Seconds()
    keystrokes = Keystrokes()


class QualityList(serializers.Serializer[Any]):
    """One page in the order of user names; ``next`` and ``previous`` are cursors."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = QualityRow(many=True)


class AnchoringAnswer(serializers.Serializer[Any]):
    """Everybody together by field (``""``: all), and a page of people."""

    everybody = serializers.DictField(child=Meter())
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = PersonMeter(many=True)


class WrongValue(serializers.Serializer[Any]):
    """One value that is not the settled one."""

    field = serializers.CharField()
    row = serializers.IntegerField(allow_null=True)
    mine = serializers.CharField(allow_null=True)
    settled = serializers.CharField(allow_null=True)
    cause = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)


class MistakenDocument(serializers.Serializer[Any]):
    """One settled document."""

    document = serializers.IntegerField()
    file = serializers.CharField()
    mistakes = WrongValue(many=True)


class Mistakes(serializers.Serializer[Any]):
    """One page, the newest label first."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = MistakenDocument(many=True)
