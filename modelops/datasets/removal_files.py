"""Taking the lines of a removed document out of frozen data sets and out of what runs and evaluations wrote, and deleting its files."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from django.db import transaction
from django.utils import timezone

from invoices.erasing import delete_files
from labeling.models import GoldRecord
from mlcore.dataset.directory import MANIFEST, data_hash_of
from mlcore.errors import DatasetError
from mlcore.new_file import write_json
from modelops.datasets.candidates import entry_id
from modelops.folders import dataset_folder, evaluation_folder, run_folder
from modelops.models import DatasetVersion, DocumentRemoval, ModelEvaluation, TrainingRun

FEW_BYTES = 32 << 20
"""Up to so much, files are written anew while the person waits."""

_BY_LINE = {".jsonl", ".ndjson", ".csv"}
_WHOLE = {".html", ".md", ".txt"}
"""A report that names the document is deleted; numbers (``.json``) have no text of it and stay."""


def finish_removal(removal_id: int, fence: Callable[[], None] | None = None) -> None:
    """Everything outside of the database. Repeating it changes nothing. Raises ``OSError``; what was done by then stays done."""
    removal = DocumentRemoval.objects.get(pk=removal_id)
    if removal.finished_at is not None:
        return
    names = [entry_id(pk) for pk in GoldRecord.objects.filter(document=removal.document_id).order_by("pk").values_list("pk", flat=True)]
    for version in _versions(removal):
        take_out(dataset_folder(version), names)
    for folder in _written_beside(removal):
        _clean(folder, names)
    delete_files(list(removal.files))
    with transaction.atomic():
        if fence is not None:
            fence()
        DocumentRemoval.objects.filter(pk=removal_id).update(files=[], finished_at=timezone.now())


def lines_are_few(removal: DocumentRemoval) -> bool:
    """Whether what has to be written anew is small."""
    folders = [*(dataset_folder(version) for version in _versions(removal)), *_written_beside(removal)]
    return sum(path.stat().st_size for folder in folders for path in _files(folder)) <= FEW_BYTES


def take_out(folder: Path, names: Iterable[str]) -> int:
    """Write the splits of a data set directory anew without these entries; answers how many lines went.

    ``dataset.json`` gets the new hashes, and keeps the old ones as ``frozen``: the directory can be read, and is told apart from what was
    frozen. A crash on the way leaves files whose hashes differ, which nothing reads, until this is called again.
    """
    path = folder / MANIFEST
    if not path.exists():
        return 0
    wanted, gone = set(names), 0
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    before = manifest.get("frozen") or {"data_hash": manifest["data_hash"], "splits": {k: dict(v) for k, v in manifest["splits"].items()}}
    for told in manifest["splits"].values():
        went, digest = _without_lines(folder / str(told["file"]), wanted)
        gone += went
        if digest:
            told["sha256"] = digest
            told["documents"] -= went
    if gone or manifest.get("frozen") or _stale(manifest):
        hashes = {name: told["sha256"] for name, told in manifest["splits"].items()}
        removed = int(manifest.get("removed_documents", 0)) + gone
        write_json(path, {**manifest, "data_hash": data_hash_of(hashes), "frozen": before, "removed_documents": removed})
    return gone


def _stale(manifest: dict[str, Any]) -> bool:
    return bool(manifest["data_hash"] != data_hash_of({name: told["sha256"] for name, told in manifest["splits"].items()}))


def _without_lines(path: Path, names: set[str]) -> tuple[int, str]:
    """How many lines were taken out of a split, and the hash of what is left; the file is replaced when there were any."""
    half = path.with_name(f"{path.name}.part-{os.getpid()}")
    digest, gone = hashlib.sha256(), 0
    try:
        with _reading(path) as lines, _writing(half, packed=path.suffix == ".gz") as out:
            for line in lines:
                if names and _id_of(line) in names:
                    gone += 1
                    continue
                digest.update(line)
                out.write(line)
        if gone:
            half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    return gone, digest.hexdigest()


_ID = re.compile(rb'^\{"id":"([^"\\]+)"')


def _id_of(line: bytes) -> str:
    """The id of an entry, which stands first in its line."""
    found = _ID.match(line)
    if found is not None:
        return found[1].decode()
    try:
        return str(json.loads(line)["id"])
    except (ValueError, KeyError, TypeError) as error:
        raise DatasetError("A line of a data set cannot be read; restore the directory from the backup.") from error


def _reading(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb"))


@contextmanager
def _writing(path: Path, *, packed: bool) -> Iterator[IO[bytes]]:
    """As ``mlcore.dataset.directory`` writes a split: packed ones carry no time."""
    with path.open("wb") as raw:
        if not packed:
            yield raw
            return
        with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=0) as out:
            yield cast(IO[bytes], out)


def _versions(removal: DocumentRemoval) -> Iterator[DatasetVersion]:
    found = DatasetVersion.objects.filter(number__in=removal.touched.get("versions", []), state=DatasetVersion.State.FROZEN)
    yield from found.order_by("number")


def _written_beside(removal: DocumentRemoval) -> list[Path]:
    """Folders of runs and evaluations on these versions."""
    numbers = removal.touched.get("versions", [])
    runs = TrainingRun.objects.filter(dataset__number__in=numbers).exclude(folder="").order_by("pk")
    evaluations = ModelEvaluation.objects.filter(dataset__number__in=numbers).order_by("pk")
    return [*(run_folder(run) for run in runs), *(evaluation_folder(one) for one in evaluations)]


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _clean(folder: Path, names: list[str]) -> None:
    """Lines that name the document go, and whole reports that do."""
    named = re.compile(rb"(?<![0-9A-Za-z-])(?:" + b"|".join(re.escape(name.encode()) for name in names) + rb")(?![0-9])") if names else None
    for path in _files(folder) if named is not None else ():
        assert named is not None
        if path.suffix in _BY_LINE:
            _drop_lines(path, named)
        elif path.suffix in _WHOLE and named.search(path.read_bytes()):
            path.unlink()


def _drop_lines(path: Path, named: re.Pattern[bytes]) -> None:
    half = path.with_name(f"{path.name}.part-{os.getpid()}")
    gone = 0
    try:
        with path.open("rb") as lines, half.open("wb") as out:
            for line in lines:
                if named.search(line):
                    gone += 1
                else:
                    out.write(line)
        if gone:
            half.replace(path)
    finally:
        half.unlink(missing_ok=True)
