"""Documents that are nearly the same are flagged with a reason, and never dropped.

Two signs: nearly the same text (``mlcore.near_text``), and the same vendor, invoice number and total.
"""

from __future__ import annotations

from collections.abc import Sequence

from invoices.models import Document, Prediction, TextBand, Vendor
from mlcore.compare import same
from mlcore.near_text import SAME_TEXT, band_keys, similarity
from mlcore.schema import ValueKind

_COMPARED = 50


def flag_same_text(document_id: int, signature: Sequence[int]) -> None:
    """Flag the document when an earlier one has nearly the same text. Call it in the transaction that stores the text."""
    TextBand.objects.filter(document_id=document_id).delete()
    if not signature:
        return
    keys = band_keys(signature)
    TextBand.objects.bulk_create(TextBand(document_id=document_id, key=key) for key in keys)
    alike = TextBand.objects.filter(key__in=keys, document_id__lt=document_id).values("document_id").distinct()
    earlier = Document.objects.filter(pk__in=alike).order_by("-pk").values_list("pk", "text_signature")[:_COMPARED]
    best = max(((similarity(signature, other), pk) for pk, other in earlier), default=(0.0, 0))
    if best[0] >= SAME_TEXT:
        reason = f"{round(best[0] * 100)} % of the text is the same."
        Document.objects.filter(pk=document_id).update(near_duplicate_of=best[1], near_duplicate_reason=reason)


def settle(document_id: int, vendor: Vendor | None, prediction: Prediction) -> None:
    """Look again when the values are known: the same vendor, number and total is a sign, another number clears the text's.

    Documents of one vendor often share nearly all their text. Call it in the transaction that stores ``prediction``.
    """
    number, total = prediction.record.get("invoice_number"), prediction.record.get("total")
    if vendor is None or not number:
        return
    same = Prediction.objects.filter(document__vendor=vendor, document__lt=document_id, record__invoice_number=number, record__total=total)
    earlier = same.order_by("document").values_list("document_id", flat=True).first() if total else None
    document = Document.objects.filter(pk=document_id)
    if earlier is not None:
        reason = f"Same vendor, invoice number {number} and total {total}."
        document.update(near_duplicate_of=earlier, near_duplicate_reason=reason[:300])
        return
    flagged = document.exclude(near_duplicate_of=None).values_list("near_duplicate_of", flat=True).first()
    if flagged is not None and _has_another_number(flagged, number):
        document.update(near_duplicate_of=None, near_duplicate_reason="")


def _has_another_number(document_id: int, number: str) -> bool:
    newest = Prediction.objects.filter(document=document_id).order_by("-pk").first()
    other = newest.record.get("invoice_number") if newest else None
    return other is not None and not same(ValueKind.IDENTIFIER, other, number)
