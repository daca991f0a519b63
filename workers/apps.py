"""Django application ``workers``."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    """The job ledger and the signal wiring of the pipeline."""

    name = "workers"

    def ready(self) -> None:
        """Wire the pipeline once all models are known."""
        from workers import pipeline

        pipeline.connect()
