"""Names of vendors by their keys in a data set."""

from __future__ import annotations

from collections.abc import Iterable

from invoices.models import Vendor


def vendor_names(keys: Iterable[str]) -> dict[str, str]:
    """By key: one statement. Keys that are no vendor's here (synthetic documents, other stations) are left out."""
    ids = [int(key) for key in keys if key.isdecimal() and len(key) < 18]
    return {str(pk): name for pk, name in Vendor.objects.filter(pk__in=ids).values_list("pk", "name")}
