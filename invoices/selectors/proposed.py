"""Proposed vendors with the vendors that they may really be."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch
from rapidfuzz import fuzz, process, utils

from invoices.models import Document, Vendor, VendorAlias, VendorStatus
from invoices.vendor_master.editing import alias_key
from mlcore.retrieval.short_names import is_short_for

PAGE_SIZE = 20
SUGGESTIONS = 3
LEAST_SIMILARITY = 60.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A vendor that a proposed one resembles; ``percent`` is the similarity of the names that come closest.

    0 when only the address is the same.
    """

    vendor: Vendor
    percent: int
    same_address: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed vendor, its newest documents, and whom it resembles."""

    vendor: Vendor
    documents: list[Document]
    suggestions: list[Suggestion]


def proposals() -> tuple[list[Proposal], int]:
    """The oldest proposed vendors and how many there are: five queries."""
    proposed = Vendor.objects.filter(status=VendorStatus.PROPOSED, merged_into=None)
    newest = Prefetch("documents", queryset=Document.objects.only("pk", "name", "vendor_id", "status").order_by("-pk"))
    shown = list(proposed.order_by("pk").prefetch_related(newest)[:PAGE_SIZE])
    known = {vendor.pk: vendor for vendor in Vendor.objects.filter(merged_into=None).only("pk", "name", "status", "address")}
    names: list[tuple[int, str]] = [(vendor.pk, vendor.name) for vendor in known.values()]
    names += VendorAlias.objects.filter(vendor__in=known).values_list("vendor_id", "name") if known else []
    return [Proposal(vendor, list(vendor.documents.all())[:3], similar_vendors(vendor, known, names)) for vendor in shown], proposed.count()


def similar_vendors(vendor: Vendor, known: dict[int, Vendor], names: list[tuple[int, str]]) -> list[Suggestion]:
    """Up to ``SUGGESTIONS`` other vendors with the same address, a similar name, or a name that begins with this one.

    The same address comes first, and among those the name that begins so; then by name.
    """
    found = process.extract(
        vendor.name,
        [name for _, name in names],
        scorer=fuzz.token_sort_ratio,
        processor=utils.default_process,
        score_cutoff=LEAST_SIMILARITY,
        limit=SUGGESTIONS * 4,
    )
    best: dict[int, int] = {}
    for _, score, index in found:
        best.setdefault(names[index][0], round(score))
    begun = _begun_by(vendor.name, names)
    for pk, name in begun.items():
        best.setdefault(pk, round(fuzz.token_sort_ratio(vendor.name, name, processor=utils.default_process)))
    here = alias_key(vendor.address)
    neighbours = {pk for pk, other in known.items() if here and alias_key(other.address) == here}
    ranked = sorted(
        (best.keys() | neighbours) - {vendor.pk},
        key=lambda pk: (pk not in neighbours, pk not in begun or pk not in neighbours, -best.get(pk, 0), pk),
    )
    return [Suggestion(known[pk], best.get(pk, 0), pk in neighbours) for pk in ranked[:SUGGESTIONS]]


def _begun_by(short: str, names: list[tuple[int, str]]) -> dict[int, str]:
    """The vendors whose name begins with the words of ``short`` and goes on, with that name."""
    first = short.split()[0].casefold() if short.split() else ""
    begun = [(pk, name) for pk, name in names if first and name.casefold().startswith(first)]
    return {pk: name for pk, name in begun if is_short_for(short, name)}
