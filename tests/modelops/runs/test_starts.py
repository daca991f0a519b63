"""Which model a run starts from: what is chosen, what is refused, what is asked, and that a worker does it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mlcore.training.config import LoraConfig
from mlcore.training.presets import DEFAULT, FURTHER
from modelops.datasets.leaks import refuse_leaks
from modelops.errors import NotFound, Refused, RequestInvalid
from modelops.folders import artifact_folder, dataset_folder, run_folder
from modelops.models import DatasetVersion, ModelVersion, RunState, TrainingRun
from modelops.runs.fitting import further_from
from modelops.runs.preflight import preflight
from modelops.runs.resuming import resume_run
from modelops.runs.starting import start_run
from modelops.runs.starts import fitted_from, recipe_behind, start_named, usual_start
from modelops.runs.working import work_on
from tests.modelops.runs.from_models import model_of
from tests.modelops.runs.small import RECIPE, frozen, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def champion(dataset: DatasetVersion, tiny_base: Path) -> ModelVersion:
    """Trained on data set 1, and the one that serves."""
    return model_of(tiny_base, dataset, state="champion")


@pytest.fixture
def newer(champion: ModelVersion) -> DatasetVersion:
    """Fewer documents, of the same vendors on the same sides."""
    return frozen(number=2, train=8)


def codes(version: DatasetVersion, start: ModelVersion | None) -> tuple[set[str], set[str]]:
    answer = preflight(version, RECIPE, start=start)
    return {one.code for one in answer.refusals}, {one.code for one in answer.warnings}


def test_a_start_is_called_by_what_it_is(champion: ModelVersion) -> None:
    assert start_named("base") is None
    assert start_named("champion") == start_named(str(champion.number)) == champion
    with pytest.raises(NotFound, match="no model 9"):
        start_named("9")
    for name in ("", "best", "-1", "1" * 30, "١"):
        with pytest.raises(RequestInvalid, match="base, champion, or the number"):
            start_named(name)


def test_without_a_model_that_serves_there_is_none_to_start_from(dataset: DatasetVersion) -> None:
    with pytest.raises(Refused, match="Templates alone serve") as caught:
        start_named("champion")
    assert caught.value.code == "start_missing"
    assert usual_start(dataset) is None


def test_the_model_that_serves_is_the_usual_start_while_more_documents_are_behind_it(
    champion: ModelVersion, newer: DatasetVersion, dataset: DatasetVersion
) -> None:
    assert champion.facts["training"]["documents"] == dataset.documents == 12
    assert usual_start(newer) == champion, "8 documents against 12"
    assert usual_start(dataset) is None, "as many as it was trained on"
    ModelVersion.objects.update(lineage=[{"model_id": "m", "number": None, "dataset": None, "trained_on": "synthetic", "documents": 1400}])
    assert usual_start(dataset) == champion, "and 1,400 of what it started from"
    ModelVersion.objects.update(removed_documents=1)
    assert usual_start(dataset) is None
    ModelVersion.objects.update(removed_documents=0, base={"name": "other", "revision": "1", "sha256": "0" * 64})
    assert usual_start(dataset) is None, "it is an adapter of another base"


def test_the_recipe_for_going_on_is_of_the_models_kind(champion: ModelVersion, newer: DatasetVersion) -> None:
    made = fitted_from(newer, champion)
    assert (made.name, made.lora, made.form, made.max_tokens) == ("further", RECIPE.lora, RECIPE.form, RECIPE.max_tokens)
    assert made.schedule.learning_rate == pytest.approx(0.1 * RECIPE.schedule.learning_rate)
    assert fitted_from(newer, None).lora == DEFAULT.lora
    assert further_from(DEFAULT) == replace(FURTHER, precision=DEFAULT.precision)
    assert further_from(FURTHER, again=True) == FURTHER, "from one to the next it does not fade away"


def test_going_on_from_a_sound_model_is_not_refused(champion: ModelVersion, newer: DatasetVersion) -> None:
    refused, warned = codes(newer, champion)
    assert not refused
    assert {code for code in warned if code.startswith("start_")} == {"start_rate_high"}
    recipe = fitted_from(newer, champion)
    assert not [one.code for one in preflight(newer, recipe, start=champion).warnings if one.code.startswith("start_")]
    refuse_leaks(newer, start=champion)


def test_another_kind_of_model_is_refused_before_the_start(champion: ModelVersion, newer: DatasetVersion) -> None:
    other = replace(RECIPE, lora=LoraConfig(rank=8, alpha=16.0))
    [finding] = [one for one in preflight(newer, other, start=champion).refusals if one.code == "start_does_not_fit"]
    assert finding.title == "The recipe makes another kind of model"
    assert "lora.rank is 8, and model 1 has 4; take 4, or start from the base." in finding.sentence
    assert "lora.alpha is 16, and model 1 has 8" in finding.sentence
    with pytest.raises(Refused, match=r"lora\.rank is 8"):
        start_run(by=None, dataset=newer, recipe=other, start=champion)
    ModelVersion.objects.update(base={"name": "other", "revision": "1", "sha256": "0" * 64})
    champion.refresh_from_db()
    assert codes(newer, champion)[0] == {"start_does_not_fit"}
    ModelVersion.objects.update(recipe={"strange": 1})
    champion.refresh_from_db()
    assert codes(newer, champion)[0] == {"start_does_not_fit"}
    assert recipe_behind(champion) is None


def test_damaged_files_and_removed_documents_are_refused(champion: ModelVersion, newer: DatasetVersion) -> None:
    (artifact_folder(champion) / "README.md").write_text("another card")
    assert codes(newer, champion)[0] == {"artifact_damaged"}
    with pytest.raises(Refused, match="do not verify"):
        start_run(by=None, dataset=newer, recipe=RECIPE, start=champion)
    ModelVersion.objects.update(removed_documents=2)
    champion.refresh_from_db()
    assert codes(newer, champion)[0] == {"artifact_damaged", "start_has_removed_documents"}
    assert not TrainingRun.objects.exists()


@pytest.mark.parametrize(
    ("sides", "told_of"),
    [
        ({"test": ["trainvendor0"]}, r"has learned from 1 vendor \(trainvendor0\) that data set 2 holds out"),
        ({"test": ["validationvendor0"]}, r"has learned from 1 vendor \(validationvendor0\) that data set 2 holds out"),
        (
            {"validation": ["trainvendor0", "trainvendor1"]},
            r"was trained on 2 vendors \(trainvendor0, trainvendor1\) that data set 2 v",
        ),
    ],
)
def test_a_start_that_knows_what_is_tested_is_refused(
    champion: ModelVersion, newer: DatasetVersion, sides: dict[str, list[str]], told_of: str
) -> None:
    told_vendors(newer, sides)
    assert "start_leaks" in codes(newer, champion)[0]
    with pytest.raises(Refused, match=told_of) as caught:
        refuse_leaks(newer, files=False, start=champion)
    assert caught.value.code == "start_leaks"
    assert "Start from the base" in caught.value.detail
    refuse_leaks(newer, files=False)


def told_vendors(version: DatasetVersion, sides: dict[str, list[str]]) -> None:
    """The version's directory with other vendors in its splits."""
    path = dataset_folder(version) / "dataset.json"
    manifest = json.loads(path.read_text())
    for split, vendors in sides.items():
        manifest["splits"][split]["vendors"] += vendors
    path.write_text(json.dumps(manifest))


def test_vendors_that_validated_before_may_validate_again(champion: ModelVersion, newer: DatasetVersion) -> None:
    assert "validationvendor0" in champion.trained_vendors
    assert codes(newer, champion)[0] == set()


def test_what_is_odd_about_a_start_is_asked(champion: ModelVersion, newer: DatasetVersion, dataset: DatasetVersion) -> None:
    assert "start_knows_dataset" in codes(dataset, champion)[1]
    ModelVersion.objects.update(dataset=None, facts={**champion.facts, "trained_on": "unknown"})
    champion.refresh_from_db()
    assert "start_unknown" in codes(newer, ModelVersion.objects.get())[1]
    ModelVersion.objects.update(facts={**champion.facts, "trained_on": "synthetic"}, trained_vendors=[])
    answer = preflight(newer, RECIPE, start=ModelVersion.objects.get())
    [finding] = [one for one in answer.warnings if one.code == "start_knows_validation"]
    assert finding.sentence.startswith("3 of 3 validation documents are of the generator, whose documents model 1 has learned from")


def test_the_same_run_from_another_start_is_another_run(champion: ModelVersion, newer: DatasetVersion) -> None:
    start_run(by=None, dataset=newer, recipe=RECIPE, start=champion)
    assert "same_run_open" in codes(newer, champion)[0]
    refused, warned = codes(newer, None)
    assert "same_run_open" not in refused
    assert "runs_ahead" in warned
    TrainingRun.objects.update(state=RunState.FINISHED)
    assert "trained_before" in codes(newer, champion)[1]
    assert "trained_before" not in codes(newer, None)[1]


@pytest.mark.slow
def test_a_run_goes_on_from_the_model_and_what_comes_of_it_says_so(champion: ModelVersion, newer: DatasetVersion) -> None:
    run = start_run(by=None, dataset=newer, recipe=RECIPE, start=champion)
    work_on(run.pk, run.attempts, fence=lambda: None)
    run.refresh_from_db()
    assert (run.state, run.error_message) == (RunState.FINISHED, "")
    lines = told(run)
    assert "Trains on data set 2 with the recipe tiny, from model 1." in lines
    assert f"Starts from {champion.model_id}." in lines
    child = ModelVersion.objects.get(run=run)
    assert [(one["model_id"], one["number"], one["dataset"], one["trained_on"], one["documents"]) for one in child.lineage] == [
        (champion.model_id, 1, 1, "dataset", 12)
    ]
    assert (child.facts["trained_on"], child.trained_vendors) == ("dataset", champion.trained_vendors)
    assert f"`{champion.model_id}`" in child.card


@pytest.mark.slow
def test_resumed_it_starts_from_the_same_model(champion: ModelVersion, newer: DatasetVersion) -> None:
    run = start_run(by=None, dataset=newer, recipe=RECIPE, start=champion)
    TrainingRun.objects.update(state=RunState.FAILED)
    (artifact_folder(champion) / "README.md").write_text("another card")
    with pytest.raises(Refused, match="do not verify"):
        resume_run(run, None)
    assert not (run_folder(run) / "outcome.json").exists()
