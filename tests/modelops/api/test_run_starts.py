"""From which model a run starts, over the API: what is taken, told and refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from invoices.models import AuditEntry
from modelops.models import DatasetVersion, ModelVersion, TrainingRun
from tests.conftest import Cast
from tests.labeling.conftest import client_of
from tests.modelops.runs.conftest import dataset, station, tiny_base
from tests.modelops.runs.from_models import model_of
from tests.modelops.runs.small import RECIPE, frozen

__all__ = ["client_of", "dataset", "station", "tiny_base"]

pytestmark = pytest.mark.django_db

RUNS = "/api/v1/training-runs/"
SWEEPS = "/api/v1/training-sweeps/"


@pytest.fixture
def api(cast: Cast, client_of: Callable[..., APIClient], dataset: DatasetVersion) -> APIClient:
    """The admin's."""
    return client_of(cast.admin)


@pytest.fixture
def champion(dataset: DatasetVersion, tiny_base: Path) -> ModelVersion:
    found = model_of(tiny_base, dataset, state="champion")
    frozen(number=2, train=8)
    return found


def body(**changes: Any) -> dict[str, Any]:
    return {"dataset": 2, "recipe": RECIPE.to_json(), **changes}


def confirmed(api: APIClient, **changes: Any) -> dict[str, Any]:
    told = api.post(f"{RUNS}preflight/", body(**changes), format="json").json()
    return body(**changes, confirm=[one["code"] for one in told["warnings"]])


def test_a_run_starts_from_the_model_that_serves(api: APIClient, champion: ModelVersion) -> None:
    told = api.post(f"{RUNS}preflight/", body(start="champion"), format="json").json()
    assert told["may_start"] is True
    assert (told["start"]["number"], told["start"]["documents"], told["start"]["leak"]) == (champion.number, 12, "")
    started = api.post(RUNS, confirmed(api, start="champion"), format="json")
    assert (started.status_code, started.json()["start_model"]) == (201, champion.number)
    run = TrainingRun.objects.get()
    assert (run.start_model, run.preflight["start"]["number"]) == (champion, champion.number)
    [named] = AuditEntry.objects.filter(action="run.started").values_list("after__start", flat=True)
    assert named == champion.number
    assert api.get(f"{RUNS}{run.pk}/").json()["start_model"] == champion.number
    assert [one["start_model"] for one in api.get(RUNS).json()["results"]] == [champion.number]


def test_unsaid_it_is_the_base(api: APIClient, champion: ModelVersion) -> None:
    started = api.post(RUNS, confirmed(api), format="json")
    assert (started.status_code, started.json()["start_model"]) == (201, None)
    assert api.post(f"{RUNS}preflight/", body(start="base"), format="json").json()["start"] is None


def test_a_number_names_any_model_and_a_sweep_goes_on_from_it(api: APIClient, champion: ModelVersion) -> None:
    ModelVersion.objects.update(state="retired")
    asked = {"name": "rates", "axes": {"schedule.learning_rate": [1e-3, 2e-3]}, "start": champion.number}
    sweep = api.post(SWEEPS, {**confirmed(api, start=champion.number), **asked}, format="json")
    assert sweep.status_code == 201, sweep.json()
    assert [one["start_model"] for one in sweep.json()["runs"]] == [champion.number] * 2


@pytest.mark.parametrize(
    ("start", "status", "code"),
    [("champion", 409, "start_missing"), (7, 404, "model_not_found"), ("best", 400, "start_invalid"), ("", 400, ""), (None, 400, "")],
)
def test_what_is_no_start_is_said(api: APIClient, start: object, status: int, code: str) -> None:
    for address in (RUNS, f"{RUNS}preflight/"):
        answer = api.post(address, body(dataset=1, start=start, **({"confirm": []} if address == RUNS else {})), format="json")
        assert answer.status_code == status
        assert code in answer.json()["code"]
    assert not TrainingRun.objects.exists()


def test_a_recipe_of_another_kind_is_refused_with_both_values(api: APIClient, champion: ModelVersion) -> None:
    refused = api.post(RUNS, {**body(start="champion"), "recipe": None, "preset": "further", "confirm": []}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "preflight_refused")
    assert "lora.rank is 16, and model 1 has 4" in refused.json()["detail"]
    assert "form is keyed-1, and model 1 answers in rows-1" in refused.json()["detail"]


def test_a_model_tells_what_it_started_from(api: APIClient, champion: ModelVersion) -> None:
    lineage = [{"model_id": "adapter-0", "number": 7, "dataset": None, "trained_on": "synthetic", "documents": 1400}]
    ModelVersion.objects.update(lineage=lineage)
    told = api.get(f"/api/v1/models/{champion.number}/").json()
    assert (told["start_model"], told["lineage"]) == (7, lineage)
