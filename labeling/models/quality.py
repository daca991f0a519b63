"""What is stored of people's quality: one row for each label that was counted, and sums of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from labeling.models.annotations import Annotation
from labeling.models.gold import GoldRecord
from labeling.models.tasks import TaskSkip


class CountedLabel(models.Model):
    """What one label adds to its author's sums: exactly this much is taken off again when the truth about the document changes.

    ``held``: the document's labels are blind still, so the label is counted for its author alone. ``gold`` is the truth that it was held
    to and ``source`` why that is a truth; both are empty until the document is settled. ``arm``: shown or hidden, where chance decided
    who of the two labelers was shown the pre-fill. ``suggestion``: shown or hidden, where there was a pre-fill. A label
    whose pre-fill had a wrong value in it on purpose has the source ``seed``: it says whether that was caught, and nothing of accuracy.
    ``accuracy`` and ``anchoring`` are the counts by column that are not 0. ``unreadable``: stored in a form that cannot be read any
    more; set aside.
    """

    class Source(models.TextChoices):
        """Where the truth comes from."""

        PAIR = "pair", "Labeled by two people"
        GOLD_TEST = "gold_test", "Gold test"
        ONBOARDING = "onboarding", "Onboarding"
        SEED = "seed", "Wrong value on purpose"

    class Sight(models.TextChoices):
        """Whether a person saw the pre-fill."""

        SHOWN = "shown", "Shown"
        HIDDEN = "hidden", "Hidden"

    annotation = models.OneToOneField(Annotation, primary_key=True, on_delete=models.CASCADE, related_name="counted")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    held = models.BooleanField(default=False)
    source = models.CharField(max_length=16, choices=Source.choices, blank=True, default="")
    gold = models.ForeignKey(GoldRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    arm = models.CharField(max_length=8, choices=Sight.choices, blank=True, default="")
    suggestion = models.CharField(max_length=8, choices=Sight.choices, blank=True, default="")
    accuracy = models.JSONField(default=dict, blank=True)
    anchoring = models.JSONField(default=dict, blank=True)
    unreadable = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["annotation"], name="counted_held", condition=Q(held=True))]


class WrongField(models.Model):
    """A field in which a judged label has another value than the truth; ``ANY`` stands for all of them, once a label."""

    ANY = "*"

    label = models.ForeignKey(CountedLabel, on_delete=models.CASCADE, related_name="wrong")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["label", "name"], name="wrong_once")]
        indexes = [models.Index(F("person"), F("name"), F("label").desc(), name="wrong_newest")]


class CountedSkip(models.Model):
    """A skip that was counted; ``held`` as for labels."""

    skip = models.OneToOneField(TaskSkip, primary_key=True, on_delete=models.CASCADE, related_name="counted")
    held = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["skip"], name="counted_skip_held", condition=Q(held=True))]


class QualityPeriod(models.Model):
    """What one person did in one week or month (UTC), and how much of what is settled was right: whole counts.

    Rows that are ``held`` are of documents whose labels are blind still: shown to the person alone, added to the other row. ``seconds``
    counts labels by the bucket of their active time, ``skips`` skips by reason; ``kept`` are characters of the pre-fill that stood.
    """

    class Unit(models.TextChoices):
        """How long it is."""

        WEEK = "week", "Week"
        MONTH = "month", "Month"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=8, choices=Unit.choices)
    start = models.DateField()
    held = models.BooleanField(default=False)
    documents = models.IntegerField(default=0)
    reviews = models.IntegerField(default=0)
    keystrokes = models.BigIntegerField(default=0)
    kept = models.BigIntegerField(default=0)
    seconds = models.JSONField(default=dict)
    skips = models.JSONField(default=dict)
    judged = models.IntegerField(default=0)
    unreadable = models.IntegerField(default=0)
    valued = models.IntegerField(default=0)
    exact = models.IntegerField(default=0)
    critical_valued = models.IntegerField(default=0)
    critical = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "unit", "start", "held"], name="quality_period_once")]


class QualitySums(models.Model):
    """Sums of judged labels with their resamples (``mlcore.agreement.sums``), of one month or, without ``month``, of all time.

    ``person`` is empty for everybody together. ``kind`` is a source (accuracy), ``shown`` or ``hidden`` (accuracy, where chance decided),
    ``suggested`` or ``unseen`` (anchoring, where the pre-fill was shown or hidden).
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=16)
    sums = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "month", "kind"], name="quality_sums_once"),
            models.UniqueConstraint(fields=["person", "kind"], condition=Q(month__isnull=True), name="quality_sums_total"),
            models.UniqueConstraint(fields=["month", "kind"], condition=Q(person__isnull=True), name="quality_sums_everybody"),
        ]


class QualityState(models.Model):
    """One row: whoever counts holds it, so that nothing is counted twice. ``columns`` names the form of what is stored."""

    columns = models.CharField(max_length=64, blank=True, default="")
