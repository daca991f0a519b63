"""Where a run starts, on the screens: what the form offers and chooses, and what a run, a comparison and a model say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from modelops.models import DatasetVersion, ModelVersion, TrainingRun
from tests.modelops.runs.conftest import dataset, station, tiny_base
from tests.modelops.runs.from_models import model_of
from tests.modelops.runs.small import RECIPE, frozen
from tests.modelops.views.test_runs import form

__all__ = ["dataset", "station", "tiny_base"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def champion(dataset: DatasetVersion, tiny_base: Path) -> ModelVersion:
    found = model_of(tiny_base, dataset, state="champion")
    frozen(number=2, train=8)
    return found


def chosen(html: str) -> str:
    """The text of the chosen start."""
    select = html.split('name="start"')[1].split("</select>")[0]
    [text] = re.findall(r"<option[^>]* selected>([^<]*)</option>", select)
    return str(text)


def rank(html: str) -> str:
    found = re.search(r'id="lora-rank" name="lora.rank" value="(\d+)"', html)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("query", "start", "of_rank"),
    [
        ("", "The model that serves (model 1)", "4"),
        ("?dataset=2", "The model that serves (model 1)", "4"),
        ("?dataset=1", "The base", "16"),
        ("?preset=further", "The model that serves (model 1)", "4"),
        ("?preset=fitted", "The model that serves (model 1)", "4"),
        ("?preset=fitted&dataset=1", "The base", "16"),
        ("?preset=default", "The base", "16"),
        ("?preset=guide", "The base", "8"),
    ],
)
def test_the_form_chooses_what_fits_the_data_set_and_the_recipe(
    admin: Client, champion: ModelVersion, query: str, start: str, of_rank: str
) -> None:
    html = admin.get(f"/runs/new/{query}").content.decode()
    assert (chosen(html), rank(html)) == (start, of_rank)


def test_without_a_model_there_is_the_base(admin: Client, dataset: DatasetVersion) -> None:
    for query in ("", "?preset=further"):
        html = admin.get(f"/runs/new/{query}").content.decode()
        assert (chosen(html), "The model that serves" in html) == ("The base", False)


def test_a_form_starts_a_run_from_the_model_and_its_page_says_so(admin: Client, champion: ModelVersion) -> None:
    asked = form(dataset="2", start="1", preset="further")
    told = admin.post("/runs/new/preflight/", asked).json()
    codes = [part.split('"')[0] for part in told["html"].split('name="confirm" value="')[1:]]
    assert admin.post("/runs/new/", {**asked, "confirm": codes}).status_code == 302
    run = TrainingRun.objects.get()
    assert run.start_model == champion
    assert '<dt>Starts from</dt><dd><a href="/models/1/">model 1</a></dd>' in admin.get(f"/runs/{run.pk}/").content.decode()
    assert chosen(admin.get(f"/runs/new/?from={run.pk}").content.decode()) == "The model that serves (model 1)"
    ModelVersion.objects.update(state="retired")
    assert chosen(admin.get(f"/runs/new/?from={run.pk}").content.decode()) == "Model 1"
    other = TrainingRun.objects.create(dataset=run.dataset, recipe=RECIPE.to_json())
    html = admin.get(f"/runs/compare/?runs={run.pk},{other.pk}").content.decode()
    assert '<td><a href="/models/1/">model 1</a></td><td>the base</td>' in html


def test_what_is_wrong_with_the_start_stands_beside_it(admin: Client, champion: ModelVersion) -> None:
    page = admin.post("/runs/new/", form(dataset="2", start="9"))
    assert page.status_code == 400
    assert "There is no model 9 to start from" in page.content.decode()
    unfit = admin.post("/runs/new/preflight/", form(dataset="2", start="1", **{"lora.rank": "8"})).json()
    assert "lora.rank is 8, and model 1 has 4" in unfit["html"]


def test_the_page_of_a_model_tells_what_it_started_from(admin: Client, champion: ModelVersion) -> None:
    shipped = {"model_id": "adapter-0123456789abcdef", "number": None, "dataset": None, "trained_on": "synthetic", "documents": 1400}
    known = {"model_id": "adapter-1", "number": 1, "dataset": 1, "trained_on": "dataset", "documents": 12}
    ModelVersion.objects.update(lineage=[known, shipped])
    html = admin.get("/models/1/").content.decode()
    told = html.split("<dt>Started from</dt>")[1].split("</dd>")[0]
    assert '<a href="/models/1/">model 1</a> <span class="muted small">data set 1</span>' in told
    assert "<code>adapter-0123456789abcdef</code>" in told
    assert "synthetic invoices" in told
