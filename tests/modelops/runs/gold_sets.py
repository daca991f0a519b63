"""Gold records in data set versions, as labeling and freezing leave them; no files behind the documents."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from invoices.models import Document, DocumentStatus, Vendor
from labeling.models import GoldRecord, SuspectGold
from modelops.models import DatasetItem, DatasetVersion, Side, VendorSide

CONFIRMED = {"source": "confirmed", "by": 1, "model_id": "m"}
CORRECTED = {"source": "corrected", "by": 1, "model_id": "m"}
TYPED = {"source": "typed", "by": 1, "model_id": None}
SETTLED = {"source": "adjudicated", "by": 2, "model_id": None}
AGREED = {"source": "agreed", "by": 1, "also_by": 2, "model_id": None}
REVIEWED = {"source": "reviewed", "change": "corrected", "by": 2, "model_id": "m"}


def gold_of(vendor: str = "Apex Infusion", provenance: Mapping[str, Any] | None = None) -> GoldRecord:
    """A gold record of a document of its own."""
    owner, _ = Vendor.objects.get_or_create(name=vendor, defaults={"status": "confirmed"})
    sha256 = hashlib.sha256(uuid.uuid4().bytes).hexdigest()
    document = Document.objects.create(
        sha256=sha256, name="a.pdf", media_type="application/pdf", size=10, status=DocumentStatus.GOLD, page_count=1, vendor=owner
    )
    told = {"total": CONFIRMED} if provenance is None else dict(provenance)
    return GoldRecord.objects.create(document=document, vendor=owner, annotation=None, record={}, provenance=told)


def put_in(version: DatasetVersion, *golds: GoldRecord, side: str = Side.TRAIN.value) -> None:
    """Make gold records items of a version, on the side of their vendors from now on."""
    for vendor in {gold.vendor for gold in golds if gold.vendor}:
        VendorSide.objects.get_or_create(vendor=vendor, defaults={"side": side})
    DatasetItem.objects.bulk_create(
        DatasetItem(version=version, gold=gold, vendor=gold.vendor, vendor_key=(gold.vendor.name if gold.vendor else "").lower(), side=side)
        for gold in golds
    )


def suspect(gold: GoldRecord) -> None:
    """Something speaks against it."""
    SuspectGold.objects.create(gold=gold, score=600, state=SuspectGold.State.OPEN, looked_at=timezone.now())
