"""Training runs over the API: who may, what is refused and why, what has to be confirmed, and what two at once come to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from invoices.models import AuditEntry
from mlcore.evaluation.measures import MEASURES
from modelops.models import (
    DatasetVersion,
    GatePolicyVersion,
    GateResult,
    ModelEvaluation,
    ModelVersion,
    RunLine,
    RunPoint,
    RunState,
    TrainingRun,
    TrainingSweep,
)
from modelops.runs.recipes import stored
from tests.conftest import Cast
from tests.labeling.conftest import client_of
from tests.modelops.runs.conftest import dataset, station, tiny_base
from tests.modelops.runs.small import RECIPE, frozen

__all__ = ["client_of", "dataset", "station", "tiny_base"]

pytestmark = pytest.mark.django_db

RUNS = "/api/v1/training-runs/"
SWEEPS = "/api/v1/training-sweeps/"
ClientOf = Callable[..., APIClient]


@pytest.fixture
def api(cast: Cast, client_of: ClientOf, dataset: DatasetVersion) -> APIClient:
    """The admin's."""
    return client_of(cast.admin)


def body(**changes: Any) -> dict[str, Any]:
    return {"dataset": 1, "recipe": RECIPE.to_json(), **changes}


def needed(api: APIClient, **changes: Any) -> list[str]:
    answer = api.post(f"{RUNS}preflight/", body(**changes), format="json")
    assert answer.status_code == 200, answer.json()
    return [one["code"] for one in answer.json()["warnings"]]


def start(api: APIClient, **changes: Any) -> Any:
    return api.post(RUNS, body(confirm=needed(api), **changes), format="json")


def test_what_has_to_be_confirmed_is_asked_for_code_by_code(api: APIClient) -> None:
    codes = needed(api)
    assert "few_documents" in codes
    for missing in codes:
        refused = api.post(RUNS, body(confirm=[code for code in codes if code != missing]), format="json")
        assert refused.status_code == 409
        assert refused.json()["code"] == "confirm_needed"
        assert refused.json()["unconfirmed"] == [missing]
        assert refused.json()["preflight"]["may_start"] is True
    assert TrainingRun.objects.count() == 0
    started = api.post(RUNS, body(confirm=[*codes, "nonsense"], note=" for the quarter "), format="json")
    assert started.status_code == 201, started.json()
    run = TrainingRun.objects.get()
    assert (run.state, run.note, run.dataset.number, run.recipe) == ("queued", "for the quarter", 1, stored(RECIPE))
    assert run.preflight["confirmed"] == codes
    assert started.json()["asked_by"] == "admin"
    assert AuditEntry.objects.filter(action="run.started", object_id=str(run.pk)).count() == 1


def test_what_is_refused_cannot_be_confirmed(api: APIClient, dataset: DatasetVersion) -> None:
    DatasetVersion.objects.filter(pk=dataset.pk).update(removed_documents=2)
    refused = api.post(RUNS, body(confirm=["dataset_has_removed_documents"]), format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "preflight_refused")
    assert "2 documents" in refused.json()["detail"]
    assert TrainingRun.objects.count() == 0


def test_the_same_run_twice_is_refused_and_another_one_is_asked_about(api: APIClient) -> None:
    assert start(api).status_code == 201
    again = api.post(RUNS, body(confirm=needed(api)), format="json")
    assert (again.status_code, again.json()["preflight"]["refusals"][0]["code"]) == (409, "same_run_open")
    other = {**RECIPE.to_json(), "seed": 8}
    assert "runs_ahead" in needed(api, recipe=other)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"dataset": 0}, "dataset"),
        ({"dataset": 2**31}, "dataset"),
        ({"dataset": "one"}, "dataset"),
        ({"dataset": None}, "dataset"),
        ({"recipe": 3}, "recipe"),
        ({"recipe": []}, "recipe"),
        ({"recipe": {"name": "x", "epochs": 0}}, "epochs"),
        ({"recipe": {"nonsense": 1}}, ""),
        ({"recipe": None, "preset": "fast"}, "preset"),
        ({"preset": "default"}, ""),
        ({"changes": []}, "changes"),
        ({"changes": {"lora.rank": 513}}, "lora.rank"),
        ({"changes": {"schedule.learning_rate": 0.2}}, "schedule.learning_rate"),
        ({"changes": {"__class__": 1}}, "__class__"),
        ({"confirm": "all"}, "confirm"),
        ({"confirm": ["x"] * 41}, "confirm"),
        ({"launcher": "x" * 41}, "launcher"),
    ],
)
def test_bad_input_names_the_field(api: APIClient, changes: dict[str, Any], path: str) -> None:
    answer = api.post(RUNS, body(**changes), format="json")
    assert answer.status_code == 400, answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert path in [one["path"].split(".0")[0] for one in answer.json()["problems"]]
    assert TrainingRun.objects.count() == 0


@pytest.mark.parametrize("sent", ["[]", "3", '"x"', "{", ""])
def test_a_body_that_is_no_object_is_a_problem_too(api: APIClient, sent: str) -> None:
    assert api.post(RUNS, sent, content_type="application/json").status_code == 400
    assert api.post(f"{RUNS}preflight/", sent, content_type="application/json").status_code == 400
    assert api.post(SWEEPS, sent, content_type="application/json").status_code == 400


def test_a_note_that_is_too_long_and_a_launcher_that_is_not_there(api: APIClient) -> None:
    long = start(api, note="x" * 501)
    assert (long.status_code, long.json()["code"]) == (400, "note_too_long")
    unknown = api.post(RUNS, body(launcher="cloud", confirm=needed(api)), format="json")
    assert unknown.status_code == 409
    assert [one["code"] for one in unknown.json()["preflight"]["refusals"]] == ["launcher_unknown"]


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", f"{RUNS}999/"),
        ("post", f"{RUNS}999/cancel/"),
        ("post", f"{RUNS}999/resume/"),
        ("get", f"{RUNS}999/points/"),
        ("get", f"{RUNS}999/lines/"),
        ("get", f"{SWEEPS}999/"),
        ("get", f"{RUNS}compare/?runs=998,999"),
    ],
)
def test_what_is_not_there_is_not_found(api: APIClient, method: str, address: str) -> None:
    assert getattr(api, method)(address).status_code == 404
    missing = api.post(RUNS, body(dataset=99), format="json")
    assert (missing.status_code, missing.json()["code"]) == (404, "dataset_not_found")


def test_a_run_is_stopped_and_gone_on_with(api: APIClient) -> None:
    run = start(api).json()["id"]
    stopped = api.post(f"{RUNS}{run}/cancel/")
    assert (stopped.status_code, stopped.json()["state"]) == (200, "stopped")
    assert api.post(f"{RUNS}{run}/cancel/").status_code == 409
    resumed = api.post(f"{RUNS}{run}/resume/")
    assert (resumed.status_code, resumed.json()["state"], resumed.json()["attempts"]) == (200, "queued", 2)
    assert api.post(f"{RUNS}{run}/resume/").status_code == 409
    told = AuditEntry.objects.filter(object_id=str(run)).order_by("pk").values_list("action", flat=True)
    assert list(told) == ["run.started", "run.stopped", "run.resumed"]


def test_points_are_asked_for_from_where_one_is(api: APIClient, dataset: DatasetVersion) -> None:
    run = TrainingRun.objects.create(dataset=dataset, recipe=RECIPE.to_json(), state=RunState.RUNNING, attempts=2)
    RunPoint.objects.bulk_create(RunPoint(run=run, step=step, loss=1 / step) for step in range(1, 8))
    address = f"{RUNS}{run.pk}/points/"
    first = api.get(address, {"limit": 5}).json()
    assert [point["step"] for point in first["points"]] == [1, 2, 3, 4, 5]
    assert (first["next_after"], first["more"], first["over"], first["attempts"]) == (5, True, False, 2)
    rest = api.get(address, {"after": first["next_after"]}).json()
    assert [point["step"] for point in rest["points"]] == [6, 7]
    assert (api.get(address, {"after": 7}).json()["points"], api.get(address, {"after": 7}).json()["next_after"]) == ([], 7)
    for wrong in ({"after": -1}, {"after": "x"}, {"limit": 0}, {"limit": 1001}, {"after": 2**31}):
        assert api.get(address, wrong).status_code == 400


def test_lines_too(api: APIClient, dataset: DatasetVersion) -> None:
    run = TrainingRun.objects.create(dataset=dataset, recipe=RECIPE.to_json(), state=RunState.FAILED)
    RunLine.objects.bulk_create(RunLine(run=run, text=f"line {n}") for n in range(5))
    address = f"{RUNS}{run.pk}/lines/"
    first = api.get(address, {"limit": 3}).json()
    assert [line["text"] for line in first["lines"]] == ["line 0", "line 1", "line 2"]
    assert [line["text"] for line in api.get(address, {"after": first["next_after"]}).json()["lines"]] == ["line 3", "line 4"]
    for wrong in ({"after": -1}, {"limit": 201}, {"after": 2**63}):
        assert api.get(address, wrong).status_code == 400


def test_the_list_is_paged_filtered_and_told_what_came_of_each(api: APIClient, dataset: DatasetVersion) -> None:
    states = [RunState.FINISHED, RunState.RUNNING, RunState.FAILED]
    runs = [TrainingRun.objects.create(dataset=dataset, recipe=RECIPE.to_json(), state=states[n % 3]) for n in range(60)]
    model = ModelVersion.objects.create(number=4, model_id="m4", origin="trained", folder="m4", run=runs[-3])
    for passed in (True, False):
        GateResult.objects.create(model=model, passed=passed, verdict={})
    page = api.get(RUNS).json()
    assert page["counts"] == {"all": 60, "open": 20, "finished": 20, "ended": 20}
    assert [row["id"] for row in page["results"]] == [run.pk for run in reversed(runs)][:25]
    told = next(row for row in page["results"] if row["id"] == runs[-3].pk)
    assert (told["model"], told["verdict"]) == (4, "failed"), "the newest verdict counts"
    seen, cursor = [], ""
    while True:
        answer = api.get(RUNS, {"state": "ended", "cursor": cursor}).json()
        seen += [row["id"] for row in answer["results"]]
        cursor = answer["next"]
        if not cursor:
            break
    assert seen == [run.pk for run in reversed(runs) if run.state == RunState.FAILED]
    other = TrainingRun.objects.create(dataset=frozen(number=2), recipe=RECIPE.to_json())
    assert [row["id"] for row in api.get(RUNS, {"dataset": 2}).json()["results"]] == [other.pk]
    assert api.get(RUNS, {"state": "asleep"}).status_code == 400


def test_lists_cost_the_same_with_more_rows(api: APIClient, dataset: DatasetVersion) -> None:
    sweep = TrainingSweep.objects.create(name="s", axes={"lora.rank": [4]})

    def cost() -> list[int]:
        found = []
        for address in (RUNS, SWEEPS, f"{SWEEPS}{sweep.pk}/"):
            with CaptureQueriesContext(connection) as seen:
                assert api.get(address).status_code == 200
            found.append(len(seen))
        return found

    TrainingRun.objects.create(dataset=dataset, recipe=RECIPE.to_json(), sweep=sweep)
    few = cost()
    for n in range(20):
        run = TrainingRun.objects.create(dataset=dataset, recipe=RECIPE.to_json(), sweep=sweep)
        ModelVersion.objects.create(number=n + 1, model_id=f"m{n}", origin="trained", folder="m", run=run)
        TrainingRun.objects.create(dataset=dataset, recipe=RECIPE.to_json(), sweep=TrainingSweep.objects.create(name="t", axes={}))
    assert cost() == few


def test_a_sweep_is_started_as_a_whole(api: APIClient) -> None:
    axes = {"lora.rank": [2, 4], "schedule.learning_rate": [1e-3, 5e-3]}
    asked = body(name="ranks", axes=axes, alpha="ratio")
    refused = api.post(SWEEPS, asked, format="json")
    assert (refused.status_code, TrainingRun.objects.count(), TrainingSweep.objects.count()) == (409, 0, 0)
    started = api.post(SWEEPS, {**asked, "confirm": refused.json()["unconfirmed"]}, format="json")
    assert started.status_code == 201, started.json()
    told = started.json()
    assert [run["values"] for run in told["runs"]] == [
        {"lora.rank": rank, "schedule.learning_rate": rate, "lora.alpha": rank * 2.0} for rank in (2, 4) for rate in (1e-3, 5e-3)
    ]
    assert {run["state"] for run in told["runs"]} == {"queued"}
    assert told["best"] is None
    first = TrainingRun.objects.order_by("pk")[1]
    TrainingRun.objects.filter(pk=first.pk).update(validation_loss=0.5)
    assert api.get(f"{SWEEPS}{told['id']}/").json()["best"] == first.pk
    listed = api.get(SWEEPS).json()["results"][0]
    assert (listed["runs"], listed["finished"], listed["best"], listed["validation_loss"]) == (4, 0, first.pk, 0.5)
    assert (listed["most_right"], listed["right"], listed["data_sets"]) == (None, None, [1])
    model = ModelVersion.objects.create(number=1, model_id="m", origin="trained", folder="m", run=first)
    right = {"value": 0.9, "low": 0.8, "high": 0.95}
    ModelEvaluation.objects.create(model=model, dataset=first.dataset, folder="f", documents=2, overall={"field_accuracy": right})
    assert api.get(SWEEPS).json()["results"][0]["right"] == right
    told = api.get(f"{SWEEPS}{told['id']}/").json()
    assert told["most_right"] == first.pk
    assert [run["right"] for run in told["runs"] if run["id"] == first.pk] == [right]


@pytest.mark.parametrize(
    "changes",
    [
        {"axes": {}},
        {"axes": []},
        {"axes": {"lora.rank": 4}},
        {"axes": {"lora.rank": []}},
        {"axes": {"seed": [1]}},
        {"axes": {"lora.rank": [0]}},
        {"axes": {"lora.rank": ["4"]}},
        {"axes": {"lora.rank": [None]}},
        {"axes": {"lora.rank": [{}]}},
        {"axes": {"epochs": [1, 2, 3, 4, 5], "accumulate": [1, 2, 3, 4, 5]}},
        {"alpha": "sideways"},
        {"alpha": "ratio", "axes": {"epochs": [1]}},
        {"name": ""},
        {"name": "x" * 81},
    ],
)
def test_bad_sweeps_are_told(api: APIClient, changes: dict[str, Any]) -> None:
    answer = api.post(SWEEPS, body(**{"name": "s", "axes": {"lora.rank": [2, 4]}, **changes}), format="json")
    assert answer.status_code == 400, answer.json()
    assert answer.json()["problems"]
    assert TrainingSweep.objects.count() == 0


def test_runs_are_compared(api: APIClient, dataset: DatasetVersion) -> None:
    recipes = [RECIPE.to_json(), {**RECIPE.to_json(), "epochs": 9}]
    runs = [TrainingRun.objects.create(dataset=dataset, recipe=recipe) for recipe in recipes]
    model = ModelVersion.objects.create(number=1, model_id="m", origin="trained", folder="m", run=runs[1])
    right = {name: {"value": 0.9, "low": 0.8, "high": 0.95} for name in ("field_accuracy", "end_to_end", "payment_right")}
    ModelEvaluation.objects.create(model=model, dataset=dataset, folder="f", documents=2, overall=right)
    assert set(right) <= set(MEASURES), "they are measures of an evaluation"
    answer = api.get(f"{RUNS}compare/", {"runs": f"{runs[1].pk},{runs[0].pk}"}).json()
    assert [run["id"] for run in answer["runs"]] == [runs[1].pk, runs[0].pk]
    assert [line["path"] for line in answer["recipes"] if line["differs"]] == ["epochs"]
    assert answer["measures"] == [{"measure": name, "values": [right[name], None]} for name in right]
    for wrong in ("", "1", "1,1", "a,b", "1,2,3,4,5,6,7", "-1,2"):
        assert api.get(f"{RUNS}compare/", {"runs": wrong}).status_code == 400


@pytest.mark.parametrize(("who", "status"), [("biller1", 403), ("senior", 403), ("outsider", 401)])
def test_it_is_the_admins(cast: Cast, client_of: ClientOf, dataset: DatasetVersion, who: str, status: int) -> None:
    api = client_of(getattr(cast, who))
    run = TrainingRun.objects.create(dataset=dataset, recipe=RECIPE.to_json())
    for address in (RUNS, f"{RUNS}{run.pk}/", f"{RUNS}{run.pk}/points/", f"{RUNS}{run.pk}/lines/", SWEEPS, f"{RUNS}compare/?runs=1,2"):
        assert api.get(address).status_code == status
    for address in (RUNS, f"{RUNS}preflight/", f"{RUNS}{run.pk}/cancel/", f"{RUNS}{run.pk}/resume/", SWEEPS):
        assert api.post(address, body(), format="json").status_code == status
    assert TrainingRun.objects.get().state == RunState.QUEUED


@pytest.mark.django_db(transaction=True)
def test_of_two_admins_at_once_one_starts_it(cast: Cast, client_of: ClientOf, dataset: DatasetVersion) -> None:
    GatePolicyVersion.objects.create(policy={"documents": 1, "vendors": 1})
    codes = needed(client_of(cast.admin))
    answers: list[tuple[int, str]] = []
    gate = threading.Barrier(2)

    def press() -> None:
        api = client_of(cast.admin)
        try:
            gate.wait(10)
            answer = api.post(RUNS, body(confirm=codes), format="json")
            answers.append((answer.status_code, answer.json().get("code", "")))
        finally:
            connection.close()

    people = [threading.Thread(target=press) for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert sorted(answers) == [(201, ""), (409, "preflight_refused")]
    assert TrainingRun.objects.count() == 1
