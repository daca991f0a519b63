"""Which vendor sent a document: the vendor master against the letterhead, tax numbers and telephones.

A name counts by where it stands: a line that the name reader takes for the sender counts fully, one under
"bill to" or "ship to" hardly. Near names are told apart by identifiers and addresses; when nothing tells them
apart, there is no match, because a wrong vendor costs a biller more than a missing one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from mlcore.documents import DocumentText, Evidence
from mlcore.normalize import comparison_key
from mlcore.readers.candidates import Candidate
from mlcore.readers.context import Context
from mlcore.readers.header import read_header
from mlcore.readers.layout import build_layout
from mlcore.retrieval.lines import NameLine, core_of, name_lines
from mlcore.retrieval.short_names import short_forms
from mlcore.schema import ValueKind

ACCEPT = 0.72
"""Least score of a match."""

MARGIN = 0.04
"""How far the best vendor must be ahead of the second."""

_RIVAL = 0.8
"""No name is proposed when another one, that is no part of it, is this share as likely."""
_NAME_CUTOFF = 80
_SHORTLIST = 12
_MIN_IDENTIFIER = 6
_MIN_PREFIX = 4
_PREFIX_SCORE = 0.86
"""For a line that begins with a known name and goes on, as in a shop sign before its branch."""
_SHORT_SCORE = 0.86
"""For a line that is the first words of a known name, when the page has the vendor's address or number too."""
_ADDRESS_THERE = 0.5


@dataclass(frozen=True, slots=True)
class VendorEntry:
    """A vendor of the master: its key, name and aliases, addresses, and tax numbers, telephones or domains."""

    key: str
    names: tuple[str, ...]
    addresses: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VendorMatch:
    """The vendor of a document. ``reason`` is a sentence for a biller, ``evidence`` where it was recognised."""

    key: str
    score: float
    reason: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ProposedVendor:
    """Name and address as read off a document of an unknown vendor; a person decides whether to add it."""

    name: str
    address: str | None
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class _Clue:
    """How one vendor fits: each part 0..1, and the line that its name was found in."""

    key: str
    name: float
    address: float
    identifier: str
    line: NameLine | None

    @property
    def score(self) -> float:
        """Independent clues add up: one minus the product of what each leaves open."""
        return 1 - (1 - 0.93 * self.name) * (1 - 0.5 * self.address) * (1 - 0.9 * bool(self.identifier))


class VendorIndex:
    """All vendors, prepared once; immutable and safe to share between threads."""

    def __init__(self, entries: Sequence[VendorEntry]) -> None:
        self._entries = {entry.key: entry for entry in entries}
        named = [(comparison_key(ValueKind.TEXT, name), core_of(name), entry.key) for entry in entries for name in entry.names]
        named = [item for item in named if len(item[0]) >= 3]
        self._names = [name for name, _core, _key in named]
        self._cores = [core for _name, core, _key in named]
        self._keys = [key for _name, _core, key in named]
        self._by_whole_name: dict[str, list[str]] = {}
        for name, _core, key in named:
            self._by_whole_name.setdefault(name, []).append(key)
        self._by_short_name: dict[str, set[str]] = {}
        for entry in entries:
            for short in (short for name in entry.names for short in short_forms(name)):
                self._by_short_name.setdefault(short, set()).add(entry.key)
        self._identifiers = [
            (squeezed, entry.key)
            for entry in entries
            for squeezed in (_squeeze(identifier) for identifier in entry.identifiers)
            if len(squeezed) >= _MIN_IDENTIFIER
        ]

    def match(self, document: DocumentText) -> VendorMatch | None:
        """The vendor that sent the document, or ``None`` when none fits well or two fit equally."""
        context = Context(build_layout(document))
        squeezed = "\n".join(_squeeze(row.text) for row in context.rows)
        lines = name_lines(context)
        shortlist = self._by_name(lines, "\n".join((squeezed, _columns(context))))
        for identifier, key in self._identifiers:
            if identifier in squeezed:
                name, _identifier, line = shortlist.get(key, (0.0, "", None))
                shortlist[key] = (name, identifier, line)
        clues = sorted(
            (_Clue(key, name, self._address(key, squeezed), identifier, line) for key, (name, identifier, line) in shortlist.items()),
            key=lambda clue: (-clue.score, clue.key),
        )
        if not clues or clues[0].score < ACCEPT:
            return None
        if len(clues) > 1 and clues[0].score - clues[1].score < MARGIN and not _clearly_better(clues[0], clues[1]):
            return None
        return self._answer(clues[0], context)

    def propose(self, document: DocumentText) -> ProposedVendor | None:
        """Name and address of the sender as printed, for a vendor that is not in the master.

        ``None`` when there is no name, or another one that is nearly as likely.
        """
        candidates = read_header(Context(build_layout(document)))
        names = candidates["vendor.name"]
        if not names or not isinstance(names[0].value, str) or _has_rival(names):
            return None
        addresses = candidates["vendor.address"]
        address = addresses[0].value if addresses and isinstance(addresses[0].value, str) else None
        evidence = (*names[0].evidence, *(addresses[0].evidence if address else ()))
        return ProposedVendor(names[0].value, address, round(min(names[0].score, 1.0), 4), evidence)

    def _by_name(self, lines: Sequence[NameLine], page: str) -> dict[str, tuple[float, str, NameLine | None]]:
        """Best name score of each vendor on the shortlist, with the line it was found in.

        ``page`` is all text, squeezed, row by row and column by column.
        """
        if not lines or not self._names:
            return {}
        whole = process.cdist([line.key for line in lines], self._names, scorer=fuzz.ratio, score_cutoff=_NAME_CUTOFF, dtype=np.uint8)
        found: dict[str, tuple[float, str, NameLine | None]] = {}
        for i, j in zip(*np.nonzero(whole), strict=True):
            score = self._name_score(lines[i], int(j), float(whole[i, j]) / 100)
            self._keep_best(found, self._keys[j], score, lines[i])
        for line in lines:
            for length in range(_MIN_PREFIX, len(line.key)):
                for key in self._by_whole_name.get(line.key[:length], ()):
                    self._keep_best(found, key, _PREFIX_SCORE * line.weight, line)
            for key in self._by_short_name.get(line.core, ()):
                if self._is_there(key, page):
                    self._keep_best(found, key, _SHORT_SCORE * line.weight, line)
        best = sorted(found, key=lambda key: (-found[key][0], key))[:_SHORTLIST]
        return {key: found[key] for key in best}

    def _name_score(self, line: NameLine, j: int, ratio: float) -> float:
        """A name is as near as its own part is: ``ABC Sdn Bhd`` and ``ABD Sdn Bhd`` differ in a third."""
        core = fuzz.ratio(line.core, self._cores[j]) / 100 if line.core and self._cores[j] else ratio
        nearness = max(0.0, (min(ratio, core) - 0.7) / 0.3)
        return nearness * line.weight

    @staticmethod
    def _keep_best(found: dict[str, tuple[float, str, NameLine | None]], key: str, score: float, line: NameLine) -> None:
        if score > found.get(key, (0.0, "", None))[0]:
            found[key] = (score, "", line)

    def _is_there(self, key: str, page: str) -> bool:
        """Whether the vendor's address or one of its numbers is on the page."""
        numbers = (identifier for identifier, owner in self._identifiers if owner == key)
        return self._address(key, page) > _ADDRESS_THERE or any(number in page for number in numbers)

    def _address(self, key: str, squeezed: str) -> float:
        scores = [
            fuzz.partial_ratio(_squeeze(address), squeezed.replace("\n", "")) / 100
            for address in self._entries[key].addresses
            if len(_squeeze(address)) >= 8
        ]
        return max(0.0, (max(scores, default=0.0) - 0.7) / 0.3)

    def _answer(self, clue: _Clue, context: Context) -> VendorMatch:
        name = self._entries[clue.key].names[0] if self._entries[clue.key].names else clue.key
        parts = []
        if clue.name > 0 and clue.line is not None:
            parts.append(f"“{clue.line.text}” is printed where the sender stands")
        if clue.identifier:
            parts.append(f"its number {clue.identifier} is on the page")
        if clue.address > _ADDRESS_THERE:
            parts.append("its address is on the page")
        evidence = clue.line.evidence if clue.line is not None else _rows_with(context, clue.identifier)
        return VendorMatch(clue.key, round(clue.score, 4), f"{name}: {', '.join(parts)}.", evidence)


def _clearly_better(first: _Clue, second: _Clue) -> bool:
    """An identifier or an exact name against an inexact one decides what the sum of clues does not."""
    if bool(first.identifier) != bool(second.identifier):
        return bool(first.identifier)
    return first.name > second.name + MARGIN / 2 or first.address > second.address + 0.2


def _rows_with(context: Context, identifier: str) -> tuple[Evidence, ...]:
    for number, row in enumerate(context.rows):
        if identifier and identifier in _squeeze(row.text):
            box = context.layout.rows[number][0].box
            for token in context.layout.rows[number][1:]:
                box = box.union(token.box)
            return (Evidence(context.layout.rows[number][0].page, box),)
    return ()


def _has_rival(names: Sequence[Candidate]) -> bool:
    """Whether a name that has nothing to do with the best one is nearly as likely."""
    best = comparison_key(ValueKind.TEXT, names[0].value)
    others = ((comparison_key(ValueKind.TEXT, other.value), other.score) for other in names[1:])
    return any(score > _RIVAL * names[0].score and key not in best and best not in key for key, score in others)


def _columns(context: Context) -> str:
    """The cells of all pages, squeezed, down each left edge: an address is one piece though something stands beside it."""
    cells = sorted(context.layout.cells, key=lambda cell: (cell.page, round(cell.tokens[0].x0), cell.row))
    return "".join(_squeeze(cell.text) for cell in cells)


def _squeeze(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
