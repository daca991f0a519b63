"""How documents are drawn for second labels, audits and tests. A change is a new version; none is ever edited."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

_SHARE = [MinValueValidator(0.0), MaxValueValidator(1.0)]


class StoredPolicy(models.Model):
    """A policy of which each version is a row; the newest counts, none is ever edited."""

    note = models.CharField(max_length=500, blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only."""
        if not self._state.adding:
            raise TypeError("A policy is never edited; store a new version.")
        super().save(*args, **kwargs)

    class Meta:
        abstract = True


class LabelingPolicy(StoredPolicy):
    """One version of the policy; the newest counts. Shares are 0..1 and drawn by ``seed`` and document, so that they can be repeated.

    ``double_share``: documents labeled twice, blind. ``new_vendor_share`` is theirs among the first ``new_vendor_documents`` of a
    vendor, ``new_biller_share`` among the first ``new_biller_documents`` of a person. ``audit_share``: auto-accepted documents that a
    person checks. ``hidden_share``: second labels without the machine's pre-fill. ``seeded_share``: label tasks in which one pre-filled
    value is made wrong. ``test_share``: tasks that are a document whose truth is known. ``third_label_from``: so many differing
    critical fields ask for a third label before adjudication (0: never). ``recommend_pause_below``: accuracy of a person under which
    the senior is advised to pause that person's queue; with ``pause_by_itself`` (0 or 1) it is paused. ``due_days``: days after it came
    in by which a document is due (0: none is).
    """

    double_share = models.FloatField(default=0.10, validators=_SHARE)
    new_vendor_share = models.FloatField(default=0.50, validators=_SHARE)
    new_vendor_documents = models.PositiveIntegerField(default=5)
    new_biller_share = models.FloatField(default=0.30, validators=_SHARE)
    new_biller_documents = models.PositiveIntegerField(default=50)
    audit_share = models.FloatField(default=0.02, validators=_SHARE)
    hidden_share = models.FloatField(default=0.50, validators=_SHARE)
    seeded_share = models.FloatField(default=0.0, validators=_SHARE)
    test_share = models.FloatField(default=0.0, validators=_SHARE)
    third_label_from = models.PositiveSmallIntegerField(default=0)
    recommend_pause_below = models.FloatField(default=0.90, validators=_SHARE)
    due_days = models.PositiveSmallIntegerField(default=0)
    pause_by_itself = models.PositiveSmallIntegerField(default=0)
    seed = models.PositiveBigIntegerField(default=2026)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
