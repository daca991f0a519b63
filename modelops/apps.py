"""Django application ``modelops``."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ModelopsConfig(AppConfig):
    """Data set versions, training runs, registry, gate, deployment, monitoring, alerts and triggers."""

    name = "modelops"

    def ready(self) -> None:
        """What the database itself refuses is put on after every migration."""
        from modelops import guards

        pre_migrate.connect(guards.take_off, sender=self, dispatch_uid="modelops.guards")
        post_migrate.connect(guards.put_on, sender=self, dispatch_uid="modelops.guards")
