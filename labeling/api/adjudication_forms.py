"""Requests about adjudications, rulings and guidelines, checked for shape and limits."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from labeling.adjudication.decisions import MAX_REASON, Decision
from labeling.adjudication.grouping import MOST_AT_ONCE
from labeling.api.forms import Form
from labeling.guidelines.writing import MAX_TEXT
from labeling.models import Choice, DifferenceCause

MAX_VALUE = 20_000
MAX_DECISIONS = 2_000
_MOST = 2**63 - 1


class DecisionForm(Form):
    """``POST differences/{id}/settle/``. ``value`` counts with ``choice`` ``other``; of a row it is the JSON of the row."""

    choice = serializers.ChoiceField(Choice.choices)
    value = serializers.CharField(allow_null=True, allow_blank=True, default=None, max_length=MAX_VALUE)
    reason = serializers.CharField(allow_blank=True, default="", max_length=MAX_REASON)
    cause = serializers.ChoiceField(DifferenceCause.choices, allow_blank=True, default="")

    @classmethod
    def decision(cls, raw: object) -> Decision:
        """The checked decision."""
        return decision_of(cls.checked(raw))


class CauseForm(Form):
    """``PATCH differences/{id}/``."""

    cause = serializers.ChoiceField(DifferenceCause.choices)


class NumberedDecision(DecisionForm):
    """A decision about one of the differences of an adjudication."""

    difference = serializers.IntegerField(min_value=1, max_value=_MOST)


class ResolveForm(Form):
    """``POST adjudications/{id}/resolve/``. ``decisions`` may settle what is left, and settle anew."""

    decisions = serializers.ListField(child=NumberedDecision(), default=list, max_length=MAX_DECISIONS)

    @classmethod
    def decisions_of(cls, raw: object) -> dict[int, Decision]:
        """The checked decisions by difference."""
        return {entry["difference"]: decision_of(entry) for entry in cls.checked(raw)["decisions"]}


class ShownForm(serializers.Serializer[Any]):
    """A difference of the group and the value that the preview showed for it."""

    difference = serializers.IntegerField(min_value=1, max_value=_MOST)
    value = serializers.CharField(allow_null=True, allow_blank=True, max_length=MAX_VALUE, trim_whitespace=False)


class GroupForm(NumberedDecision):
    """``POST rulings/``: ``difference`` is the one in hand, ``others`` are settled along with it."""

    others = serializers.ListField(child=ShownForm(), max_length=MOST_AT_ONCE)


class GuidelineForm(Form):
    """``POST guidelines/``. ``version`` is the one that the text was written from, 0 when there was none."""

    field = serializers.CharField(max_length=80)
    text = serializers.CharField(max_length=MAX_TEXT + 1000, trim_whitespace=False)
    version = serializers.IntegerField(min_value=0, max_value=1_000_000)
    rulings = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=_MOST), default=list, max_length=100)


class ReadForm(Form):
    """``POST guidelines/read/``."""

    last = serializers.IntegerField(min_value=1, max_value=_MOST)


def decision_of(data: dict[str, Any]) -> Decision:
    """A decision out of checked values."""
    return Decision(Choice(data["choice"]), data["value"], data["reason"], data["cause"])
