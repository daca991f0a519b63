"""Agreement by vendor, by two people and by month in pages, and the people of a heat map. No sums are loaded, only what stands beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet, Sum

from invoices.models import User
from invoices.selectors.keyset import Ordering, Slice, read_cursor, slice_of
from labeling.agreement.slices import Kind, pair_key
from labeling.models import AgreementTally

PAGE_SIZE: Final = 30
MOST_PEOPLE: Final = 40
"""People of the heat map: those with the most pairs."""

MOST_CHOICES: Final = 200
"""Pairs of people, and months, that a list can be filtered by."""

ORDERINGS: Final = {Kind.MONTH: Ordering("key", descending=True)}
WORST_FIRST: Final = Ordering("rank")


def listed(kind: Kind, *, cursor: str = "", size: int = PAGE_SIZE, text: str = "") -> Slice[AgreementTally]:
    """One page: vendors and people with the worst exact agreement first, those without enough data last; months the newest first.

    One statement. ``text`` is part of a vendor's name.
    """
    rows = rows_of_kind(kind)
    if text:
        rows = rows.filter(Q(vendor__name__icontains=text) | Q(vendor__merged_into__name__icontains=text))
    return slice_of(rows, ORDERINGS.get(kind, WORST_FIRST), read_cursor(cursor), size)


def rows_of_kind(kind: Kind) -> QuerySet[AgreementTally]:
    """All slices of a kind with the names that belong to them, without their sums."""
    return AgreementTally.objects.filter(kind=kind).select_related("vendor__merged_into", "one", "other").defer("tally")


def all_of_kind(kind: Kind) -> Iterator[AgreementTally]:
    """The same in the order of the pages, for streams."""
    ordering = ORDERINGS.get(kind, WORST_FIRST)
    field = f"-{ordering.field}" if ordering.descending else ordering.field
    return rows_of_kind(kind).order_by(field, "pk").iterator(chunk_size=200)


@dataclass(frozen=True, slots=True)
class Cell:
    """Two people, named by ``key``: ``figure`` as JSON (``value``, ``low``, ``high``, ``n``, ``floor``), empty where they have no pair."""

    key: str
    name: str
    figure: dict[str, Any]
    same: bool = False


@dataclass(frozen=True)
class HeatMap:
    """Everybody against everybody: ``people`` head the rows and columns, in the order of their names. ``others`` are left out."""

    people: list[str]
    rows: list[tuple[str, list[Cell]]]
    others: int


def heat_map(figure: str) -> HeatMap:
    """The people with the most pairs and one figure of each two of them: four statements, 780 rows at most."""
    pairs = AgreementTally.objects.filter(kind=Kind.PAIR)
    counts: Counter[int] = Counter()
    for side in ("one", "other"):
        counts.update({pk: n for pk, n in pairs.values_list(side).annotate(n=Sum("documents")) if pk})
    chosen = [pk for pk, _ in counts.most_common(MOST_PEOPLE)]
    people = sorted(User.objects.filter(pk__in=chosen), key=lambda user: (name_of(user).casefold(), user.pk))
    rows = pairs.filter(one__in=chosen, other__in=chosen).values_list("key", "figures")
    figures = {key: dict(found.get(figure) or {}) for key, found in rows}

    def cell(one: User, other: User) -> Cell:
        key = pair_key(one.pk, other.pk)
        return Cell(key, name_of(other), figures.get(key, {}), same=one == other)

    table = [(name_of(one), [cell(one, other) for other in people]) for one in people]
    return HeatMap([name_of(user) for user in people], table, len(counts) - len(chosen))


def pair_choices() -> list[tuple[str, str]]:
    """Key and names of the pairs of people with the most documents: one statement."""
    rows = AgreementTally.objects.filter(kind=Kind.PAIR).select_related("one", "other").defer("tally").order_by("-documents", "pk")
    named = ((row.key, f"{name_of(row.one)} and {name_of(row.other)}") for row in rows[:MOST_CHOICES] if row.one and row.other)
    return sorted(named, key=lambda pair: pair[1].casefold())


def month_choices() -> list[str]:
    """Months with a pair, the newest first: one statement."""
    rows = AgreementTally.objects.filter(kind=Kind.MONTH).order_by("-key")
    return list(rows.values_list("key", flat=True)[:MOST_CHOICES])


def name_of(user: User) -> str:
    """A person as screens name them."""
    return user.get_full_name() or user.username
