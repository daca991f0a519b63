"""One attempt at several jobs of one kind at once, for work that is cheaper together: each has its own lease and its own end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from workers import ledger
from workers.heartbeat import kept_alive
from workers.ledger import Lease
from workers.performing import Outcome, conclude

Finish = Callable[[], object]
"""Writes the result of one job under its fence, or raises what went wrong with that job."""

Work = Callable[[Sequence[Lease]], Iterator[tuple[Lease, Finish]]]


def perform_together(job_id: int, most: int, work: Work) -> dict[int, Outcome]:
    """Claim job ``job_id`` and up to ``most - 1`` others of its kind and do them together; how each ended, by job id.

    ``work`` yields every lease once, with what ends its job. A fault of one is that job's alone; a fault of ``work``
    itself is held against those that it had not yielded yet. A job that was begun before is done alone: when it was
    what killed its process, the others of its batch are safe from it. Empty when the job is not due.
    """
    first = ledger.claim(job_id)
    if first is None:
        return {}
    others = ledger.claim_beside(first, most - 1) if first.token == 1 else []
    left = {lease.job_id: lease for lease in (first, *others)}
    outcomes: dict[int, Outcome] = {}
    with kept_alive(first, *others):
        try:
            for lease, finish in work(list(left.values())):
                del left[lease.job_id]
                outcomes[lease.job_id] = conclude(lease, finish)
        except Exception as error:  # concluded below, with its place, for each job that it kept from being done
            for lease in left.values():
                outcomes[lease.job_id] = conclude(lease, _raiser(error))
    return outcomes


def _raiser(error: Exception) -> Finish:
    def fail() -> None:
        raise error

    return fail
