"""Whatever goes wrong under ``/api/`` is answered with problem details; nothing that is answered quotes a fault."""

from __future__ import annotations

import errno
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from rest_framework.authtoken.models import Token

from config.body_limit import FORM_BYTES, OTHER_BYTES, UPLOADS
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

CANARY = "Wilhelmina Canary"
PROBLEM = "application/problem+json"


@pytest.fixture
def api(client: Client, cast: Cast) -> Client:
    """A client with a biller's token that hands on what the server answers, faults too."""
    client.raise_request_exception = False
    client.defaults["HTTP_AUTHORIZATION"] = f"Token {Token.objects.create(user=cast.biller1).key}"
    return client


def problem(answer: Any) -> tuple[int, str]:
    assert answer["Content-Type"] == PROBLEM, answer.content
    body = answer.json()
    assert set(body) >= {"type", "title", "status", "code", "detail"}
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"]


@pytest.mark.parametrize("path", ["nowhere/", "documents/x/", "documents/1/pages/1/image/", "documents/%2e%2e/%2e%2e/etc/passwd", "%00/"])
def test_an_unknown_address(api: Client, path: str) -> None:
    assert problem(api.get(f"/api/v1/{path}")) == (404, "not_found")
    assert problem(api.post(f"/api/v1/{path}")) == (404, "not_found")


def test_a_host_that_is_not_served(api: Client) -> None:
    assert problem(api.get("/api/v1/documents/", headers={"Host": "evil.example"})) == (400, "bad_request")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (RuntimeError(CANARY), (500, "server_error")),
        (OperationalError(f"server closed the connection near {CANARY}"), (503, "database_unavailable")),
        (OperationalError("database or disk is full"), (507, "storage_full")),
        (OSError(errno.ENOSPC, CANARY), (507, "storage_full")),
    ],
    ids=["unforeseen", "database away", "database full", "disk full"],
)
@pytest.mark.parametrize("place", ["labeling.api.prediction.Prediction.objects.filter", "config.session_age.SessionAgeMiddleware._age"])
def test_a_fault_says_nothing_of_its_text(
    api: Client,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: Exception,
    expected: tuple[int, str],
    place: str,
) -> None:
    from invoices.models import Document

    document = Document.objects.create(sha256="0" * 64, name="a.pdf", media_type="application/pdf", size=1)
    api.force_login(cast.biller1)

    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(place, fail)
    answer = api.get(f"/api/v1/documents/{document.pk}/prediction/")
    assert problem(answer) == expected
    assert CANARY not in answer.text
    assert CANARY not in "".join(record.getMessage() for record in caplog.records)


ENDPOINTS = [
    ("POST", "tasks/claim/"),
    ("PATCH", "tasks/1/draft/"),
    ("POST", "tasks/1/submit/"),
    ("POST", "documents/bulk-retry/"),
    ("PATCH", "me/"),
    ("PATCH", "vendors/1/"),
]
BODIES: list[tuple[bytes, str, tuple[int, ...]]] = [
    (b"{", "application/json", (400, 403)),
    (b"[" * 200_000, "application/json", (400, 403)),
    (b'{"a":' * 100_000, "application/json", (400, 403)),
    (b"9" * 5_000, "application/json", (400, 403)),
    (b"NaN", "application/json", (400, 403)),
    (b"\xff\xfe", "application/json", (400, 403)),
    (b"{}", "application/json; charset=hex", (400, 403)),
    (b"a=1", "application/x-www-form-urlencoded", (415, 403)),
    (b"--x\r\n", "multipart/form-data; boundary=x", (415, 403)),
    (b"<a/>", "application/xml", (415, 403)),
]


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
@pytest.mark.parametrize(("body", "kind", "expected"), BODIES, ids=[f"{kind} {body[:5]!r}" for body, kind, _ in BODIES])
def test_bodies_that_cannot_be_read(api: Client, method: str, path: str, body: bytes, kind: str, expected: tuple[int, ...]) -> None:
    assert problem(api.generic(method, f"/api/v1/{path}", body, content_type=kind))[0] in expected


def test_what_a_client_would_like_best_never_refuses_it(api: Client) -> None:
    for kind in ("text/html", "application/problem+json", "text/csv", "image/webp"):
        assert api.get("/api/v1/documents/", headers={"Accept": kind}).status_code == 200


class Unread:
    """A body that must not be read."""

    def read(self, *_: object) -> bytes:
        """A fault of the test."""
        raise AssertionError("the body was read")

    readline = read


@pytest.mark.parametrize(
    ("path", "size", "code"),
    [
        (UPLOADS, 5_000 + FORM_BYTES, "file_too_large"),
        ("/api/v1/tasks/claim/", OTHER_BYTES + 1, "request_too_large"),
        ("/sign-in/", OTHER_BYTES + 1, "request_too_large"),
    ],
)
def test_a_request_that_is_too_large_is_refused_unread(client: Client, settings: Any, path: str, size: int, code: str) -> None:
    settings.MAX_UPLOAD_BYTES = 4_000
    boundary = {"CONTENT_LENGTH": str(size), "CONTENT_TYPE": "multipart/form-data; boundary=x", "wsgi.input": Unread()}
    assert problem(client.post(path, **boundary)) == (413, code)  # type: ignore[arg-type]  # the environment of the request


def test_the_pages_of_the_documentation_open(client: Client, cast: Cast) -> None:
    client.force_login(cast.biller1)
    page = client.get("/api/docs/")
    assert page.status_code == 200
    script = client.get("/api/docs/?script=")
    assert (script.status_code, script["Content-Type"]) == (200, "application/javascript")
    assert "/api/schema/" in script.text
