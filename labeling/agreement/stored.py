"""The stored form of a slice: its sums as text, and beside them the figures that lists show."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from labeling.agreement.slices import Kind, Slice, people_of
from labeling.errors import TallyUnreadable
from labeling.models import AgreementTally
from mlcore.agreement.figures import Measured
from mlcore.agreement.statistics import AgreementStatistics, agreement_of
from mlcore.agreement.tally import Tally
from mlcore.errors import AgreementError

RECOUNT = "manage.py recount_agreement"
MILLION = 1_000_000
LISTED = ("exact", "critical", "values", "row_f1", "cells", "row_count", "item_type", "vendor")
"""Figures that stand beside the sums."""

COLUMNS = ["kind", "key", "vendor", "one", "other", "tally", "documents", "figures", "rank", "batch", "counted_at"]
"""What is written of a slice that is there already."""


def tally_of(row: AgreementTally) -> Tally:
    """The sums of a stored slice. Raises ``TallyUnreadable``."""
    try:
        data = json.loads(row.tally)
        if not isinstance(data, dict):
            raise AgreementError(f"it is {type(data).__name__}, not an object")
        return Tally.from_json(data)
    except (ValueError, OverflowError, AgreementError) as error:
        detail = f"The stored sums of {row.name.rstrip(':')} cannot be read ({str(error)[:200]})."
        remedy = f"No label is lost: `{RECOUNT}` counts them again from the frozen pairs."
        raise TallyUnreadable(f"{detail} {remedy}", {"slice": row.name, "remedy": RECOUNT}) from error


def stored(wanted: Slice, tally: Tally, *, batch: int, vendors: Collection[int]) -> AgreementTally:
    """A row with these sums, not saved. ``vendors`` are the ids that exist; of one that was taken away the sums stay."""
    statistics = agreement_of(tally)
    people = people_of(wanted.key) if wanted.kind is Kind.PAIR else None
    vendor = int(wanted.key) if wanted.kind is Kind.VENDOR else 0
    return AgreementTally(
        name=wanted.name,
        kind=wanted.kind.value,
        key=wanted.key,
        vendor_id=vendor if vendor in vendors else None,
        one_id=people[0] if people else None,
        other_id=people[1] if people else None,
        tally=json.dumps(tally.to_json(), separators=(",", ":")),
        documents=tally.documents,
        figures=figures_of(statistics),
        rank=rank_of(statistics),
        batch=batch,
    )


def figures_of(statistics: AgreementStatistics) -> dict[str, Any]:
    """What a list shows of a slice: all but the single fields."""
    told = statistics.to_json()
    return {name: told[name] for name in LISTED}


def rank_of(statistics: AgreementStatistics) -> int:
    """Sorts slices: the worst exact agreement first; those without enough data behind all others, the largest of them first."""
    if isinstance(statistics.exact, Measured):
        return round(statistics.exact.value * MILLION)
    return 2 * MILLION - min(statistics.documents, MILLION - 1)
