"""The documents that two models read differently, page by page: which value each had, and what is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labeling.models import GoldRecord
from mlcore.schema import spec_for, split_item_path
from modelops.registry.comparing import Comparison, answers_of, gold_ids
from modelops.registry.wrong_values import Answered

PAGE_SIZE = 20
SAME = "same"


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """One value that only one of the two had right, or that both had wrong in another way. ``right`` is what people confirmed.

    ``first`` and ``second`` are ``None`` where the value is missing; ``first_right`` and ``second_right`` say who had it right.
    """

    path: str
    label: str
    right: str | None
    first: str | None
    second: str | None
    first_right: bool
    second_right: bool


@dataclass(frozen=True, slots=True)
class ChangedDocument:
    """``document_id`` is ``None`` for a synthetic document, and for one that had to go. ``kind``: lost | won | other."""

    id: str
    document_id: int | None
    vendor: str
    kind: str
    route_first: str
    route_second: str
    values: list[ChangedValue]
    withheld: bool


@dataclass(frozen=True)
class ChangedPage:
    """One page; ``page`` counts from 1. ``next`` and ``previous`` are numbers of pages, 0 for none."""

    documents: list[ChangedDocument]
    page: int
    pages: int
    total: int

    @property
    def next(self) -> int:
        """The next page."""
        return self.page + 1 if self.page < self.pages else 0

    @property
    def previous(self) -> int:
        """The page before."""
        return self.page - 1 if self.page > 1 else 0


def changed_page(found: Comparison, page: int) -> ChangedPage:
    """A page of the changed documents; a page that is not there is the nearest that is. One statement, and both files of answers."""
    pages = max(1, -(-len(found.changed) // PAGE_SIZE))
    page = min(max(page, 1), pages)
    part = found.changed[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    answers = [answers_of(evaluation) for evaluation in found.evaluations] if part else [{}, {}]
    golds = gold_ids([one.id for one, _ in part])
    rows = GoldRecord.objects.filter(pk__in=golds.values()).values_list("pk", "document_id", "document__removal__pk")
    known = {pk: (document, removed) for pk, document, removed in rows}
    documents = []
    for one, other in part:
        document, removed = known.get(golds.get(one.id, 0), (None, None))
        gone = removed is not None or (one.id in golds and document is None)
        was, now = one.count("exact") > 0, other.count("exact") > 0
        kind = "lost" if was and not now else "won" if now and not was else "other"
        ours, theirs = (side.get(one.id) for side in answers)
        documents.append(
            ChangedDocument(
                one.id,
                None if gone else document,
                one.vendor,
                kind,
                ours.route if ours else "",
                theirs.route if theirs else "",
                [] if gone else changed_values(ours, theirs),
                gone,
            )
        )
    return ChangedPage(documents, page, pages, len(found.changed))


def changed_values(first: Answered | None, second: Answered | None) -> list[ChangedValue]:
    """The values in which two answers differ, in the order in which they were wrong."""
    ours, theirs = _by_path(first), _by_path(second)
    found = []
    for path in dict.fromkeys([*ours, *theirs]):
        one, other = ours.get(path), theirs.get(path)
        if one == other:
            continue
        right = (one or other or (None, None))[0]
        found.append(
            ChangedValue(path, label_of(path), right, one[1] if one else right, other[1] if other else right, one is None, other is None)
        )
    return found


def label_of(path: str) -> str:
    """A path as people say it: ``Row 3, unit price``."""
    plain, extra = path.removesuffix(" (extra)"), path.endswith(" (extra)")
    cell = split_item_path(plain)
    try:
        label = spec_for(plain).label
    except KeyError:
        return path
    if cell is None:
        return label
    return f"Row {cell[0] + 1} too many, {label.lower()}" if extra else f"Row {cell[0] + 1}, {label.lower()}"


def _by_path(answer: Answered | None) -> Mapping[str, tuple[str | None, str | None]]:
    return {one.path: (one.expected, one.found) for one in answer.wrong} if answer is not None else {}
