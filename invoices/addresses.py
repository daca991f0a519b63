"""The address part that stands for a row of the database, used as ``<id:...>`` by every app."""

from django.urls.converters import IntConverter


class DatabaseId(IntConverter):
    """A number that every database can hold; a longer one is no address, so it answers 404."""

    regex = "[0-9]{1,18}"
