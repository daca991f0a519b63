"""Adding frozen pairs to the stored sums: each once, whoever counts and whatever is interrupted.

A pair is not counted as long as ``Agreement.counted_in`` is empty; it is filled in the transaction that stores the sums, under a lock
that all who count share. No place in an order of ids is kept, because transactions do not end in the order of their ids.

Only pairs that chance drew and in which nothing was made wrong on purpose count: others would say of seeds, or of whoever let one
through, what is meant to be said of everyday work.

A pair waits until its document is blind no longer. Where two labels differ a third may be asked for, blind as well, and the pair is
compared before that one is in: sums that grew by it would tell whoever does the third label about the other two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from invoices.models import Vendor
from labeling.agreement.slices import EVERYTHING, Counted, Kind, Slice, counted
from labeling.agreement.stored import COLUMNS, stored, tally_of
from labeling.blindness import blind
from labeling.models import Agreement, AgreementDiffering, AgreementTally
from mlcore.agreement.counting import count_pair
from mlcore.agreement.outcomes import PairOutcome
from mlcore.agreement.tally import Tally
from mlcore.errors import AgreementError

AT_ONCE = 50
"""Pairs of one transaction: on SQLite nobody else writes meanwhile, and a pair may be the only one of its vendor in the batch."""

UNREADABLE = Agreement.LEFT_OUT
"""Also of a pair whose stored comparison cannot be read: it must not hold up the others."""

MOST_WAITING = 10_000
"""Waiting pairs that are counted out; beyond it is said that there are more."""


def countable() -> QuerySet[Agreement]:
    """Pairs that are not in the sums and may be: their documents are not blind."""
    return Agreement.objects.filter(~Q(blind()), counted_in__isnull=True)


def waiting() -> int:
    """How many pairs are to be counted, ``MOST_WAITING + 1`` at most. Says nothing of blind pairs."""
    return countable()[: MOST_WAITING + 1].count()


def count_pairs(limit: int = AT_ONCE, *, wait: bool = True, fence: Callable[[], None] | None = None) -> int:
    """Add up to ``limit`` waiting pairs, the oldest first; answers how many. Statements do not grow with the pairs.

    ``wait=False`` leaves it to whoever is counting right now. ``fence`` is called before anything is written and may raise.
    Raises ``TallyUnreadable`` when the sums of a slice are damaged; then nothing is changed.
    """
    with transaction.atomic():
        everything = locked(wait=wait)
        if everything is None:
            return 0
        rows = list(countable().order_by("pk")[:limit])
        if not rows:
            return 0
        if fence is not None:
            fence()
        batch = everything.batch + 1
        read = {row.pk: found for row in rows if (found := as_counted(row)) is not None}
        for row in rows:
            _mark(row, read.get(row.pk), batch)
        Agreement.objects.bulk_update(rows, ["counted_in", "counted_vendor", "pair", "prefill", "differences"])
        _note_differing(read)
        _add(read.values(), batch)
        return len(rows)


def as_counted(row: Agreement) -> Counted | None:
    """A stored pair as it is counted; ``None`` when it does not count, or its comparison cannot be read."""
    if not row.chance or row.seeded:
        return None
    vendor = row.counted_vendor if row.counted_in else row.vendor_id
    authors, prefills = (row.first_author_id, row.second_author_id), (row.first_prefill, row.second_prefill)
    try:
        outcome = PairOutcome.from_json(row.outcome)
        count_pair(outcome)
        return counted(row.document_id, outcome, authors=authors, prefills=prefills, vendor=vendor, at=row.compared_at)
    except (AgreementError, KeyError, IndexError, ValueError, TypeError, AttributeError):
        return None


def rows_of(slices: Iterable[Slice]) -> dict[str, AgreementTally]:
    """The stored rows of these slices by name."""
    names = [wanted.name for wanted in slices]
    return {row.name: row for row in AgreementTally.objects.filter(name__in=names)}


def store(tallies: dict[Slice, Tally], batch: int) -> None:
    """Write the sums of these slices, new or not: one statement for as many as a statement takes, and one for their vendors."""
    wanted = [int(piece.key) for piece in tallies if piece.kind is Kind.VENDOR]
    vendors = frozenset(Vendor.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else frozenset()
    made = [stored(piece, tally, batch=batch, vendors=vendors) for piece, tally in tallies.items()]
    AgreementTally.objects.bulk_create(made, update_conflicts=True, unique_fields=["name"], update_fields=COLUMNS)


def locked(*, wait: bool = True) -> AgreementTally | None:
    """The row of everything, locked until the transaction ends; ``None`` when somebody else has it and we do not wait.

    On SQLite the transaction itself is the lock.
    """
    rows = AgreementTally.objects.select_for_update(skip_locked=not wait).filter(name=EVERYTHING.name)
    found = rows.first()
    if found is None and not AgreementTally.objects.filter(name=EVERYTHING.name).exists():
        AgreementTally.objects.bulk_create([stored(EVERYTHING, Tally.empty(), batch=0, vendors=frozenset())], ignore_conflicts=True)
        found = rows.first()
    return found


def _mark(row: Agreement, found: Counted | None, batch: int) -> None:
    row.counted_in = UNREADABLE if found is None else batch
    if found is not None:
        row.counted_vendor = int(found.keys[Kind.VENDOR])
        row.pair, row.prefill = found.keys[Kind.PAIR], found.keys[Kind.PREFILL]
        row.differences = len(found.outcome.differences)


def _note_differing(read: dict[int, Counted]) -> None:
    names = {pk: {difference.name for difference in found.outcome.differences} for pk, found in read.items()}
    rows = [AgreementDiffering(agreement_id=pk, name=name) for pk in sorted(names) for name in sorted(names[pk])]
    AgreementDiffering.objects.bulk_create(rows, ignore_conflicts=True)


def _add(pairs: Iterable[Counted], batch: int) -> None:
    grouped: dict[Slice, list[tuple[str, PairOutcome]]] = defaultdict(list)
    for found in pairs:
        for piece in found.slices:
            grouped[piece].append((str(found.document), found.outcome))
    grouped.setdefault(EVERYTHING, [])
    known = rows_of(grouped)
    store({piece: _with(known.get(piece.name), added) for piece, added in sorted(grouped.items())}, batch)


def _with(row: AgreementTally | None, added: Sequence[tuple[str, PairOutcome]]) -> Tally:
    return tally_of(row) + Tally.of(added) if row else Tally.of(added)
