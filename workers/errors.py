"""The errors that ``workers`` raises.

WorkersError                   anything raised on purpose by this package
├── UnknownJobKind             a job of a kind that ``workers.kinds`` does not know
└── LeaseLost                  a result came after its job had been given to someone else
"""

from __future__ import annotations


class WorkersError(Exception):
    """Base of every error raised on purpose by ``workers``."""

    code = "workers_error"


class UnknownJobKind(WorkersError):
    """A job names a kind that is not in the table."""

    code = "job_kind_unknown"

    def __init__(self, kind: str, known: list[str]) -> None:
        super().__init__(f"There is no kind of job named {kind!r}; known are {', '.join(known)}. Add it to workers/kinds.py.")


class LeaseLost(WorkersError):
    """Raised inside the transaction that would have written a result, which therefore is rolled back.

    Nothing is lost: whoever holds the job now writes the result.
    """

    code = "job_lease_lost"

    def __init__(self, job_id: int, token: int) -> None:
        super().__init__(
            f"Job {job_id} is no longer held under token {token}: its lease ran out or it was cancelled. "
            "The late result is refused; the job runs again under a new token."
        )
