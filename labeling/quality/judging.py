"""One label held against the truth: what it adds to its author's sums. No database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from mlcore.agreement.anchoring import COLUMNS as ANCHORING
from mlcore.agreement.anchoring import Suggested, anchoring_sums
from mlcore.agreement.people import COLUMNS as ACCURACY
from mlcore.agreement.people import accuracy_sums
from mlcore.agreement.poisson import Poisson
from mlcore.agreement.sums import Sums
from mlcore.compare import Outcome, compare_records
from mlcore.errors import RecordError
from mlcore.record_json import record_from_json
from mlcore.schema import InvoiceRecord

RESAMPLES = Poisson()
"""Of every stored sum."""

_NONE = Poisson(0)
_FINE = (Outcome.CORRECT, Outcome.BOTH_ABSENT)


@dataclass(frozen=True, slots=True)
class Prefill:
    """What stood in the pre-fill (its JSON), the paths that were made wrong on purpose, and whether the person was ``shown`` it."""

    record: Mapping[str, Any]
    seeded: Collection[str]
    shown: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """Counts that are not 0, by column of ``people`` and ``anchoring``; ``wrong`` are the names of fields with a wrong value.

    ``readable`` is false when label or truth are stored in a form that this version cannot read: then nothing is counted.
    """

    readable: bool
    accuracy: dict[str, int] = field(default_factory=dict)
    anchoring: dict[str, int] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()


def judge(document_id: int, label: Mapping[str, Any], truth: Mapping[str, Any], prefill: Prefill | None) -> Judgement:
    """Hold a label against the truth, both in their JSON form; a pre-fill that cannot be read suggests nothing."""
    given, true = _read(label), _read(truth)
    if given is None or true is None:
        return Judgement(readable=False)
    name = str(document_id)
    accuracy = accuracy_sums([(name, given, true)], _NONE)
    wrong = {one.name for one in compare_records(true, given).fields if one.outcome not in _FINE}
    suggested = _read(prefill.record) if prefill is not None else None
    anchoring: dict[str, int] = {}
    if suggested is not None and prefill is not None:
        anchoring = _sparse(anchoring_sums([Suggested(name, suggested, given, true, set(prefill.seeded))], _NONE))
    return Judgement(True, _sparse(accuracy), anchoring, tuple(sorted(wrong)))


def _sparse(sums: Sums) -> dict[str, int]:
    return {column: int(count) for column, count in zip(sums.columns, sums.counts, strict=True) if count}


def _read(record: Mapping[str, Any]) -> InvoiceRecord | None:
    try:
        return record_from_json(record, ignore_unknown=True)
    except RecordError:
        return None


__all__ = ["ACCURACY", "ANCHORING", "RESAMPLES", "Judgement", "Prefill", "judge"]
