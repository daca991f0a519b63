"""Merging vendors, and taking it back."""

from __future__ import annotations

import pytest

from invoices.models import Document, Vendor, VendorAlias, VendorStatus
from invoices.vendor_master.editing import add_alias, change_vendor, confirm_vendor, discard_vendor, remove_alias
from invoices.vendor_master.errors import VendorChangeError
from invoices.vendor_master.merging import MergeReceipt, merge_vendors, preview_merge, undo_merge

pytestmark = pytest.mark.django_db


@pytest.fixture
def apex() -> Vendor:
    return Vendor.objects.create(name="Apex Infusion", status=VendorStatus.CONFIRMED)


@pytest.fixture
def apex_llc() -> Vendor:
    vendor = Vendor.objects.create(name="APEX INFUSION, L.L.C.")
    add_alias(vendor_id=vendor.pk, name="Apex Inf.")
    for n in range(3):
        Document.objects.create(sha256=f"{n:064x}", name=f"{n}.pdf", media_type="application/pdf", size=1, vendor=vendor)
    return vendor


def state() -> dict[str, object]:
    return {
        "documents": sorted(Document.objects.values_list("pk", "vendor")),
        "aliases": sorted(VendorAlias.objects.values_list("pk", "vendor", "name")),
        "vendors": sorted(Vendor.objects.values_list("pk", "merged_into", "status"), key=lambda row: row[0]),
    }


def test_everything_moves_and_the_name_stays_known(apex: Vendor, apex_llc: Vendor) -> None:
    preview = preview_merge(source_id=apex_llc.pk, target_id=apex.pk)
    assert (preview.document_count, preview.names) == (3, ["APEX INFUSION, L.L.C.", "Apex Inf."])
    receipt = merge_vendors(source_id=apex_llc.pk, target_id=apex.pk)
    assert Document.objects.filter(vendor=apex).count() == 3
    assert set(apex.aliases.values_list("name", flat=True)) == {"APEX INFUSION, L.L.C.", "Apex Inf."}
    apex_llc.refresh_from_db()
    assert apex_llc.merged_into == apex
    assert len(receipt.documents) == 3


def test_undo_restores_exactly_what_was(apex: Vendor, apex_llc: Vendor) -> None:
    before = state()
    receipt = merge_vendors(source_id=apex_llc.pk, target_id=apex.pk)
    assert state() != before
    undo_merge(MergeReceipt(**receipt.to_json()))
    assert state() == before


def test_undo_leaves_what_came_later(apex: Vendor, apex_llc: Vendor) -> None:
    receipt = merge_vendors(source_id=apex_llc.pk, target_id=apex.pk)
    late = Document.objects.create(sha256="f" * 64, name="late.pdf", media_type="application/pdf", size=1, vendor=apex)
    undo_merge(receipt)
    late.refresh_from_db()
    assert late.vendor == apex


def test_undo_twice_is_refused(apex: Vendor, apex_llc: Vendor) -> None:
    receipt = merge_vendors(source_id=apex_llc.pk, target_id=apex.pk)
    undo_merge(receipt)
    with pytest.raises(VendorChangeError) as caught:
        undo_merge(receipt)
    assert caught.value.code == "merge_undone"


def test_merged_into_is_never_a_chain(apex: Vendor, apex_llc: Vendor) -> None:
    group = Vendor.objects.create(name="Apex Group")
    first = merge_vendors(source_id=apex_llc.pk, target_id=apex.pk)
    second = merge_vendors(source_id=apex.pk, target_id=group.pk)
    apex_llc.refresh_from_db()
    assert apex_llc.merged_into == group
    undo_merge(second)
    apex_llc.refresh_from_db()
    assert apex_llc.merged_into == apex
    undo_merge(first)
    apex_llc.refresh_from_db()
    assert apex_llc.merged_into is None


def test_the_target_of_a_merge_is_confirmed_and_undo_takes_that_back(apex: Vendor, apex_llc: Vendor) -> None:
    receipt = merge_vendors(source_id=apex.pk, target_id=apex_llc.pk)
    apex_llc.refresh_from_db()
    assert apex_llc.status == VendorStatus.CONFIRMED
    undo_merge(receipt)
    apex_llc.refresh_from_db()
    assert apex_llc.status == VendorStatus.PROPOSED


def test_what_cannot_be_merged_is_refused_and_nothing_moves(apex: Vendor, apex_llc: Vendor) -> None:
    before = state()
    for source, target, code in [
        (apex.pk, apex.pk, "merge_with_itself"),
        (apex.pk, 10**9, "vendor_not_found"),
        (10**9, apex.pk, "vendor_not_found"),
    ]:
        with pytest.raises(VendorChangeError) as caught:
            merge_vendors(source_id=source, target_id=target)
        assert caught.value.code == code
    assert state() == before
    merge_vendors(source_id=apex_llc.pk, target_id=apex.pk)
    with pytest.raises(VendorChangeError) as caught:
        merge_vendors(source_id=apex_llc.pk, target_id=apex.pk)
    assert caught.value.code == "vendor_merged"


def test_a_name_belongs_to_one_vendor(apex: Vendor, apex_llc: Vendor) -> None:
    with pytest.raises(VendorChangeError, match="APEX INFUSION") as caught:
        add_alias(vendor_id=apex.pk, name="APEX-INF")
    assert caught.value.code == "alias_taken"
    alias = add_alias(vendor_id=apex.pk, name="Apex  Home Infusion")
    assert add_alias(vendor_id=apex.pk, name="APEX HOME INFUSION").pk == alias.pk
    remove_alias(vendor_id=apex_llc.pk, alias_id=alias.pk)
    assert VendorAlias.objects.filter(pk=alias.pk).exists()
    remove_alias(vendor_id=apex.pk, alias_id=alias.pk)
    assert not VendorAlias.objects.filter(pk=alias.pk).exists()


def test_a_new_name_keeps_the_old_one(apex: Vendor) -> None:
    change_vendor(vendor_id=apex.pk, name="Apex Care", address=" 1  Main St\n", identifiers=["(555) 010-1000", " ", "(555)  010-1000"])
    apex.refresh_from_db()
    assert (apex.name, apex.address, apex.identifiers) == ("Apex Care", "1 Main St", ["(555) 010-1000"])
    assert [alias.name for alias in apex.aliases.all()] == ["Apex Infusion"]
    change_vendor(vendor_id=apex.pk, name="APEX CARE", address="", identifiers=[])
    assert [alias.name for alias in apex.aliases.all()] == ["Apex Infusion"]


@pytest.mark.parametrize(
    ("name", "address", "identifiers", "code"),
    [
        ("  \x00 ", "", [], "name_missing"),
        ("x" * 301, "", [], "name_too_long"),
        ("ok", "x" * 601, [], "address_too_long"),
        ("ok", "", [str(n) for n in range(21)], "identifiers_too_many"),
        ("ok", "", ["1" * 61], "identifiers_too_many"),
    ],
)
def test_limits_are_named(apex: Vendor, name: str, address: str, identifiers: list[str], code: str) -> None:
    with pytest.raises(VendorChangeError) as caught:
        change_vendor(vendor_id=apex.pk, name=name, address=address, identifiers=identifiers)
    assert caught.value.code == code


def test_confirming_twice_changes_nothing(apex_llc: Vendor) -> None:
    for _ in range(2):
        assert confirm_vendor(vendor_id=apex_llc.pk).status == VendorStatus.CONFIRMED


def test_only_a_proposal_without_documents_is_discarded(apex: Vendor, apex_llc: Vendor) -> None:
    for vendor in (apex, apex_llc):
        with pytest.raises(VendorChangeError) as caught:
            discard_vendor(vendor_id=vendor.pk)
        assert caught.value.code == "vendor_in_use"
    Document.objects.update(vendor=apex)
    for _ in range(2):
        discard_vendor(vendor_id=apex_llc.pk)
    assert list(Vendor.objects.all()) == [apex]
    assert not VendorAlias.objects.filter(name="Apex Inf.").exists()
