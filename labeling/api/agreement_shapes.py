"""Shapes of the answers about agreement, and what may be asked."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from labeling.agreement.export import TABLES
from labeling.agreement.slices import people_of
from labeling.guidelines.fields import FIELDS
from labeling.selectors.agreement import Scope
from labeling.selectors.agreement_documents import PairFilter
from mlcore.agreement.prefill import PrefillPair

MAX_PAGE = 200
BY = ("field", "vendor", "pair", "month", "prefill")
_MONTH = r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$"
_PAIR = r"^[0-9]{1,15}-[0-9]{1,15}$"


def one_scope(attrs: dict[str, Any]) -> list[str]:
    """The scope that is asked for, none or one: sums are stored for one property of a pair at a time."""
    given: list[str] = [name for name in ("vendor", "pair", "prefill") if name in attrs]
    given += ["since/until"] if "since" in attrs or "until" in attrs else []
    if len(given) > 1:
        raise serializers.ValidationError(f"{' and '.join(given)} together have no stored sums. Ask for one of them.")
    return given


class ScopeQuery(serializers.Serializer[Any]):
    """Which pairs. Anything else in the address is ignored."""

    vendor = serializers.IntegerField(required=False, min_value=0, max_value=2**53, help_text="0: documents whose vendor is not known")
    pair = serializers.RegexField(_PAIR, required=False, help_text="two people by id, the smaller one first: 3-5")
    prefill = serializers.ChoiceField([part.value for part in PrefillPair], required=False)
    since = serializers.RegexField(_MONTH, required=False, help_text="first month, 2026-09")
    until = serializers.RegexField(_MONTH, required=False, help_text="last month, included")

    def validate_pair(self, value: str) -> str:
        """Two people, the smaller id first."""
        if people_of(value) is None:
            raise serializers.ValidationError(f"{value} is no pair of people: write two ids, the smaller one first, as in 3-5.")
        return value

    @property
    def asked(self) -> dict[str, str]:
        """The scope's values as they stand in an address."""
        return {name: str(value) for name, value in self.validated_data.items() if name in ("vendor", "pair", "prefill", "since", "until")}


class AgreementQuery(ScopeQuery):
    """One scope: a vendor, a pair, a class of pre-fill or some months. ``by`` lists its parts in pages."""

    by = serializers.ChoiceField(BY, required=False)
    cursor = serializers.CharField(default="", max_length=2000)
    page_size = serializers.IntegerField(default=30, min_value=1, max_value=MAX_PAGE)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Sums are stored for one property of a pair at a time."""
        given = one_scope(attrs)
        if given and attrs.get("by", "field") != "field":
            raise serializers.ValidationError(f"by={attrs['by']} lists all pairs. Leave {given[0]} out, or ask for agreement/documents/.")
        return attrs

    @property
    def scope(self) -> Scope:
        """The checked scope."""
        return Scope.from_address(self.asked)


class PairQuery(ScopeQuery):
    """Documents behind a number; everything that is given narrows."""

    field = serializers.ChoiceField(list(FIELDS.items()), required=False, help_text="documents where this field differs")
    differing = serializers.BooleanField(default=False, help_text="only documents where anything differs")
    critical = serializers.BooleanField(default=False, help_text="only documents where a critical field differs")
    cursor = serializers.CharField(default="", max_length=2000)
    page_size = serializers.IntegerField(default=30, min_value=1, max_value=MAX_PAGE)

    @property
    def wanted(self) -> PairFilter:
        """The checked values as a filter."""
        data = self.validated_data
        return PairFilter(Scope.crossed(self.asked), data.get("field", ""), data["differing"], data["critical"], data["cursor"])


class ExportQuery(ScopeQuery):
    """One table. The table of fields takes one scope, that of documents every filter, the others none."""

    table = serializers.ChoiceField(list(TABLES), default="fields")
    field = serializers.ChoiceField(list(FIELDS.items()), required=False)
    differing = serializers.BooleanField(default=False)
    critical = serializers.BooleanField(default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Nothing is left out of an export without saying so."""
        narrowing = [name for name, value in attrs.items() if name != "table" and value is not False]
        if attrs["table"] == "fields":
            one_scope(attrs)
            narrowing = [name for name in narrowing if name in ("field", "differing", "critical")]
        if narrowing and attrs["table"] != "documents":
            raise serializers.ValidationError(f"The table {attrs['table']} cannot be narrowed by {', '.join(narrowing)}.")
        return attrs

    @property
    def wanted(self) -> PairFilter:
        """The checked values as a filter."""
        data = self.validated_data
        return PairFilter(Scope.crossed(self.asked), data.get("field", ""), data["differing"], data["critical"])


class Figure(serializers.Serializer[Any]):
    """A share with its interval, 0..1, and its number of documents. Under the floor ``value`` is null and ``floor`` is there; a coefficient
    is null without a floor where every label is the same category."""

    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True, required=False)
    high = serializers.FloatField(allow_null=True, required=False)
    n = serializers.IntegerField()
    floor = serializers.IntegerField(required=False)


class ClosedSet(serializers.Serializer[Any]):
    """Agreement on a closed set, with what chance explains taken off; both coefficients depend on ``prevalence``."""

    name = serializers.CharField()
    units = serializers.IntegerField()
    prevalence = serializers.FloatField(allow_null=True)
    percent = Figure()
    kappa = Figure()
    alpha = Figure()


class AgreementField(serializers.Serializer[Any]):
    """One field; of cells, those of matched rows."""

    name = serializers.CharField()
    counts = serializers.DictField(child=serializers.IntegerField())
    agreement = Figure()
    values = Figure()
    presence_f1 = Figure()
    presence = ClosedSet()


class Figures(serializers.Serializer[Any]):
    """What stands beside a set of pairs."""

    documents = serializers.IntegerField()
    exact = Figure()
    critical = Figure()
    values = Figure()
    row_f1 = Figure()
    cells = Figure()
    row_count = Figure()
    item_type = ClosedSet()
    vendor = ClosedSet()


class Statistics(Figures):
    """Everything that a set of pairs says."""

    fields = serializers.ListField(child=AgreementField())  # type: ignore[assignment]


class AgreementMonth(serializers.Serializer[Any]):
    """A point of the trend."""

    month = serializers.CharField()
    documents = serializers.IntegerField()
    exact = Figure()
    critical = Figure()
    values = Figure()


class AgreementAnswer(serializers.Serializer[Any]):
    """Without ``by``: ``method`` to ``months``. With ``by``: a page of ``results``; ``next`` and ``previous`` are cursors.

    ``waiting`` pairs were compared and are not in the sums yet (10,001 at most); pairs that are still blind are not among them.
    """

    method = serializers.DictField(child=serializers.JSONField())
    floor = serializers.IntegerField()
    target = serializers.CharField()
    counted = serializers.IntegerField()
    waiting = serializers.IntegerField()
    scope = serializers.DictField(child=serializers.JSONField(), required=False)
    all = Statistics(required=False)
    prefill = serializers.DictField(child=Figures(), required=False)
    months = serializers.ListField(child=AgreementMonth(), required=False)
    by = serializers.ChoiceField(BY, required=False)
    next = serializers.CharField(allow_null=True, required=False)
    previous = serializers.CharField(allow_null=True, required=False)
    results = serializers.ListField(child=serializers.DictField(child=serializers.JSONField(allow_null=True)), required=False)


class PairAnswer(serializers.Serializer[Any]):
    """A document that two people labeled. ``labelers`` are in the order of their ids, which says nothing about A and B."""

    document = serializers.DictField(child=serializers.JSONField(allow_null=True))
    vendor = serializers.DictField(child=serializers.JSONField(allow_null=True), allow_null=True)
    labelers = serializers.ListField(child=serializers.DictField(child=serializers.JSONField()))
    pair = serializers.CharField()
    prefill = serializers.CharField()
    compared_at = serializers.CharField()
    exact = serializers.BooleanField()
    critical = serializers.BooleanField()
    differences = serializers.IntegerField()
    fields = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]
    adjudication = serializers.IntegerField(allow_null=True)


class PairPageAnswer(serializers.Serializer[Any]):
    """One page, newest first; ``next`` and ``previous`` are cursors."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = PairAnswer(many=True)
