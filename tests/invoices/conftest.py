"""Documents sent in through the real intake, and API clients of the cast."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from invoices.intake import receive
from invoices.models import Document
from invoices.parsing import parse_document
from invoices.people import User


@pytest.fixture
def api_of() -> Callable[[User], APIClient]:
    """An API client that sends this person's token."""

    def client(user: User) -> APIClient:
        token, _ = Token.objects.get_or_create(user=user)
        api = APIClient()
        api.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")
        return api

    return client


@pytest.fixture
def read(db: None) -> Callable[..., Document]:
    """Send a file in and read it; the document as it is afterwards."""

    def through(data: bytes, name: str = "invoice.pdf", vendor_hint: str = "") -> Document:
        document = receive(name=name, data=data, vendor_hint=vendor_hint).document
        parse_document(document.pk, document.parse_revision)
        document.refresh_from_db()
        return document

    return through
