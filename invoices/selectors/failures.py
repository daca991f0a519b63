"""Documents that could not be read: by reason, with what to do about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from invoices.erasing import REMOVED
from invoices.models import Document, DocumentStatus
from invoices.selectors.keyset import Ordering, Slice, ordering_named, read_cursor, slice_of

PAGE_SIZE = 30
ORDERINGS = {"received": Ordering("pk"), "name": Ordering("name"), "size": Ordering("size")}
DEFAULT_ORDERING = "-received"


@dataclass(frozen=True, slots=True)
class Guide:
    """What a person is told about one reason. ``retry_helps``: whether reading the same file again can end well."""

    title: str
    what_to_do: str
    retry_helps: bool = False


GUIDES: dict[str, Guide] = {
    "encrypted": Guide("Locked with a password", "Ask the sender for an unlocked copy, or print it to a new PDF, and add that."),
    "damaged": Guide("Damaged file", "Ask the sender for a new copy and add that."),
    "no_pages": Guide("No pages", "Check whether the right file was sent."),
    "too_many_pages": Guide("Too many pages", "Split it into single invoices and add those."),
    "too_large_page": Guide("Page too large", "Scan or print it again at a usual paper size."),
    "not_an_invoice_file": Guide("Not a PDF or image", "Export the invoice as a PDF and add that."),
    "timeout": Guide("Took too long", "Try it again when the machine is less busy; else print it to a new PDF.", retry_helps=True),
    "memory": Guide("Needed too much memory", "Print it to a new PDF, or split it, and add that."),
    "too_much_output": Guide("Unpacks to too much", "Print it to a new PDF, or split it, and add that."),
    "reader_crashed": Guide("Stops the reader", "Try it again once; if it fails again, ask the sender for a new copy.", retry_helps=True),
    "no_ocr": Guide("No way to read pictures", "Have an admin install Tesseract; then try it again.", retry_helps=True),
    "job_dead": Guide("Stopped three times", "Try it again; if that fails too, tell an admin.", retry_helps=True),
}
UNKNOWN = Guide("Could not be processed", "Try it again; if it fails again, tell an admin the code beside it.", retry_helps=True)


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """One reason with the number of documents it holds up."""

    code: str
    guide: Guide
    count: int


@dataclass(frozen=True)
class FailureList:
    """One page of failed documents; ``groups`` are all reasons, most frequent first.

    ``total`` is of the chosen reason, ``all_reasons`` of all of them; ``sort`` is the ordering that was really used.
    """

    groups: list[FailureGroup]
    rows: list[Document]
    next: str
    previous: str
    total: int
    all_reasons: int
    sort: str


def guide_for(code: str) -> Guide:
    """What to tell about a reason, known or not."""
    return GUIDES.get(code, UNKNOWN)


def failure_list(query: Mapping[str, str]) -> FailureList:
    """Read ``?code=&q=&sort=&cursor=``: two queries."""
    failed = Document.objects.filter(status=DocumentStatus.FAILED).exclude(error_code=REMOVED)
    text = query.get("q", "").replace("\x00", "").strip()[:200]
    if text:
        failed = failed.filter(Q(name__icontains=text) | Q(vendor__name__icontains=text))
    counts = failed.order_by().values_list("error_code").annotate(count=Count("pk")).order_by("-count", "error_code")
    groups = [FailureGroup(code, guide_for(code), count) for code, count in counts]
    code = query.get("code", "")
    chosen = failed.filter(error_code=code) if code else failed
    related = chosen.select_related("uploaded_by").defer("text_signature")
    sort, ordering = ordering_named(query.get("sort", ""), ORDERINGS, DEFAULT_ORDERING)
    page: Slice[Document] = slice_of(related, ordering, read_cursor(query.get("cursor", "")), PAGE_SIZE)
    return FailureList(
        groups=groups,
        rows=page.rows,
        next=page.next,
        previous=page.previous,
        total=sum(group.count for group in groups if not code or group.code == code),
        all_reasons=sum(group.count for group in groups),
        sort=sort,
    )
