"""First pass over the gold of a version: which of it can be in it, which vendors belong together, and on which side each document goes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from invoices.models import Vendor, VendorAlias, VendorTemplate
from invoices.vendor_master.editing import alias_key
from mlcore.compare import same
from mlcore.dataset.dedupe import SeenTexts, Twin
from mlcore.readers.layout import build_layout
from mlcore.schema import ValueKind
from mlcore.templates.fingerprint import fingerprint
from modelops.datasets.candidates import Candidate, candidates, removed_since, taken_back
from modelops.datasets.grouping import Layouts, VendorGroups, is_typical
from modelops.datasets.rules import Rules
from modelops.datasets.sides import Known, known_sides, settle_sides
from modelops.datasets.siding import Group, decide
from modelops.models import DatasetVersion, Side

MOST_EXAMPLES = 20
"""Documents that are named for each reason for which some are left out."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A gold record that may be in the version, without its text. ``name`` is the printed company's, as companies are compared."""

    gold_id: int
    document_id: int
    vendor_id: int
    key: str
    name: str
    layout: str
    tested: bool
    weight: float
    reason: str


@dataclass
class LeftOut:
    """How many gold records are left out by reason, and some of their documents."""

    counts: Counter[str] = field(default_factory=Counter)
    documents: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, reason: str, document_id: int) -> None:
        """One more."""
        self.counts[reason] += 1
        if len(self.documents[reason]) < MOST_EXAMPLES:
            self.documents[reason].append(document_id)


@dataclass
class Sorted:
    """What goes where, each side in order of gold id; ``names`` are the companies of each side as printed, ``members`` its vendors."""

    sides: dict[Side, list[Kept]]
    left_out: LeftOut
    names: dict[Side, set[str]]
    members: dict[Side, list[int]]
    layouts: Layouts


def sort_gold(version: DatasetVersion, rules: Rules, fence: Callable[[], None] | None = None) -> Sorted:
    """Read all gold of a version once, draw sides for vendors that have none, and say what goes where.

    ``fence`` is called in the transaction that stores the sides. Keeps a few numbers for each document, never its text.
    """
    first = _FirstPass(rules)
    for candidate in candidates(version, rules):
        first.take(candidate)
    first.left_out.counts.update({"reopened": taken_back(version), "removed": removed_since(version)})
    with transaction.atomic():
        if fence is not None:
            fence()
        known = known_sides()
        groups = first.grouped(known)
        sides = settle_sides(groups, decide(groups, rules), known)
    return first.sorted(sides, {vendor: group.root for group in groups for vendor in group.vendors})


class _FirstPass:
    def __init__(self, rules: Rules) -> None:
        self.left_out = LeftOut()
        self._rules = rules
        self._kept: list[Kept] = []
        self._groups = VendorGroups()
        self._layouts = Layouts(rules.same_layout)
        self._names: dict[int, Counter[str]] = defaultdict(Counter)
        self._texts = SeenTexts()
        self._alike: dict[tuple[int, int], set[int]] = defaultdict(set)
        self._numbers: dict[str, tuple[str | None, int]] = {}

    def take(self, one: Candidate) -> None:
        """One gold record."""
        if one.example is None or one.vendor_id is None:
            self.left_out.add(one.left_out or "no_vendor", one.document_id)
            return
        name, number = alias_key(one.example.record.vendor.name or ""), one.example.record.invoice_number
        self._groups.add(one.vendor_id)
        self._names[one.vendor_id][name] += 1
        self._join_alike(one, number)
        layout = self._layouts.number(one.vendor_id, fingerprint(build_layout(one.example.document)))
        named = f"vendor-{one.vendor_id}-{layout}"
        self._kept.append(Kept(one.gold_id, one.document_id, one.vendor_id, one.key, name, named, one.tested, one.weight, one.reason))

    def _join_alike(self, one: Candidate, number: str | None) -> None:
        """Bills that share nearly all their text, but not the number, are of one sender; a repeated one says nothing of its vendor."""
        assert one.example is not None
        assert one.vendor_id is not None

        def another(twin: Twin) -> bool:
            return not twin.exact and all(differ(number, self._numbers[other][0]) for other in twin.names)

        twin = self._texts.add(str(one.gold_id), one.example.document, another)
        if twin is None or another(twin):
            self._numbers[str(one.gold_id)] = (number, one.vendor_id)
        if twin is not None and another(twin):
            for other in twin.names:
                theirs = self._numbers[other][1]
                if theirs != one.vendor_id:
                    self._alike[one.vendor_id, theirs].add(one.gold_id)
                    self._alike[theirs, one.vendor_id].add(int(other))

    def grouped(self, known: Mapping[int, Known]) -> list[Group]:
        """All vendors at hand or with a side, in groups: a handful of statements."""
        at_hand = Counter(one.vendor_id for one in self._kept)
        listed = set(at_hand) | set(known)
        for pk, merged, name in _vendors():
            if pk in listed:
                self._groups.add(pk, [("merged", str(merged or pk)), ("name", alias_key(name)), ("group", _group(known, pk))])
        for vendor, key in VendorAlias.objects.order_by("pk").values_list("vendor_id", "key").iterator(chunk_size=2_000):
            if vendor in listed:
                self._groups.add(vendor, [("name", key)])
        for vendor, names in self._names.items():
            self._groups.add(vendor, [("name", name) for name, count in names.items() if is_typical(count, names.total())])
        for vendor, layouts in _learned_layouts(set(known) - set(at_hand)):
            self._layouts.know(vendor, layouts)
        for one, other in self._layouts.alike():
            self._groups.join(one, other)
        for (one, other), documents in self._alike.items():
            if is_typical(len(documents), at_hand[one]) and is_typical(len(self._alike[other, one]), at_hand[other]):
                self._groups.join(one, other)
        return [
            Group(root, tuple(members), sum(at_hand[one] for one in members), _known_of(known, members))
            for root, members in self._groups.groups().items()
        ]

    def sorted(self, sides: Mapping[int, Side], roots: Mapping[int, int]) -> Sorted:
        """The documents of each side. Those of a vendor whose group is on another side than itself are left out, and so is a single
        document that names, or looks like, a vendor of another side: it may be filed under the wrong one."""
        strongest: dict[int, set[Side]] = defaultdict(set)
        members: dict[Side, list[int]] = {side: [] for side in Side}
        names: dict[Side, set[str]] = {side: set() for side in Side}
        for vendor, side in sorted(sides.items()):
            strongest[roots[vendor]].add(side)
            members[side].append(vendor)
            names[side] |= set(self._names.get(vendor, ()))
        found: dict[Side, list[Kept]] = {side: [] for side in Side}
        strays: dict[str, bool] = {}
        for one in self._kept:
            side = sides[one.vendor_id]
            if one.layout not in strays:
                others = [vendor for other in Side if other is not side for vendor in members[other]]
                strays[one.layout] = self._layouts.strays(one.vendor_id, int(one.layout.rpartition("-")[2]), others)
            elsewhere = any(one.name in names[other] for other in Side if other is not side) and not self._typical_name(one)
            if side is not _wins(strongest[roots[one.vendor_id]]):
                self.left_out.add("held_out_group", one.document_id)
            elif elsewhere or strays[one.layout]:
                self.left_out.add("elsewhere", one.document_id)
            elif one.tested and side is Side.TRAIN:
                self.left_out.add("known_material", one.document_id)
            else:
                found[side].append(one)
        return Sorted(found, self.left_out, names, members, self._layouts)

    def _typical_name(self, one: Kept) -> bool:
        counts = self._names[one.vendor_id]
        return is_typical(counts[one.name], counts.total())


def differ(one: str | None, other: str | None) -> bool:
    """Whether two documents have invoice numbers that are not the same."""
    return bool(one and other) and not same(ValueKind.IDENTIFIER, one, other)


def _wins(sides: set[Side]) -> Side:
    return next(side for side in (Side.TEST, Side.VALIDATION, Side.TRAIN) if side in sides)


def _known_of(known: Mapping[int, Known], members: list[int]) -> frozenset[Side]:
    """The sides that count: those that data sets have made final, and held out; where there are none, those that were drawn."""
    sides = [known[vendor] for vendor in members if vendor in known]
    final = frozenset(one.side for one in sides if one.fixed or one.side is Side.TEST)
    return final or frozenset(one.side for one in sides)


def _group(known: Mapping[int, Known], vendor: int) -> str:
    return known[vendor].group if vendor in known else ""


def _vendors() -> Iterator[tuple[int, int | None, str]]:
    return Vendor.objects.order_by("pk").values_list("pk", "merged_into_id", "name").iterator(chunk_size=2_000)


def _learned_layouts(vendors: set[int]) -> Iterator[tuple[int, list[frozenset[str]]]]:
    """What the newest template of each of these vendors knows of its layouts."""
    newest = VendorTemplate.objects.annotate(place=Window(RowNumber(), partition_by=F("vendor"), order_by=F("pk").desc())).filter(place=1)
    for vendor, payload in newest.order_by("vendor_id").values_list("vendor_id", "payload").iterator(chunk_size=100):
        if vendor in vendors:
            layouts = payload.get("layouts", []) if isinstance(payload, dict) else []
            yield vendor, [frozenset(str(mark) for mark in one.get("fingerprint", [])) for one in layouts]
