"""What is frozen: every document on its vendor's side, the same bytes for the same gold, and why something is not in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from invoices.models import Vendor
from invoices.vendor_master.merging import merge_vendors
from labeling.gold_writing import write_gold
from labeling.models import GoldRecord, KnownDocument, SuspectGold
from mlcore.dataset.directory import Split, read_manifest, read_split
from mlcore.dataset.leaks import check_leaks
from modelops.datasets.collecting import collect
from modelops.datasets.freezing import freeze
from modelops.datasets.sides import assign_side
from modelops.errors import Refused, RequestInvalid
from modelops.folders import dataset_folder
from modelops.models import DatasetItem, DatasetVersion, Side, VendorSide
from tests.conftest import Cast
from tests.modelops.datasets.conftest import Station
from tests.modelops.datasets.gold_makers import company, confirm
from workers.burial import bury
from workers.models import Job

pytestmark = pytest.mark.django_db

NOT_FILLED_UP = {"validation": 0, "test": 0}
"""No synthetic documents: a version is put together several times as fast."""


def made(cast: Cast, **more: Any) -> DatasetVersion:
    """A frozen version; nothing is filled up with synthetic documents unless that is said."""
    version = freeze(collect(by=cast.admin, **({"synthetic": NOT_FILLED_UP} | more)).pk)
    version.refresh_from_db()
    return version


def vendors_of(version: DatasetVersion) -> dict[str, set[int]]:
    return {side.value: set(DatasetItem.objects.filter(version=version, side=side).values_list("vendor", flat=True)) for side in Side}


def ids(version: DatasetVersion, split: Split) -> list[str]:
    return [entry.id for entry in read_split(dataset_folder(version), split)]


def test_a_version_is_split_by_vendor_and_says_where_everything_comes_from(gold: Station, cast: Cast) -> None:
    version = made(cast, note="first", synthetic={"validation": 0})
    assert (version.state, version.number, version.parent) == ("frozen", 1, None)
    sides = vendors_of(version)
    assert not sides["train"] & sides["test"]
    assert not sides["train"] & sides["validation"]
    assert all(sides.values()), "each side has a vendor"
    assert gold[0][0].pk in sides["train"], "the vendor with the most documents"
    records = {record.pk for _, records in gold for record in records}
    assert set(version.items.values_list("gold", flat=True)) == records
    folder = dataset_folder(version)
    assert read_manifest(folder)["data_hash"] == version.data_hash
    for split in Split:
        assert ids(version, split) == [
            f"gold-{pk}" for pk in version.items.filter(side=split.value).order_by("gold").values_list("gold", flat=True)
        ]
    check_leaks(folder)
    told = version.counts["sides"]
    assert [told[side]["gold"] for side in ("train", "validation", "test")] == [version.items.filter(side=side).count() for side in Side]
    assert version.documents + version.validation_documents + version.test_documents == len(records)
    assert version.plan["test_source"] == "gold"
    assert version.plan["rules"]["name"] == "rules-1"


def test_the_same_gold_is_the_same_version(gold: Station, cast: Cast) -> None:
    first = made(cast)
    asked = collect(by=cast.admin, synthetic=NOT_FILLED_UP)
    again = freeze(asked.pk)
    asked.refresh_from_db()
    assert again == first
    assert (asked.state, asked.same_as, asked.items.count()) == ("same", first, 0)
    assert freeze(asked.pk) == first, "and once more"
    assert [path.name for path in dataset_folder(first).parent.iterdir()] == [first.folder], "nothing half-made is left"


def test_the_same_gold_gives_the_same_bytes_in_another_station(gold: Station, cast: Cast, settings: Any, tmp_path: Path) -> None:
    first = made(cast)
    bytes_of = {path.name: path.read_bytes() for path in dataset_folder(first).iterdir()}
    DatasetItem.objects.all().delete()
    DatasetVersion.objects.all().delete()
    VendorSide.objects.all().delete()
    settings.DATA_DIR = tmp_path / "other"
    second = made(cast)
    assert second.data_hash == first.data_hash
    assert {path.name: path.read_bytes() for path in dataset_folder(second).iterdir()} == bytes_of


def test_a_vendor_keeps_its_side_and_corrections_are_merged_with_what_was_there(gold: Station, cast: Cast) -> None:
    first = made(cast)
    before = vendors_of(first)
    GoldRecord.objects.update(created_at=timezone.now() - timedelta(days=200))
    new = [confirm(paper, vendor, cast.biller1) for number, (vendor, _) in enumerate(gold) for paper in company(number, 1, first=20)]
    recent = made(cast, since=timezone.now().date() - timedelta(days=90), note="corrections alone", synthetic={"validation": 4, "test": 4})
    assert set(recent.items.values_list("gold", flat=True)) == {one.pk for one in new}
    merged = made(cast, since=recent.since, parent=first)
    assert merged.items.count() == first.items.count() + len(new)
    for version in (recent, merged):
        after = vendors_of(version)
        assert all(after[side] <= before[side] for side in before)


@pytest.mark.thorough
def test_a_corrected_document_is_taken_as_it_is_now(gold: Station, cast: Cast) -> None:
    first = made(cast)
    old = gold[0][1][0]
    record = {**old.record, "invoice_number": "MENDED-1"}
    write_gold(
        old.annotation, document_id=old.document_id, record=record, vendor_id=old.vendor_id, evidence={}, provenance=old.provenance,
        supersedes=old.pk,
    )  # fmt: skip
    second = made(cast, parent=first)
    assert second.items.count() == first.items.count()
    assert not second.items.filter(gold=old).exists()
    assert second.data_hash != first.data_hash


@pytest.fixture
def reason_of(gold: Station, cast: Cast) -> Callable[[], dict[str, int]]:
    """What is left out of a version of everything, by reason."""
    return lambda: made(cast).left_out


def test_records_in_dispute_are_left_out(gold: Station, reason_of: Callable[[], dict[str, int]]) -> None:
    SuspectGold.objects.create(gold=gold[0][1][0], state=SuspectGold.State.OPEN, score=900, looked_at=timezone.now())
    assert reason_of() == {"disputed": 1}
    assert DatasetVersion.objects.get().plan["left_out_documents"] == {"disputed": [gold[0][1][0].document_id]}


def test_material_of_tests_is_not_trained_on_and_may_be_held_out(gold: Station, cast: Cast) -> None:
    sides = vendors_of(made(cast))
    for pk in (min(sides["train"]), min(sides["test"])):
        document = GoldRecord.objects.filter(vendor=pk).order_by("pk")[0].document
        KnownDocument.objects.create(document=document, purpose="gold_test", by=cast.senior)
    assert made(cast).left_out == {"known_material": 1}


def test_a_document_without_a_vendor_has_no_side(gold: Station, cast: Cast, reason_of: Callable[[], dict[str, int]]) -> None:
    confirm(company(30, 1)[0], None, cast.biller1)
    assert reason_of() == {"no_vendor": 1}


def test_a_text_is_in_it_once(gold: Station, cast: Cast, reason_of: Callable[[], dict[str, int]]) -> None:
    confirm(company(0, 1)[0], gold[0][0], cast.biller1)
    assert reason_of() == {"duplicate": 1}


def test_of_a_text_on_two_sides_the_held_out_one_stays(gold: Station, cast: Cast) -> None:
    first = made(cast)
    held = min(vendors_of(first)["test"])
    number = next(number for number, (vendor, _) in enumerate(gold) if vendor.pk == held)
    paper = company(number, 1)[0]
    confirm(paper, gold[0][0], cast.biller1)  # filed under the wrong vendor
    asked = collect(by=cast.admin, synthetic=NOT_FILLED_UP)
    assert freeze(asked.pk) == first, "one stray document says nothing of its vendor"
    asked.refresh_from_db()
    assert (asked.state, asked.left_out) == ("same", {"elsewhere": 1})


def test_what_nobody_looked_at_is_no_label(gold: Station, cast: Cast) -> None:
    paper = company(0, 1, first=30)[0]
    entry = {"source": "confirmed", "by": cast.biller1.pk, "model_id": "m"}
    machine = {"source": "accepted", "by": None, "model_id": "m"}
    record = confirm(paper, gold[0][0], cast.biller1, provenance={"total": entry, "tax": machine, "line_items[0].ndc_code": machine})
    version = made(cast)
    entry_made = next(one for one in read_split(dataset_folder(version), Split.TRAIN) if one.id == f"gold-{record.pk}")
    assert entry_made.gold.label_fields is not None
    assert not {"tax", "line_items.ndc_code"} & entry_made.gold.label_fields
    assert {"total", "line_items.total"} <= entry_made.gold.label_fields


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("more", "weight"),
    [
        ({"active_ms": 900}, 0.3),
        ({"active_ms": 60_000}, 1.0),
        ({"active_ms": 900, "keystrokes": 2}, 1.0),
        ({"active_ms": 900, "shown": False}, 1.0),
        ({"active_ms": 900, "source": "corrected"}, 1.0),
        ({"active_ms": 900, "source": "agreed"}, 1.0),
    ],
)
def test_a_label_confirmed_faster_than_it_can_be_read_counts_less(gold: Station, cast: Cast, more: dict[str, Any], weight: float) -> None:
    record = confirm(company(0, 1, first=31)[0], gold[0][0], cast.biller1, **more)
    version = made(cast)
    item = version.items.get(gold=record)
    assert item.weight == weight
    assert bool(item.reason) == (weight < 1)
    lines = {entry.id: entry.weight for entry in read_split(dataset_folder(version), Split.TRAIN)}
    assert lines[f"gold-{record.pk}"] == weight
    assert version.counts["sides"]["train"]["weighted"] == (weight < 1)


@pytest.mark.thorough
def test_vendors_that_are_called_alike_are_on_one_side(gold: Station, cast: Cast) -> None:
    sides = vendors_of(made(cast))
    held = Vendor.objects.get(pk=min(sides["test"]))
    twin = Vendor.objects.create(name=held.name.upper() + ".")
    confirm(company(40, 1)[0], twin, cast.biller1)
    version = made(cast)
    assert {held.pk, twin.pk} <= vendors_of(version)["test"]
    assert twin.side.group == held.side.group


@pytest.mark.thorough
def test_vendors_of_one_layout_are_on_one_side(gold: Station, cast: Cast) -> None:
    sides = vendors_of(made(cast))
    number = next(number for number, (vendor, _) in enumerate(gold) if vendor.pk == min(sides["test"]))
    other = Vendor.objects.create(name="Another name altogether")
    confirm(company(number, 1, first=25)[0], other, cast.biller1)
    assert other.pk in vendors_of(made(cast))["test"]


@pytest.mark.thorough
def test_a_trained_vendor_that_turns_out_to_be_a_held_out_one_leaves_later_versions(gold: Station, cast: Cast) -> None:
    first = made(cast)
    sides = vendors_of(first)
    trained, held = gold[0][0], min(sides["test"])
    merge_vendors(source_id=trained.pk, target_id=held, by=cast.admin)
    second = made(cast)
    assert trained.pk not in {pk for found in vendors_of(second).values() for pk in found}
    assert held in vendors_of(second)["test"]
    assert second.left_out["held_out_group"] == len(gold[0][1])


@pytest.mark.thorough
def test_a_merged_vendor_that_was_never_used_goes_along(gold: Station, cast: Cast) -> None:
    held = min(vendors_of(made(cast))["test"])
    new = Vendor.objects.create(name="New sender")
    VendorSide.objects.create(vendor=new, side=Side.TRAIN)
    confirm(company(41, 1)[0], new, cast.biller1)
    merge_vendors(source_id=new.pk, target_id=held, by=cast.admin)
    assert new.pk in vendors_of(made(cast))["test"]


def test_with_one_vendor_synthetic_documents_validate_and_test(cast: Cast, data_dir: Path) -> None:
    vendor = Vendor.objects.create(name="Only one")
    for paper in company(50, 3):
        confirm(paper, vendor, cast.biller1)
    version = made(cast, synthetic={"train": 5, "validation": 4, "test": 6, "layouts": 3, "held_layouts": 2})
    told = version.counts["sides"]
    assert version.plan["test_source"] == "synthetic"
    assert (told["train"]["gold"], told["train"]["synthetic"]) == (3, 5)
    assert (told["validation"]["synthetic"], told["test"]["synthetic"]) == (4, 6)
    assert {entry.set for entry in read_split(dataset_folder(version), Split.TEST)} == {"synthetic"}


def test_a_handful_of_gold_is_filled_up_to_validate_on(cast: Cast, data_dir: Path) -> None:
    for number in range(3):
        vendor = Vendor.objects.create(name=f"Number {number}")
        for paper in company(60 + number, 3):
            confirm(paper, vendor, cast.biller1)
    told = made(cast, synthetic={"validation": 7, "test": 6, "layouts": 3, "held_layouts": 2}).counts["sides"]
    assert (told["validation"]["gold"], told["validation"]["synthetic"]) == (3, 4)
    assert (told["test"]["gold"], told["test"]["synthetic"]) == (3, 0)


def test_nothing_to_learn_from_is_said(cast: Cast, data_dir: Path) -> None:
    version = made(cast)
    assert version.state == "failed"
    assert "no document to learn from" in version.error
    assert list((data_dir / "datasets").iterdir()) == []


def test_one_is_put_together_at_a_time(gold: Station, cast: Cast) -> None:
    first = collect(by=cast.admin)
    with pytest.raises(Refused) as refused:
        collect(by=cast.admin)
    assert (refused.value.code, refused.value.extra) == ("dataset_underway", {"number": first.number})
    freeze(first.pk)
    assert collect(by=cast.admin).number == 2


def test_what_cannot_be_collected(gold: Station, cast: Cast) -> None:
    tomorrow = timezone.now().date() + timedelta(days=1)
    for code, more in {
        "since_invalid": {"since": tomorrow},
        "note_too_long": {"note": "x" * 501},
        "synthetic_invalid": {"synthetic": {"train": -1}},
    }.items():
        with pytest.raises(RequestInvalid) as refused:
            collect(by=cast.admin, **more)  # type: ignore[arg-type]
        assert refused.value.code == code
    with pytest.raises(Refused, match="admins"):
        collect(by=cast.senior)
    version = collect(by=cast.admin)
    with pytest.raises(Refused, match="not frozen"):
        collect(by=cast.admin, parent=version)


@pytest.mark.thorough
def test_the_number_of_statements_does_not_grow_with_each_document(gold: Station, cast: Cast) -> None:
    version = collect(by=cast.admin)
    with CaptureQueriesContext(
        connection,
    ) as few:
        freeze(version.pk)
    for number, (vendor, _) in enumerate(gold):
        for paper in company(number, 4, first=40):
            confirm(paper, vendor, cast.biller1)
    version = collect(by=cast.admin)
    with CaptureQueriesContext(connection) as many:
        freeze(version.pk)
    assert version.items.count() == 67
    assert len(many) <= len(few) + 2


def test_an_overtaken_worker_leaves_nothing(gold: Station, cast: Cast, data_dir: Path) -> None:
    version = collect(by=cast.admin)
    calls: list[int] = []

    def fence() -> None:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("lost")

    with pytest.raises(RuntimeError):
        freeze(version.pk, fence=fence)
    version.refresh_from_db()
    assert (version.state, DatasetItem.objects.count()) == ("collecting", 0)
    assert list((data_dir / "datasets").iterdir()) == []


def test_an_admin_says_where_a_new_vendor_goes(gold: Station, cast: Cast) -> None:
    assign_side(by=cast.admin, vendor_id=gold[0][0].pk, side="test", reason="Our most important customer")
    version = made(cast)
    assert gold[0][0].pk in vendors_of(version)["test"]
    with pytest.raises(Refused) as refused:
        assign_side(by=cast.admin, vendor_id=gold[0][0].pk, side="train", reason="More documents are needed")
    assert refused.value.code == "side_fixed"
    manifest = json.loads((dataset_folder(version) / "dataset.json").read_text())
    assert str(gold[0][0].pk) in manifest["splits"]["test"]["vendors"]


@pytest.mark.thorough
def test_a_full_disk_leaves_the_version_to_be_tried_again(
    gold: Station, cast: Cast, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = collect(by=cast.admin)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(OSError, match="No space"):
            freeze(version.pk)
    version.refresh_from_db()
    assert (version.state, DatasetItem.objects.count(), list((data_dir / "datasets").iterdir())) == ("collecting", 0, [])
    assert freeze(version.pk).state == "frozen"


def test_work_that_stopped_for_good_is_said(cast: Cast, data_dir: Path) -> None:
    version = collect(by=cast.admin)
    job = Job.objects.get(key=f"freeze:{version.pk}")
    bury(job)
    version.refresh_from_db()
    assert version.state == "failed"
    assert "three times" in version.error
    assert collect(by=cast.admin).number == version.number + 1, "the next one can be begun"
