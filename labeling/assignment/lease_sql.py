"""The statements behind claims and leases, written out: building them anew costs more CPU than running them.

Both databases run the same text; only the clock and the row locks differ. Every value is bound. Times are taken
from the database's clock inside the statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from django.conf import settings
from django.db import connection

from labeling.assignment.strategies import Step

_FREE = "(t.assignee_id IS NULL OR t.lease_expires_at IS NULL OR t.lease_expires_at <= {now})"
_NOT_SKIPPED = "NOT EXISTS (SELECT 1 FROM labeling_taskskip s WHERE s.task_id = t.id AND s.user_id = %(user)s)"
_NOT_THEIRS = """NOT (t.kind = 'adjudicate' AND EXISTS (
        SELECT 1 FROM labeling_annotation x WHERE x.document_id = t.document_id AND x.author_id = %(user)s))"""
_FOR_THIS_PERSON = f"{_NOT_SKIPPED} AND {_NOT_THEIRS}"
_HELD = "t.assignee_id = %(user)s AND t.lease_expires_at > {now}"
_CONDITIONS = {
    Step.OPENED: _HELD + " AND NOT t.prefetched ORDER BY t.claimed_at, t.id",
    Step.PREFETCHED: _HELD + " AND t.prefetched ORDER BY t.claimed_at, t.id",
    Step.RETURNED: f"t.postponed_by_id = %(user)s AND t.postponed_until <= {{now}} AND {_FREE} AND {_FOR_THIS_PERSON} "
    "ORDER BY t.postponed_until, t.id",
    Step.ESCALATED: f"t.escalated AND {{not_put_away}} AND {_FREE} AND {_FOR_THIS_PERSON} ORDER BY t.priority DESC, t.id",
    Step.QUEUE: f"{{not_put_away}} AND {_FREE} AND {_FOR_THIS_PERSON} ORDER BY t.priority DESC, t.id",
}
_TAKE = """
    UPDATE labeling_labelingtask AS t
    SET assignee_id = %(user)s, prefetched = %(prefetched)s, postponed_until = NULL, postponed_by_id = NULL,
        lease_expires_at = {until},
        claimed_at = CASE WHEN t.assignee_id = %(user)s AND t.lease_expires_at > {now} AND t.claimed_at IS NOT NULL
            THEN t.claimed_at ELSE {now} END
    WHERE t.id = %(task)s AND t.state = 'open' AND (
        t.assignee_id = %(user)s OR t.assignee_id IS NULL OR t.lease_expires_at IS NULL OR t.lease_expires_at <= {now})
        AND {not_theirs}"""
_EXTEND = """
    UPDATE labeling_labelingtask SET lease_expires_at = {until}
    WHERE assignee_id = %(user)s AND state = 'open' AND (id = %(task)s OR (prefetched AND lease_expires_at > {now}))"""
_OWN = (Step.OPENED, Step.PREFETCHED)


def find(steps: Sequence[Step], *, user_id: int, kinds: Sequence[str], other_than: int) -> int | None:
    """The id of the task that the first fitting step finds. On PostgreSQL a free row comes locked."""
    values: dict[str, int | str] = {"user": user_id, "other": other_than}
    values |= {f"kind{n}": kind for n, kind in enumerate(kinds)}
    with connection.cursor() as cursor:
        cursor.execute(find_statement(tuple(steps), len(kinds), connection.vendor, settings.LEASE_SECONDS), values)
        found = cursor.fetchone()[0]
    return int(found) if found is not None else None


def take(task_id: int, *, user_id: int, prefetched: bool) -> bool:
    """Give this person the lease of an open task that is free or already this person's; ``False`` when it is neither."""
    with connection.cursor() as cursor:
        cursor.execute(_timed(_TAKE), {"user": user_id, "task": task_id, "prefetched": prefetched})
        return bool(cursor.rowcount)


def extend(task_id: int, *, user_id: int) -> None:
    """Move the lease of this person's task on, also a lapsed one; a live prefetched task moves along."""
    with connection.cursor() as cursor:
        cursor.execute(_timed(_EXTEND), {"user": user_id, "task": task_id})


@cache
def find_statement(steps: tuple[Step, ...], kinds: int, vendor: str, lease_seconds: int) -> str:
    """One SELECT that answers one id or NULL; later steps are not run when an earlier one finds something."""
    now = _clock(vendor, 0)
    put_away = f"(t.postponed_until IS NULL OR t.postponed_until <= {_clock(vendor, -lease_seconds)})"
    named = ", ".join(f"%(kind{n})s" for n in range(kinds))
    kind = "t.kind = %(kind0)s" if kinds == 1 else f"t.kind IN ({named})"
    choices = []
    for step in steps:
        condition = _CONDITIONS[step].format(now=now, not_put_away=put_away)
        lock = " FOR UPDATE SKIP LOCKED" if vendor == "postgresql" and step not in _OWN else ""
        head = "SELECT t.id FROM labeling_labelingtask t WHERE t.state = 'open' AND t.id <> %(other)s"
        choices.append(f"({head} AND {kind} AND {condition} LIMIT 1{lock})")
    return f"SELECT COALESCE({', '.join(choices)}, NULL)"


def _timed(statement: str) -> str:
    """The statement with the clock of the database in use."""
    return statement.format(
        now=_clock(connection.vendor, 0), until=_clock(connection.vendor, settings.LEASE_SECONDS), not_theirs=_NOT_THEIRS
    )


def _clock(vendor: str, seconds: int) -> str:
    """The database's time, ``seconds`` later, as an expression that compares with a stored time."""
    if vendor == "postgresql":
        return f"(statement_timestamp() + interval '{int(seconds)} seconds')"
    return f"strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', '{int(seconds):+d} seconds')"
