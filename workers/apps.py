"""Django application ``workers``."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    """The job ledger and the signal wiring of the pipeline."""

    name = "workers"

    def ready(self) -> None:
        """Wire the pipeline once all models are known."""
        import workers.celery  # noqa: F401 - the application that the bell rings with
        from modelops.dashboard import station
        from modelops.runs import workplaces
        from workers import pipeline, signs, station_look

        pipeline.connect()
        workplaces.watched_by(signs.serving)
        station.register(station_look.look)
