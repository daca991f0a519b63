"""Cursor pagination: the cost of a page does not depend on how far it is."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CharField, DateTimeField, Field, IntegerField
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

_LARGEST = 2**63 - 1


class IdCursorPagination(CursorPagination):
    """Newest first by id; ``?page_size=`` up to 200. A cursor that was cut or made up is answered with 404."""

    ordering = "-id"
    page_size = 30
    page_size_query_param = "page_size"
    max_page_size = 200

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any] | None:
        """One page. Raises ``NotFound``."""
        cursor = self.decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            assert view is not None, "the list says how it is ordered"
            sorted_by = self.get_ordering(request, queryset, view)[0].lstrip("-")
            if not _fits(str(cursor.position), queryset.model._meta.get_field(sorted_by)):
                raise NotFound(self.invalid_cursor_message)
        return super().paginate_queryset(queryset, request, view)


def _fits(position: str, column: Any) -> bool:
    """Whether a value of this column can stand at ``position``: only then is it put before the database."""
    assert isinstance(column, Field), "lists are ordered by columns of their own"
    try:
        value = column.to_python(position)
    except ValidationError:
        return False
    if isinstance(column, IntegerField):
        return isinstance(value, int) and abs(value) <= _LARGEST
    if isinstance(column, DateTimeField):
        return value is not None and value.tzinfo is not None
    return isinstance(column, CharField) and "\x00" not in position
