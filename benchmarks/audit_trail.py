"""Measures the trail at a million entries: sealing, verifying, pages of every search, and what an entry weighs.

    python -m benchmarks.audit_trail [--entries 1000000] [--database sqlite|postgresql|URL]

Entries are made by the database itself: mostly reads of 50,000 documents by 40 people. Times are of one process.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.labeling_throughput import chosen_database
from benchmarks.web_station import machine

_FILL = """
    INSERT INTO invoices_auditentry
        (at, person_id, person_name, role, address, request_id, action, object_kind, object_id, document_id, previous, hash)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
    SELECT {at}, i % 40 + 1, 'biller' || (i % 40), 'biller', '192.0.2.' || (i % 250), '84048c0b0cdf48ae818c6c5e73bb93ef',
        CASE i % 100 WHEN 3 THEN 'vendor.merged' WHEN 7 THEN 'label.submitted' ELSE 'page.read' END,
        'page', (i % 50000) || '/1', i % 50000, '', '' FROM n"""
_AT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 1760000000 + i * 30, 'unixepoch')",
    "postgresql": "to_timestamp(1760000000 + i * 30)",
}
SEARCHES: dict[str, dict[str, Any]] = {
    "everything": {},
    "a person": {"person": 3},
    "a rare action": {"action": "vendor.merged"},
    "a person's rare action": {"person": 4, "action": "vendor.merged"},
    "an object": {"object": "page 4711/1"},
    "a document": {"object": "document 4711"},
}


def main() -> None:
    """Print the figures as two tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--entries", type=int, default=1_000_000, help="default 1000000")
    parser.add_argument("--database", default="sqlite", help="sqlite, postgresql, or the URL of an empty database")
    options = parser.parse_args()
    with chosen_database(options.database) as url, tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "COUNTERSIGN_DATABASE_URL": url, "COUNTERSIGN_DATA_DIR": folder}
        os.environ["COUNTERSIGN_LOG_LEVEL"] = "WARNING"
        print(machine())
        _measure(options.entries)


def _measure(count: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from invoices.audit.sealing import seal_waiting
    from invoices.audit.verifying import verify
    from invoices.selectors.audit import AuditFilter, audit_page, chain_status

    call_command("migrate", verbosity=0)
    before = _bytes(connection)
    with connection.cursor() as cursor:
        cursor.execute(_FILL.format(count=count, at=_AT[connection.vendor]))
    sealed, sealing = _timed(lambda: seal_waiting(batches=count))
    found, verifying = _timed(verify)
    assert (sealed, found.faults, found.end) == (count, [], count)
    weight = (_bytes(connection) - before) / count
    print("| entries | sealing s | verifying s | bytes an entry, with indexes |\n|---|---|---|---|")
    print(f"| {count:,} | {sealing:.1f} | {verifying:.1f} | {weight:.0f} |\n")
    print("| search | first page ms | tenth page ms |\n|---|---|---|")
    for name, asked in SEARCHES.items():
        cursor_at = ""
        times: list[float] = []
        for _ in range(10):
            wanted = AuditFilter(**asked, cursor=cursor_at)
            page, seconds = _timed(partial(audit_page, wanted))
            cursor_at = page.next
            times.append(seconds * 1000)
        print(f"| {name} | {times[0]:.1f} | {times[-1]:.1f} |")
    print(f"| state of the chain | {_timed(chain_status)[1] * 1000:.1f} | |")


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    return work(), time.perf_counter() - begun


def _bytes(connection: Any) -> int:
    statement = (
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        if connection.vendor == "sqlite"
        else "SELECT pg_database_size(current_database())"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    main()
