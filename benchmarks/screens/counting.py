"""What each row costs the database: statements by counting, and on SQLite the steps of its virtual machine, which are work and not time."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.screens.addresses import ROWS, Row, filled
from benchmarks.screens.fates import SIGNED_IN
from invoices.models import User

_CONTROL: Final = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
_EVERY: Final = 100


@dataclass(frozen=True, slots=True)
class Cost:
    """Statements, sign-in by session included, transaction control not; steps in hundreds (0 where the database has none)."""

    statements: int
    steps: int


class Refused(Exception):
    """A row was not answered as it should have been."""


def costs(names: dict[str, list[Any]], rows: tuple[Row, ...] = ROWS) -> dict[str, Cost]:
    """By key (``key_of``) what each row costs the second time in an hour; nothing that rows change is kept.

    Raises ``Refused`` for an answer other than 200, 201 or 204.
    """
    clients = {role: _signed_in(name) for role, name in SIGNED_IN.items()}
    return {key_of(row): _cost(row, rows, clients, names) for row in rows}


def key_of(row: Row) -> str:
    """What tells a row from all others."""
    return row.name + row.address


def _signed_in(name: str) -> Client:
    client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username=name))
    return client


def _cost(row: Row, rows: tuple[Row, ...], clients: dict[str, Client], names: dict[str, list[Any]]) -> Cost:
    by_name = {one.name: one for one in rows if one.method != "GET"}
    found = Cost(0, 0)
    for _ in range(2):  # the first look of an hour is recorded
        with _undone() if row.method != "GET" else nullcontext():
            for name in row.before:
                _send(by_name[name], clients, names)
            with CaptureQueriesContext(connection) as captured, _steps() as steps:
                _send(row, clients, names)
        counted = [query["sql"] for query in captured.captured_queries if not query["sql"].lstrip().startswith(_CONTROL)]
        found = Cost(len(counted), steps[0])
    return found


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _send(row: Row, clients: dict[str, Client], names: dict[str, list[Any]]) -> None:
    address, body = filled(row.address, names, -1), filled(row.body, names, -1)
    answer: Any = clients[row.by].generic(row.method, address, _json(body), content_type="application/json")
    if answer.status_code not in (200, 201, 204):
        raise Refused(f"{row.name}: {row.method} {address} answered {answer.status_code}: {answer.content[:300]!r}")
    if row.first_bytes:
        next(iter(answer.streaming_content))
        del answer
        gc.collect()  # what was not read of a stream is let go while its connection stands


def _json(body: Any) -> str:
    return "" if body is None else json.dumps(body)


@contextmanager
def _steps() -> Iterator[list[int]]:
    """The number is there at the end of the block."""
    count = [0]

    def counted() -> int:
        count[0] += 1
        return 0

    connection.ensure_connection()
    if connection.vendor != "sqlite":
        yield count
        return
    connection.connection.set_progress_handler(counted, _EVERY)
    try:
        yield count
    finally:
        connection.connection.set_progress_handler(None, 0)
