"""Why a document counts as a vendor's, in a sentence."""

from __future__ import annotations

from invoices.models import Document
from invoices.parsing import document_text
from invoices.vendors import vendor_index

MOST_PAGES = 20
"""Longer documents are not looked at again for this: their words weigh more than the sentence is worth."""


def vendor_reason(document: Document) -> str:
    """What the vendor master, as it is now, says about the document: three queries.

    Empty when it says nothing, or another vendor than a person or the pre-fill settled on.
    """
    if document.vendor_id is None or not 0 < document.page_count <= MOST_PAGES:
        return ""
    if document.vendor_hint:
        return f"named by the sender: {document.vendor_hint}"
    match = vendor_index().match(document_text(document))
    if match is None or match.key != str(document.vendor_id) or document.vendor is None:
        return ""
    return match.reason.removeprefix(f"{document.vendor.name}: ")
