"""The health checks: what programs see, what an admin sees."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db.models.functions import Now
from django.test import Client
from rest_framework.authtoken.models import Token

from tests.conftest import Cast
from workers import health, ledger, signs
from workers.kinds import PARSE_DOCUMENT
from workers.models import Job, JobStatus, ModelReport, WorkerSign

pytestmark = pytest.mark.django_db


def test_anybody_sees_that_the_station_is_up_and_nothing_more(client: Client) -> None:
    assert client.get("/health/live/").json() == {"status": "live"}
    assert client.get("/health/").json() == {"status": "ready"}


@pytest.mark.parametrize("who", ["biller1", "senior"])
def test_details_are_for_admins(client: Client, cast: Cast, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get("/health/").json() == {"status": "ready"}
    page = client.get("/health/", headers={"Accept": "text/html"})
    assert page.status_code == 403
    assert "This needs the role admin." in page.text


def test_an_admin_sees_queues_and_what_to_do(client: Client, cast: Cast) -> None:
    ledger.enqueue(PARSE_DOCUMENT, "one", {"document_id": 1, "revision": 1})
    client.force_login(cast.admin)
    found = client.get("/health/").json()
    assert found["queues"][0] | {"oldest_seconds": 0} == {
        "name": "documents",
        "waiting": 1,
        "running": 0,
        "oldest_seconds": 0,
        "workers": 0,
    }
    assert "No worker serves the queue “documents”; start one." in found["problems"]
    page = client.get("/health/", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "start one" in page.text


def test_a_monitor_uses_the_token_of_an_admin(client: Client, cast: Cast) -> None:
    for user, sees in ((cast.admin, True), (cast.senior, False)):
        token = Token.objects.create(user=user).key
        found = client.get("/health/", headers={"Authorization": f"Token {token}"}).json()
        assert ("queues" in found) is sees
    assert client.get("/health/", headers={"Authorization": "Token wrong"}).json() == {"status": "ready"}


def test_signs_of_life_clear_the_problems() -> None:
    signs.sign("documents,light@here", "documents,light")
    signs.sign("model@here", "model")
    signs.sign("scheduler@here", "")
    assert health.look().problems == ()


def test_a_missing_worker_is_a_problem_only_where_a_model_serves(
    client: Client, cast: Cast, settings: LazySettings, tmp_path: Path
) -> None:
    client.force_login(cast.admin)

    def page() -> str:
        return client.get("/health/", headers={"Accept": "text/html"}).content.decode()

    assert health.NO_READER not in health.look().problems
    assert "(no model serves)" in page()
    settings.MODEL = str(tmp_path)
    assert health.NO_READER in health.look().problems
    assert "(no model serves)" not in page()
    signs.sign("inference@here", "inference")
    assert health.NO_READER not in health.look().problems


def test_an_admin_sees_what_the_model_does(client: Client, cast: Cast) -> None:
    for worker in ("inference@here", "inference@gone"):
        ModelReport.objects.create(
            worker=worker, state=ModelReport.State.READY, model_id="adapter-7b1e", documents=40, last_batch=8, last_seconds=51.25
        )
    signs.sign("inference@here", "inference")
    client.force_login(cast.admin)
    page = client.get("/health/", headers={"Accept": "text/html"}).content.decode()
    for text in ("adapter-7b1e", "40 since it was loaded", "8 documents in 51.3 s", "Reads once more with the model"):
        assert text in page
    assert "inference@gone" not in page


def test_a_model_that_cannot_be_used_is_a_problem_with_its_reason() -> None:
    signs.sign("inference@here", "inference")
    why = "The manifest names a file that is not there."
    ModelReport.objects.create(worker="inference@here", state=ModelReport.State.UNUSABLE, message=why)
    assert f"The worker inference@here reads nothing. {why}" in health.look().problems


def test_with_long_leases_signs_come_seldom_and_count_for_longer(settings: LazySettings) -> None:
    signs.sign("model@here", "model")
    WorkerSign.objects.update(seen_at=Now() - timedelta(seconds=100))
    served = {queue.name: queue.workers for queue in health.look().queues}
    assert served["model"] == 0
    settings.JOB_LEASE_SECONDS = 300
    served = {queue.name: queue.workers for queue in health.look().queues}
    assert served["model"] == 1


def test_dead_jobs_are_a_problem() -> None:
    ledger.enqueue(PARSE_DOCUMENT, "one", {"document_id": 1, "revision": 1})
    Job.objects.update(status=JobStatus.DEAD)
    assert any("jobs list --status dead" in problem for problem in health.look().problems)
