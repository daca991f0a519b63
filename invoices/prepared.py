"""Statements whose text is built once: for the requests that people wait for all day.

Django builds the text of a query anew each time, which costs a request more CPU than running it. For a SELECT the
query set stays the one place that says what is asked; kept are its text and how its rows become objects.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigIntegerField, CharField, Expression, Field, Model, QuerySet
from django.db.models.query import get_related_populators

Row = TypeVar("Row", bound=Model)

_INSERT = "INSERT INTO {table} ({names}) VALUES {rows} RETURNING {key}"


class Slot(Expression):
    """Stands in a query for a value that each run gives by name: a whole number, or with ``text`` a text."""

    def __init__(self, name: str, *, text: bool = False) -> None:
        kind: Field[Any, Any] = CharField() if text else BigIntegerField()
        super().__init__(output_field=kind)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """A placeholder; its parameter is the slot itself until a run fills it."""
        return "%s", [self]


class Prepared(Generic[Row]):
    """A query set of model instances with ``Slot``s. Annotations, ``only``, ``select_related`` and locks work as ever;
    ``prefetch_related`` does not. ``rows`` must not read settings that change."""

    def __init__(self, rows: Callable[[], QuerySet[Row]]) -> None:
        self._rows = rows
        self._local = threading.local()

    def all(self, **values: int | str) -> list[Row]:
        """The rows, by one statement; ``values`` has one for each slot."""
        connection = connections[DEFAULT_DB_ALIAS]
        built: _Built | None = getattr(self._local, "built", None)
        if built is None or built.compiler.connection is not connection:  # what converts values belongs to a connection
            built = self._local.built = _build(self._rows().query.get_compiler(DEFAULT_DB_ALIAS))
        with connection.cursor() as cursor:
            cursor.execute(built.sql, [values[part.name] if isinstance(part, Slot) else part for part in built.parameters])
            found: Any = cursor.fetchall()
        if built.converters:
            found = built.compiler.apply_converters(found, built.converters)
        return [_instance(built, row) for row in found]

    def first(self, **values: int | str) -> Row | None:
        """The first row, or ``None``; meant for queries that find one at most."""
        return next(iter(self.all(**values)), None)


def insert(rows: Sequence[Model]) -> None:
    """Insert new rows of one model by one statement and give them their ids; what ``bulk_create`` does with plain values.

    Not for rows with expressions in their values or defaults of the database. Raises ``IntegrityError``.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    fields, statement = _insertion(type(rows[0]), len(rows), connection.vendor)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk, row._state.adding, row._state.db = key, False, DEFAULT_DB_ALIAS


@lru_cache(maxsize=64)
def _insertion(model: type[Model], count: int, vendor: str) -> tuple[list[Any], str]:
    meta, quoted = model._meta, connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields = [field for field in meta.local_concrete_fields if not field.primary_key]
    row = "(" + ", ".join(["%s"] * len(fields)) + ")"
    names = ", ".join(quoted(str(field.column)) for field in fields)
    table, key = quoted(meta.db_table), quoted(str(meta.pk.column))
    return fields, _INSERT.format(table=table, names=names, rows=", ".join([row] * count), key=key)


@dataclass(frozen=True, slots=True)
class _Built:
    compiler: Any
    sql: str
    parameters: tuple[Any, ...]
    converters: Any
    columns: slice
    names: list[str]
    populators: list[Any]


def _build(compiler: Any) -> _Built:
    """As ``django.db.models.query.ModelIterable`` does it for each query."""
    sql, parameters = compiler.as_sql()
    own = compiler.klass_info["select_fields"]
    columns = slice(own[0], own[-1] + 1)
    return _Built(
        compiler=compiler,
        sql=sql,
        parameters=tuple(parameters),
        converters=compiler.get_converters([selected for selected, *_ in compiler.select]),
        columns=columns,
        names=[selected.target.attname for selected, *_ in compiler.select[columns]],
        populators=get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS),  # type: ignore[call-arg]  # 5.2
    )


def _instance(built: _Built, row: Any) -> Any:
    found = built.compiler.klass_info["model"].from_db(DEFAULT_DB_ALIAS, built.names, row[built.columns])
    for populator in built.populators:
        populator.populate(row, found)
    for name, place in built.compiler.annotation_col_map.items():
        setattr(found, name, row[place])
    return found
