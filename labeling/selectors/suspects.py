"""Suspect gold records as a senior reads them: each with what speaks against it, and the place on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Count

from invoices.models import Document, Page
from invoices.selectors.keyset import Ordering, read_cursor, slice_of
from labeling.models import SuspectGold
from labeling.selectors.crop_address import crop_address, page_images
from mlcore.agreement.reasons import Ground
from mlcore.schema import ValueKind, spec_for, split_item_path

PAGE_SIZE = 20
State = SuspectGold.State
TABS = {"open": "Suspect", "in_review": "In review", "right": "Said to be right", "settled": "Reviewed"}
GROUNDS = {
    Ground.CONFIDENCE.value: "A reader doubts it",
    Ground.ARITHMETIC.value: "It does not add up",
    Ground.VENDOR.value: "Unlike the vendor’s others",
}
_STRONGEST = Ordering("score", descending=True, oldest_first=True)
_NEWEST = Ordering("pk", descending=True)


@dataclass(frozen=True, slots=True)
class SuspectFilter:
    """What a person asked for. Values that do not exist are left out, so any address works."""

    tab: str = "open"
    cursor: str = ""

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> SuspectFilter:
        """Read ``?tab=&cursor=``."""
        tab = query.get("tab", "open")
        return cls(tab if tab in TABS else "open", query.get("cursor", ""))


@dataclass(frozen=True, slots=True)
class OtherValue:
    """What another record of the vendor has."""

    document_id: int
    value: str


@dataclass(frozen=True, slots=True)
class Against:
    """One thing that speaks against a record. ``crop`` is the address of a picture, ``""`` where no place is known."""

    ground: str
    message: str
    fields: str
    value: str
    read: str
    others: list[OtherValue]
    crop: str


@dataclass(frozen=True, slots=True)
class SuspectRow:
    """One record with what speaks against it, the strongest first."""

    suspect: SuspectGold
    against: list[Against]

    @property
    def document(self) -> Document:
        """Whose record it is."""
        return self.suspect.gold.document

    @property
    def percent(self) -> int:
        """How strong the evidence is, 0..100: an order, no probability."""
        return round(self.suspect.score / 10)


@dataclass(frozen=True)
class SuspectList:
    """One page, with a number for each tab."""

    rows: list[SuspectRow]
    next: str
    previous: str
    counts: dict[str, int]


def suspect_list(wanted: SuspectFilter) -> SuspectList:
    """One page: three queries. Records that a newer one has superseded are left out, but for those that were reviewed."""
    known = SuspectGold.objects.filter(state__in=list(TABS))  # named, so that the many with nothing against them are not gone through
    counts = dict.fromkeys(TABS, 0) | dict(known.order_by().values_list("state").annotate(Count("pk")))
    listed = SuspectGold.objects.filter(state=wanted.tab).select_related("gold__document", "gold__vendor", "decided_by", "review__assignee")
    page = slice_of(
        listed.defer("gold__document__text_signature", "gold__record", "gold__provenance"),
        _STRONGEST if wanted.tab == State.OPEN else _NEWEST,
        read_cursor(wanted.cursor),
        PAGE_SIZE,
    )
    images = page_images(Page.objects.filter(document__in=[one.gold.document_id for one in page.rows]))
    return SuspectList([_row(one, images) for one in page.rows], page.next, page.previous, counts)


def suspects_left() -> int:
    """How many records wait for a senior: one statement on an index."""
    return SuspectGold.objects.filter(state=State.OPEN).count()


def _row(suspect: SuspectGold, images: Mapping[tuple[int, int], str]) -> SuspectRow:
    return SuspectRow(suspect, [_against(suspect, reason, images) for reason in suspect.reasons])


def _against(suspect: SuspectGold, reason: Mapping[str, Any], images: Mapping[tuple[int, int], str]) -> Against:
    path = str(next(iter(reason["paths"]), ""))
    places: list[dict[str, Any]] = next((found for one in reason["paths"] if (found := suspect.gold.evidence.get(one))), [])
    return Against(
        ground=GROUNDS.get(str(reason["ground"]), ""),
        message=str(reason["message"]),
        fields=", ".join(dict.fromkeys(_label(path) for path in reason["paths"][:3])),
        value=readable(path, reason.get("value")),
        read=readable(path, reason.get("read")),
        others=[OtherValue(int(other["document"]), readable(path, other["value"])) for other in reason.get("others", ())],
        crop=crop_address(suspect.gold.document_id, places, images) if places else "",
    )


def readable(path: str, value: object) -> str:
    """A value in its text form for reading: money with its thousands apart; ``""`` for none."""
    text = str(value or "")
    try:
        return f"{Decimal(text):,f}" if spec_for(path).kind is ValueKind.MONEY and text else text
    except (KeyError, InvalidOperation):
        return text


def _label(path: str) -> str:
    cell = split_item_path(path)
    try:
        label = spec_for(path).label
    except KeyError:
        return path
    return label if cell is None else f"row {cell[0] + 1}, {label.lower()}"
