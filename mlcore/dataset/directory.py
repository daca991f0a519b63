"""A dataset directory: one file of examples for each split and ``dataset.json``, which says what they are and freezes them.

``train.jsonl``, ``validation.jsonl`` and ``test.jsonl`` hold one JSON object a line: ``id``, ``layout`` (documents of one layout look
alike), ``set`` (where it comes from), ``augmented`` (what was done to it, absent when nothing was), ``weight`` (of its loss, absent when it
is 1), and the keys of ``mlcore.documents.gold_to_json``. Large sets are compressed (``train.jsonl.gz``). Hashes are those of the
uncompressed lines, so compression does not change them. Reading and writing go line by line; nothing is held in memory.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from mlcore.documents import GoldExample, gold_from_json, gold_to_json
from mlcore.errors import DatasetError, DocumentError, RecordError
from mlcore.new_file import write_json

MANIFEST = "dataset.json"
FORMAT = "dataset-1"


class Split(StrEnum):
    """What a file of examples is for."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


@dataclass(frozen=True)
class Entry:
    """One example of a dataset. ``augmented`` names what was done to it; ``weight`` (above 0) is that of its loss in training."""

    id: str
    layout: str
    gold: GoldExample
    set: str = ""
    augmented: tuple[str, ...] = ()
    weight: float = 1.0

    def to_json(self) -> dict[str, Any]:
        """The object of one line."""
        named: dict[str, Any] = {"id": self.id, "layout": self.layout}
        if self.set:
            named["set"] = self.set
        if self.augmented:
            named["augmented"] = list(self.augmented)
        if self.weight != 1.0:
            named["weight"] = self.weight
        return {**named, **gold_to_json(self.gold)}


def entry_from_json(data: Mapping[str, Any]) -> Entry:
    """Inverse of ``Entry.to_json``. Raises ``DatasetError``."""
    try:
        gold, weight = gold_from_json(data), float(data.get("weight", 1.0))
        if not (math.isfinite(weight) and weight > 0):
            raise ValueError(f"its weight is {weight}, which is not above 0")
        layout, origin, augmented = str(data.get("layout") or ""), str(data.get("set") or ""), tuple(data.get("augmented") or ())
        return Entry(str(data["id"]), layout, gold, origin, augmented, weight)
    except (KeyError, TypeError, ValueError, DocumentError, RecordError) as error:
        raise DatasetError(f"Example {data.get('id', '?')!r} cannot be read: {error}. Build the dataset again.") from error


@dataclass(frozen=True, slots=True)
class SplitFile:
    """What was written for one split. ``sha256`` is that of the uncompressed lines."""

    name: str
    sha256: str
    documents: int
    vendors: tuple[str, ...]
    line_types: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        types = dict(sorted(self.line_types.items()))
        return {"file": self.name, "sha256": self.sha256, "documents": self.documents, "vendors": list(self.vendors), "line_types": types}


def write_split(folder: Path, split: Split, entries: Iterable[Entry], *, compress: bool = False) -> SplitFile:
    """Write one file, entry by entry, and say what it holds."""
    name = f"{split}.jsonl.gz" if compress else f"{split}.jsonl"
    for other in (f"{split}.jsonl.gz", f"{split}.jsonl"):
        (folder / other).unlink(missing_ok=True)
    digest, documents = hashlib.sha256(), 0
    vendors: set[str] = set()
    types: Counter[str] = Counter()
    with _packed(folder / name, compress) as write:
        for entry in entries:
            line = (json.dumps(entry.to_json(), ensure_ascii=False, separators=(",", ":")) + "\n").encode()
            write(line)
            digest.update(line)
            documents += 1
            vendors.add(entry.gold.vendor_key)
            types.update(item.type.value for item in entry.gold.record.line_items if item.type)
    return SplitFile(name, digest.hexdigest(), documents, tuple(sorted(vendors)), types)


@contextmanager
def _packed(path: Path, compress: bool) -> Iterator[Callable[[bytes], object]]:
    """A way to write bytes to a file; compressed ones carry no time, so that the same lines give the same file."""
    with path.open("wb") as raw:
        if not compress:
            yield raw.write
            return
        with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=0) as packed:
            yield packed.write


def write_manifest(folder: Path, rule: Mapping[str, Any], files: Mapping[Split, SplitFile]) -> dict[str, Any]:
    """Write ``dataset.json``, last. ``rule`` says how the splits came about; with the hashes of the files it makes ``data_hash``."""
    splits = {split.value: files[split].to_json() for split in Split}
    hashes = {name: found["sha256"] for name, found in splits.items()}
    manifest = {"format": FORMAT, "data_hash": data_hash_of(hashes), **rule, "splits": splits}
    write_json(folder / MANIFEST, manifest)
    return manifest


def data_hash_of(hashes: Mapping[str, str]) -> str:
    """The hash over all files of a dataset, from the hash of each split by its name."""
    return hashlib.sha256(json.dumps([FORMAT, dict(hashes)], sort_keys=True).encode()).hexdigest()


def read_manifest(folder: Path) -> dict[str, Any]:
    """What ``dataset.json`` says. Raises ``DatasetError``."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise DatasetError(f"{path} has the format {manifest['format']}; {FORMAT} is needed. Build the dataset again.")
        if manifest["data_hash"] != data_hash_of({name: one["sha256"] for name, one in manifest["splits"].items()}):
            raise DatasetError(f"{path} was changed: its data_hash is not that of its files. Build the dataset again.")
        return dict(manifest)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DatasetError(f"{folder} is no dataset directory ({error}); write one with python -m mlcore build-dataset.") from error


def is_synthetic(manifest: Mapping[str, Any]) -> bool:
    """Whether the generator of this product made all documents; ``build.build_from_files`` names its files in the plan instead."""
    plan = manifest.get("plan")
    return isinstance(plan, Mapping) and "from" not in plan


def read_split(folder: Path, split: Split, limit: int | None = None) -> Iterator[Entry]:
    """The entries of one split in the order of the file, the first ``limit``. Raises ``DatasetError``.

    The whole file is checked against its hash, the lines after the limit too (they are not parsed): a changed one is refused after
    the last entry, so ask for that before the entries are used for good.
    """
    told = read_manifest(folder)["splits"][split.value]
    path = folder / str(told["file"])
    digest, number = hashlib.sha256(), 0
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                digest.update(line)
                if limit is None or number <= limit:
                    yield entry_from_json(json.loads(line))
    except (OSError, EOFError, ValueError) as error:
        raise DatasetError(f"Line {number} of {path} cannot be read ({error}); build the dataset again.") from error
    if digest.hexdigest() != told["sha256"]:
        raise DatasetError(f"{path} is not the file that {MANIFEST} describes (SHA-256 differs); build the dataset again.")
