"""Documents to evaluate on, from lines of JSON: ``{"id", "layout"?, "set"?, "seen"?, **gold_to_json(GoldExample)}``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlcore.dataset.directory import Split, read_manifest, read_split
from mlcore.documents import GoldExample, gold_from_json
from mlcore.errors import DatasetError, DocumentError, RecordError


@dataclass(frozen=True, slots=True)
class Sample:
    """One gold example with the groups it belongs to. ``seen`` says that systems may have been trained on its vendor."""

    id: str
    example: GoldExample
    layout: str = ""
    set_name: str = ""
    seen: bool = False


def samples_from_lines(lines: Iterable[str], source: str) -> list[Sample]:
    """The samples of a file; a sample is seen when its line says so.

    ``source`` names the file in errors. Raises ``DatasetError`` with the number of the first line that is no gold example.
    """
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            example = gold_from_json(data)
            name, seen = str(data.get("id", number)), bool(data.get("seen"))
            found.append(Sample(name, example, _text(data, "layout"), _text(data, "set"), seen))
        except (ValueError, KeyError, TypeError, AttributeError, DocumentError, RecordError) as error:
            raise DatasetError(f"{source}, line {number}, is no gold example ({error}); write it with gold_to_json.") from error
    return found


def samples_of_dataset(folder: Path, split: Split, limit: int | None = None) -> tuple[list[Sample], str]:
    """The first ``limit`` samples of a split of a dataset directory, and the file's SHA-256. Vendors that were trained on are seen.

    Raises ``DatasetError``.
    """
    told = read_manifest(folder)["splits"]
    trained = frozenset(told[Split.TRAIN.value]["vendors"])
    entries = read_split(folder, split, limit)
    samples = [Sample(one.id, one.gold, one.layout, one.set, one.gold.vendor_key in trained) for one in entries]
    return samples, str(told[split.value]["sha256"])


def _text(data: dict[str, Any], key: str) -> str:
    return str(data.get(key) or "")
