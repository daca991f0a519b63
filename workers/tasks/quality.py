"""People's quality: labels are counted once, and judged anew when the truth about their document changes."""

from __future__ import annotations

from labeling.quality.counting import count_all, judge_document
from workers.celery import app
from workers.kinds import COUNT_QUALITY, JUDGE_LABELS
from workers.performing import perform


@app.task(name=JUDGE_LABELS.task)
def judge_labels(job_id: int) -> str:
    """Hold the labels of one document against the truth as it is now."""
    return perform(job_id, lambda job: judge_document(job.args["document_id"], fence=job.check))


@app.task(name=COUNT_QUALITY.task)
def count_quality(job_id: int) -> str:
    """Count what people have submitted and skipped since the last time."""
    return perform(job_id, lambda job: count_all(fence=job.check))
