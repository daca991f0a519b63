"""Changes to the stored sums, gathered for many labels and written once for each row that they touch."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from django.db.models import Q, QuerySet

from labeling.models import CountedLabel, QualityPeriod, QualitySums
from labeling.quality.durations import bucket_of
from labeling.quality.judging import ACCURACY, ANCHORING, RESAMPLES
from mlcore.agreement.sums import Sums

SUGGESTED, UNSEEN = "suggested", "unseen"
"""Kinds of sums of the anchoring meter."""

_OF_EVERYBODY = (SUGGESTED, UNSEEN)
_ADDED = ("documents", "reviews", "keystrokes", "kept", "judged", "unreadable")
_SHARES = ("valued", "exact", "critical_valued", "critical")

PeriodKey: TypeAlias = tuple[int, str, dt.date, bool]
SumsKey: TypeAlias = tuple[int | None, dt.date | None, str]


@dataclass(frozen=True, slots=True)
class Effort:
    """What a label took: ``kept`` characters of the pre-fill stood. A review counts as a review alone."""

    person_id: int
    day: dt.date
    is_review: bool
    active_ms: int
    keystrokes: int
    kept: int


class Changes:
    """Labels and skips that are added (``sign`` 1) or taken off again (-1)."""

    def __init__(self) -> None:
        self._periods: dict[PeriodKey, Counter[str]] = defaultdict(Counter)
        self._sums: dict[SumsKey, list[tuple[int, str, dict[str, int]]]] = defaultdict(list)

    def label(self, effort: Effort, counted: CountedLabel, document_id: int, sign: int) -> None:
        """One label as it was, or is, counted."""
        plain = Counter({"reviews": 1}) if effort.is_review else _plain(effort)
        if counted.unreadable:
            plain["unreadable"] = 1
        elif counted.source and counted.source != CountedLabel.Source.SEED:
            plain += Counter({"judged": 1, **{name: counted.accuracy.get(name, 0) for name in _SHARES}})
        self._add(effort.person_id, effort.day, counted.held, plain, sign)
        for kind, counts in kinds_of(counted):
            self._count(effort, kind, counts, str(document_id), sign)

    def skip(self, person_id: int, day: dt.date, reason: str, sign: int, *, held: bool) -> None:
        """One skip."""
        self._add(person_id, day, held, Counter({f"skips:{reason}": 1}), sign)

    def write(self) -> None:
        """Store everything; two statements and one for each new or changed row. The caller holds the lock of ``counting``."""
        self._write_periods()
        self._write_sums()

    def _add(self, person_id: int, day: dt.date, held: bool, counts: Counter[str], sign: int) -> None:
        for unit, start in ((QualityPeriod.Unit.MONTH, month_of(day)), (QualityPeriod.Unit.WEEK, week_of(day))):
            found = self._periods[person_id, unit.value, start, held]
            for name, count in counts.items():
                found[name] += sign * count

    def _count(self, effort: Effort, kind: str, counts: dict[str, int], name: str, sign: int) -> None:
        whose = (effort.person_id, None) if kind in _OF_EVERYBODY else (effort.person_id,)
        for person_id in whose:
            for month in (month_of(effort.day), None):
                self._sums[person_id, month, kind].append((sign, name, counts))

    def _write_periods(self) -> None:
        wanted = {key: counts for key, counts in self._periods.items() if any(counts.values())}
        known = {(row.person_id, row.unit, row.start, row.held): row for row in _periods(wanted)}
        for key, counts in wanted.items():
            person_id, unit, start, held = key
            row = known.get(key) or QualityPeriod(person_id=person_id, unit=unit, start=start, held=held)
            for name in (*_ADDED, *_SHARES):
                setattr(row, name, getattr(row, name) + counts[name])
            row.seconds = _merged(row.seconds, counts, "seconds:")
            row.skips = _merged(row.skips, counts, "skips:")
            row.save()

    def _write_sums(self) -> None:
        known = {(row.person_id, row.month, row.kind): row for row in _sums(self._sums)}
        for key, documents in self._sums.items():
            change = _change(key[2], documents)
            if not change.counts.any() and not change.resampled.any():
                continue
            row = known.get(key) or QualitySums(person_id=key[0], month=key[1], kind=key[2])
            stored = Sums.from_json(change.columns, row.sums) if row.sums else Sums.empty(change.columns, RESAMPLES)
            row.sums = (stored + change).to_json()
            row.save()


def kinds_of(counted: CountedLabel) -> Iterable[tuple[str, dict[str, int]]]:
    """The kinds of sums that a judged label is in, with its counts in each."""
    if counted.source:
        if counted.source != CountedLabel.Source.SEED:
            yield counted.source, counted.accuracy
        if counted.arm:
            yield counted.arm, counted.accuracy
        if counted.suggestion:
            yield (SUGGESTED if counted.suggestion == CountedLabel.Sight.SHOWN else UNSEEN), counted.anchoring


def columns_of(kind: str) -> tuple[str, ...]:
    """The columns of the sums of a kind."""
    return ANCHORING if kind in _OF_EVERYBODY else ACCURACY


def month_of(day: dt.date) -> dt.date:
    """The first day of the month."""
    return day.replace(day=1)


def week_of(day: dt.date) -> dt.date:
    """The Monday of the week."""
    return day - dt.timedelta(days=day.weekday())


def _plain(effort: Effort) -> Counter[str]:
    counts = {"documents": 1, "keystrokes": effort.keystrokes, "kept": effort.kept}
    return Counter({**counts, **({f"seconds:{bucket_of(effort.active_ms)}": 1} if effort.active_ms > 0 else {})})


def _merged(stored: Mapping[str, int], counts: Counter[str], prefix: str) -> dict[str, int]:
    merged = Counter(stored)
    for name, count in counts.items():
        if name.startswith(prefix):
            merged[name.removeprefix(prefix)] += count
    return {name: count for name, count in merged.items() if count}


def _change(kind: str, documents: list[tuple[int, str, dict[str, int]]]) -> Sums:
    columns = columns_of(kind)
    more, less = (Sums.of(columns, ((name, _dense(columns, c)) for s, name, c in documents if s == sign), RESAMPLES) for sign in (1, -1))
    return more - less


def _dense(columns: tuple[str, ...], counts: dict[str, int]) -> Any:
    return np.array([counts.get(name, 0) for name in columns], dtype=np.int64)


def _periods(keys: Iterable[PeriodKey]) -> QuerySet[QualityPeriod]:
    found = list(keys)
    people, starts = {key[0] for key in found}, {key[2] for key in found}
    return QualityPeriod.objects.filter(person__in=people, start__in=starts)


def _sums(keys: Iterable[SumsKey]) -> QuerySet[QualitySums]:
    found = list(keys)
    people, months = {key[0] for key in found if key[0]}, {key[1] for key in found if key[1]}
    return QualitySums.objects.filter(
        Q(person__in=people) | Q(person__isnull=True), Q(month__in=months) | Q(month__isnull=True), kind__in={key[2] for key in found}
    )
