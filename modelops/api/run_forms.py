"""Requests about training runs, checked for shape. What a recipe may be is ``modelops.runs.recipes``'s to say."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from labeling.api.forms import Form
from modelops.runs.asking import MOST_CODES
from modelops.runs.starts import BASE, MOST_NAME
from modelops.runs.sweeping import MAX_NAME, AlphaRule
from modelops.selectors.run_progress import MOST_LINES, MOST_POINTS
from modelops.selectors.runs import TABS

MOST_ID = 2**31 - 1


class RunAskForm(Form):
    """Which recipe on which data set, from where: a preset or a whole recipe, with single fields changed (path -> value)."""

    dataset = serializers.IntegerField(min_value=1, max_value=MOST_ID, help_text="number of the data set version")
    preset = serializers.CharField(default="", allow_blank=True, max_length=60)
    recipe = serializers.DictField(child=serializers.JSONField(allow_null=True), allow_null=True, default=None)
    changes = serializers.DictField(child=serializers.JSONField(allow_null=True), default=dict)
    launcher = serializers.CharField(default="here", max_length=40)
    start = serializers.CharField(
        default=BASE, max_length=MOST_NAME, help_text="base, champion (the model that serves), or the number of a model to go on from"
    )


class RunStartForm(RunAskForm):
    """``POST training-runs/``. ``confirm`` has the codes of the preflight's warnings."""

    confirm = serializers.ListField(child=serializers.CharField(max_length=60), max_length=MOST_CODES, default=list)
    note = serializers.CharField(default="", allow_blank=True, max_length=5_000)


class SweepForm(RunStartForm):
    """``POST training-sweeps/``. ``axes`` has for each path the values to try; ``alpha`` what becomes of it when the rank is tried."""

    name = serializers.CharField(max_length=MAX_NAME)
    axes = serializers.DictField(child=serializers.ListField(child=serializers.JSONField(), max_length=100))
    alpha = serializers.ChoiceField([rule.value for rule in AlphaRule], default=AlphaRule.FIXED.value)


class TrainingRunQuery(serializers.Serializer[Any]):
    """``GET training-runs/``."""

    state = serializers.ChoiceField(list(TABS), default="all")
    dataset = serializers.IntegerField(min_value=1, max_value=MOST_ID, required=False)
    cursor = serializers.CharField(default="", max_length=2_000)


class RunPointsQuery(serializers.Serializer[Any]):
    """``GET training-runs/{id}/points/``."""

    after = serializers.IntegerField(min_value=0, max_value=MOST_ID, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=MOST_POINTS, default=MOST_POINTS)


class RunLinesQuery(serializers.Serializer[Any]):
    """``GET training-runs/{id}/lines/``."""

    after = serializers.IntegerField(min_value=0, max_value=2**62, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=MOST_LINES, default=MOST_LINES)
