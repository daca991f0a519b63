"""Provenance of values that were verified in a batch before. No database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlcore.compare import same
from mlcore.record_json import value_from_json
from mlcore.schema import InvoiceRecord, spec_for, value_at


def with_verified(
    provenance: dict[str, dict[str, Any]], record: InvoiceRecord, verified: Mapping[str, tuple[str | None, int]]
) -> dict[str, dict[str, Any]]:
    """Add ``verified_by`` where the submitted value is the one verified in a batch. ``verified`` maps paths to value and person."""
    for path, (value, by) in verified.items():
        if path in provenance and same(spec_for(path).kind, value_at(record, path), value_from_json(path, value)):
            provenance[path]["verified_by"] = by
    return provenance
