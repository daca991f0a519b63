"""Django application ``modelops``."""

from django.apps import AppConfig


class ModelopsConfig(AppConfig):
    """Data set versions, training runs, registry, gate, deployment, monitoring, alerts and triggers."""

    name = "modelops"
