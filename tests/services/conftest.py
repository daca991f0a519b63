"""Everything in this folder needs the PostgreSQL that ``scripts/test`` starts; each test starts the Redis it needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from benchmarks.fault_rig import Rig, rig
from scripts.checks.services import RunningRedis, redis


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the folder's tests; without a PostgreSQL they are skipped and say why."""
    for item in items:
        if "tests/services/" in item.path.as_posix():
            item.add_marker(pytest.mark.service)
            if "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
                item.add_marker(pytest.mark.skip(reason="COUNTERSIGN_DATABASE_URL names no PostgreSQL; scripts/test starts one"))


@pytest.fixture
def running_redis() -> Iterator[RunningRedis]:
    """A Redis of the test's own, which it may freeze, flush or kill."""
    with redis() as running:
        yield running


def database_url() -> str:
    """The address of the test database, for other processes."""
    found = connection.settings_dict
    return f"postgres://{found['USER']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"


@pytest.fixture
def fault_rig(transactional_db: None, running_redis: RunningRedis, tmp_path: Path) -> Iterator[Rig]:
    """Real workers on the test database and a real Redis."""
    with rig(tmp_path, database_url=database_url(), broker_url=running_redis.url) as made:
        yield made
