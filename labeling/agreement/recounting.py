"""All stored sums once more from the frozen pairs, compared bit for bit with what is stored, and mended where they differ.

Counting goes on meanwhile. What is compared are the pairs up to the last batch of the beginning; later batches are added under the
lock when a slice is compared. Memory holds the sums of a few slices at a time: pairs are read in the order of months, then of vendors,
then of people.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max, QuerySet

from labeling.agreement.counting import UNREADABLE, as_counted, count_pairs, locked, rows_of, store
from labeling.agreement.slices import EVERYTHING, Kind, Slice
from labeling.agreement.stored import figures_of, rank_of, tally_of
from labeling.errors import TallyUnreadable
from labeling.models import Agreement, AgreementTally
from mlcore.agreement.outcomes import PairOutcome
from mlcore.agreement.statistics import agreement_of
from mlcore.agreement.tally import Tally

CHUNK = 500
_PASSES: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("compared_at", (Kind.ALL, Kind.PREFILL, Kind.MONTH, Kind.WEEK)),
    ("counted_vendor", (Kind.VENDOR,)),
    ("pair", (Kind.PAIR,)),
)
_CHANGE_IN_ORDER = (Kind.MONTH, Kind.WEEK, Kind.VENDOR, Kind.PAIR)
"""Kinds of which no pair comes any more once the key has changed."""


@dataclass
class Recount:
    """What was found. ``unequal`` has the name of a slice and what was wrong with what was stored."""

    pairs: int = 0
    slices: int = 0
    unreadable: int = 0
    added: int = 0
    unequal: list[tuple[str, str]] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether everything stored was right."""
        return not self.unequal


def recount(*, repair: bool = True, progress: Callable[[str], None] = lambda text: None) -> Recount:
    """Count everything again. With ``repair`` what was not right is written anew, and what waited is counted; without nothing changes."""
    found = Recount()
    if repair:
        _unreadable().update(counted_in=None)
    last = Agreement.objects.aggregate(last=Max("counted_in"))["last"] or 0
    seen = {EVERYTHING.name}
    if not last:
        _compare(EVERYTHING, Tally.empty(), last, found, repair=repair)
    for order, kinds in _PASSES:
        with closing(_slices(order, kinds, last)) as slices:
            for piece, tally in slices:
                seen.add(piece.name)
                _compare(piece, tally, last, found, repair=repair)
                if piece.kind is Kind.ALL:
                    found.pairs = tally.documents
        progress(f"{found.slices} slices compared, {len(found.unequal)} were not right")
    _drop_others(seen, last, found, repair=repair)
    while repair and (added := count_pairs()):
        found.added += added
    found.unreadable = _unreadable().count()
    return found


def _unreadable() -> QuerySet[Agreement]:
    return Agreement.objects.filter(counted_in=UNREADABLE, chance=True, seeded=False)


def _slices(order: str, kinds: tuple[Kind, ...], last: int) -> Generator[tuple[Slice, Tally], None, None]:
    """Every slice of these kinds with its sums up to batch ``last``."""
    pairs = Agreement.objects.order_by(*dict.fromkeys((order, "compared_at", "pk")))
    tallies: dict[Slice, Tally] = {}
    waiting: dict[Slice, list[tuple[str, PairOutcome]]] = {}
    current: dict[Kind, Slice] = {}

    def settle(piece: Slice) -> None:
        tallies[piece] = tallies.get(piece, Tally.empty()) + Tally.of(waiting.pop(piece, ()))

    for row in pairs.iterator(chunk_size=CHUNK):
        pair = as_counted(row) if row.counted_in and row.counted_in <= last else None
        if pair is None:
            continue
        for kind in kinds:
            piece = Slice(kind, pair.keys[kind])
            before = current.get(kind, piece)
            if before != piece and kind in _CHANGE_IN_ORDER:
                settle(before)
                yield before, tallies.pop(before)
            current[kind] = piece
            waiting.setdefault(piece, []).append((str(pair.document), pair.outcome))
            if len(waiting[piece]) >= CHUNK:
                settle(piece)
    for piece in list(waiting):
        settle(piece)
    yield from tallies.items()


def _compare(piece: Slice, tally: Tally, last: int, found: Recount, *, repair: bool) -> None:
    with transaction.atomic():
        everything = locked()
        later = (as_counted(row) for row in Agreement.objects.filter(counted_in__gt=last))
        tally += Tally.of((str(pair.document), pair.outcome) for pair in later if pair and piece in pair.slices)
        fault = _fault(rows_of([piece]).get(piece.name), tally)
        found.slices += 1
        if not fault:
            return
        found.unequal.append((piece.name, fault))
        if repair:
            store({piece: tally}, max(last, everything.batch if everything else 0))


def _fault(row: AgreementTally | None, tally: Tally) -> str:
    """What is wrong with a stored slice; empty when nothing is."""
    if row is None:
        return "was not stored" if tally.documents else ""
    try:
        known = tally_of(row)
    except TallyUnreadable:
        return "could not be read"
    if known != tally:
        return f"had {known.documents} pairs and other sums than its {tally.documents} pairs have"
    statistics = agreement_of(tally)
    beside = (row.documents, row.rank, row.figures)
    return "" if beside == (tally.documents, rank_of(statistics), figures_of(statistics)) else "had other figures than its sums have"


def _drop_others(seen: set[str], last: int, found: Recount, *, repair: bool) -> None:
    """Slices that no counted pair belongs to; those that began meanwhile are left alone."""
    names = AgreementTally.objects.filter(batch__lte=last).values_list("name", flat=True)
    for name in sorted(set(names) - seen):
        found.unequal.append((name, "had sums, and no pair belongs to it"))
        if repair:
            AgreementTally.objects.filter(name=name, batch__lte=last).delete()
