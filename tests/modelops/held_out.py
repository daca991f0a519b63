"""Data set versions on the disk, frozen, with receipts of vendors that are trained on and of vendors that are held out."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from mlcore.dataset.directory import Entry, Split, write_manifest, write_split
from mlcore.documents import GoldExample
from modelops.folders import datasets_folder
from modelops.models import DatasetVersion
from tests.mlcore.training.conftest import receipt

TRAINED, VALIDATED = "901", "902"


def entry(number: int, vendor: str) -> Entry:
    """A receipt of a vendor."""
    gold = receipt(number)
    return Entry(f"gold-{number}", f"{vendor}-0", GoldExample(gold.document, gold.record, vendor), "gold")


def frozen_dataset(number: int = 1, documents: int = 6, vendors: Sequence[str] = ("903", "904"), **values: object) -> DatasetVersion:
    """A frozen version of which ``documents`` are held out, of ``vendors`` in turn."""
    folder = datasets_folder() / f"version-{number}"
    folder.mkdir(parents=True)
    held_out = [entry(n, vendors[n % len(vendors)]) for n in range(documents)]
    files = {
        Split.TRAIN: write_split(folder, Split.TRAIN, [entry(101, TRAINED), entry(102, TRAINED)]),
        Split.VALIDATION: write_split(folder, Split.VALIDATION, [entry(103, VALIDATED)]),
        Split.TEST: write_split(folder, Split.TEST, held_out),
    }
    manifest = write_manifest(folder, {"plan": {"from": "gold"}, "vendors": {"held_out": list(vendors)}}, files)
    told: dict[str, object] = {
        "state": DatasetVersion.State.FROZEN,
        "data_hash": manifest["data_hash"],
        "folder": folder.name,
        "documents": documents + 3,
        "validation_documents": 1,
        "test_documents": documents,
        "frozen_at": timezone.now(),
        "plan": {"test_source": "gold"},
    }
    return DatasetVersion.objects.create(number=number, **(told | values))
