"""Celery tasks. A task is: ids in, claim, call the service, done."""

from workers.tasks import documents, housekeeping, inference, model, quality, trail

__all__ = ["documents", "housekeeping", "inference", "model", "quality", "trail"]
