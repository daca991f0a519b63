"""A veiled document is open to one person, in every list and count, and what it is to everybody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from invoices.models import Document, DocumentStatus, Role, User, Veil
from invoices.veils import is_veiled, shown, standing_as, veiled

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return User.objects.create_user("person", role=Role.BILLER)


@pytest.fixture
def documents(person: User) -> list[Document]:
    """Gold, gold and veiled, open."""
    made = [
        Document.objects.create(sha256=f"{n:064x}", name=f"{n}.pdf", media_type="application/pdf", size=1, status=status)
        for n, status in enumerate((DocumentStatus.GOLD, DocumentStatus.GOLD, DocumentStatus.PREFILLED))
    ]
    Veil.objects.create(person=person, document=made[1])
    return made


def test_who_settles_the_truth_has_no_veils(
    person: User, documents: list[Document], django_assert_num_queries: Callable[..., object]
) -> None:
    assert veiled(person) == {documents[1].pk}
    assert is_veiled(person, documents[1].pk)
    assert not is_veiled(person, documents[0].pk)
    person.role = Role.SENIOR
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        assert veiled(person) == frozenset()
        assert not is_veiled(person, documents[1].pk)


def test_a_status_is_asked_for_as_it_is_shown(person: User, documents: list[Document]) -> None:
    hidden = veiled(person)
    by_status = {
        status: set(Document.objects.filter(standing_as(status, hidden)).values_list("pk", flat=True)) for status in ("gold", "prefilled")
    }
    assert by_status == {"gold": {documents[0].pk}, "prefilled": {documents[1].pk, documents[2].pk}}
    shown(documents, hidden)
    assert [document.status for document in documents] == ["gold", "prefilled", "prefilled"]


def test_the_api_and_the_list_of_documents_agree(person: User, documents: list[Document]) -> None:
    api = APIClient()
    api.force_authenticate(person)
    for status, names in (("gold", ["0.pdf"]), ("prefilled", ["2.pdf", "1.pdf"])):
        page = api.get(f"/api/v1/documents/?status={status}").json()["results"]
        assert [row["name"] for row in page] == names
        assert {row["status"] for row in page} == {status}
    assert api.get(f"/api/v1/documents/{documents[1].pk}/").json()["status"] == "prefilled"
    assert "ready to label" in api.post(f"/api/v1/documents/{documents[1].pk}/retry/").json()["detail"]
