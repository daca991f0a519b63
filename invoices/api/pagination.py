"""Cursor pagination: the cost of a page does not depend on how far it is."""

from rest_framework.pagination import CursorPagination


class IdCursorPagination(CursorPagination):
    """Newest first by id; ``?page_size=`` up to 200."""

    ordering = "-id"
    page_size = 30
    page_size_query_param = "page_size"
    max_page_size = 200
