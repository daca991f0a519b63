"""Held-out vendors never enter training: the database refuses it, and so does the look before training."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from invoices.models import Vendor
from invoices.vendor_master.merging import merge_vendors
from modelops.datasets.collecting import collect
from modelops.datasets.freezing import freeze
from modelops.datasets.leaks import refuse_leaks
from modelops.errors import Refused
from modelops.folders import dataset_folder
from modelops.models import DatasetItem, DatasetVersion, Side, VendorSide
from tests.conftest import Cast
from tests.modelops.datasets.conftest import Station
from tests.modelops.datasets.gold_makers import company, confirm

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(gold: Station, cast: Cast) -> DatasetVersion:
    """A frozen version of ten vendors, of their documents alone."""
    return freeze(collect(by=cast.admin, synthetic={"validation": 0, "test": 0}).pk)


def refused(act: Callable[[], object]) -> bool:
    with pytest.raises(IntegrityError), transaction.atomic():
        act()
    return True


def sql(statement: str, *values: str | int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize("side", ["train", "validation"])
def test_the_database_refuses_an_item_of_a_held_out_vendor(version: DatasetVersion, cast: Cast, side: str) -> None:
    held = version.items.filter(side="test")[0].vendor
    assert held is not None
    record = confirm(company(60, 1)[0], held, cast.biller1)
    values = {"version": version, "gold": record, "vendor": held, "vendor_key": str(held.pk), "side": side}
    assert refused(lambda: DatasetItem.objects.create(**values))
    assert refused(lambda: DatasetItem.objects.bulk_create([DatasetItem(**values)]))
    insert = "INSERT INTO modelops_datasetitem (version_id, gold_id, vendor_id, vendor_key, side, layout, weight, reason) "
    assert refused(lambda: sql(insert + "VALUES (%s, %s, %s, '1', %s, '', 1, '')", version.pk, record.pk, held.pk, side))
    DatasetItem.objects.create(**{**values, "side": "test"})


def test_the_database_refuses_to_move_an_item(version: DatasetVersion) -> None:
    held, trained = version.items.filter(side="test")[0], version.items.filter(side="train")[0]
    assert refused(lambda: DatasetItem.objects.filter(pk=held.pk).update(side="train"))
    assert refused(lambda: sql("UPDATE modelops_datasetitem SET side = 'train' WHERE id = %s", held.pk))
    assert refused(lambda: DatasetItem.objects.filter(pk=trained.pk).update(vendor=held.vendor))
    assert refused(lambda: DatasetItem.objects.filter(pk=held.pk).update(vendor=None, side="train"))
    DatasetItem.objects.filter(pk=trained.pk).update(removed_at=version.created_at)


def test_the_database_refuses_a_vendor_without_a_side(version: DatasetVersion, cast: Cast) -> None:
    new = Vendor.objects.create(name="Never drawn")
    record = confirm(company(61, 1)[0], new, cast.biller1)
    values = {"version": version, "gold": record, "vendor_key": "x", "side": "train"}
    assert refused(lambda: DatasetItem.objects.create(vendor=new, **values))
    assert refused(lambda: DatasetItem.objects.create(vendor=None, **values))


@pytest.mark.parametrize(("has", "wanted"), [("test", "train"), ("train", "test"), ("train", "validation"), ("validation", "train")])
def test_the_database_refuses_to_change_a_side_that_data_sets_have(version: DatasetVersion, has: str, wanted: str) -> None:
    vendor = version.items.filter(side=has)[0].vendor
    assert vendor is not None
    side = VendorSide.objects.get(vendor=vendor)
    assert refused(lambda: VendorSide.objects.filter(pk=side.pk).update(side=wanted))
    assert refused(lambda: sql("UPDATE modelops_vendorside SET side = %s WHERE id = %s", wanted, side.pk))
    new = Vendor.objects.create(name="Unused")
    other = VendorSide.objects.create(vendor=new, side=wanted)
    side.delete()
    assert refused(lambda: VendorSide.objects.create(vendor=vendor, side=wanted))
    assert refused(lambda: VendorSide.objects.filter(pk=other.pk).update(vendor=vendor))
    VendorSide.objects.create(vendor=vendor, side=has)


def test_a_side_that_nothing_was_frozen_with_may_change(version: DatasetVersion) -> None:
    side = VendorSide.objects.create(vendor=Vendor.objects.create(name="New"), side="train")
    VendorSide.objects.filter(pk=side.pk).update(side="test")
    assert VendorSide.objects.get(pk=side.pk).side == Side.TEST


def test_a_vendor_may_go_and_its_side_is_not_free_again(version: DatasetVersion) -> None:
    trained = version.items.filter(side="train")[0].vendor
    assert trained is not None
    pk = trained.pk
    count = version.items.count()
    trained.gold_records.update(vendor=None)
    trained.delete()
    assert version.items.count() == count
    assert version.items.filter(vendor=None, side="train").exists()
    again = Vendor.objects.create(pk=pk, name="The same id again")
    assert refused(lambda: VendorSide.objects.create(vendor=again, side="test"))


def test_nothing_is_said_against_a_sound_version(version: DatasetVersion) -> None:
    refuse_leaks(version)
    refuse_leaks(version, files=False)


def test_a_version_that_is_not_frozen_is_not_trained_on(version: DatasetVersion, cast: Cast) -> None:
    with pytest.raises(Refused) as error:
        refuse_leaks(collect(by=cast.admin))
    assert error.value.code == "dataset_not_frozen"


@pytest.mark.parametrize("files", [True, False])
def test_a_merge_after_freezing_is_found(version: DatasetVersion, cast: Cast, files: bool) -> None:
    trained, held = version.items.filter(side="train")[0].vendor, version.items.filter(side="test")[0].vendor
    assert trained is not None
    assert held is not None
    merge_vendors(source_id=trained.pk, target_id=held.pk, by=cast.admin)
    with pytest.raises(Refused, match="merged with a held-out vendor") as error:
        refuse_leaks(version, files=files)
    assert error.value.code == "dataset_leaks"


def test_a_group_that_grew_after_freezing_is_found(version: DatasetVersion) -> None:
    trained, held = version.items.filter(side="train")[0].vendor_id, version.items.filter(side="test")[0].vendor
    assert held is not None
    VendorSide.objects.filter(vendor=trained).update(group=held.side.group)
    with pytest.raises(Refused, match="looks or is called like"):
        refuse_leaks(version, files=False)


def test_a_held_out_document_smuggled_into_the_files_is_found(version: DatasetVersion) -> None:
    folder = dataset_folder(version)
    test = (folder / "test.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "train.jsonl").write_bytes((folder / "train.jsonl").read_bytes() + test[0])
    with pytest.raises(Refused, match="SHA-256 differs"):
        refuse_leaks(version)


def test_another_directory_in_its_place_is_found(version: DatasetVersion) -> None:
    path = dataset_folder(version) / "dataset.json"
    manifest = json.loads(path.read_text())
    manifest["splits"]["train"]["sha256"] = "0" * 64
    path.write_text(json.dumps(manifest))
    with pytest.raises(Refused, match="was changed"):
        refuse_leaks(version, files=False)
    shutil.rmtree(path.parent)
    with pytest.raises(Refused, match="no dataset directory"):
        refuse_leaks(version)
