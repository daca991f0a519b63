"""The screens of deployment: what they show, what they refuse, and how many statements they take."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from invoices.people import User
from modelops.deployment.first import record_first
from modelops.deployment.present import present
from modelops.deployment.shadow import start_shadow
from modelops.models import Deployment, ModelVersion, ShadowDocument, ShadowRun
from tests.conftest import Cast
from tests.modelops.deployment.conftest import Make, base_folder, calibrated, crown, judge, make_model, run_folder, station
from tests.workers.conftest import prefilled

__all__ = ["base_folder", "calibrated", "make_model", "prefilled", "run_folder", "station"]

pytestmark = pytest.mark.django_db


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def said(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_setting_is_named_and_nothing_can_be_pressed(cast: Cast, make_model: Make, settings: LazySettings) -> None:
    model = make_model()
    settings.MODEL = "/srv/ours"
    client = as_(cast.admin)
    page = said(client.get("/serving/"))
    assert "COUNTERSIGN_MODEL" in page
    assert "/srv/ours" in page
    assert "Promote …" not in page
    form = {"model": model.number, "share": "100", "expected": "0"}
    answer = client.post("/serving/promote/", form, follow=True)
    assert "Take it out of the environment" in said(answer)
    assert not Deployment.objects.exists()


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"model": "1", "share": "100", "expected": ""}, "a whole number was expected"),
        ({"model": "1", "share": "ten", "expected": "0"}, "a whole number was expected"),
        ({"model": "1", "share": "0", "expected": "0"}, "percent from 1 to 100"),
        ({"model": "1", "share": "100", "expected": "99"}, "has changed what serves"),
        ({"model": "1", "share": "100", "expected": "0", "reason": "x" * 501}, "the limit is 500"),
    ],
)
def test_what_a_form_sends_wrong_is_told(cast: Cast, make_model: Make, form: dict[str, str], sentence: str) -> None:
    make_model()
    assert sentence in said(as_(cast.admin).post("/serving/promote/", form, follow=True))
    assert not Deployment.objects.exists()


def test_an_unknown_model_is_not_found(cast: Cast) -> None:
    client = as_(cast.admin)
    assert client.post("/serving/promote/", {"model": "7", "share": "100", "expected": "0"}).status_code == 404
    assert client.post("/models/7/shadow/start/", {"documents": "5"}).status_code == 404
    assert client.get("/shadow/7/").status_code == 404
    assert client.post("/shadow/7/remove/").status_code == 404


def test_as_many_statements_with_a_long_history(cast: Cast, make_model: Make, django_assert_max_num_queries: Any) -> None:
    first, second = make_model(), make_model()
    crown(first, by=cast.admin)
    crown(second, by=cast.admin, share=10)
    Deployment.objects.bulk_create(
        Deployment(kind="rollback", slot="canary", ended_at="2026-01-01T00:00:00Z", reason=f"<b>{n}</b>") for n in range(60)
    )
    client = as_(cast.admin)
    client.get("/serving/")
    with django_assert_max_num_queries(28):
        page = said(client.get("/serving/"))
    assert page.count("<tr>") == 21
    assert "<b>59</b>" not in page
    assert "&lt;b&gt;59&lt;/b&gt;" in page
    assert said(client.get(f"/serving/?before={Deployment.objects.order_by('-pk')[19].pk}")).count("<tr>") == 21


@pytest.mark.thorough
def test_a_shadow_run_comes_in_pages_and_is_taken_away(
    cast: Cast, make_model: Make, prefilled: Any, django_assert_max_num_queries: Any
) -> None:
    run = start_shadow(make_model(), by=cast.admin)
    for number in range(53):
        document = prefilled(f"A-{number}")
        ShadowDocument.objects.create(
            run=run, document=document, route_before="review", route_after="accepted", changed=[{"path": "total", "fate": ""}]
        )
    client = as_(cast.admin)
    with django_assert_max_num_queries(16):
        page = said(client.get(f"/shadow/{run.pk}/"))
    assert page.count("A-") >= 50
    assert "53 <span" in page
    assert "after=" in page
    for show in ("won", "lost", "routes", "all", "nonsense"):
        assert client.get(f"/shadow/{run.pk}/?show={show}&after=x").status_code == 200
    assert client.post(f"/shadow/{run.pk}/remove/", follow=True).status_code == 200
    assert not ShadowRun.objects.exists()


def test_a_senior_sees_none_of_it(cast: Cast) -> None:
    client = as_(cast.senior)
    for address in ("/serving/", "/shadow/1/"):
        assert client.get(address).status_code == 403


def test_what_came_with_the_product_serves_first_and_is_written_down_once(
    cast: Cast, make_model: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("modelops.deployment.first.register_shipped", lambda: None)
    assert (first := record_first()) is not None
    assert (first.model, first.kind) == (None, "first")
    assert record_first() is None
    shipped = make_model(passed=None, origin=ModelVersion.Origin.SHIPPED)
    monkeypatch.setattr("modelops.deployment.first.register_shipped", lambda: shipped)
    assert (second := record_first()) is not None
    assert (second.model, present().model) == (shipped, shipped)
    assert record_first() is None
    other = make_model()
    judge(other, passed=True)
    crown(other, by=cast.admin)
    monkeypatch.setattr("modelops.deployment.first.register_shipped", lambda: None)
    assert record_first() is None, "something else was deployed since"
    assert present().model == other
