"""Rows of many models, made together and stored in the order in which they refer to each other."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from django.db import connection, transaction
from django.db.models import Model

from invoices.models import AuditEntry, Document, Page, Prediction, ReadingEvent, Veil
from labeling.models import (
    Adjudication,
    Agreement,
    Annotation,
    Correction,
    CorrectionItem,
    Difference,
    Draw,
    FieldDoubt,
    FieldEdit,
    FieldVerification,
    GoldRecord,
    KnownDocument,
    LabelingTask,
    MeasuredReading,
    Ruling,
    SuspectGold,
    TaskDraft,
    TaskSkip,
    Trial,
)

Row = TypeVar("Row", bound=Model)

ORDER: Final[tuple[type[Model], ...]] = (
    Document,
    ReadingEvent,
    Page,
    Prediction,
    LabelingTask,
    TaskDraft,
    TaskSkip,
    Annotation,
    FieldEdit,
    GoldRecord,
    SuspectGold,
    KnownDocument,
    Trial,
    Veil,
    Agreement,
    Adjudication,
    Ruling,
    Difference,
    FieldDoubt,
    FieldVerification,
    Draw,
    MeasuredReading,
    Correction,
    CorrectionItem,
    AuditEntry,
)
"""A model comes after those that it refers to. A new model of the product gets its place here and rows in ``filling``."""

_DATED: Final = ("created_at", "submitted_at", "compared_at", "opened_at", "received_at", "at")


class Rows:
    """Rows that wait to be stored; those that they refer to may wait likewise."""

    def __init__(self) -> None:
        self._waiting: dict[type[Model], list[Any]] = defaultdict(list)

    def add(self, row: Row) -> Row:
        """Keep one for ``store``."""
        self._waiting[type(row)].append(row)
        return row

    def last(self, model: type[Row]) -> Row:
        """The newest one of a model that waits."""
        found: Row = self._waiting[model][-1]
        return found

    def store(self) -> None:
        """Insert all of them, a thousand at a time."""
        with transaction.atomic():
            for model in ORDER:
                model._default_manager.bulk_create(self._waiting.pop(model, []), batch_size=1_000)
        if self._waiting:
            raise TypeError(f"{', '.join(model.__name__ for model in self._waiting)} have no place in ORDER.")


@contextmanager
def own_dates() -> Iterator[None]:
    """Rows keep the moment that they are given instead of getting the present one."""
    fields = [model._meta.get_field(name) for model in ORDER for name in _DATED if name in {f.name for f in model._meta.fields}]
    automatic: list[Any] = [field for field in fields if getattr(field, "auto_now_add", False)]
    for field in automatic:
        field.auto_now_add = False
    try:
        yield
    finally:
        for field in automatic:
            field.auto_now_add = True


def gather_statistics() -> None:
    """What PostgreSQL's autovacuum does within a minute; SQLite is left as the product leaves it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def moment(number: int, count: int, now: dt.datetime) -> dt.datetime:
    """When document ``number`` of ``count`` came in: the last one just now, the first one a year ago."""
    return now - dt.timedelta(days=365) * (1 - number / count)
