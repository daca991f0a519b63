"""What a candidate is held to, what came of it, and who let one through all the same."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from labeling.models import StoredPolicy
from modelops.models.datasets import DatasetVersion
from modelops.models.registry import ModelVersion


class GatePolicyVersion(StoredPolicy):
    """One version of ``mlcore.gate.GatePolicy`` (``policy`` is its ``to_json``); the newest counts, none is ever edited."""

    policy = models.JSONField()


class GateResult(models.Model):
    """A verdict (``mlcore.gate.Verdict.to_json``) about a model, against the champion of the time, on a data set version. Never changed.

    It holds for that champion alone: when another one serves, the gate is asked again. ``removed_documents`` is what the model's was then.
    """

    model = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="gate_results")
    champion = models.ForeignKey(ModelVersion, null=True, on_delete=models.PROTECT, related_name="+")
    dataset = models.ForeignKey(DatasetVersion, null=True, on_delete=models.PROTECT, related_name="+")
    policy = models.ForeignKey(GatePolicyVersion, null=True, on_delete=models.PROTECT, related_name="results")
    passed = models.BooleanField()
    verdict = models.JSONField()
    removed_documents = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["model", "-id"], name="gate_model")]


class GateOverride(models.Model):
    """An admin's written reason to let a model serve that did not pass, or that learned from documents that had to go.

    ``removed_documents`` is the model's at that time: an override knows of no later removal.
    """

    result = models.OneToOneField(GateResult, on_delete=models.PROTECT, related_name="override")
    reason = models.CharField(max_length=1000)
    removed_documents = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="override_has_reason")]
