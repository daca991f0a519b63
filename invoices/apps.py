"""Django application ``invoices``."""

from django.apps import AppConfig
from django.urls import register_converter

from invoices.addresses import DatabaseId


class InvoicesConfig(AppConfig):
    """Documents, vendors, predictions, and the people who work on them."""

    name = "invoices"

    def ready(self) -> None:
        """Addresses of every app may say ``<id:...>``; signing in and out is recorded."""
        from invoices.audit import signing_in

        register_converter(DatabaseId, "id")
        signing_in.connect()
