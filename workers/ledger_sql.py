"""The INSERT behind asking for jobs, written out: it answers which ones are new, which Django's own does not.

Both databases run the same text but for the clock, which is the database's. Every value is bound.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import connection

from workers.kinds import JobKind
from workers.models import JobStatus

_AT_ONCE = 500
_INSERT = """
    INSERT INTO workers_job
        (kind, queue, key, args, status, attempts, fence, worker, error_code, error_message, created_at, not_before, rung_at)
    VALUES {rows} ON CONFLICT (key) DO NOTHING RETURNING id, rung_at"""
_ROW = "(%s, %s, %s, %s, %s, 0, 0, '', '', '', {now}, {due}, {rung})"


def insert(kind: JobKind, wanted: Sequence[tuple[str, Mapping[str, int]]], *, delay: timedelta | None, rung: int) -> list[int]:
    """Write the jobs whose key is new; the first ``rung`` of ``wanted`` count as rung for. Answers the ids of those."""
    now, due = _clock(timedelta()), _clock(delay or timedelta())
    heard = []
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        rows = ", ".join(_ROW.format(now=now, due=due, rung=now if place < rung else "NULL") for place, _ in enumerate(part, start=start))
        values = [value for key, args in part for value in (kind.name, kind.queue, key, json.dumps(args), JobStatus.QUEUED.value)]
        with connection.cursor() as cursor:
            cursor.execute(_INSERT.format(rows=rows), values)
            heard += [int(job_id) for job_id, rung_at in cursor.fetchall() if rung_at is not None]
    return heard


def _clock(later: timedelta) -> str:
    seconds = later.total_seconds()
    if connection.vendor == "postgresql":
        return f"(statement_timestamp() + interval '{seconds} seconds')"
    return f"strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', '{seconds:+} seconds')"
