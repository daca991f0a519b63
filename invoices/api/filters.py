"""What lists may be asked for: an allowlist of names, each with its own type."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django_filters import rest_framework as filters

from invoices.models import Document, DocumentStatus, Vendor, VendorStatus
from invoices.people import User
from invoices.veils import standing_as, veiled

_MAX_ID = 2**63 - 1
_MAX_SEARCH = 100


class DocumentFilter(filters.FilterSet):
    """``status``, ``vendor``, ``error_code``, ``near_duplicate`` and ``search`` (part of a name, or a whole SHA-256)."""

    status = filters.ChoiceFilter(choices=DocumentStatus.choices, method="filter_status")
    vendor = filters.NumberFilter(field_name="vendor_id", min_value=1, max_value=_MAX_ID, decimal_places=0)
    error_code = filters.CharFilter(field_name="error_code", max_length=60)
    near_duplicate = filters.BooleanFilter(field_name="near_duplicate_of", lookup_expr="isnull", exclude=True)
    search = filters.CharFilter(method="filter_search", max_length=_MAX_SEARCH)

    class Meta:
        model = Document
        fields: list[str] = []

    def filter_status(self, rows: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        """By the status that the person is shown."""
        user = self.request.user if self.request is not None else None
        return rows.filter(standing_as(value, veiled(user) if isinstance(user, User) else ()))

    def filter_search(self, rows: QuerySet[Document], name: str, value: str) -> QuerySet[Document]:
        """By the name of the document or of its vendor, or by its hash."""
        return rows.filter(Q(name__icontains=value) | Q(vendor__name__icontains=value) | Q(sha256=value.lower()))


class VendorFilter(filters.FilterSet):
    """``status``, ``merged`` (false: only vendors that still stand) and ``search`` (part of a name or other name)."""

    status = filters.ChoiceFilter(choices=VendorStatus.choices)
    merged = filters.BooleanFilter(field_name="merged_into", lookup_expr="isnull", exclude=True)
    search = filters.CharFilter(method="filter_search", max_length=_MAX_SEARCH)

    class Meta:
        model = Vendor
        fields: list[str] = []

    def filter_search(self, rows: QuerySet[Vendor], name: str, value: str) -> QuerySet[Vendor]:
        """By name or other name."""
        return rows.filter(Q(name__icontains=value) | Q(pk__in=Vendor.objects.filter(aliases__name__icontains=value).values("pk")))
