"""Documents that are nearly the same are flagged with a reason, and never dropped.

Two signs: nearly the same text (MinHash of overlapping word triples, A. Broder 1997, found through bands of
the signature), and the same vendor, invoice number and total.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from invoices.models import Document, Prediction, TextBand, Vendor
from mlcore.compare import same
from mlcore.documents import DocumentText
from mlcore.schema import ValueKind

SIGNATURE_LENGTH = 64
SAME_TEXT = 0.9
"""Share of equal signature entries from which two texts are nearly the same (an estimate of their Jaccard similarity)."""

_PRIME = (1 << 31) - 1
_MIN_WORDS = 12
_BAND = 8
_COMPARED = 50
_generator = np.random.default_rng(1997)
_FACTORS: NDArray[np.uint64] = _generator.integers(1, _PRIME, SIGNATURE_LENGTH, dtype=np.uint64)
_OFFSETS: NDArray[np.uint64] = _generator.integers(0, _PRIME, SIGNATURE_LENGTH, dtype=np.uint64)


def text_signature(document: DocumentText) -> list[int]:
    """The MinHash signature of a text; empty for a text too short to compare."""
    words = document.text.casefold().split()
    if len(words) < _MIN_WORDS:
        return []
    triples = {zlib.crc32(" ".join(words[start : start + 3]).encode()) % _PRIME for start in range(len(words) - 2)}
    hashes = np.fromiter(triples, dtype=np.uint64)[:, None]
    return [int(value) for value in ((hashes * _FACTORS + _OFFSETS) % _PRIME).min(axis=0)]


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """Estimated share of text that two signatures have in common, 0..1; 0 when one is empty."""
    if len(one) != SIGNATURE_LENGTH or len(other) != SIGNATURE_LENGTH:
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / SIGNATURE_LENGTH


def flag_same_text(document_id: int, signature: Sequence[int]) -> None:
    """Flag the document when an earlier one has nearly the same text. Call it in the transaction that stores the text."""
    TextBand.objects.filter(document_id=document_id).delete()
    if not signature:
        return
    keys = _bands(signature)
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


def _bands(signature: Sequence[int]) -> list[int]:
    """Texts that are at least 90 % the same share one of these keys with a probability of 98.9 %."""
    bands = (signature[start : start + _BAND] for start in range(0, SIGNATURE_LENGTH, _BAND))
    return [zlib.crc32(json.dumps([number, *band]).encode()) for number, band in enumerate(bands)]
