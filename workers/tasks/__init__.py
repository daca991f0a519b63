"""Celery tasks. A task is: ids in, claim, call the service, done."""

from workers.tasks import agreement, documents, housekeeping, inference, metrics, model, quality, trail

__all__ = ["agreement", "documents", "housekeeping", "inference", "metrics", "model", "quality", "trail"]
