"""Keyset pages: every row once, in both directions, whatever arrives or is made up."""

from __future__ import annotations

import pytest
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from invoices.models import Document, Vendor
from invoices.selectors.keyset import Cursor, Ordering, ordering_named, read_cursor, slice_of

pytestmark = pytest.mark.django_db
ORDERINGS = [
    Ordering("pk"),
    Ordering("pk", descending=True),
    Ordering("name"),
    Ordering("name", descending=True),
    Ordering("page_count", descending=True, oldest_first=True),
    Ordering("page_count", oldest_first=True),
    Ordering("received_at", descending=True),
    Ordering("vendor_name", descending=True),
]


@pytest.fixture
def documents() -> list[Document]:
    vendors = [None, Vendor.objects.create(name="Apex"), Vendor.objects.create(name="Zenith")]
    return [
        Document.objects.create(
            sha256=f"{n:064x}", name=f"file {n % 4}", media_type="application/pdf", size=1, page_count=n % 3, vendor=vendors[n % 3]
        )
        for n in range(11)
    ]


def rows() -> QuerySet[Document]:
    return Document.objects.annotate(vendor_name=Coalesce(F("vendor__name"), Value("")))


@pytest.mark.parametrize("ordering", ORDERINGS, ids=lambda o: f"{o.field}{'-' if o.descending else '+'}{'o' if o.oldest_first else ''}")
def test_forward_and_back_give_every_row_once(documents: list[Document], ordering: Ordering) -> None:
    forward: list[list[int]] = []
    page = slice_of(rows(), ordering, None, 3)
    assert page.previous == ""
    while True:
        forward.append([row.pk for row in page.rows])
        if not page.next:
            break
        page = slice_of(rows(), ordering, read_cursor(page.next), 3)
    assert sorted(pk for part in forward for pk in part) == sorted(d.pk for d in documents)
    backward = [forward[-1]]
    while page.previous:
        page = slice_of(rows(), ordering, read_cursor(page.previous), 3)
        backward.insert(0, [row.pk for row in page.rows])
    assert backward == forward
    assert page.next


def test_a_page_does_not_shift_when_rows_arrive(documents: list[Document]) -> None:
    ordering = Ordering("pk", descending=True)
    second = read_cursor(slice_of(rows(), ordering, None, 3).next)
    before = [row.pk for row in slice_of(rows(), ordering, second, 3).rows]
    Document.objects.create(sha256="f" * 64, name="late", media_type="application/pdf", size=1)
    assert [row.pk for row in slice_of(rows(), ordering, second, 3).rows] == before


@pytest.mark.parametrize(
    "text", ["", "x", "%%%", "bm90IGpzb24", "W10", "WyJhIiwiYiIsMF0", "WzEsMV0", "é", "e30", "A" * 3000, "WzFlOTksMSwwXQ"]
)
def test_a_made_up_cursor_is_the_beginning(documents: list[Document], text: str) -> None:
    assert read_cursor(text) is None


@pytest.mark.parametrize("ordering", [Ordering("received_at"), Ordering("pk"), Ordering("page_count")])
def test_a_cursor_of_another_ordering_is_the_beginning(documents: list[Document], ordering: Ordering) -> None:
    foreign = Cursor("not of this kind", 3)
    assert [r.pk for r in slice_of(rows(), ordering, foreign, 3).rows] == [r.pk for r in slice_of(rows(), ordering, None, 3).rows]


def test_unknown_orderings_are_the_default() -> None:
    known = {"name": Ordering("name"), "priority": Ordering("priority", oldest_first=True)}
    assert ordering_named("password", known, "name") == ("name", Ordering("name"))
    assert ordering_named("-priority", known, "name") == ("-priority", Ordering("priority", descending=True, oldest_first=True))


@pytest.mark.parametrize(("field", "value"), [("name", "file\x00"), ("received_at", "2026-11-22T10:00:00")], ids=["NUL", "no zone"])
def test_a_cursor_that_no_row_can_have_is_the_beginning(documents: list[Document], field: str, value: str) -> None:
    cursor = read_cursor(Cursor(value, 1).encode())
    assert len(slice_of(rows(), Ordering(field), cursor, 5).rows) == 5
