"""A frozen version for other programs: its description, a split, or where everything comes from. Streamed."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

from django.utils import timezone

from invoices.spreadsheets import Written, guarded
from mlcore.dataset.directory import MANIFEST, Split
from modelops.errors import Refused, RequestInvalid
from modelops.folders import dataset_folder
from modelops.models import DatasetItem, DatasetVersion

PARTS = ("dataset", *(split.value for split in Split), "lineage")
COLUMNS = ("gold", "document", "sha256", "vendor", "vendor_key", "side", "layout", "weight", "reason", "confirmed_at", "removed_at")
_BLOCK = 1 << 16
_CHUNK = 500


def export(version: DatasetVersion, part: str) -> tuple[str, str, Callable[[], Iterator[bytes]]]:
    """Media type, file name and a way to stream a part of a version: ``dataset`` (``dataset.json``), a split (JSON Lines, as
    ``python -m mlcore build-dataset --gold`` reads it) or ``lineage`` (CSV).

    Raises ``RequestInvalid`` (``part_unknown``) and ``Refused`` (``dataset_not_frozen``, ``dataset_files_missing``).
    """
    if part not in PARTS:
        raise RequestInvalid("part_unknown", f"{part[:40]!r} is no part of a data set; choose one of {', '.join(PARTS)}.")
    if version.state != DatasetVersion.State.FROZEN:
        raise Refused("dataset_not_frozen", f"Data set {version.number} is not frozen, so there is nothing to export yet.")
    name = f"dataset-{version.number}-{part}"
    if part == "lineage":
        return "text/csv; charset=utf-8", f"{name}.csv", lambda: lineage_lines(version)
    path = _path(version, part)
    if part == "dataset":
        return "application/json", f"{name}.json", lambda: _blocks(path)
    return "application/x-ndjson", f"{name}.jsonl", lambda: _blocks(path)


def lineage_lines(version: DatasetVersion) -> Iterator[bytes]:
    """A heading, then one row for each gold record, in order of id; one statement for every 500."""
    sink = Written()
    writer = csv.writer(sink)
    writer.writerow(COLUMNS)
    last, rows = 0, DatasetItem.objects.filter(version=version).select_related("gold__document", "vendor").order_by("pk")
    rows = rows.defer("gold__record", "gold__provenance", "gold__evidence", "gold__document__text_signature")
    while part := list(rows.filter(pk__gt=last)[:_CHUNK]):
        last = part[-1].pk
        writer.writerows(_row(item) for item in part)
        yield sink.take().encode()
    yield sink.take().encode()


def _row(item: DatasetItem) -> list[str]:
    document, made = item.gold.document, item.gold.created_at
    removed = item.removed_at.isoformat() if item.removed_at else ""
    name = guarded(item.vendor.name) if item.vendor else ""
    told = [str(item.gold_id), str(document.pk), document.sha256, name, item.vendor_key, item.side, item.layout]
    return [*told, f"{item.weight:g}", guarded(item.reason), timezone.localtime(made).isoformat(), removed]


def _path(version: DatasetVersion, part: str) -> Path:
    folder = dataset_folder(version)
    names = (MANIFEST,) if part == "dataset" else (f"{part}.jsonl", f"{part}.jsonl.gz")
    found = next((folder / name for name in names if (folder / name).is_file()), None)
    if found is None:
        raise Refused("dataset_files_missing", f"The files of data set {version.number} are not where they were put. Restore the backup.")
    return found


def _blocks(path: Path) -> Iterator[bytes]:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
