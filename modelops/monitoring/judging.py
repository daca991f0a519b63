"""One reading held to the truth: what was right, field by field, and how sure it had been. No database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mlcore.compare import FieldComparison, Outcome, compare_records
from mlcore.errors import RecordError
from mlcore.record_json import record_from_json
from mlcore.schema import InvoiceRecord, item_path
from modelops.monitoring.bins import bin_of

_FINE = (Outcome.CORRECT, Outcome.BOTH_ABSENT)


@dataclass(frozen=True)
class Judgement:
    """``judged`` values are those that the truth or the reading has, ``right`` of them are the same; ``exact``: nothing is wrong.

    ``corrected`` values are other than filled in on the label of the first person who was shown them. ``fields`` is ``{name: [judged,
    right, corrected]}``; ``bins`` ``[[bin, judged, right, said], ...]`` of the values that were filled in, in order of the bin; ``said`` is
    the sum of their confidences in ten-thousandths.
    """

    judged: int
    right: int
    exact: bool
    corrected: int
    fields: dict[str, list[int]] = field(default_factory=dict)
    bins: list[list[int]] = field(default_factory=list)


def judge(
    truth: Mapping[str, Any], reading: Mapping[str, Any], fields: Iterable[Mapping[str, Any]], label: Mapping[str, Any] | None
) -> Judgement | None:
    """Hold a reading to the truth; all are stored forms, ``fields`` the predicted ones with their confidence.

    ``label`` is what the first person who saw the reading submitted, ``None`` where nobody saw it as it was. ``None`` when truth or
    reading are stored in a form that cannot be read any more.
    """
    true, read = _record(truth), _record(reading)
    if true is None or read is None:
        return None
    sure = _confidences(fields)
    names: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    bins: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    compared = compare_records(true, read).fields
    for one in compared:
        if one.outcome is Outcome.BOTH_ABSENT:
            continue
        right = one.outcome is Outcome.CORRECT
        names[one.name][0] += 1
        names[one.name][1] += right
        said = sure.get(_path(one)) if one.outcome is not Outcome.MISSING else None
        if said is not None:
            own = bins[bin_of(said)]
            own[0], own[1], own[2] = own[0] + 1, own[1] + right, own[2] + round(said * 10_000)
    given = _record(label) if label is not None else None
    for name in _changed(given, read) if given is not None else ():
        names[name][2] += 1
    judged, right_ones, corrected = (sum(counts[part] for counts in names.values()) for part in range(3))
    exact = all(one.outcome in _FINE for one in compared)
    return Judgement(judged, right_ones, exact, corrected, dict(sorted(names.items())), [[one, *bins[one]] for one in sorted(bins)])


def _changed(label: InvoiceRecord, reading: InvoiceRecord) -> list[str]:
    return [one.name for one in compare_records(label, reading).fields if one.outcome not in _FINE]


def _path(one: FieldComparison) -> str:
    if one.found_row is None:
        return one.name
    return item_path(one.found_row, one.name.rpartition(".")[2])


def _confidences(fields: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """The confidence (0..1) of each predicted path; a field that is not stored as this version stores them is passed over."""
    found: dict[str, float] = {}
    for one in fields:
        try:
            found[str(one["path"])] = min(1.0, max(0.0, float(one["confidence"])))
        except (KeyError, TypeError, ValueError):
            continue
    return found


def _record(stored: Mapping[str, Any]) -> InvoiceRecord | None:
    try:
        return record_from_json(stored, ignore_unknown=True)
    except RecordError:
        return None
