"""Shared by all tests: the fixed cast, no time limit on property tests, and the temporary data folder taken away at the end."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from hypothesis import settings as property_tests

if TYPE_CHECKING:
    from django.test import Client

    from invoices.people import User


# The first example may import SciPy, and machines are busy: how long an example takes decides nothing
property_tests.register_profile("untimed", deadline=None)
property_tests.load_profile("untimed")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database refuses to empty the trail; between tests that commit its triggers are taken off, and put on again at once.

    By class, not by connection: while a browser is driven, an event loop runs in this thread, and Django gives it connections of its own.
    """
    from django.db import connection

    trail: Any = import_module("invoices.migrations.0006_audit_trail")
    operations: Any = type(connection.ops)
    emptying = operations.sql_flush

    def with_the_trail(self: Any, *args: Any, **kwargs: Any) -> list[str]:
        vendor = self.connection.vendor
        return [*trail.removal(vendor), *emptying(self, *args, **kwargs), *trail.statements(vendor)]

    operations.sql_flush = with_the_trail
    yield
    operations.sql_flush = emptying


@pytest.fixture(autouse=True)
def nothing_recorded_lately() -> None:
    """What a test has recorded is news to the next one."""
    if settings.configured:
        from invoices.audit.recent import recent

        recent.forget()


@dataclass(frozen=True, slots=True)
class Cast:
    """Who appears in role and permission tests. The outsider's account is closed."""

    biller1: User
    biller2: User
    senior: User
    admin: User
    outsider: User


@pytest.fixture
def one_signature(db: None) -> None:
    """A policy under which nothing is drawn: most tests follow one label to gold. A test of draws stores a newer one."""
    from labeling.models import LabelingPolicy

    LabelingPolicy.objects.create(double_share=0, new_vendor_share=0, new_biller_share=0, audit_share=0, hidden_share=0, note="tests")


@pytest.fixture
def cast(one_signature: None) -> Cast:
    """Two billers, a senior, an admin, an outsider; stored, without usable passwords."""
    from invoices.people import Role, User

    return Cast(
        biller1=User.objects.create_user("biller1", role=Role.BILLER),
        biller2=User.objects.create_user("biller2", role=Role.BILLER),
        senior=User.objects.create_user("senior", role=Role.SENIOR),
        admin=User.objects.create_user("admin", role=Role.ADMIN),
        outsider=User.objects.create_user("outsider", role=Role.BILLER, is_active=False),
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the data folder that the test settings made."""
    if settings.configured and (folder := Path(settings.DATA_DIR)).name.startswith("countersign-test-"):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    """The admin, signed in. A folder whose tests want another kind of client says so itself."""
    client.force_login(cast.admin)
    return client
