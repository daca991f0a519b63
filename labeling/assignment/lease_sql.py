"""The statements behind claims and leases, written out: building them anew costs more CPU than running them.

Both databases run the same text; only the clock and the row locks differ. Every value is bound. Times are taken
from the database's clock inside the statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from django.conf import settings
from django.db import connection

from invoices.models import User
from labeling.assignment.strategies import LABEL_LINE, LINES, Step
from labeling.halves import labels_blind

_FREE = "(t.assignee_id IS NULL OR t.lease_expires_at IS NULL OR t.lease_expires_at <= {now})"
_NOT_SKIPPED = "NOT EXISTS (SELECT 1 FROM labeling_taskskip s WHERE s.task_id = t.id AND s.user_id = %(user)s)"
_THEIRS = """(t.side IS NULL OR (%(pairs)s = 1 AND (t.side = -1 OR ((%(user)s >> (t.side / 2)) & 1) = (t.side & 1)) AND NOT EXISTS (
        SELECT 1 FROM labeling_labelingtask o WHERE o.document_id = t.document_id AND o.id <> t.id AND o.side IS NOT NULL
        AND (o.assignee_id = %(user)s
            OR EXISTS (SELECT 1 FROM labeling_taskdraft d WHERE d.task_id = o.id AND d.author_id = %(user)s)))))
    AND NOT (t.kind = 'adjudicate' AND EXISTS (
        SELECT 1 FROM labeling_annotation x WHERE x.document_id = t.document_id AND x.author_id = %(user)s))"""
"""Tasks of no pair, and those of a pair on this person's side (``labeling.halves``) who has nothing of its other labels; admins have no
side. Nobody adjudicates a label of their own."""
_FOR_ALL = "t.reserved_for_id IS NULL"
_FOR_ONE = "t.reserved_for_id = %(user)s"
_NOT_PAUSED = "NOT EXISTS (SELECT 1 FROM labeling_queuepause p WHERE p.person_id = %(user)s AND p.ended_at IS NULL)"
"""A person whose queue is paused is handed nothing new; what is in their hands or was put away by them may be finished."""
_HELD = "t.assignee_id = %(user)s AND t.lease_expires_at > {now}"
_NEW = f"{_FOR_ALL} AND {{not_put_away}} AND {_FREE} AND {_NOT_SKIPPED} AND {_NOT_PAUSED} AND {{theirs}}"
_CONDITIONS = {
    Step.OPENED: _HELD + " AND NOT t.prefetched ORDER BY t.claimed_at, t.id",
    Step.PREFETCHED: _HELD + " AND t.prefetched ORDER BY t.claimed_at, t.id",
    Step.RETURNED: f"t.postponed_by_id = %(user)s AND t.postponed_until <= {{now}} AND {_FREE} AND {_NOT_SKIPPED} "
    f"AND ({_FOR_ALL} OR {_FOR_ONE}) AND {{theirs}} ORDER BY t.postponed_until, t.id",
    Step.RESERVED: f"{_FOR_ONE} AND {{not_put_away}} AND {_FREE} AND {_NOT_SKIPPED} AND {_NOT_PAUSED} ORDER BY t.priority DESC, t.id",
    Step.ESCALATED: f"t.escalated AND {_NEW} ORDER BY t.priority DESC, t.id",
    Step.DUE: f"t.due_at <= {{soon}} AND {_NEW} ORDER BY t.due_at, t.id",
    Step.QUEUE: f"{_NEW} ORDER BY t.priority DESC, t.id",
}
_TAKE = """
    UPDATE labeling_labelingtask AS t
    SET assignee_id = %(user)s, prefetched = %(prefetched)s, postponed_until = NULL, postponed_by_id = NULL,
        lease_expires_at = {until},
        claimed_at = CASE WHEN t.assignee_id = %(user)s AND t.lease_expires_at > {now} AND t.claimed_at IS NOT NULL
            THEN t.claimed_at ELSE {now} END
    WHERE t.id = %(task)s AND t.state = 'open' AND (
        t.assignee_id = %(user)s OR t.assignee_id IS NULL OR t.lease_expires_at IS NULL OR t.lease_expires_at <= {now})
        AND (t.reserved_for_id IS NULL OR t.reserved_for_id = %(user)s)
        AND (t.assignee_id = %(user)s OR t.postponed_by_id = %(user)s OR {not_paused})
        AND {theirs}"""
_EXTEND = """
    UPDATE labeling_labelingtask SET lease_expires_at = {until}
    WHERE assignee_id = %(user)s AND state = 'open' AND (id = %(task)s OR (prefetched AND lease_expires_at > {now}))"""
DUE_SOON_SECONDS = 86_400
"""What is due within this time is handed out before the rest."""
_DESKS = ("review", "adjudicate")
_NOBODY = """
    SELECT t.id FROM labeling_labelingtask t WHERE t.state = 'open' AND t.side IS NOT NULL {one} AND {free} AND NOT EXISTS (
        SELECT 1 FROM invoices_user u WHERE u.is_active AND u.role <> 'admin' AND {not_skipped} AND {theirs})
    ORDER BY t.id LIMIT %(limit)s"""
_LEFT = """
    SELECT (SELECT COUNT(*) FROM labeling_labelingtask t WHERE t.state = 'open' AND {kinds} AND {for_all}
            AND (t.side IS NULL OR (%(pairs)s = 1 AND t.side >= 0 AND ((%(user)s >> (t.side / 2)) & 1) = (t.side & 1))))
        + (SELECT COUNT(*) FROM labeling_labelingtask t WHERE t.state = 'open' AND {kinds} AND {for_all} AND t.side = -1 AND {theirs})
        + (SELECT COUNT(*) FROM labeling_labelingtask t WHERE t.state = 'open' AND {for_one})"""
_OWN = (Step.OPENED, Step.PREFETCHED)
_FEW = (Step.ESCALATED, Step.DUE)


def find(steps: Sequence[Step], *, user: User, line: str, other_than: int) -> int | None:
    """The id of the task of a line that the first fitting step finds. On PostgreSQL a free row comes locked."""
    values: dict[str, int | str] = {**_of(user), "other": other_than}
    with connection.cursor() as cursor:
        cursor.execute(find_statement(tuple(steps), line, connection.vendor, settings.LEASE_SECONDS), values)
        found = cursor.fetchone()[0]
    return int(found) if found is not None else None


def take(task_id: int, *, user: User, prefetched: bool) -> bool:
    """Give this person the lease of an open task that is free or already this person's; ``False`` when it is neither, or not theirs to do.

    One of two blind labels is nobody's who is on the other side, or has, did or began the other label.
    """
    with connection.cursor() as cursor:
        cursor.execute(_timed(_TAKE), {**_of(user), "task": task_id, "prefetched": prefetched})
        return bool(cursor.rowcount)


def extend(task_id: int, *, user_id: int) -> None:
    """Move the lease of this person's task on, also a lapsed one; a live prefetched task moves along."""
    with connection.cursor() as cursor:
        cursor.execute(_timed(_EXTEND), {"user": user_id, "task": task_id})


def left(*, user: User) -> int:
    """How many open tasks of the labeling line are this person's to do, held or not; all but third labels off indexes alone."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT.format(kinds=_kinds(LABEL_LINE), theirs=_THEIRS, for_all=_FOR_ALL, for_one=_FOR_ONE), _of(user))
        return int(cursor.fetchone()[0])


def nobodys(limit: int, *, document_id: int | None = None) -> list[int]:
    """Open tasks of blind pairs that nobody holds and no active person may do: all are on the other side, had another label or skipped it.

    The oldest ``limit``, or those of one document.
    """
    each = {"user": "u.id", "pairs": "1"}
    free = _FREE.format(now=_clock(connection.vendor, 0))
    one = "" if document_id is None else "AND t.document_id = %(document)s"
    statement = _NOBODY.format(free=free, not_skipped=_NOT_SKIPPED % each, theirs=_THEIRS % each, one=one)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"limit": limit, "document": document_id})
        return [row[0] for row in cursor.fetchall()]


@cache
def find_statement(steps: tuple[Step, ...], line: str, vendor: str, lease_seconds: int) -> str:
    """One SELECT that answers one id or NULL; later steps are not run when an earlier one finds something.

    State and kinds are written out as in the conditions of the indexes: a planner takes a partial index when it sees its condition.
    Escalated and due tasks are few and have indexes of their own, which a kind in sight would lead away from.
    """
    now = _clock(vendor, 0)
    put_away = f"(t.postponed_until IS NULL OR t.postponed_until <= {_clock(vendor, -lease_seconds)})"
    soon = _clock(vendor, DUE_SOON_SECONDS)
    kind = _kinds(LABEL_LINE) if line == "label" else f"{_kinds(_DESKS)} AND t.kind = '{LINES[line][0]}'"
    choices = []
    for step in steps:
        if step is Step.RESERVED and line != "label":
            continue
        condition = _CONDITIONS[step].format(now=now, not_put_away=put_away, soon=soon, theirs=_THEIRS)
        lock = " FOR UPDATE SKIP LOCKED" if vendor == "postgresql" and step not in _OWN else ""
        head = "SELECT t.id FROM labeling_labelingtask t WHERE t.state = 'open' AND t.id <> %(other)s"
        asked = kind.replace("t.kind", "COALESCE(t.kind, '')") if step in _FEW else kind
        choices.append(f"({head} AND {asked} AND {condition} LIMIT 1{lock})")
    return f"SELECT COALESCE({', '.join(choices)}, NULL)"


def _of(user: User) -> dict[str, int | str]:
    return {"user": user.pk, "pairs": int(labels_blind(user))}


def _kinds(kinds: Sequence[str]) -> str:
    return "t.kind IN ({})".format(", ".join(f"'{kind}'" for kind in kinds))


def _timed(statement: str) -> str:
    """The statement with the clock of the database in use."""
    now, until = _clock(connection.vendor, 0), _clock(connection.vendor, settings.LEASE_SECONDS)
    return statement.format(now=now, until=until, theirs=_THEIRS, not_paused=_NOT_PAUSED)


def _clock(vendor: str, seconds: int) -> str:
    """The database's time, ``seconds`` later, as an expression that compares with a stored time."""
    if vendor == "postgresql":
        return f"(statement_timestamp() + interval '{int(seconds)} seconds')"
    return f"strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', '{int(seconds):+d} seconds')"
