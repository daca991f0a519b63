"""Celery tasks. A task is: ids in, claim, call the service, done."""

from workers.tasks import (
    agreement,
    alerts,
    datasets,
    deployment,
    documents,
    evaluation,
    housekeeping,
    inference,
    metrics,
    model,
    quality,
    trail,
    training,
)

__all__ = [
    "agreement",
    "alerts",
    "datasets",
    "deployment",
    "documents",
    "evaluation",
    "housekeeping",
    "inference",
    "metrics",
    "model",
    "quality",
    "trail",
    "training",
]
