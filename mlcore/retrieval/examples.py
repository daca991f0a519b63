"""Which confirmed documents a model is shown before the one it reads: those of the same vendor, nearest by layout. Pure.

A document is never shown to itself, nor a copy of its text: its record would be the answer.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mlcore.answers.form import is_labeled
from mlcore.answers.printed import printed_record
from mlcore.documents import DocumentText, GoldExample
from mlcore.page_text import text_of_rows
from mlcore.prompts import Example
from mlcore.readers.layout import build_layout
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, item_path
from mlcore.templates.fingerprint import fingerprint, similarity
from mlcore.templates.learn import SAME_LAYOUT

_SHORTLIST = 32
"""Documents of other vendors whose layouts are compared: those that have most words in common."""
_PATHS = (*(spec.name for spec in HEADER_FIELDS), *(item_path(0, spec.name) for spec in LINE_ITEM_FIELDS))


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A confirmed document that may be shown. ``content`` is the content id of its text, ``marks`` the fingerprint of its layout."""

    content: str
    vendor_key: str
    marks: frozenset[str]
    example: Example


def confirmed_of(gold: GoldExample) -> Confirmed | None:
    """A gold example as it may be shown; ``None`` without words, and where fields are unlabeled: they would be shown as absent."""
    layout = build_layout(gold.document)
    if not layout.tokens or not all(is_labeled(path, gold.label_fields) for path in _PATHS):
        return None
    text = text_of_rows(layout, range(len(layout.rows))).text
    example = Example(_whole(text), {path: _whole(value) for path, value in printed_record(gold).items()})
    marks = frozenset(sys.intern(mark) for mark in fingerprint(layout))  # documents of a vendor share most of them
    return Confirmed(gold.document.content_id, gold.vendor_key, marks, example)


def nearest(document: DocumentText, among: Sequence[Confirmed], most: int = 1) -> tuple[Confirmed, ...]:
    """At most ``most`` of the documents, the likest layout first and of like ones the last in order; never the document itself."""
    others = [(place, one) for place, one in enumerate(among) if one.content != document.content_id]
    if not others:
        return ()
    marks = fingerprint(build_layout(document))
    ranked = sorted(others, key=lambda other: (-similarity(marks, other[1].marks), -other[0]))
    return tuple(one for _, one in ranked[:most])


class Shelf:
    """Confirmed documents, oldest first. Immutable."""

    def __init__(self, confirmed: Iterable[Confirmed] = ()) -> None:
        self.confirmed = tuple(confirmed)
        self._of_vendor: dict[str, list[Confirmed]] = {}
        self._with_word: dict[str, list[int]] = {}
        for place, one in enumerate(self.confirmed):
            self._of_vendor.setdefault(one.vendor_key, []).append(one)
            for word in _words(one.marks):
                self._with_word.setdefault(word, []).append(place)

    @property
    def vendor_keys(self) -> frozenset[str]:
        """Whose documents may be shown, for ``dataset.leaks.check_leaks``."""
        return frozenset(self._of_vendor)

    def of_vendor(self, vendor_key: str) -> Sequence[Confirmed]:
        """The documents of one vendor, oldest first."""
        return self._of_vendor.get(vendor_key, ())

    def shown_to(self, document: DocumentText, vendor_key: str, most: int = 1) -> tuple[Example, ...]:
        """What a document is shown: the nearest of its vendor; where that has none, those of the same layout; else nothing."""
        found = nearest(document, self.of_vendor(vendor_key), most) or self._of_layout(document, most)
        return tuple(one.example for one in found)

    def _of_layout(self, document: DocumentText, most: int) -> tuple[Confirmed, ...]:
        marks = fingerprint(build_layout(document))
        shared: Counter[int] = Counter()
        for word in _words(marks):
            shared.update(self._with_word.get(word, ()))
        alike = sorted(shared, key=lambda place: (-shared[place], -place))[:_SHORTLIST]
        same = [self.confirmed[place] for place in sorted(alike) if similarity(marks, self.confirmed[place].marks) >= SAME_LAYOUT]
        return nearest(document, same, most)


def _words(marks: Iterable[str]) -> set[str]:
    return {mark.rpartition("@")[0] for mark in marks}


def _whole(text: str) -> str:
    """Without halves of characters (lone surrogates), which no tokenizer takes."""
    return text.encode("utf-8", "replace").decode()
