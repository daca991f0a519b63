"""Statements whose text is built once answer and store what Django's own do."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models import Count, F, Model, QuerySet
from django.db.models.functions import Upper
from django.test.utils import CaptureQueriesContext

from invoices.models import Document, Page, Vendor
from invoices.prepared import Prepared, Slot, insert

pytestmark = pytest.mark.django_db


def document(number: int, **more: Any) -> Document:
    values = {
        "sha256": f"{number:064x}",
        "name": f"{number}.pdf",
        "media_type": "application/pdf",
        "size": number,
        "text_signature": [number],
    }
    return Document(**values | more)


def columns(row: Model) -> dict[str, Any]:
    return {field.attname: row.__dict__.get(field.attname, "deferred") for field in row._meta.concrete_fields}


def asked(pk: Any) -> QuerySet[Document]:
    rows = Document.objects.filter(pk=pk).select_related("vendor", "near_duplicate_of").defer("text_signature", "vendor__identifiers")
    return rows.annotate(shout=Upper("name"), pages_read=Count("pages"), copied=F("size") + 1)


def test_a_prepared_query_answers_what_the_query_set_does() -> None:
    vendor = Vendor.objects.create(name="Apex", identifiers=["1"])
    first = Document.objects.create(sha256="1" * 64, name="a.pdf", media_type="application/pdf", size=7, vendor=vendor)
    second = Document.objects.create(sha256="2" * 64, name="b.pdf", media_type="application/pdf", size=8, near_duplicate_of=first)
    Page.objects.create(document=second, number=1, width=1, height=1, source="ocr", image_sha256="0" * 64, image_width=1, image_height=1)
    prepared = Prepared(lambda: asked(Slot("document")))
    for pk in (first.pk, second.pk, first.pk):
        ours: Any = prepared.first(document=pk)
        theirs: Any = asked(pk).get()
        assert columns(ours) == columns(theirs)
        assert columns(ours)["text_signature"] == "deferred"
        assert (ours.shout, ours.pages_read, ours.copied) == (theirs.shout, theirs.pages_read, theirs.copied)
        with CaptureQueriesContext(connection) as statements:
            assert (ours.vendor, ours.near_duplicate_of) == (theirs.vendor, theirs.near_duplicate_of)
        assert not statements.captured_queries, "related rows came along"
        assert ours.text_signature == theirs.text_signature, "what was deferred is read when it is asked for"
    assert prepared.first(document=0) is None


def test_the_text_is_built_once_for_each_thread() -> None:
    built: list[str] = []

    def rows() -> QuerySet[Document]:
        built.append(threading.current_thread().name)
        return Document.objects.filter(name=Slot("name", text=True))

    prepared = Prepared(rows)
    insert([document(1), document(2)])
    assert [len(prepared.all(name=name)) for name in ("1.pdf", "2.pdf", "it's %s", "3.pdf")] == [1, 1, 0, 0]

    def elsewhere() -> None:
        prepared.all(name="1.pdf")
        connection.close()

    thread = threading.Thread(target=elsewhere, name="other")
    thread.start()
    thread.join()
    assert built == [threading.current_thread().name, "other"]


def test_inserted_rows_are_what_save_would_have_stored() -> None:
    vendor = Vendor.objects.create(name="Apex")
    saved, ours = document(1, vendor=vendor), [document(2, vendor=vendor), document(3, vendor=vendor)]
    saved.save()
    with CaptureQueriesContext(connection) as statements:
        insert(ours)
    assert len(statements.captured_queries) == 1
    for row in ours:
        stored = Document.objects.get(pk=row.pk)
        assert columns(stored) == columns(row)
        same = columns(saved) | {name: columns(row)[name] for name in ("id", "sha256", "name", "size", "text_signature", "received_at")}
        assert columns(stored) == same
        assert stored.text_signature == [stored.size]
    ours[0].name = "renamed.pdf"
    ours[0].save()
    assert Document.objects.filter(name="renamed.pdf").count() == 1


def test_what_is_there_is_not_inserted_again() -> None:
    insert([document(1)])
    with pytest.raises(IntegrityError):
        insert([document(1)])
