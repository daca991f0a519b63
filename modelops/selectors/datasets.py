"""Data set versions as lists and pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from invoices.models import Vendor
from invoices.selectors.keyset import Ordering, Slice, read_cursor, slice_of
from modelops.datasets.rules import REASONS
from modelops.models import DatasetItem, DatasetVersion, ModelEvaluation, ModelVersion, Side, TrainingRun

PAGE_SIZE = 20
LINEAGE_SIZE = 50
MOST_VENDORS = 40
_NEWEST = Ordering("number", descending=True)
_OLDEST = Ordering("pk")


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """Why gold records are not in a version, how many, and some of their documents."""

    code: str
    reason: str
    count: int
    documents: list[int]


@dataclass(frozen=True, slots=True)
class VendorRow:
    """What a version has of one vendor. ``name`` is empty when it is gone; ``types`` are its line types, the most frequent first."""

    key: str
    vendor_id: int | None
    name: str
    side: str
    documents: int
    weighted: int
    types: list[tuple[str, int]]


@dataclass(frozen=True)
class DatasetPage:
    """One version: what is in it, what is not, where it comes from, what used it. ``more_vendors`` are not among ``vendors``."""

    version: DatasetVersion
    before: DatasetVersion | None
    left_out: list[LeftOutRow]
    vendors: list[VendorRow]
    more_vendors: int
    lineage: Slice[DatasetItem]
    side: str
    runs: list[TrainingRun]
    models: list[ModelVersion]
    evaluations: list[ModelEvaluation]


def dataset_list(cursor: str = "") -> Slice[DatasetVersion]:
    """One page, newest first: one statement."""
    rows = DatasetVersion.objects.select_related("parent", "created_by", "same_as").defer("counts", "plan")
    return slice_of(rows, _NEWEST, read_cursor(cursor), PAGE_SIZE)


def dataset_page(version: DatasetVersion, side: str = "", cursor: str = "") -> DatasetPage:
    """One version: seven statements."""
    chosen = side if side in Side.values else Side.TRAIN.value
    rows, more = _vendors(version)
    on_it = {"dataset": version}
    models = ModelVersion.objects.filter(**on_it).defer("facts", "card", "trained_vendors").order_by("-number")[:PAGE_SIZE]
    evaluations = ModelEvaluation.objects.filter(**on_it).select_related("model").order_by("-pk")[:PAGE_SIZE]
    return DatasetPage(
        version=version,
        before=version_before(version),
        left_out=left_out_rows(version),
        vendors=rows,
        more_vendors=more,
        lineage=lineage(version, chosen, cursor),
        side=chosen,
        runs=list(TrainingRun.objects.filter(**on_it).defer("preflight").order_by("-pk")[:PAGE_SIZE]),
        models=list(models),
        evaluations=list(evaluations),
    )


def version_before(version: DatasetVersion) -> DatasetVersion | None:
    """The version that a version is compared with first: its parent, else the frozen one before it."""
    if version.parent is not None:
        return version.parent
    frozen = DatasetVersion.objects.filter(state=DatasetVersion.State.FROZEN, number__lt=version.number)
    return frozen.defer("counts", "plan").order_by("-number").first()


def lineage(version: DatasetVersion, side: str, cursor: str, size: int = LINEAGE_SIZE) -> Slice[DatasetItem]:
    """One page of the gold records of a side, in order: one statement on an index."""
    return slice_of(items_of(version).filter(side=side), _OLDEST, read_cursor(cursor), size)


def items_of(version: DatasetVersion) -> QuerySet[DatasetItem]:
    """Items with what is told of them, without the records."""
    rows = DatasetItem.objects.filter(version=version).select_related("gold__document", "vendor")
    return rows.only(
        *("side", "layout", "weight", "reason", "removed_at", "vendor_key", "version_id"),
        *("gold__created_at", "gold__document__name", "gold__is_current", "vendor__name"),
    )


def left_out_rows(version: DatasetVersion) -> list[LeftOutRow]:
    """What is not in a version, the most frequent reason first."""
    examples: Mapping[str, Any] = version.plan.get("left_out_documents", {})
    rows = [
        LeftOutRow(code, REASONS.get(code, code), count, list(examples.get(code, []))) for code, count in version.left_out.items() if count
    ]
    return sorted(rows, key=lambda row: (-row.count, row.code))


def _vendors(version: DatasetVersion) -> tuple[list[VendorRow], int]:
    """The vendors with the most documents of each side: one statement."""
    told: Mapping[str, Mapping[str, Any]] = version.counts.get("vendors", {})
    order = {side: place for place, side in enumerate(Side.values)}
    ranked = sorted(told.items(), key=lambda one: (order.get(one[1]["side"], 9), -one[1]["documents"], one[0]))
    shown = ranked[:MOST_VENDORS]
    names = dict(Vendor.objects.filter(pk__in=[int(key) for key, _ in shown if key.isdigit()]).values_list("pk", "name"))
    rows = []
    for key, one in shown:
        pk = int(key) if key.isdigit() else None
        types = sorted(one["line_types"].items(), key=lambda pair: (-pair[1], pair[0]))
        rows.append(VendorRow(key, pk, names.get(pk or 0, ""), one["side"], one["documents"], one["weighted"], types))
    return rows, len(ranked) - len(shown)
