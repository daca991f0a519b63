"""Whether a document shows a layout that its vendor had not shown before."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from mlcore.documents import DocumentText
from mlcore.readers.layout import build_layout
from mlcore.templates.fingerprint import fingerprint, similarity
from mlcore.templates.learn import SAME_LAYOUT
from modelops.models import SeenLayout

KEPT = 6
"""Documents whose fingerprints are kept of a layout: items vary from one to the next, and one alone says little."""

MOST_LAYOUTS = 60
"""Newest layouts of a vendor that a document is held against."""


def marks_of(text: DocumentText) -> frozenset[str]:
    """The fingerprint of a document's layout; empty without words. It is kept for long, so it has hashes in the place of words."""
    return frozenset(_hashed(mark) for mark in fingerprint(build_layout(DocumentText(text.pages[:1]))))


def _hashed(mark: str) -> str:
    word, _, column = mark.rpartition("@")
    return f"{hashlib.blake2s(word.encode(), digest_size=5).hexdigest()}@{column}"


def is_like(marks: Collection[str], kept: Sequence[Sequence[str]]) -> bool:
    """Whether a document is of the layout whose fingerprints are ``kept``: by the measure that templates tell layouts apart with."""
    return any(similarity(marks, frozenset(other)) >= SAME_LAYOUT for other in kept)


class Layouts:
    """The known layouts of the vendors of some documents: one statement to load them, three at most to keep what is new."""

    def __init__(self, vendors: Iterable[int], documents: Iterable[int]) -> None:
        self._of: dict[int, list[SeenLayout]] = defaultdict(list)
        self._first: dict[int, SeenLayout] = {}
        wanted = set(documents)
        for layout in SeenLayout.objects.filter(vendor__in=set(vendors)).order_by("-pk"):
            if layout.document_id in wanted:
                self._first[layout.document_id] = layout
            if len(self._of[layout.vendor_id]) < MOST_LAYOUTS or layout.document_id in wanted:
                self._of[layout.vendor_id].append(layout)
        self._new: list[SeenLayout] = []
        self._more: dict[int, SeenLayout] = {}

    def look(self, document_id: int, vendor_id: int | None, marks: frozenset[str]) -> bool:
        """Whether the layout is new for the vendor; then it is known from now on, and so is one more example of a known one.

        Asked again it answers the same: the document that showed a layout first stays the one. A document without a known vendor, or
        without words, is of no layout.
        """
        own = self._first.get(document_id)
        if own is not None and own.vendor_id == vendor_id:
            return True
        if vendor_id is None or not marks:
            return False
        for known in self._of[vendor_id]:
            if is_like(marks, known.marks):
                if len(known.marks) < KEPT:
                    known.marks = [*known.marks, sorted(marks)]
                    if known.pk is not None:
                        self._more[known.pk] = known
                return False
        layout = SeenLayout(vendor_id=vendor_id, document_id=document_id, marks=[sorted(marks)])
        self._first[document_id] = layout
        self._of[vendor_id].insert(0, layout)
        self._new.append(layout)
        return True

    def keep(self) -> None:
        """Write down what is new; a document that is its former vendor's no more is no first of that one's layouts."""
        SeenLayout.objects.filter(document__in=[layout.document_id for layout in self._new]).delete()
        SeenLayout.objects.bulk_create(self._new, ignore_conflicts=True)  # another worker may look at it too
        SeenLayout.objects.bulk_update(self._more.values(), ["marks"])
