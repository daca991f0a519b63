"""Gold records that may come into a version, with their document's text, in order of id: two statements for ``CHUNK`` of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from invoices.models import Page
from labeling.gold import example_of
from labeling.models import Annotation, GoldRecord, KnownDocument, Trial
from labeling.suspects.disputed import disputed_gold
from mlcore.dataset.directory import Entry
from mlcore.documents import GoldExample
from mlcore.errors import DocumentError, RecordError
from modelops.datasets.confirming import Sitting, looked_at, too_fast
from modelops.datasets.rules import Rules
from modelops.models import DatasetItem, DatasetVersion, DocumentRemoval

CHUNK = 100
ORIGIN = "app"
"""``Entry.set`` of a gold record."""

_ONE_PERSON = ("confirmed", "corrected", "typed", "reviewed", "audited")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A gold record with its example, or why it is none (``left_out``). ``tested``: people are tested or trained with the document."""

    gold_id: int
    document_id: int
    vendor_id: int | None
    standing_id: int | None
    example: GoldExample | None
    left_out: str = ""
    tested: bool = False
    weight: float = 1.0
    reason: str = ""

    @property
    def key(self) -> str:
        """Vendor key of the example, as exports have it (``labeling.gold.all_examples``)."""
        return str(self.standing_id) if self.standing_id else f"document-{self.document_id}"


def gold_in_scope(version: DatasetVersion) -> QuerySet[GoldRecord]:
    """The current gold records of a version: those made since its day, and of the documents of the versions that it is merged with;
    without a day, all of them."""
    current = GoldRecord.objects.filter(is_current=True)
    if version.since is None:
        return current
    since = Q(created_at__gte=dt.datetime.combine(version.since, dt.time(), dt.UTC))
    sources = [number for number in version.plan.get("sources", []) if isinstance(number, int)]
    held = DatasetItem.objects.filter(gold__document=OuterRef("document"), version__number__in=sources, removed_at=None)
    return current.filter(since | Exists(held)) if sources else current.filter(since)


def taken_back(version: DatasetVersion) -> int:
    """Documents of the versions that it is merged with that have no gold record any more."""
    sources = version.plan.get("sources", [])
    items = DatasetItem.objects.filter(version__number__in=sources, removed_at=None)
    current = GoldRecord.objects.filter(document=OuterRef("gold__document"), is_current=True)
    removed = DocumentRemoval.objects.filter(document=OuterRef("gold__document"))
    return items.filter(~Exists(current), ~Exists(removed)).values("gold__document").distinct().count() if sources else 0


def removed_since(version: DatasetVersion) -> int:
    """Documents of the versions that it is merged with that were removed since."""
    sources = version.plan.get("sources", [])
    items = DatasetItem.objects.filter(version__number__in=sources, removed_at__isnull=False)
    return items.values("gold__document").distinct().count() if sources else 0


def candidates(version: DatasetVersion, rules: Rules) -> Iterator[Candidate]:
    """All of them with their texts; nothing is held but ``CHUNK`` of them."""
    last, golds = 0, _with_all(gold_in_scope(version))
    while chunk := list(golds.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        for gold in chunk:
            yield _candidate(gold, rules)


def entries_of(ids: Sequence[tuple[int, str, float]]) -> Iterator[Entry]:
    """Entries of gold records (id, layout, weight) in this order."""
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        golds = {gold.pk: gold for gold in _with_text(GoldRecord.objects.filter(pk__in=[one[0] for one in part]))}
        for gold_id, layout, weight in part:
            gold = golds[gold_id]
            example = _labeled(gold, str(_standing(gold)))
            yield Entry(entry_id(gold_id), layout, example, ORIGIN, (), weight)


def entry_id(gold_id: int) -> str:
    """What the lines of a gold record are called in every file of a model's life."""
    return f"gold-{gold_id}"


def _with_text(golds: QuerySet[GoldRecord]) -> QuerySet[GoldRecord]:
    with_pages = golds.select_related("document", "vendor").defer("document__text_signature")
    return with_pages.prefetch_related(Prefetch("document__pages", queryset=Page.objects.order_by("number")))


def _with_all(golds: QuerySet[GoldRecord]) -> QuerySet[GoldRecord]:
    handed_out = Trial.objects.filter(document=OuterRef("document"), state__in=[Trial.State.RESERVED, Trial.State.OPEN])
    return _with_text(golds).annotate(
        removed=Exists(DocumentRemoval.objects.filter(document=OuterRef("document"))),
        disputed=Exists(disputed_gold().filter(pk=OuterRef("pk"))),
        tested=Exists(KnownDocument.objects.filter(document=OuterRef("document"))) | Exists(handed_out),
        active_ms=F("annotation__active_ms"),
        keystrokes=F("annotation__keystrokes"),
        shown=Exists(_shown()),
    )


def _shown() -> QuerySet[Annotation]:
    """The label behind a gold record, when its person saw the pre-fill."""
    return Annotation.objects.filter(pk=OuterRef("annotation"), prediction__isnull=False, task__hides_prefill=False)


def _candidate(gold: GoldRecord, rules: Rules) -> Candidate:
    standing = _standing(gold)
    why = _why_not(gold)
    example: GoldExample | None = None
    if not why:
        try:
            example = _labeled(gold, str(standing))
        except (RecordError, DocumentError, KeyError):
            why = "unreadable"
    if example is not None:
        why = "no_words" if not any(page.words for page in example.document.pages) else ""
        why = why or ("unlabeled" if example.label_fields is not None and not example.label_fields else "")
    reason = "" if why else too_fast(gold.provenance, _sitting(gold), rules)
    weight = rules.fast_weight if reason else 1.0
    tested = bool(gold.tested)  # type: ignore[attr-defined]  # annotated
    return Candidate(gold.pk, gold.document_id, gold.vendor_id, standing, None if why else example, why, tested, weight, reason)


def _why_not(gold: GoldRecord) -> str:
    if gold.removed:  # type: ignore[attr-defined]  # annotated
        return "removed"
    if gold.disputed:  # type: ignore[attr-defined]  # annotated
        return "disputed"
    return "no_vendor" if gold.vendor_id is None else ""


def _standing(gold: GoldRecord) -> int | None:
    return (gold.vendor.merged_into_id or gold.vendor.pk) if gold.vendor else None


def _labeled(gold: GoldRecord, vendor_key: str) -> GoldExample:
    fields = looked_at(gold.provenance)
    example = example_of(gold, vendor_key)
    return example if fields is None else replace(example, label_fields=fields)


def _sitting(gold: GoldRecord) -> Sitting | None:
    """One person's label; what two people agreed on, or a senior settled, was looked at twice."""
    alone = all(entry.get("source") in _ONE_PERSON for entry in gold.provenance.values())
    if gold.annotation_id is None or not alone:
        return None
    row: dict[str, int] = {name: getattr(gold, name) or 0 for name in ("shown", "active_ms", "keystrokes")}
    return Sitting(bool(row["shown"]), row["active_ms"], row["keystrokes"], gold.document.page_count)
