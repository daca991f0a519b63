"""What people put right in the gold records that a data set has and the last one trained on had not. One statement, kept: both are frozen.

Told from the provenance of each gold record: a value is corrected (the pre-fill was wrong), typed (it had none) or settled (two people
differed, and a senior decided). A review or an audit says in ``change`` what its person did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from labeling.provenance import CORRECTED, TYPED
from mlcore.schema import spec_for, split_item_path
from modelops.models import DatasetItem, DatasetVersion
from modelops.runs.facts import Correction, Corrections

SETTLED: Final = "adjudicated"
MOST_VENDORS: Final = 12
_CHUNK = 500

Row = tuple[str, Mapping[str, Mapping[str, Any]]]
"""Name of the vendor, provenance of the gold record."""


def corrections_since(version: DatasetVersion, last: DatasetVersion | None) -> Corrections:
    """Of the gold records of ``version`` that ``last`` had not; of all without one. Each pair is counted once in a process."""
    return _kept(version.pk, version.data_hash, last.pk if last else 0, last.number if last else None)


@lru_cache(maxsize=64)
def _kept(version_id: int, _data_hash: str, last_id: int, since: int | None) -> Corrections:
    items = DatasetItem.objects.filter(version=version_id, removed_at=None)
    if last_id:
        items = items.exclude(gold__in=DatasetItem.objects.filter(version=last_id).values("gold"))
    rows = items.order_by("pk").values_list("vendor__name", "vendor_key", "gold__provenance").iterator(chunk_size=_CHUNK)
    return count_corrections(((name or key, provenance) for name, key, provenance in rows), since)


def count_corrections(rows: Iterable[Row], since: int | None = None) -> Corrections:
    """Count them by field and by vendor, the most changed first. Pure."""
    records = 0
    fields: dict[str, Counter[str]] = {}
    vendors: dict[str, Counter[str]] = {}
    for vendor, provenance in rows:
        records += 1
        of_vendor = vendors.setdefault(vendor, Counter())
        for path, entry in provenance.items():
            change = kind_of(entry)
            for counter in (of_vendor, fields.setdefault(_field(path), Counter())):
                counter["values"] += 1
                counter[change] += 1
    ordered = _ordered(vendors)
    return Corrections(since, records, _ordered(fields), ordered[:MOST_VENDORS], len(ordered))


def kind_of(entry: Mapping[str, Any]) -> str:
    """What people did about a value: ``corrected``, ``typed``, ``settled``, or ``""`` for nothing."""
    if entry.get("source") == SETTLED:
        return "settled"
    source = str(entry.get("change") or entry.get("source") or "")
    return source if source in (CORRECTED, TYPED) else ""


def _field(path: str) -> str:
    """The field's label; of a cell that of its column."""
    try:
        label = spec_for(path).label
    except KeyError:
        return path[:80]
    return f"Row: {label.lower()}" if split_item_path(path) is not None else label


def _ordered(counted: Mapping[str, Counter[str]]) -> tuple[Correction, ...]:
    listed = [Correction(name, c["values"], c[CORRECTED], c[TYPED], c["settled"]) for name, c in counted.items()]
    return tuple(sorted(listed, key=lambda one: (-one.changed, -one.values, one.name)))
