"""The screens of training runs: who may, what a form that comes back says, what is told while a run goes on, and in how many statements."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from modelops.models import DatasetVersion, ModelEvaluation, ModelVersion, RunLine, RunPoint, RunState, TrainingRun, TrainingSweep
from modelops.runs.recipe_fields import FIELDS, flat
from modelops.views.recipe_form import changes_of, number, shown, typed_of
from tests.conftest import Cast
from tests.modelops.runs.conftest import dataset, station, tiny_base
from tests.modelops.runs.small import RECIPE, frozen

__all__ = ["dataset", "station", "tiny_base"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client, cast: Cast, dataset: DatasetVersion) -> Client:
    client.force_login(cast.admin)
    return client


def form(**changes: str) -> dict[str, Any]:
    values = flat(RECIPE)
    typed = {field.path: shown(field, values[field.path]) for field in FIELDS}
    return {name: value for name, value in {**typed, "preset": "default", "dataset": "1", "do": "start", **changes}.items() if value != ""}


def codes(client: Client, **changes: str) -> list[str]:
    told = client.post("/runs/new/preflight/", form(**changes)).json()
    assert told["problems"] == {}
    return [part.split('"')[0] for part in told["html"].split('name="confirm" value="')[1:]]


@pytest.mark.parametrize(("who", "status"), [("biller1", 403), ("senior", 403), ("admin", 200)])
def test_the_screens_are_the_admins(client: Client, cast: Cast, dataset: DatasetVersion, who: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    run = TrainingRun.objects.create(dataset=dataset, recipe=RECIPE.to_json())
    other = TrainingRun.objects.create(dataset=dataset, recipe=RECIPE.to_json())
    sweep = TrainingSweep.objects.create(name="s", axes={"lora.rank": [4]})
    for address in (
        *("/runs/", "/runs/new/", f"/runs/{run.pk}/", f"/runs/{run.pk}/live/"),
        *(f"/runs/compare/?runs={run.pk}&runs={other.pk}", "/sweeps/", f"/sweeps/{sweep.pk}/"),
    ):
        assert client.get(address).status_code == status, address
    for address in ("/runs/new/", "/runs/new/preflight/", f"/runs/{run.pk}/stop/", f"/runs/{run.pk}/resume/"):
        assert (client.post(address, {}).status_code == 403) == (status == 403), address


def test_what_is_not_there_is_not_found(admin: Client) -> None:
    for address in ("/runs/99/", "/runs/99/live/", "/sweeps/99/", "/runs/compare/?runs=98,99"):
        assert admin.get(address).status_code == 404, address
    for address in ("/runs/99/stop/", "/runs/99/resume/"):
        assert admin.post(address).status_code == 404, address


def test_the_empty_list_says_what_to_do_next(client: Client, cast: Cast) -> None:
    client.force_login(cast.admin)
    assert "there is none. Put one together" in client.get("/runs/").content.decode()
    assert "Choose a data set" in client.get("/runs/new/").content.decode()


def test_a_form_starts_a_run_when_all_is_confirmed(admin: Client) -> None:
    refused = admin.post("/runs/new/", form())
    assert refused.status_code == 409
    assert "Confirm what is marked first" in refused.content.decode()
    assert TrainingRun.objects.count() == 0
    confirmed = codes(admin)
    started = admin.post("/runs/new/", {**form(note="why"), "confirm": confirmed})
    run = TrainingRun.objects.get()
    assert started.headers["Location"] == f"/runs/{run.pk}/"
    assert (run.recipe["schedule"], run.note, run.preflight["confirmed"]) == (RECIPE.to_json()["schedule"], "why", confirmed)
    again = admin.post("/runs/new/", {**form(), "confirm": codes(admin)})
    assert again.status_code == 409
    assert "is the same" in again.content.decode()
    assert TrainingRun.objects.count() == 1


def test_a_wrong_value_stays_in_its_field_with_its_problem(admin: Client) -> None:
    page = admin.post("/runs/new/", form(**{"lora.rank": "many", "epochs": "0", "dataset": "77"}))
    html = page.content.decode()
    assert page.status_code == 400
    assert 'value="many"' in html
    assert "Rank is &#x27;many&#x27;" in html
    assert "Epochs is &#x27;0&#x27;; it has to be 1 to 100." in html
    told = admin.post("/runs/new/preflight/", form(**{"lora.rank": "many", "dataset": "77"})).json()
    assert set(told["problems"]) == {"lora.rank", "dataset"}


def test_a_sweep_is_started_from_the_form(admin: Client) -> None:
    asked = form(**{"sweep-rank": "2, 4", "sweep-rate": "1e-3, 5e-3", "sweep-alpha": "ratio"})
    confirmed = codes(admin, **{"sweep-rank": "2, 4", "sweep-rate": "1e-3, 5e-3", "sweep-alpha": "ratio"})
    started = admin.post("/runs/new/", {**asked, "confirm": confirmed})
    sweep = TrainingSweep.objects.get()
    assert started.headers["Location"] == f"/sweeps/{sweep.pk}/"
    assert (sweep.name, sweep.runs.count()) == ("tiny: rank, learning rate, alpha", 4)
    assert admin.get(f"/sweeps/{sweep.pk}/").status_code == 200
    wrong = admin.post("/runs/new/", form(**{"sweep-rank": "0"}))
    assert wrong.status_code == 400
    assert "Rank is &#x27;0&#x27;" in wrong.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "?preset=guide",
        "?preset=fitted",
        "?preset=fitted&dataset=1",
        "?preset=nonsense",
        "?dataset=x",
        "?dataset=99",
        "?from=99",
        "?from=x",
        "?from=" + "9" * 40,
    ],
)
def test_any_address_of_the_form_works(admin: Client, query: str) -> None:
    assert admin.get(f"/runs/new/{query}").status_code == 200


def test_a_run_is_begun_anew_from_an_earlier_one(admin: Client, dataset: DatasetVersion) -> None:
    frozen(number=2)
    run = TrainingRun.objects.create(dataset=dataset, recipe={**RECIPE.to_json(), "epochs": 17}, state=RunState.FAILED)
    html = admin.get(f"/runs/new/?from={run.pk}").content.decode()
    assert 'name="epochs" value="17"' in html
    assert '<option value="1" selected>' in html


def test_what_is_new_is_told_once(admin: Client, dataset: DatasetVersion) -> None:
    run = TrainingRun.objects.create(dataset=dataset, recipe=RECIPE.to_json(), state=RunState.RUNNING, step=1, steps=12)
    first = admin.get(f"/runs/{run.pk}/live/").json()
    assert set(first["parts"]) == {"head", "figures", "chart"}
    address = f"/runs/{run.pk}/live/"
    assert admin.get(address, {"mark": first["mark"], "line": 0}).status_code == 204
    RunPoint.objects.create(run=run, step=2, loss=1.25)
    line = RunLine.objects.create(run=run, text="<b>epoch</b> 1")
    TrainingRun.objects.filter(pk=run.pk).update(step=2, loss=1.25)
    told = admin.get(address, {"mark": first["mark"], "line": 0}).json()
    assert [one["text"] for one in told["lines"]] == ["<b>epoch</b> 1"]
    assert "1.2500" in told["parts"]["figures"]
    assert not told["over"]
    quiet = admin.get(address, {"mark": told["mark"], "line": 0}).json()
    assert (quiet["parts"], len(quiet["lines"])) == ({}, 1)
    assert admin.get(address, {"mark": told["mark"], "line": line.pk}).status_code == 204
    TrainingRun.objects.filter(pk=run.pk).update(state=RunState.FAILED, error_code="out_of_memory", error_message="Take a smaller batch.")
    over = admin.get(address, {"mark": told["mark"], "line": "x"}).json()
    assert (over["over"], over["resumable"]) == (True, True)
    assert "Take a smaller batch." in over["parts"]["head"]


def test_text_of_a_log_cannot_be_a_tag(admin: Client, dataset: DatasetVersion) -> None:
    run = TrainingRun.objects.create(dataset=dataset, recipe=RECIPE.to_json(), note="<script>alert(1)</script>")
    RunLine.objects.create(run=run, text="<img src=x>")
    html = admin.get(f"/runs/{run.pk}/").content.decode()
    assert "<img src=x>" not in html
    assert "<script>alert" not in html


@pytest.mark.thorough
def test_a_long_run_is_drawn_with_few_points(admin: Client, dataset: DatasetVersion) -> None:
    run = TrainingRun.objects.create(dataset=dataset, recipe=RECIPE.to_json(), state=RunState.RUNNING, step=5000, steps=5000)
    points = [RunPoint(run=run, step=step, loss=5 / step, validation_loss=1.0 if step == 777 else None) for step in range(1, 5001)]
    RunPoint.objects.bulk_create(points)
    chart = admin.get(f"/runs/{run.pk}/live/").json()["parts"]["chart"]
    assert "Every 17th step is drawn." in chart
    assert chart.count("<tr>") < 330
    assert "777" in chart


def test_screens_cost_the_same_with_more_rows(admin: Client, dataset: DatasetVersion) -> None:
    sweep = TrainingSweep.objects.create(name="s", axes={"lora.rank": [4]})
    run = TrainingRun.objects.create(dataset=dataset, recipe=RECIPE.to_json(), sweep=sweep)

    def cost() -> dict[str, int]:
        found = {}
        for address in ("/runs/", f"/runs/{run.pk}/", f"/runs/{run.pk}/live/", "/sweeps/", f"/sweeps/{sweep.pk}/"):
            with CaptureQueriesContext(connection) as seen:
                assert admin.get(address).status_code == 200
            found[address] = len(seen)
        return found

    cost()
    few = cost()
    for n in range(20):
        more = TrainingRun.objects.create(dataset=dataset, recipe=RECIPE.to_json(), sweep=sweep, state=RunState.FINISHED)
        ModelVersion.objects.create(number=n + 1, model_id=f"m{n}", origin="trained", folder="m", run=more)
        RunPoint.objects.create(run=run, step=n, loss=1.0)
        RunLine.objects.create(run=run, text="line")
        TrainingRun.objects.create(
            dataset=dataset, recipe=RECIPE.to_json(), sweep=TrainingSweep.objects.create(name=f"s{n}", axes={"seed": [4]})
        )
    assert cost() == few


@pytest.fixture
def ranks(dataset: DatasetVersion, cast: Cast) -> TrainingSweep:
    """Three ranks: the first learned best, the second has the most right and took the least, the third goes on."""
    sweep = TrainingSweep.objects.create(name="Ranks", axes={"lora.rank": [4, 8, 16]}, created_by=cast.admin)
    for rank, loss, right, seconds in ((4, 0.31, 0.91, 900.0), (8, 0.42, 0.955, 600.0), (16, None, None, 60.0)):
        recipe = {**RECIPE.to_json(), "lora": {**(RECIPE.to_json()["lora"] or {}), "rank": rank}}
        run = TrainingRun.objects.create(
            dataset=dataset,
            recipe=recipe,
            sweep=sweep,
            validation_loss=loss,
            seconds=seconds,
            hourly_rate=2,
            state=RunState.FINISHED if right else RunState.RUNNING,
        )
        if right:
            model = ModelVersion.objects.create(number=rank, model_id=f"m{rank}", origin="trained", folder="m", run=run)
            overall = {"field_accuracy": {"value": right, "low": right - 0.02, "high": right + 0.02}}
            ModelEvaluation.objects.create(model=model, dataset=dataset, folder="f", documents=9, overall=overall)
    return sweep


def test_a_sweep_is_found_again(admin: Client, ranks: TrainingSweep) -> None:
    assert 'href="/sweeps/"' in admin.get("/runs/").content.decode()
    page = admin.get("/sweeps/").content.decode()
    first, second, _ = ranks.runs.order_by("pk")
    for words in (
        *("Ranks", "4, 8, 16", "2 of 3", "26 min", "$0.87"),
        f'0.3100</span> <a class="small nowrap" href="/runs/{first.pk}/">',
        f'95.5 %</span> <a class="small nowrap" href="/runs/{second.pk}/">',
    ):
        assert words in page, words


@pytest.mark.parametrize(
    ("by", "order"),
    [
        ("", [4, 8, 16]),
        ("tried", [4, 8, 16]),
        ("loss", [4, 8, 16]),
        ("right", [8, 4, 16]),
        ("time", [16, 8, 4]),
        ("cost", [16, 8, 4]),
        ("x", [4, 8, 16]),
    ],
)
def test_the_runs_of_a_sweep_stand_in_the_order_that_is_asked_for(admin: Client, ranks: TrainingSweep, by: str, order: list[int]) -> None:
    answer = admin.get(f"/sweeps/{ranks.pk}/?by={by}")
    assert [row.values[0] for row in answer.context["rows"]] == order
    page = answer.content.decode()
    assert "93.5 % to 97.5 %" in page
    assert page.count(">Most<") == page.count(">Least<") == 1


def test_no_sweep_yet_is_said(admin: Client) -> None:
    assert "No sweep yet" in admin.get("/sweeps/").content.decode()


def test_every_state_and_stage_has_its_words(admin: Client, dataset: DatasetVersion) -> None:
    for state in RunState:
        run = TrainingRun.objects.create(dataset=dataset, recipe=RECIPE.to_json(), state=state, step=3, steps=12, stage="calibrating")
        html = admin.get(f"/runs/{run.pk}/").content.decode()
        assert str(state.label) in html


def test_what_cannot_be_compared_leads_back(admin: Client, dataset: DatasetVersion) -> None:
    run = TrainingRun.objects.create(dataset=dataset, recipe=RECIPE.to_json())
    for query in ("", f"?runs={run.pk}", "?runs=a,b"):
        answer = admin.get(f"/runs/compare/{query}", follow=True)
        assert answer.redirect_chain == [("/runs/", 302)]
        assert "Name 2 to 6 runs" in answer.content.decode()


def test_texts_of_the_form_mean_what_they_say() -> None:
    assert [number(text) for text in ("12", "1e-3", "0,5", "1,5", "", "x", "nan")][:6] == [12, 0.001, 0.5, 1.5, "", "x"]
    typed = typed_of({"lora.targets": " q_proj ,, v_proj", "checkpointing": "1", "epochs": "3"})
    changes: dict[str, Any] = changes_of(typed)
    assert (changes["lora.targets"], changes["checkpointing"], changes["epochs"], changes["seed"]) == (["q_proj", "v_proj"], True, 3, "")
    assert changes_of(typed_of({}))["checkpointing"] is False
