"""The list of documents: filters, search, and the values that stand beside each name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from invoices.models import Document, DocumentStatus, Prediction, User, Vendor
from invoices.selectors.keyset import Ordering, Slice, ordering_named, read_cursor, slice_of
from invoices.veils import SHOWN_AS, shown, standing_as, veiled
from labeling.models import GoldRecord, Trial
from labeling.prefill_shown import altered_tasks
from labeling.selectors.stored_text import StoredText

PAGE_SIZE = 30
MAX_VENDORS_TO_CHOOSE = 500
SOURCES = {"upload": "Upload", "api": "API", "command": "Command line", "folder": "Watched folder", "demo": "Demo set"}
ORDERINGS = {
    "received": Ordering("pk"),
    "name": Ordering("name"),
    "vendor": Ordering("vendor_name"),
    "pages": Ordering("page_count"),
}
DEFAULT_ORDERING = "-received"
UNFINISHED = (DocumentStatus.RECEIVED, DocumentStatus.PARSING)


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """What a person asked the list for. Values that do not exist are left out, so any address works."""

    status: str = ""
    vendor: int | None = None
    source: str = ""
    text: str = ""
    near_duplicates: bool = False
    sort: str = DEFAULT_ORDERING
    cursor: str = ""

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> DocumentFilter:
        """Read ``?status=&vendor=&source=&q=&near=&sort=&cursor=``."""
        status, source, vendor = query.get("status", ""), query.get("source", ""), query.get("vendor", "")
        return cls(
            status=status if status in DocumentStatus.values else "",
            vendor=int(vendor) if vendor.isascii() and vendor.isdigit() and len(vendor) < 16 else None,
            source=source if source in SOURCES else "",
            text=query.get("q", "").replace("\x00", "").strip()[:200],
            near_duplicates=query.get("near") == "1",
            sort=query.get("sort", DEFAULT_ORDERING),
            cursor=query.get("cursor", ""),
        )

    @property
    def narrows(self) -> bool:
        """Whether anything is filtered out."""
        return bool(self.status or self.vendor or self.source or self.text or self.near_duplicates)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One line of the list. The values are the confirmed ones where there are any, else the predicted ones."""

    document: Document
    invoice_number: str
    date: str
    total: str
    confirmed: bool

    @property
    def unfinished(self) -> bool:
        """Whether its status will change by itself."""
        return self.document.status in UNFINISHED


@dataclass(frozen=True)
class DocumentList:
    """One page of the list with what stands around it. ``sort`` is the ordering that was really used.

    ``vendors`` are the ids and names to choose from.
    """

    rows: list[DocumentRow]
    next: str
    previous: str
    sort: str
    counts: dict[str, int]
    vendors: list[tuple[int, str]]


def document_list(wanted: DocumentFilter, user: User) -> DocumentList:
    """One page of documents: six queries at most."""
    sort, ordering = ordering_named(wanted.sort, ORDERINGS, DEFAULT_ORDERING)
    hidden = veiled(user)
    matching = _matching(wanted, user, hidden)
    counts = _counts(matching, hidden)
    of_status = matching.filter(standing_as(wanted.status, hidden)) if wanted.status else matching
    page: Slice[Document] = slice_of(_with_relations(of_status), ordering, read_cursor(wanted.cursor), PAGE_SIZE)
    return DocumentList(
        rows=document_rows(page.rows, user, hidden),
        next=page.next,
        previous=page.previous,
        sort=sort,
        counts={"": sum(counts.values()), **{status: counts.get(status, 0) for status in DocumentStatus.values}},
        vendors=vendor_choices(),
    )


def rows_by_id(ids: Iterable[int], user: User) -> list[DocumentRow]:
    """The rows of some documents, newest first, for the list that refreshes itself: four queries."""
    wanted = Document.objects.filter(pk__in=list(ids)[: 4 * PAGE_SIZE])
    return document_rows(list(_with_relations(wanted).order_by("-pk")), user, veiled(user))


def vendor_choices() -> list[tuple[int, str]]:
    """Id and name of the vendors that a list can be narrowed to: one query."""
    known = Vendor.objects.filter(merged_into=None).order_by("name")
    return list(known.values_list("pk", "name")[:MAX_VENDORS_TO_CHOOSE])


def document_rows(documents: list[Document], user: User, hidden: Collection[int] = ()) -> list[DocumentRow]:
    """Documents with number, date and total: two queries for all of them.

    Without predicted values where a task that this person may do hides or changes them, and without the truth about ``hidden`` ones.
    """
    shown(documents, hidden)
    ids = [document.pk for document in documents]
    altered = Exists(altered_tasks(user).filter(document=OuterRef("document")))
    predicted = Prediction.objects.filter(~altered, document__in=ids).filter(_first_known(user, hidden)).order_by("pk")
    confirmed = GoldRecord.objects.filter(document__in=set(ids).difference(hidden), is_current=True)
    values = _values_by_document(predicted)
    gold = _values_by_document(confirmed)
    nothing = ("", "", "")
    return [
        DocumentRow(document, *gold.get(document.pk, values.get(document.pk, nothing)), confirmed=document.pk in gold)
        for document in documents
    ]


def _counts(matching: QuerySet[Document], hidden: Collection[int]) -> dict[str, int]:
    """How many documents stand how, as they are shown."""
    counts = dict(matching.order_by().values_list("status").annotate(Count("pk")))
    for status in matching.filter(pk__in=hidden).values_list("status", flat=True) if hidden else ():
        counts[status] -= 1
        counts[SHOWN_AS] = counts.get(SHOWN_AS, 0) + 1
    return counts


def _first_known(user: User, hidden: Collection[int]) -> Q:
    """Predictions that may be shown: of hidden documents the one that the person is given, not what was learned from the truth."""
    given = Trial.objects.filter(person=user, document__in=hidden).values("prediction")
    return ~Q(document__in=hidden) | Q(pk__in=given) if hidden else Q()


def _values_by_document(records: QuerySet[Prediction] | QuerySet[GoldRecord]) -> dict[int, tuple[str, str, str]]:
    """Number, date and total of each document as they are stored; the last record of a document counts."""
    values = [StoredText("record", name) for name in ("invoice_number", "date", "total")]
    return {pk: (number or "", date or "", total or "") for pk, number, date, total in records.values_list("document_id", *values)}


def _with_relations(documents: QuerySet[Document]) -> QuerySet[Document]:
    """With what a row shows of vendor, uploader and near-duplicate; sortable by ``vendor_name``."""
    related = documents.select_related("vendor", "uploaded_by", "near_duplicate_of")
    bare = related.defer("text_signature", "near_duplicate_of__text_signature")
    return bare.annotate(vendor_name=Coalesce(F("vendor__name"), Value("")))


def _matching(wanted: DocumentFilter, user: User, hidden: Collection[int]) -> QuerySet[Document]:
    """The documents that match, whatever their status, by what this person is shown of them."""
    documents = Document.objects.all()
    if wanted.vendor is not None:
        documents = documents.filter(vendor_id=wanted.vendor)
    if wanted.source:
        documents = documents.filter(source=wanted.source)
    if wanted.near_duplicates:
        documents = documents.filter(near_duplicate_of__isnull=False)
    if wanted.text:
        number = StoredText("record", "invoice_number")
        predicted = Prediction.objects.alias(number=number).filter(document=OuterRef("pk"), number__icontains=wanted.text)
        predicted = predicted.filter(_first_known(user, hidden))
        confirmed = GoldRecord.objects.alias(number=number).filter(document=OuterRef("pk"), is_current=True, number__icontains=wanted.text)
        confirmed = confirmed.exclude(document__in=hidden) if hidden else confirmed
        documents = documents.filter(
            Q(name__icontains=wanted.text) | Q(vendor__name__icontains=wanted.text) | Exists(confirmed) | Exists(predicted)
        )
    return documents
