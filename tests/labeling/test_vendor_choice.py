"""The confirmed name decides whose document it is."""

from __future__ import annotations

from typing import Any

import pytest

from invoices.models import Vendor, VendorAlias, VendorStatus
from invoices.vendor_master.editing import alias_key
from labeling.models import GoldRecord
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


def proposed(document: Any, name: str, address: str = "") -> Vendor:
    """Make the vendor of a document one that was only read so far, with its name as another name, as settling does."""
    vendor = Vendor.objects.create(name=name, address=address, status=VendorStatus.PROPOSED)
    VendorAlias.objects.create(vendor=vendor, name=name, key=alias_key(name))
    document.vendor = vendor
    document.save(update_fields=["vendor"])
    return vendor


def names_of(vendor: Vendor) -> tuple[str, set[str]]:
    vendor.refresh_from_db()
    return vendor.name, set(vendor.aliases.values_list("name", flat=True))


def test_a_proposed_vendor_takes_the_confirmed_spelling_and_keeps_what_was_read(make_document: Any) -> None:
    document = make_document()
    vendor = proposed(document, "Brightpalh Home")
    assert confirmed_vendor(document, named("BrightPath  Home")) == vendor.pk
    assert names_of(vendor) == ("BrightPath Home", {"Brightpalh Home", "BrightPath Home"})
    assert vendor.status == "proposed"


def test_the_confirmed_spelling_wins_also_where_it_was_another_name(make_document: Any) -> None:
    document = make_document()
    vendor = proposed(document, "Brightpalh Home")
    VendorAlias.objects.create(vendor=vendor, name="BrightPath Home", key=alias_key("BrightPath Home"))
    assert confirmed_vendor(document, named("BrightPath Home")) == vendor.pk
    assert names_of(vendor)[0] == "BrightPath Home"


def test_a_spelling_that_somebody_confirmed_is_not_overwritten_by_the_next(make_document: Any) -> None:
    document = make_document()
    vendor = proposed(document, "BrightPath Home")
    record = {"vendor": {"name": "BrightPath Home", "address": None}}
    GoldRecord.objects.create(document=make_document(), vendor=vendor, record=record)
    assert confirmed_vendor(document, named("Brightpath Homes")) == vendor.pk
    assert names_of(vendor) == ("BrightPath Home", {"BrightPath Home", "Brightpath Homes"})


def test_the_full_name_at_the_same_address_is_the_proposed_vendors(make_document: Any) -> None:
    document = make_document()
    vendor = proposed(document, "HALVORSEN", "1 Main St.")
    assert confirmed_vendor(document, named("Halvorsen Drug Company")) == vendor.pk
    assert names_of(vendor) == ("Halvorsen Drug Company", {"HALVORSEN", "Halvorsen Drug Company"})
    elsewhere = make_document()
    other = proposed(elsewhere, "Northgate", "77 Harbor Road, Tacoma")
    assert confirmed_vendor(elsewhere, named("Northgate Medical Supply")) != other.pk


def test_a_confirmed_short_name_at_a_known_address_is_that_vendor(make_document: Any) -> None:
    document = make_document()
    known = Vendor.objects.create(name="Halvorsen Drug Company", address="1 Main St", status=VendorStatus.CONFIRMED)
    assert confirmed_vendor(document, named("HALVORSEN")) == known.pk
    assert not Vendor.objects.filter(name="HALVORSEN").exists()
