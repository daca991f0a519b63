"""A review goes through the same claim and submit as every task, and says so in the provenance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labeling.models import GoldRecord, LabelingTask, TaskKind
from labeling.review.verification import Said, verify
from tests.conftest import Cast
from tests.labeling.review.conftest import CONTRADICTION

pytestmark = pytest.mark.django_db
Make = Callable[..., LabelingTask]


def test_a_review_opens_with_its_doubts(cast: Cast, client_of: Any, make_review: Make) -> None:
    task = make_review(low={"date": 0.5}, checks=(CONTRADICTION,))
    claimed = client_of(cast.senior).post("/api/v1/tasks/claim/", {"kind": "review"}, format="json").json()
    assert claimed["id"] == task.pk
    assert [(doubt["path"], doubt["cause"]) for doubt in claimed["doubts"]] == [("date", "low"), ("total", "contradiction")]
    assert claimed["doubts"][1]["message"] == "The lines sum to 90.00."


def test_a_biller_is_handed_no_review(cast: Cast, client_of: Any, make_review: Make) -> None:
    task = make_review(low={"date": 0.5})
    api = client_of(cast.biller1)
    assert api.post("/api/v1/tasks/claim/", {"kind": "review"}, format="json").json()["code"] == "kind_not_allowed"
    assert api.post("/api/v1/tasks/claim/", {"task": task.pk}, format="json").status_code == 404
    assert api.post("/api/v1/tasks/claim/", {}, format="json").status_code == 204


def test_the_gold_of_a_review_is_reviewed_by_whom_and_how(cast: Cast, client_of: Any, make_review: Make, record: Any) -> None:
    task = make_review(low={"date": 0.5})
    api = client_of(cast.senior)
    api.post("/api/v1/tasks/claim/", {"task": task.pk}, format="json")
    record["date"] = "2026-04-03"
    answer = api.post(f"/api/v1/tasks/{task.pk}/submit/", {"record": record, "version": 0}, format="json")
    gold = GoldRecord.objects.get(pk=answer.json()["gold"])
    assert gold.provenance["date"] == {"source": "reviewed", "change": "corrected", "by": cast.senior.pk, "model_id": "template:test"}
    assert {one["source"] for one in gold.provenance.values()} == {"reviewed"}
    again = api.post(f"/api/v1/tasks/{task.pk}/submit/", {"record": record, "version": 0}, format="json")
    assert again.json() == answer.json()


def test_a_label_stays_a_label(cast: Cast, client_of: Any, make_task: Any, record: Any) -> None:
    task = make_task()
    api = client_of(cast.biller1)
    claimed = api.post("/api/v1/tasks/claim/", {}, format="json").json()
    assert "doubts" not in claimed
    assert claimed["verified"] == []
    answer = api.post(f"/api/v1/tasks/{task.pk}/submit/", {"record": record, "version": 0}, format="json")
    assert GoldRecord.objects.get(pk=answer.json()["gold"]).provenance["total"]["source"] == "confirmed"


def test_what_was_verified_in_a_batch_is_shown_and_counted(cast: Cast, client_of: Any, make_task: Any, record: Any) -> None:
    task = make_task()
    said = [Said(task.document_id, task.prediction_id, "corrected", "95.00")]
    verify(user=cast.senior, path="total", said=said)
    api = client_of(cast.biller1)
    (shown,) = api.post("/api/v1/tasks/claim/", {}, format="json").json()["verified"]
    assert (shown["path"], shown["value"], shown["by"]) == ("total", "95.00", "senior")
    record["total"] = "95.00"
    answer = api.post(f"/api/v1/tasks/{task.pk}/submit/", {"record": record, "version": 0}, format="json")
    provenance = GoldRecord.objects.get(pk=answer.json()["gold"]).provenance
    assert provenance["total"] == {
        "source": "corrected",
        "by": cast.biller1.pk,
        "model_id": "template:test",
        "verified_by": cast.senior.pk,
    }
    assert "verified_by" not in provenance["date"]


@pytest.mark.parametrize("kind", [TaskKind.SECOND_LABEL, TaskKind.AUDIT])
def test_whoever_judges_alone_sees_no_verification(cast: Cast, make_task: Any, kind: TaskKind) -> None:
    from labeling.api.answers import claim_json
    from labeling.task_list import visible_task

    task = make_task()
    verify(user=cast.senior, path="total", said=[Said(task.document_id, task.prediction_id, "confirmed")])
    assert len(claim_json(visible_task(cast.senior, task.pk))["verified"]) == 1
    other = LabelingTask.objects.create(document=task.document, kind=kind, prediction=task.prediction)
    assert claim_json(visible_task(cast.senior, other.pk))["verified"] == []
    assert claim_json(visible_task(cast.senior, task.pk))["verified"] == []
