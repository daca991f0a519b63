"""Looking gold records up: the one of a document, and all of them for export."""

from __future__ import annotations

from django.db.models import QuerySet

from labeling.models import GoldRecord

_PEOPLE = ("annotation__author", "adjudication__task__assignee")
"""Who labeled a record, and who put one together of two labels."""


def current_gold(document_id: int) -> GoldRecord | None:
    """The gold record that counts, or ``None``."""
    return GoldRecord.objects.select_related("vendor").filter(document=document_id, is_current=True).first()


def export_rows() -> QuerySet[GoldRecord]:
    """Every current gold record in order of id, with document, vendor and annotator, without the page text."""
    rows = GoldRecord.objects.filter(is_current=True).order_by("id").select_related("document", "vendor", *_PEOPLE)
    return rows.only(
        "id",
        "record",
        "provenance",
        "evidence",
        "created_at",
        "document__name",
        "document__sha256",
        "vendor__name",
        *(f"{person}__username" for person in _PEOPLE),
    )
