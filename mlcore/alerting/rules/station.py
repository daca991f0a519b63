"""Whether work is done at all: queues without a living worker, and jobs that failed for good."""

from __future__ import annotations

from dataclasses import dataclass

from mlcore.alerting.finding import Finding, Severity, Standing
from mlcore.alerting.limits import Limits


@dataclass(frozen=True, slots=True)
class QueueSeen:
    """One queue: ``living`` workers, seconds since any worker of it gave a sign (``None``: none is known), jobs that are due."""

    name: str
    living: int
    silent_seconds: int | None = None
    due: int = 0
    oldest_seconds: int = 0
    last_worker: str = ""


@dataclass(frozen=True, slots=True)
class DeadJobs:
    """Jobs of one kind that failed for good. ``newest`` is the id of the newest one, ``codes`` how often each error code."""

    kind: str
    count: int
    newest: int = 0
    codes: tuple[tuple[str, int], ...] = ()


def worker_silent(queue: QueueSeen, limits: Limits) -> Finding:
    """Fires when nobody serves the queue and either somebody did until lately, or work has waited as long as the limit."""
    limit = limits.silent_minutes * 60
    gone = queue.silent_seconds is not None and queue.silent_seconds >= limit
    waits = queue.due > 0 and queue.oldest_seconds >= limit
    standing = Standing.OVER if queue.living else Standing.FIRES if gone or waits else Standing.HOLDS
    said = f"The last sign was {_minutes(queue.silent_seconds)} ago." if queue.silent_seconds is not None else "None ever gave a sign."
    evidence = {
        "unit": "minutes",
        "queue": queue.name,
        "silent_seconds": queue.silent_seconds,
        "due": queue.due,
        "oldest_seconds": queue.oldest_seconds,
        "last_worker": queue.last_worker,
    }
    waiting = "1 job waits" if queue.due == 1 else f"{queue.due:,} jobs wait"
    sentence = f"No worker serves the queue “{queue.name}”. {said} {waiting}. Start one, or look at its log."
    silent = max(queue.silent_seconds or 0, queue.oldest_seconds if queue.due else 0)
    return Finding(
        *("worker_silent", f"worker_silent:{queue.name}", standing, Severity.NOW, f"No worker serves “{queue.name}”"),
        *(sentence, round(silent / 60, 1), float(limits.silent_minutes), evidence),
    )


def job_dead(jobs: DeadJobs, limits: Limits) -> Finding:
    """Fires from so many dead jobs of a kind on; over when none is dead any more."""
    standing = Standing.FIRES if jobs.count >= limits.job_deaths else Standing.HOLDS if jobs.count else Standing.OVER
    codes = ", ".join(f"{code or 'no code'} ({count})" for code, count in jobs.codes)
    evidence = {"unit": "jobs", "job_kind": jobs.kind, "count": jobs.count, "newest": jobs.newest, "codes": dict(jobs.codes)}
    sentence = (
        f"{jobs.count} {'job' if jobs.count == 1 else 'jobs'} “{jobs.kind}” failed three times{f': {codes}' if codes else ''}. "
        "Mend what is behind it and give them new attempts (manage.py jobs retry)."
    )
    return Finding(
        *("job_dead", f"job_dead:{jobs.kind}", standing, Severity.TODAY, f"Jobs “{jobs.kind}” failed for good", sentence),
        *(float(jobs.count), float(limits.job_deaths), evidence, None, str(jobs.newest) if jobs.newest else ""),
    )


def _minutes(seconds: int | None) -> str:
    minutes = (seconds or 0) // 60
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min"
