"""Proposed vendors with the vendors that they may really be."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch
from rapidfuzz import fuzz, process, utils

from invoices.models import Document, Vendor, VendorAlias, VendorStatus

PAGE_SIZE = 20
SUGGESTIONS = 3
LEAST_SIMILARITY = 70.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A vendor that a proposed one resembles; ``percent`` is the similarity of the names that come closest."""

    vendor: Vendor
    percent: int


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
    """Up to ``SUGGESTIONS`` other vendors with a similar name, the most similar first."""
    found = process.extract(
        vendor.name,
        [name for _, name in names],
        scorer=fuzz.token_set_ratio,
        processor=utils.default_process,
        score_cutoff=LEAST_SIMILARITY,
        limit=SUGGESTIONS * 4,
    )
    best: dict[int, int] = {}
    for _, score, index in found:
        owner = names[index][0]
        if owner != vendor.pk:
            best.setdefault(owner, round(score))
    return [Suggestion(known[pk], percent) for pk, percent in list(best.items())[:SUGGESTIONS]]
