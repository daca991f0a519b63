"""Keyset pagination over any ordering: a page costs the same wherever it is, and its address can be shared.

A cursor names the row before the page (or after it, going back) by its sort value and id, so rows that
arrive meanwhile never shift what is on a page.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from django.db.models import BooleanField, F, Func, Model, Q, QuerySet, Value

Row = TypeVar("Row", bound=Model)

_ROW = "(%(expressions)s)"


@dataclass(frozen=True, slots=True)
class Ordering:
    """One way to sort: ``field`` is an ORM path or annotation that is never null.

    Ties are broken by id in the same direction, or always oldest first with ``oldest_first``.
    """

    field: str
    descending: bool = False
    oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list: the rows after (or, ``backwards``, before) the one with this sort value and id."""

    value: str | int
    pk: int
    backwards: bool = False

    def encode(self) -> str:
        """The cursor as it stands in an address."""
        text = json.dumps([self.value, self.pk, int(self.backwards)], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@dataclass(frozen=True)
class Slice(Generic[Row]):
    """One page of rows; ``next`` and ``previous`` are cursors, empty where the list ends."""

    rows: list[Row]
    next: str
    previous: str


def read_cursor(text: str) -> Cursor | None:
    """The cursor in an address. One that was cut or made up is ``None``: the list then starts at its beginning."""
    if not text or len(text) > 2_000:
        return None
    try:
        value, pk, backwards = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError, binascii.Error):
        return None
    if not isinstance(value, str | int) or not isinstance(pk, int) or abs(pk) > 2**62 or (isinstance(value, int) and abs(value) > 2**62):
        return None
    return Cursor(value, pk, bool(backwards))


def slice_of(rows: QuerySet[Row], ordering: Ordering, cursor: Cursor | None, size: int) -> Slice[Row]:
    """The page of ``rows`` at ``cursor``: one query, ``size + 1`` rows at most."""
    backwards = cursor is not None and cursor.backwards
    descending = ordering.descending != backwards
    tie_descending = (ordering.descending and not ordering.oldest_first) != backwards
    listed = rows.annotate(sort_value=F(ordering.field))
    if cursor is not None:
        value = _typed(cursor.value, rows, ordering)
        if value is None:
            return slice_of(rows, ordering, None, size)
        listed = listed.filter(_beyond(value, cursor.pk, descending, tie_descending))
    in_order = listed.order_by("-sort_value" if descending else "sort_value", "-pk" if tie_descending else "pk")
    found = list(in_order[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next = backwards or more
    has_previous = more if backwards else cursor is not None
    return Slice(
        rows=found,
        next=_cursor_at(found[-1]).encode() if found and has_next else "",
        previous=_cursor_at(found[0], backwards=True).encode() if found and has_previous else "",
    )


def ordering_named(name: str, orderings: Mapping[str, Ordering], default: str) -> tuple[str, Ordering]:
    """The ordering ``name`` out of ``orderings``; ``-name`` is its reverse, an unknown name is ``default``."""
    ordering = orderings.get(name.removeprefix("-"))
    if ordering is None:
        return ordering_named(default, orderings, default)
    return name, replace(ordering, descending=not ordering.descending) if name.startswith("-") else ordering


def _beyond(value: object, pk: int, descending: bool, tie_descending: bool) -> Func | Q:
    """The rows behind a place, in a form that starts reading an index there.

    Written as ``a < x OR (a = x AND b < y)``, SQLite collects every row behind the place and sorts them all.
    """
    if descending == tie_descending:
        place, sign = Func(Value(value), Value(pk), template=_ROW), " < " if descending else " > "
        here = Func(F("sort_value"), F("pk"), template=_ROW)
        return Func(here, place, template="%(expressions)s", arg_joiner=sign, output_field=BooleanField())
    at_most, passed = "lte" if descending else "gte", "gte" if tie_descending else "lte"
    return Q(**{f"sort_value__{at_most}": value}) & ~Q(**{"sort_value": value, f"pk__{passed}": pk})


def _cursor_at(row: Model, *, backwards: bool = False) -> Cursor:
    value: Any = getattr(row, "sort_value")  # noqa: B009 - an annotation that the model class does not declare
    return Cursor(value.isoformat() if isinstance(value, dt.datetime) else value, int(row.pk), backwards)


def _typed(value: str | int, rows: QuerySet[Row], ordering: Ordering) -> object | None:
    """``value`` in the type of the ordering's field, or ``None`` when it cannot be that."""
    annotation = rows.query.annotations.get(ordering.field)
    kind = (annotation.output_field if annotation is not None else _field(rows, ordering.field)).get_internal_type()
    try:
        if kind == "DateTimeField":
            moment = dt.datetime.fromisoformat(str(value))
            return moment if moment.tzinfo else None
        if kind in ("CharField", "TextField"):
            return None if "\x00" in str(value) else str(value)
        return int(value)
    except ValueError:
        return None


def _field(rows: QuerySet[Row], path: str) -> Any:
    """The model field at an ORM path."""
    model: Any = rows.model
    *relations, last = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model
    return model._meta.pk if last == "pk" else model._meta.get_field(last)
