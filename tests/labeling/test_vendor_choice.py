"""The confirmed name decides whose document it is."""

from __future__ import annotations

from typing import Any

import pytest

from invoices.models import Vendor, VendorAlias, VendorStatus
from invoices.vendor_master.editing import alias_key
from labeling.vendor_choice import confirmed_vendor
from mlcore.schema import InvoiceRecord, VendorParty

pytestmark = pytest.mark.django_db


def named(name: str | None) -> InvoiceRecord:
    return InvoiceRecord(vendor=VendorParty(name, "1 Main St"))


def test_the_same_name_costs_no_statement(make_document: Any, django_assert_num_queries: Any) -> None:
    document = make_document()
    assert document.vendor is not None
    with django_assert_num_queries(0):
        assert confirmed_vendor(document, named("APEX  INFUSION")) == document.vendor_id
        assert confirmed_vendor(document, named(None)) == document.vendor_id


def test_another_known_name_gives_that_vendor(make_document: Any) -> None:
    document = make_document()
    other = Vendor.objects.create(name="Meridian Rx", status=VendorStatus.CONFIRMED)
    VendorAlias.objects.create(vendor=other, name="Meridian Specialty", key=alias_key("Meridian Specialty"))
    assert confirmed_vendor(document, named("meridian specialty")) == other.pk


def test_another_spelling_becomes_another_name(make_document: Any) -> None:
    document = make_document()
    assert confirmed_vendor(document, named("Apex Infusions")) == document.vendor_id
    assert VendorAlias.objects.get(key=alias_key("Apex Infusions")).vendor_id == document.vendor_id


def test_an_unknown_name_is_proposed(make_document: Any) -> None:
    document = make_document()
    chosen = confirmed_vendor(document, named("Bluestone Home Care"))
    vendor = Vendor.objects.get(name="Bluestone Home Care")
    assert chosen == vendor.pk
    assert (vendor.status, vendor.address) == ("proposed", "1 Main St")
    assert confirmed_vendor(make_document(vendor=None), named("Bluestone Home Care")) == vendor.pk


def test_a_merged_vendor_gives_the_one_that_took_it_over(make_document: Any) -> None:
    document = make_document()
    target = Vendor.objects.create(name="Apex Group")
    Vendor.objects.filter(pk=document.vendor_id).update(merged_into=target)
    document.refresh_from_db()
    assert confirmed_vendor(document, named("Apex Infusion")) == target.pk
