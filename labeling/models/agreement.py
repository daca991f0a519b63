"""Two independent labels of one document, compared once and frozen."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from invoices.models import Document, Vendor
from labeling.models.annotations import Annotation


class Agreement(models.Model):
    """The blind pair of a document. ``outcome`` is the JSON of ``mlcore.agreement.pair``: what each field and row came to.

    ``first`` and ``second`` are first submissions, in the order of their tasks, never changed afterwards. ``exact`` says that nothing
    differs, ``critical`` that no critical field does. The classes say what each person had before them: ``hidden`` (no pre-fill),
    ``unchanged`` (the pre-fill accepted as it was) or ``changed``. Immutable.

    ``chance``: chance alone made it a pair; not one of which the second label was asked for because a wrong value that was put into the
    pre-fill had been let through. ``seeded``: such a value stood before one of the two. Pairs that are not by chance, or seeded, say
    nothing about how far people agree, and are in no sums.

    The last five columns say how the pair was added to the stored sums (``labeling.agreement.counting``), once and for good: in which
    batch (``None``: not yet; 0: it cannot be read, or does not count), under which vendor id, pair of people (``3-5``, the smaller id
    first) and class of pre-fill, and in how many places the two labels differ.
    """

    LEFT_OUT = 0
    """Stands in ``counted_in`` for a pair that is in no sums and waits for none."""

    class Prefill(models.TextChoices):
        """What the person was shown, and what became of it."""

        HIDDEN = "hidden", "Hidden"
        UNCHANGED = "unchanged", "Accepted unchanged"
        CHANGED = "changed", "Changed"

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="agreement")
    vendor = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    first = models.OneToOneField(Annotation, on_delete=models.PROTECT, related_name="+")
    second = models.OneToOneField(Annotation, on_delete=models.PROTECT, related_name="+")
    first_author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    second_author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first_prefill = models.CharField(max_length=16, choices=Prefill.choices)
    second_prefill = models.CharField(max_length=16, choices=Prefill.choices)
    exact = models.BooleanField()
    critical = models.BooleanField()
    outcome = models.JSONField()
    chance = models.BooleanField(default=True)
    seeded = models.BooleanField(default=False)
    compared_at = models.DateTimeField(auto_now_add=True)
    counted_in = models.PositiveIntegerField(null=True, blank=True)
    counted_vendor = models.BigIntegerField(null=True, blank=True)
    pair = models.CharField(max_length=48, blank=True, default="")
    prefill = models.CharField(max_length=16, blank=True, default="")
    differences = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["compared_at"], name="agreement_time"),
            models.Index(fields=["counted_in", "id"], name="agreement_waiting"),
            models.Index(fields=["counted_vendor", "compared_at"], name="agreement_vendor"),
            models.Index(fields=["pair", "compared_at"], name="agreement_pair"),
            models.Index(fields=["prefill", "compared_at"], name="agreement_prefill"),
            models.Index(fields=["compared_at"], name="agreement_differing", condition=Q(exact=False)),
            models.Index(fields=["counted_vendor", "compared_at"], name="agreement_vendor_differing", condition=Q(exact=False)),
            models.Index(fields=["pair", "compared_at"], name="agreement_pair_differing", condition=Q(exact=False)),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only: a blind pair is compared once."""
        if not self._state.adding:
            raise TypeError("The agreement of a pair is frozen.")
        super().save(*args, **kwargs)


class AgreementDiffering(models.Model):
    """A field that differs in a pair: what leads from a field's number to the documents behind it. Written when the pair is counted."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="differing")
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "agreement"], name="differing_once")]


class AgreementTally(models.Model):
    """The sums of all counted pairs of one slice: everything, a month, a week, a vendor, two people, or a class of pre-fill.

    ``name`` is ``kind:key``. ``tally`` is the JSON of ``mlcore.agreement.tally.Tally``, 20 to 150 kB; a list does not load it, what it
    shows stands beside: ``documents``, ``figures`` (``labeling.agreement.stored``), and ``rank``, which sorts the worst exact agreement
    first and slices without enough data last. Of two people ``one`` has the smaller id and is the first of every pair in the sums.
    The row of everything is what whoever counts locks; ``batch`` is the number of its last batch.
    """

    class Kind(models.TextChoices):
        """What the pairs of a slice have in common."""

        ALL = "all", "Everything"
        MONTH = "month", "Month"
        WEEK = "week", "Week"
        VENDOR = "vendor", "Vendor"
        PAIR = "pair", "Pair of labelers"
        PREFILL = "prefill", "Pre-fill"

    name = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    key = models.CharField(max_length=48, blank=True, default="")
    vendor = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    one = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    tally = models.TextField()
    documents = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)
    rank = models.PositiveIntegerField(default=0)
    batch = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "rank", "id"], name="tally_worst_first"),
            models.Index(fields=["kind", "key"], name="tally_key"),
        ]
