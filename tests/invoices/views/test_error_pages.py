"""Error pages say what happened, what was kept and how to go on; also when next to nothing works."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.template.loader import render_to_string
from django.test import Client

from invoices.sandbox.failures import Failure
from invoices.selectors.failures import GUIDES, guide_for
from workers.burial import CODE

if TYPE_CHECKING:
    from tests.conftest import Cast


@pytest.mark.parametrize("name", ["400", "500"])
def test_pages_for_broken_requests_need_no_database_and_no_person(name: str) -> None:
    body = render_to_string(f"{name}.html")
    assert "Go to the start" in body
    assert "try again" in body.lower()
    assert "<nav" not in body


@pytest.mark.django_db
def test_an_address_that_does_not_exist(client: Client, cast: Cast) -> None:
    client.force_login(cast.biller1)
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()
    assert "Resolver404" not in answer.content.decode()


@pytest.mark.django_db
def test_a_fault_becomes_the_page_and_tells_nothing(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("patient Jane Canary")

    monkeypatch.setattr("labeling.views.documents.document_list", fail)
    client.force_login(cast.biller1)
    client.raise_request_exception = False
    answer = client.get("/documents/")
    assert answer.status_code == 500
    assert "Something broke on the server" in answer.content.decode()
    assert "Canary" not in answer.content.decode()


@pytest.mark.parametrize("code", [*(failure.value for failure in Failure), CODE])
def test_every_reason_of_a_failure_has_its_words(code: str) -> None:
    assert code in GUIDES
    assert guide_for(code).what_to_do.endswith(".")


def test_a_reason_nobody_knows_still_says_what_to_do() -> None:
    assert "tell an admin" in guide_for("brand_new").what_to_do
