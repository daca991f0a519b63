"""Vendors recognised on documents; new ones proposed, once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from invoices.models import Document, Vendor, VendorStatus
from invoices.parsing import document_text
from invoices.vendor_master.editing import add_alias, change_vendor
from invoices.vendor_master.merging import merge_vendors
from invoices.vendors import Proposal, recognise, settle, vendor_index
from tests.invoices.paper import LINES, invoice_pdf


def confirmed(name: str, address: str = "") -> Vendor:
    return Vendor.objects.create(name=name, address=address, status=VendorStatus.CONFIRMED)


def test_the_sender_is_found_in_the_master(read: Callable[..., Document]) -> None:
    confirmed("Borealis Medical Supply")
    apex = confirmed("Apex Infusion Pharmacy LLC", "12 Elm Street, Dayton, OH 45402")
    assert recognise(document_text(read(invoice_pdf()))) == apex


def test_an_unknown_sender_is_proposed_and_never_confirmed(read: Callable[..., Document]) -> None:
    found = recognise(document_text(read(invoice_pdf())))
    assert isinstance(found, Proposal)
    vendor = settle(found)
    assert vendor is not None
    assert (vendor.name, vendor.status) == ("Apex Infusion Pharmacy LLC", "proposed")
    assert settle(found) == vendor
    assert recognise(document_text(Document.objects.get())) == vendor, "the next document finds the proposed one"


def test_what_the_sender_said_counts_more(read: Callable[..., Document]) -> None:
    confirmed("Apex Infusion Pharmacy LLC")
    other = confirmed("Other Clinic")
    text = document_text(read(invoice_pdf()))
    assert recognise(text, "other  CLINIC") == other
    assert recognise(text, "New Clinic") == Proposal("New Clinic")


def test_the_index_follows_every_change_of_the_master(read: Callable[..., Document]) -> None:
    apex = confirmed("Somebody Else Entirely Inc")
    text = document_text(read(invoice_pdf()))
    assert not isinstance(recognise(text), Vendor)
    alias = add_alias(vendor_id=apex.pk, name=LINES[0])
    assert recognise(text) == apex
    built = vendor_index()
    assert vendor_index() is built, "nothing changed, nothing is built"
    alias.delete()
    assert not isinstance(recognise(text), Vendor)
    change_vendor(vendor_id=apex.pk, name=LINES[0], address="", identifiers=[])
    assert recognise(text) == apex


def test_a_merged_vendor_leads_to_the_one_that_took_it_over(read: Callable[..., Document]) -> None:
    old, new = confirmed(LINES[0]), confirmed("Apex Holdings")
    merge_vendors(source_id=old.pk, target_id=new.pk)
    assert recognise(document_text(read(invoice_pdf()))) == new
    assert settle(Proposal(LINES[0])) == new


def test_a_proposed_short_name_gives_the_vendor_that_it_stands_for(read: Callable[..., Document]) -> None:
    text = document_text(read(invoice_pdf()))
    short = settle(Proposal("Apex Infusion Pharmacy LLC", "12 Elm Street, Dayton, OH 45402"))
    assert recognise(text) == short
    full = confirmed("Apex Infusion Pharmacy and Home Care LLC", "12 Elm Street Dayton OH 45402")
    assert recognise(text) == full
    assert settle(Proposal("Apex Infusion", "12 Elm Street, Dayton, OH 45402")) == full
    assert settle(Proposal("Apex Infusion", "900 Lakeshore Drive, Erie, PA 16501")) not in (short, full, None)


def test_a_short_name_that_two_vendors_share_is_proposed(db: None) -> None:
    for name in ("Apexline Infusion", "Apexline Home Care"):
        confirmed(name, "12 Elm Street")
    found = settle(Proposal("Apexline", "12 Elm Street"))
    assert found is not None
    assert (found.name, found.status) == ("Apexline", "proposed")


@pytest.mark.django_db(transaction=True)
def test_many_documents_at_once_propose_one_vendor() -> None:
    together = threading.Barrier(6)

    def propose(_: int) -> int:
        together.wait()
        try:
            with transaction.atomic():
                vendor = settle(Proposal("Brand New Pharmacy"))
            assert vendor is not None
            return vendor.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(propose, range(6)))) == 1
    assert Vendor.objects.count() == 1
