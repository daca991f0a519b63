"""Django application ``workers``."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    """The job ledger and the signal wiring of the pipeline."""

    name = "workers"
