"""Text out of a stored record, alike on every database."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, TextField
from django.db.models.sql.compiler import SQLCompiler


class StoredText(Func):
    """The text of one member of a JSON object; SQL NULL where it is absent or JSON ``null``.

    ``StoredText("record", "total")``. Django's ``KT`` answers the word ``null`` for JSON ``null`` on SQLite and NULL
    on PostgreSQL. For members that are text or null, as those of a record are.
    """

    output_field = TextField()

    def __init__(self, column: str, member: str) -> None:
        super().__init__(F(column))
        self.member = member

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """``(column ->> 'member')``."""
        column, params = compiler.compile(self.source_expressions[0])
        return f"({column} ->> %s)", (*params, self.member)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any) -> tuple[str, tuple[str | int, ...]]:
        """``JSON_EXTRACT(column, '$."member"')``."""
        column, params = compiler.compile(self.source_expressions[0])
        return f"JSON_EXTRACT({column}, %s)", (*params, f'$."{self.member}"')
