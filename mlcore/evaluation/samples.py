"""Documents to evaluate on, from lines of JSON: ``{"id", "layout"?, "set"?, "seen"?, **gold_to_json(GoldExample)}``."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

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


def samples_from_lines(lines: Iterable[str], source: str, seen_vendors: Collection[str] = ()) -> list[Sample]:
    """The samples of a file; a sample is seen when its line or ``seen_vendors`` says so.

    ``source`` names the file in errors. Raises ``DatasetError`` with the number of the first line that is no gold example.
    """
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            example = gold_from_json(data)
            seen = bool(data.get("seen")) or example.vendor_key in seen_vendors
            found.append(Sample(str(data.get("id", number)), example, _text(data, "layout"), _text(data, "set"), seen))
        except (ValueError, KeyError, TypeError, AttributeError, DocumentError, RecordError) as error:
            raise DatasetError(f"{source}, line {number}, is no gold example ({error}); write it with gold_to_json.") from error
    return found


def vendors_of_lines(lines: Iterable[str], source: str) -> frozenset[str]:
    """The vendors of a training file. Raises ``DatasetError`` for a line without ``vendor_key``."""
    found = set()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                found.add(str(json.loads(line)["vendor_key"]))
            except (ValueError, KeyError, TypeError) as error:
                raise DatasetError(f"{source}, line {number}, names no vendor ({error!r}); build the data set again.") from error
    return frozenset(found)


def _text(data: dict[str, Any], key: str) -> str:
    return str(data.get(key) or "")
