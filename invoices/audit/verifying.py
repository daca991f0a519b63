"""Verifying: the chain is computed anew from what is stored, and what does not fit is told.

A fault names the position, the entry, what was expected and what was found. Computing goes on behind a fault with what is stored
there, so that one changed entry is one fault and not all that follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import Max
from django.utils import timezone

from invoices.audit.chain import START, hash_of
from invoices.audit.entries import AuditEntry, AuditSeal, AuditVerification

CHUNK: Final = 1_000
MOST_FAULTS: Final = 1_000
"""No more are told apart: a chain that is broken in more places is not better known by more of them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not fit at one position. ``kind``: missing | hash | previous | seal | tail. ``entry`` is an id, if there is one."""

    kind: str
    position: int
    entry: int | None
    expected: str
    found: str

    def __str__(self) -> str:
        subject = f"entry {self.entry}" if self.entry else "no entry"
        return f"{self.kind}: position {self.position}, {subject}: expected {self.expected}, found {self.found}"


@dataclass(frozen=True)
class Verified:
    """What a check found. ``start`` and ``end`` are positions (``end < start``: nothing is sealed there); ``waiting`` is not sealed yet."""

    start: int
    end: int
    waiting: int
    faults: list[Fault]


def verify(*, after: AuditSeal | None = None, progress: Callable[[int], None] | None = None) -> Verified:
    """Check every sealed entry, or those behind a seal; changes nothing. Memory does not grow with the chain.

    Told are an entry that was changed, one that is missing (also at the end, which the seals know), one that does not follow the one
    before it, and a seal that does not fit. ``progress`` is called with each thousandth position.
    """
    position, previous = (after.position, after.hash) if after else (0, START)
    start = position + 1
    last = AuditSeal.objects.aggregate(last=Max("position"))["last"] or 0  # before reading: sealing goes on meanwhile
    faults: list[Fault] = []
    seals = _seals(position)
    seal = next(seals, None)
    for entry in _entries(position):
        assert entry.position is not None, "only sealed entries are read"
        faults += _missing(position + 1, entry.position)
        faults += _link(entry, previous, follows=entry.position == position + 1)
        position, previous = entry.position, entry.hash
        while seal is not None and seal.position <= position:
            faults += _seal(seal, entry)
            seal = next(seals, None)
        if progress is not None and position % CHUNK == 0:
            progress(position)
        if len(faults) >= MOST_FAULTS:
            break
    if len(faults) < MOST_FAULTS:
        faults += _tail(position, last)
    waiting = AuditEntry.objects.filter(position__isnull=True).count()
    return Verified(start, position, waiting, faults[:MOST_FAULTS])


def verify_and_note(*, after: AuditSeal | None = None, fence: Callable[[], None] | None = None) -> Verified:
    """``verify``, and keep the outcome for the screen. ``fence`` raises to refuse a late result."""
    found = verify(after=after)
    if fence is not None:
        fence()
    note(found)
    return found


def holding(found: Verified, position: int, digest: str) -> Verified:
    """The same check with one fault more when the chain does not hold a seal that was written down elsewhere: it was made anew since."""
    entry = AuditEntry.objects.filter(position=position).first()
    if entry is not None and entry.hash == digest:
        return found
    fault = Fault("seal", position, entry.pk if entry else None, f"{digest} as it was written down", entry.hash if entry else "none")
    return replace(found, faults=[*found.faults, fault])


def note(found: Verified) -> None:
    """Keep the outcome of a check."""
    first = str(found.faults[0])[:400] if found.faults else ""
    AuditVerification.objects.create(at=timezone.now(), start=found.start, end=found.end, faults=len(found.faults), first_fault=first)


def _entries(after: int) -> Iterator[AuditEntry]:
    """Those behind a position, a chunk at a time: no statement is open for minutes, in which nothing could be tidied up behind it."""
    while chunk := list(AuditEntry.objects.filter(position__gt=after).order_by("position")[:CHUNK]):
        yield from chunk
        after = int(chunk[-1].position or 0)


def _seals(after: int) -> Iterator[AuditSeal]:
    while chunk := list(AuditSeal.objects.filter(position__gt=after).order_by("position")[:CHUNK]):
        yield from chunk
        after = chunk[-1].position


def _missing(expected: int, found: int) -> list[Fault]:
    if found == expected:
        return []
    span = f"position {expected}" if found == expected + 1 else f"positions {expected} to {found - 1}"
    return [Fault("missing", expected, None, span, f"position {found}")]


def _link(entry: AuditEntry, previous: str, *, follows: bool) -> list[Fault]:
    assert entry.position is not None
    if follows and entry.previous != previous:
        return [Fault("previous", entry.position, entry.pk, previous, entry.previous)]
    expected = hash_of(entry, entry.position, entry.previous)
    return [] if expected == entry.hash else [Fault("hash", entry.position, entry.pk, expected, entry.hash)]


def _seal(seal: AuditSeal, entry: AuditEntry) -> list[Fault]:
    """A seal at the entry's position names its hash; one that was passed by belongs to an entry that is told missing already."""
    if seal.position != entry.position or seal.hash == entry.hash:
        return []
    return [Fault("seal", seal.position, entry.pk, seal.hash, entry.hash)]


def _tail(end: int, last: int) -> list[Fault]:
    if last <= end:
        return []
    return [Fault("tail", end + 1, None, f"entries up to position {last}", f"none after position {end}")]
