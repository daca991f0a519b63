"""Entries to seal, and somebody who gets past the triggers of the database."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from tests.conftest import Cast


@pytest.fixture
def write(cast: Cast) -> Callable[[int], None]:
    """Record so many reads of the first biller, one a document."""

    def entries(count: int) -> None:
        for document in range(1, count + 1):
            record(Action.PAGE_READ, actor=cast.biller1, object=Target("page", f"{document}/1", document=document))

    return entries


@pytest.fixture
def tamper(db: None) -> Callable[[str], None]:
    """Run a statement as somebody who has taken the triggers off, and puts them on again."""
    trail: Any = import_module("invoices.migrations.0006_audit_trail")

    def run(statement: str) -> None:
        with connection.cursor() as cursor:
            for removal in trail.removal(connection.vendor):
                cursor.execute(removal)
            cursor.execute(statement)
            for protection in trail.statements(connection.vendor):
                cursor.execute(protection)

    return run
