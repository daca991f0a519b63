"""A number that no database holds is no address, on any screen and any endpoint."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from invoices.addresses import DatabaseId
from invoices.models import User


def patterns(resolver: URLResolver) -> list[URLPattern]:
    found: list[URLPattern] = []
    for entry in resolver.url_patterns:
        found.extend(patterns(entry) if isinstance(entry, URLResolver) else [entry])
    return found


def test_every_number_in_an_address_fits_the_database() -> None:
    numbers = {
        name: converter
        for pattern in patterns(get_resolver())
        for name, converter in pattern.pattern.converters.items()
        if name.endswith("_id") or name == "number"
    }
    assert len(numbers) >= 5
    assert all(isinstance(converter, DatabaseId) for converter in numbers.values())


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/documents/{}/", "/vendors/{}/", "/label/{}/", "/api/v1/tasks/{}/", "/api/v1/documents/{}/gold/"])
def test_a_number_too_long_is_not_found(client: Client, path: str) -> None:
    client.force_login(User.objects.create_user("reader", password="x"))
    assert client.get(path.format("9" * 30)).status_code == 404
