"""Two independent labels of one document, compared once and frozen."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from invoices.models import Document, Vendor
from labeling.models.annotations import Annotation


class Agreement(models.Model):
    """The blind pair of a document. ``outcome`` is the JSON of ``mlcore.agreement.pair``: what each field and row came to.

    ``first`` and ``second`` are first submissions, in the order of their tasks, never changed afterwards. ``exact`` says that nothing
    differs, ``critical`` that no critical field does. The classes say what each person had before them: ``hidden`` (no pre-fill),
    ``unchanged`` (the pre-fill accepted as it was) or ``changed``. Immutable.
    """

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
    compared_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["compared_at"], name="agreement_time")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only: a blind pair is compared once."""
        if not self._state.adding:
            raise TypeError("The agreement of a pair is frozen.")
        super().save(*args, **kwargs)
