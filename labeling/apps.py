"""Django application ``labeling``."""

from django.apps import AppConfig


class LabelingConfig(AppConfig):
    """Tasks, leases, drafts, annotations and gold records."""

    name = "labeling"
