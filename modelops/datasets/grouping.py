"""Which vendors belong together: merged, called alike, of one layout, or with nearly the same text. No database.

What is learned from one of them is known about the others, so they are on one side together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from mlcore.templates.fingerprint import similarity

Marks = frozenset[str]

MOST_LAYOUTS = 12
"""Layouts that are kept of a vendor; a document that is like none of them after that counts as the nearest."""

TYPICAL_SHARE = 0.2
"""What at least this share of a vendor's documents have says something of the vendor; less may be documents filed under the wrong one."""


def is_typical(count: int, documents: int) -> bool:
    """Whether what ``count`` of a vendor's documents have is the vendor's."""
    return count >= TYPICAL_SHARE * documents


class VendorGroups:
    """Vendors (ids) that belong together; a group is named by its smallest vendor, whatever the order in which it came about."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}
        self._marked: dict[tuple[str, str], int] = {}

    def add(self, vendor: int, marks: Iterable[tuple[str, str]] = ()) -> None:
        """A vendor with its marks (kind and value; blank values are none): whoever shares one is of its group."""
        self._above.setdefault(vendor, vendor)
        for mark in marks:
            if mark[1]:
                self.join(vendor, self._marked.setdefault(mark, vendor))

    def join(self, one: int, other: int) -> None:
        """Put the groups of two vendors together."""
        first, second = sorted((self.root(one), self.root(other)))
        self._above[second] = first

    def root(self, vendor: int) -> int:
        """The smallest vendor of the group."""
        while (above := self._above.setdefault(vendor, vendor)) != vendor:
            self._above[vendor] = vendor = self._above[above]
        return vendor

    def groups(self) -> dict[int, list[int]]:
        """Members by the smallest of them, in order."""
        found: dict[int, list[int]] = {}
        for vendor in sorted(self._above):
            found.setdefault(self.root(vendor), []).append(vendor)
        return found


class Layouts:
    """The layouts of each vendor by the first document of each; ``likeness`` (0 to 1) is from where two are one."""

    def __init__(self, likeness: float) -> None:
        self._likeness = likeness
        self._of: dict[int, list[Marks]] = {}
        self._documents: dict[int, Counter[int]] = {}

    def number(self, vendor: int, marks: Marks) -> int:
        """Which of the vendor's layouts a document has, counted from 0 in the order in which they were first seen."""
        place = self._place(self._of.setdefault(vendor, []), marks)
        self._documents.setdefault(vendor, Counter())[place] += 1
        return place

    def _place(self, known: list[Marks], marks: Marks) -> int:
        best = max(range(len(known)), key=lambda place: similarity(marks, known[place]), default=None)
        if best is not None and (similarity(marks, known[best]) >= self._likeness or len(known) >= MOST_LAYOUTS):
            return best
        known.append(marks)
        return len(known) - 1

    def know(self, vendor: int, layouts: Iterable[Marks]) -> None:
        """Layouts that a vendor is known to have, of documents that are not among those that are numbered."""
        self._of.setdefault(vendor, []).extend(layouts)

    def typical(self, vendor: int, place: int) -> bool:
        """Whether a layout is the vendor's, and not that of a stray document."""
        documents = self._documents.get(vendor)
        return documents is None or is_typical(documents[place], documents.total())

    def alike(self) -> list[tuple[int, int]]:
        """Pairs of vendors that share a typical layout. Only layouts with a word in its place in common are compared."""
        where: dict[str, list[tuple[int, int]]] = {}
        for vendor in sorted(self._of):
            for place, marks in enumerate(self._of[vendor]):
                for mark in marks if self.typical(vendor, place) else ():
                    where.setdefault(mark, []).append((vendor, place))
        return sorted({pair for vendor in self._of for pair in self._alike_with(vendor, where)})

    def _alike_with(self, vendor: int, where: dict[str, list[tuple[int, int]]]) -> Iterable[tuple[int, int]]:
        for mine, marks in enumerate(self._of[vendor]):
            shared: dict[tuple[int, int], int] = {}
            for mark in marks if self.typical(vendor, mine) else ():
                for one in where[mark]:
                    if one[0] > vendor:
                        shared[one] = shared.get(one, 0) + 1
            for (other, place), count in shared.items():
                theirs = self._of[other][place]
                if _could_reach(count, len(marks), len(theirs), self._likeness) and similarity(marks, theirs) >= self._likeness:
                    yield vendor, other

    def strays(self, vendor: int, place: int, among: Collection[int]) -> bool:
        """Whether a layout is none of the vendor's own and one of these vendors has one like it."""
        return not self.typical(vendor, place) and self.like(self._of[vendor][place], among)

    def like(self, marks: Marks, among: Collection[int]) -> bool:
        """Whether one of these vendors has a layout like it."""
        return any(similarity(marks, one) >= self._likeness for vendor in among for one in self._of.get(vendor, ()))


def _could_reach(shared: int, left: int, right: int, likeness: float) -> bool:
    """Whether the similarity can be that high, when all that is not shared stood one column beside (.7 of a mark each)."""
    most = shared + 0.7 * (min(left, right) - min(shared, left, right))
    return most / max(left + right - most, 1e-9) >= likeness
