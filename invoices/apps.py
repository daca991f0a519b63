"""Django application ``invoices``."""

from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    """Documents, vendors, predictions, and the people who work on them."""

    name = "invoices"
