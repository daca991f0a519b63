"""``/metrics``: who may read it, that its format can be parsed, and that it holds numbers alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from invoices.models import Vendor
from modelops.models import Alert, CountedDay, ModelVersion, TrainingRun
from modelops.monitoring.counting import count_newer
from tests.conftest import Cast
from tests.modelops.monitoring.days import come_in, label_and_settle, passes, read
from workers import health_beside
from workers.exposition import Family, Sample, exposition
from workers.gpus import Gpu, read_table
from workers.models import Job, JobStatus

pytestmark = pytest.mark.django_db

TOKEN = "a-token-of-more-than-twenty-characters"
_SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (\S+)')
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"')
_PLAIN = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}

Key = tuple[str, tuple[tuple[str, str], ...]]


def parsed(text: str) -> dict[Key, float]:
    """The samples of a text, read strictly by the rules of the format: HELP, then TYPE, then the samples of a family, each once."""
    assert text.endswith("\n")
    found: dict[Key, float] = {}
    family, types = "", {}
    for line in text.splitlines():
        if line.startswith("# HELP "):
            family = line.split(" ", 3)[2]
            assert family not in types
            continue
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name == family
            types[name] = kind
            continue
        match = _SAMPLE.fullmatch(line)
        assert match, line
        name, labels, value = match.groups()
        assert name == family, "samples of a family stand together"
        assert types[name] == "gauge"
        pairs = tuple((key, re.sub(r'\\[\\"n]', lambda m: _PLAIN[m.group()], told)) for key, told in _LABEL.findall(labels or ""))
        assert (name, pairs) not in found
        found[name, pairs] = float(value)
    return found


def scraped(client: Client, **headers: str) -> dict[Key, float]:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return parsed(answer.text)


def test_labels_and_help_are_escaped_so_that_they_read_the_same() -> None:
    awkward = 'C:\\new "line"\nhere'
    text = exposition(
        [Family("a_b", "One\nor \\ two.", [Sample(1.5, {"path": awkward}), Sample(float("nan"), {"path": ""})]), Family("c", "Empty.", [])]
    )
    assert parsed(text)["a_b", (("path", awkward),)] == 1.5
    assert text.splitlines()[0] == "# HELP a_b One\\nor \\\\ two."
    with pytest.raises(ValueError, match="name of a measure"):
        exposition([Family("a-b", "", [Sample(1)])])
    with pytest.raises(ValueError, match="comes twice"):
        exposition([Family("a", "", [Sample(1)]), Family("a", "", [Sample(1)])])
    with pytest.raises(ValueError, match="name of a label"):
        exposition([Family("a", "", [Sample(1, {"ä": ""})])])


def test_without_a_token_programs_on_this_machine_may_read(client: Client, settings: LazySettings) -> None:
    assert scraped(client)
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.5").status_code == 403
    assert client.get("/metrics", REMOTE_ADDR="").status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 403, "a proxy stands on the loopback too"
    settings.TRUSTED_PROXIES = 1
    assert client.get("/metrics").status_code == 403
    assert client.post("/metrics").status_code == 405


def test_with_a_token_only_who_has_it_may_read(client: Client, settings: LazySettings, cast: Cast) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics").status_code == 403
    client.force_login(cast.admin)
    for given in ("", TOKEN, f"Token {TOKEN}", f"Bearer {TOKEN}x", "Bearer", f"Bearer {TOKEN[:-1]}ü"):
        assert client.get("/metrics", headers={"Authorization": given}).status_code == 403, given
    assert scraped(client, Authorization=f"Bearer {TOKEN}")
    assert client.get("/metrics", headers={"Authorization": f"bearer {TOKEN}"}, REMOTE_ADDR="10.0.0.5").status_code == 200


def test_the_numbers_are_those_of_the_station(client: Client, cast: Cast) -> None:
    now = timezone.now()
    vendor = Vendor.objects.create(name="Canary Clinics")
    for number in range(3):
        document = come_in(now, vendor)
        read(document, now, total="91.00" if number == 0 else "90.00")
        label_and_settle(document, now, cast.biller1)
    count_newer()
    Job.objects.create(kind="parse_document", key="x", queue="documents", status=JobStatus.DEAD)
    ModelVersion.objects.create(number=7, model_id="adapter-7", state="champion", origin="trained", folder="m")
    found = scraped(client)
    by_name = {name: value for (name, labels), value in found.items() if not labels}
    assert by_name["countersign_jobs_dead"] == 1
    assert found["countersign_documents", (("status", "gold"),)] == 3
    assert found["countersign_accuracy_ratio", (("days", "1"), ("what", "documents"))] == pytest.approx(2 / 3)
    assert found["countersign_accuracy_low_ratio", (("days", "7"), ("what", "values"))] < 59 / 60
    assert found["countersign_model_info", (("number", "7"), ("model_id", "adapter-7"), ("serves", found_serving(found)))] == 1
    assert found["countersign_training_runs", (("state", "queued"),)] == TrainingRun.objects.count() == 0
    assert found["countersign_alerts", (("state", "open"),)] == Alert.objects.count() == 0
    assert by_name["countersign_week_settled"] == 3
    assert by_name["countersign_disk_free_bytes"] > 0
    assert by_name["countersign_metrics_counted_timestamp_seconds"] >= now.timestamp() - 1
    assert "Canary" not in client.get("/metrics").text


def found_serving(found: dict[Key, float]) -> str:
    return next(dict(labels)["serves"] for (name, labels) in found if name == "countersign_model_info")


def test_what_is_not_known_is_left_out_and_never_one(client: Client, cast: Cast) -> None:
    now = timezone.now()
    document = come_in(now)
    read(document, now, route="accepted")
    passes(document, now, drawn=False)
    count_newer()
    found = scraped(client)
    assert not [name for name, _ in found if name.startswith("countersign_accuracy")]
    assert found["countersign_week_share_ratio", (("what", "passed"),)] == 1


def test_reading_costs_as_many_statements_however_many_documents(client: Client, cast: Cast) -> None:
    spent = []
    for count in (2, 20):
        for _ in range(count):
            read(come_in(timezone.now()), timezone.now())
        count_newer()
        scraped(client)
        with CaptureQueriesContext(connection) as captured:
            scraped(client)
        spent.append(len(captured))
    assert spent[0] == spent[1] <= 40


def test_cards_are_read_off_the_drivers_table() -> None:
    table = "NVIDIA H100 80GB HBM3, 1024, 81559, 37\nTesla T4, [N/A], 15360, [N/A]\nnonsense\n"
    assert read_table(table) == (Gpu("NVIDIA H100 80GB HBM3", 1024, 81559, 37), Gpu("Tesla T4", None, 15360, None))


def test_the_health_page_says_what_stands_beside_the_queues(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    count_newer()
    Alert.objects.create(
        kind="job_dead",
        key="x",
        severity="now",
        title="A job failed",
        sentence="It did.",
        first_seen=timezone.now(),
        last_seen=timezone.now(),
    )
    monkeypatch.setattr(health_beside, "gpus", lambda: (Gpu("NVIDIA T4", 100, 15360, 5),))
    client.force_login(cast.admin)
    beside: dict[str, Any] = client.get("/health/").json()["beside"]
    assert (beside["alerts"], beside["urgent"], beside["leases"], beside["training"]) == (1, 1, 0, 0)
    assert beside["counted_at"] is not None
    page = client.get("/health/", headers={"Accept": "text/html"}).text
    assert "NVIDIA T4, 100 of 15360 MiB used, 5 % busy" in page
    assert "1 open" in page
    CountedDay.objects.update(counted_at=timezone.now() - health_beside.LATE * 2)
    assert any("were counted last 52 hours ago" in told for told in client.get("/health/").json()["problems"])
