"""The screens of the registry and of the gate."""

from __future__ import annotations

import html
import shutil
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from modelops.folders import artifact_folder, artifacts_folder, evaluation_folder
from modelops.gate.judging import judge
from modelops.models import EvaluationAsk, GateOverride, GatePolicyVersion, ModelEvaluation, ModelVersion
from tests.modelops.gate.conftest import Contest, base_folder, calibrated, contest, packed, run_folder, station

__all__ = ["base_folder", "calibrated", "contest", "packed", "run_folder", "station"]

pytestmark = pytest.mark.django_db
REASON = "A pilot with one vendor; a senior looks at every document until May."


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return html.unescape(answer.content.decode())


def said(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_an_empty_registry_says_what_to_do(admin: Client) -> None:
    assert "A finished training run registers its model by itself" in text(admin.get("/models/"))
    assert "There are models in other states" in text(admin.get("/models/?state=champion&cursor=nonsense"))


def test_the_list_and_a_model(admin: Client, contest: Contest, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    judge(contest.candidate, contest.dataset)
    page = text(admin.get("/models/"))
    assert page.index("Model 2</a> <span") < page.index("Model 1</a> <span")
    assert "98.3 % of it right" in page
    with django_assert_max_num_queries(30):
        page = text(admin.get("/models/2/"))
    for words in (
        "It may serve.",
        "Files verified now",
        "Whole documents against the champion",
        "Is its confidence true?",
        "Vendor by vendor",
    ):
        assert words in page, words
    assert "<h3>Invoice adapter" in page, "the card is below the page's own headings"
    assert page.count("<h1") == 1
    assert "never asked" in text(admin.get("/models/1/"))


def test_a_card_is_text(admin: Client, contest: Contest) -> None:
    ModelVersion.objects.filter(pk=contest.candidate.pk).update(
        card="# <script>alert(1)</script>\n\n[x](javascript:alert(1)) ![y](//evil/z.png)"
    )
    page = admin.get("/models/2/").content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "evil" not in page or "<img" not in page


def test_damaged_files_and_lost_evidence_are_told(admin: Client, contest: Contest) -> None:
    (artifact_folder(contest.candidate) / "README.md").write_text("x")
    shutil.rmtree(evaluation_folder(ModelEvaluation.objects.get(model=contest.candidate)))
    page = text(admin.get("/models/2/"))
    assert "Files do not verify" in page
    assert "The evidence of an evaluation cannot be read" in page


def test_an_evaluation_is_asked_for_and_followed(admin: Client, contest: Contest) -> None:
    answer = admin.post("/models/2/evaluate/", {"data_set": "1"})
    assert answer["Location"] == "/models/2/"
    assert "as soon as a training worker is free" in said(answer)
    assert 'data-ask="waiting"' in text(admin.get("/models/2/"))
    EvaluationAsk.objects.update(state="reading", done=34, documents=120)
    assert "34 of 120 documents" in text(admin.get("/models/2/"))
    assert "34 of 120 read" in text(admin.get("/models/"))
    EvaluationAsk.objects.update(state="failed", error="The base is missing.")
    assert "could not be done: The base is missing." in text(admin.get("/models/2/"))
    assert "Choose a data set" in said(admin.post("/models/2/evaluate/", {"data_set": "x"}))


def test_an_override_by_a_dialog(admin: Client, contest: Contest) -> None:
    admin.post("/gate-policy/", {**_typed(admin), "accuracy": "99.99"})
    result = judge(contest.candidate, contest.dataset)
    page = text(admin.get("/models/2/"))
    assert "Let model 2 through" in page
    assert "The gate says no for 1 reason" in page
    assert "write 30 to 1000" in said(admin.post("/models/2/override/", {"result": result.pk, "reason": "short"}))
    assert not GateOverride.objects.exists()
    assert "may serve by your word" in said(admin.post("/models/2/override/", {"result": result.pk, "reason": REASON}))
    page = text(admin.get("/models/2/"))
    assert "It may serve by an override" in page
    assert page.count(REASON) == 1, "the gate is told once"
    assert admin.post("/models/1/override/", {"result": result.pk, "reason": REASON}).status_code == 404
    assert admin.post("/models/2/override/", {"result": "9" * 30, "reason": REASON}).status_code == 404


def _typed(admin: Client) -> dict[str, str]:
    groups = admin.get("/gate-policy/").context["groups"]
    return {entry.setting.name: entry.typed for _, entries in groups for entry in entries}


def test_the_policy_form(admin: Client) -> None:
    typed = _typed(admin)
    assert (typed["accuracy"], typed["significance"], typed["by_lower_bound"], typed["documents"]) == ("98", "5", "0", "100")
    assert "no version was stored" in said(admin.post("/gate-policy/", typed))
    refused = admin.post("/gate-policy/", {**typed, "accuracy": "250", "documents": "many", "slower": "nan", "note": "kept"})
    assert refused.status_code == 400
    page = html.unescape(refused.content.decode())
    for words in ("is not in 0 to 1", "'many' is no number", "'nan'", 'value="kept"', 'value="250"'):
        assert words in page, words
    assert not GatePolicyVersion.objects.exists()
    admin.post("/gate-policy/", {**typed, "accuracy": "97,5 %", "by_lower_bound": "1", "measure": "end_to_end", "note": "Pilot"})
    assert GatePolicyVersion.objects.get().policy["accuracy"] == 0.975
    page = text(admin.get("/gate-policy/"))
    assert '<s class="muted">98 %</s>' in page
    assert "Documents with everything right" in page


def test_comparing_on_a_page(admin: Client, contest: Contest, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    assert "Choose two" in text(admin.get("/models/compare/"))
    with django_assert_max_num_queries(20):
        page = text(admin.get("/models/compare/?first=1&second=2"))
    assert "Synthetic document <code>d003</code>" in page
    assert "wrong: </span>99.00" in page
    assert "Page 2 of 2" in text(admin.get("/models/compare/?first=templates&second=2&page=2"))
    assert "Nothing changed" in text(admin.get("/models/compare/?first=2&second=2"))
    ModelEvaluation.objects.filter(model=contest.champion).delete()
    assert "never evaluated on the same data set" in text(admin.get("/models/compare/?first=1&second=2"))
    for query in ("first=9&second=2", "first=x&second=2", "first=-1&second=2", f"first={'9' * 40}&second=2"):
        assert admin.get(f"/models/compare/?{query}").status_code == 404, query
    for query in ("first=1", "first=&second=2", "first=2&second=2&page=x&data_set=x"):
        assert admin.get(f"/models/compare/?{query}").status_code == 200, query


def test_a_report_is_a_file(admin: Client, contest: Contest) -> None:
    answer = admin.get("/models/2/report/")
    assert answer["Content-Disposition"] == 'attachment; filename="model-2.html"'
    assert b"Report" in answer.getvalue()
    assert admin.get("/models/2/report/?data_set=7").getvalue()
    ModelEvaluation.objects.all().delete()
    assert admin.get("/models/2/report/").status_code == 404


def test_bringing_one_in_and_putting_it_away(admin: Client, contest: Contest) -> None:
    assert "There is no folder copy" in said(admin.post("/models/register/", {"folder": "copy"}))
    shutil.copytree(artifact_folder(contest.candidate), artifacts_folder() / "copy")
    assert admin.post("/models/register/", {"folder": "copy"})["Location"] == "/models/2/"
    assert "is not the name of a folder" in said(admin.post("/models/register/", {"folder": "../copy"}))
    assert "is retired" in said(admin.post("/models/2/state/", {"state": "retired"}))
    assert "candidate again" in said(admin.post("/models/2/state/", {"state": "candidate"}))
    assert "serves" in said(admin.post("/models/1/state/", {"state": "retired"}))
    assert admin.post("/models/9/state/", {"state": "retired"}).status_code == 404
