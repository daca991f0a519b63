"""Whom a proposed vendor may really be."""

from __future__ import annotations

import pytest

from invoices.models import Vendor, VendorStatus
from invoices.selectors.proposed import proposals
from invoices.vendor_master.editing import add_alias
from invoices.vendor_master.merging import merge_vendors

pytestmark = pytest.mark.django_db


def vendor(name: str, address: str = "", status: str = VendorStatus.CONFIRMED) -> Vendor:
    return Vendor.objects.create(name=name, address=address, status=status)


def test_the_same_address_comes_first_then_names_by_similarity() -> None:
    vendor("Halvorsen Drug Company")
    neighbour = vendor("Prairie Wholesale", "4410 Industrial Ave., Fargo ND 58102")
    alias_owner = vendor("Northern Pharma")
    add_alias(vendor_id=alias_owner.pk, name="Halvorsen Drugs Co")
    vendor("Zenith Medical Supply")
    vendor("Prairie Drug Supply Co.")
    vendor("HALVORSEN DRUG COMPANY INC", "4410 INDUSTRIAL AVE FARGO ND 58102", VendorStatus.PROPOSED)
    ((proposal,), total) = proposals()
    assert total == 1
    assert [(s.vendor.name, s.same_address) for s in proposal.suggestions] == [
        (neighbour.name, True),
        ("Halvorsen Drug Company", False),
        ("Northern Pharma", False),
    ]
    assert proposal.suggestions[0].percent == 0
    assert proposal.suggestions[1].percent > proposal.suggestions[2].percent >= 60


def test_empty_addresses_are_not_the_same_address() -> None:
    vendor("Apex")
    vendor("Meridian Oncology Distributors", status=VendorStatus.PROPOSED)
    ((proposal,), _) = proposals()
    assert proposal.suggestions == []


def test_merged_vendors_are_neither_proposed_nor_suggested() -> None:
    apex = vendor("Apex Infusion")
    twin = vendor("Apex Infusion LLC", status=VendorStatus.PROPOSED)
    merge_vendors(source_id=twin.pk, target_id=apex.pk)
    vendor("Apex Infusions", status=VendorStatus.PROPOSED)
    ((proposal,), total) = proposals()
    assert (total, [s.vendor for s in proposal.suggestions]) == (1, [apex])


def test_the_vendor_whose_name_goes_on_comes_first_at_the_same_address() -> None:
    full = vendor("Halvorsen Drug Company of the Northern Plains", "4410 Industrial Ave")
    vendor("Alvorsen", "4410 Industrial Ave")
    vendor("Halvorsen", "4410 Industrial Ave", VendorStatus.PROPOSED)
    ((proposal,), _) = proposals()
    assert [s.vendor.name for s in proposal.suggestions] == [full.name, "Alvorsen"]


def test_the_vendor_whose_name_goes_on_is_suggested_from_elsewhere_too() -> None:
    full = vendor("Halvorsen Drug Company of the Northern Plains", "4410 Industrial Ave")
    vendor("HALVORSEN", status=VendorStatus.PROPOSED)
    ((proposal,), _) = proposals()
    assert [s.vendor for s in proposal.suggestions] == [full]
