"""Sealing: entries get their place in the chain, in batches, long after the transactions that wrote them.

No transaction that writes an entry waits for the chain or for another one (docs/adr/0010). Entries are taken in the order of their
ids among those that are committed; one that is committed late comes after those that were faster. Two sealers cannot fork the chain:
on PostgreSQL the second finds the lock taken and goes away, on SQLite it waits for the one writer, and positions are unique anyway.
"""

from __future__ import annotations

import logging
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from invoices.audit.chain import START, hash_of
from invoices.audit.entries import AuditEntry, AuditSeal

logger = logging.getLogger(__name__)

BATCH: Final = 500
"""Entries sealed in one transaction; on SQLite nobody else writes meanwhile (``python -m benchmarks.audit_trail`` says how long)."""

_LOCK: Final = 4_210_006
_SEAL = "UPDATE invoices_auditentry SET position = %s, previous = %s, hash = %s WHERE id = %s AND position IS NULL"


def seal_waiting(*, batches: int = 20) -> int:
    """Seal what is committed and not sealed yet, at most ``batches`` of ``BATCH`` entries; answers how many.

    Idempotent; what is left waits for the next call. The end of the chain goes to the log too, where it is out of reach of
    whoever can change the database.
    """
    sealed = 0
    for _ in range(batches):
        count = _seal_batch()
        sealed += count
        if count < BATCH:
            break
    return sealed


def _seal_batch() -> int:
    with transaction.atomic():
        if not _is_ours():
            return 0
        waiting = list(AuditEntry.objects.filter(position__isnull=True).order_by("pk")[:BATCH])
        if not waiting:
            return 0
        position, previous = _end()
        links = []
        for entry in waiting:
            position += 1
            own = hash_of(entry, position, previous)
            links.append((position, previous, own, entry.pk))
            previous = own
        with connection.cursor() as cursor:
            cursor.executemany(_SEAL, links)
        AuditSeal.objects.create(position=position, hash=previous, entries=len(waiting), sealed_at=timezone.now())
    logger.info("The trail is sealed up to %s", position, extra={"fields": {"position": position, "hash": previous}})
    return len(waiting)


def _is_ours() -> bool:
    """Whether this transaction may seal. SQLite has one writer, so there it always may."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _end() -> tuple[int, str]:
    """Position and hash of the last sealed entry."""
    last = AuditEntry.objects.filter(position__isnull=False).order_by("-position").values_list("position", "hash").first()
    return (last[0] or 0, last[1]) if last else (0, START)
