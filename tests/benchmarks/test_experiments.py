"""The experiments: sound recipes, settings that differ, runs that are shared, and tables that hold what was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.experiments.plan import SIZES, Experiment, Frozen, Run, Setting, experiments
from benchmarks.experiments.running import Result, Workshop
from benchmarks.experiments.tables import table
from mlcore.evaluation.asked_of_models import Asked
from tests.mlcore.tiny import write_tiny_base


@pytest.mark.parametrize("size", SIZES)
def test_every_recipe_is_sound_and_settings_differ(size: str) -> None:
    found = experiments(SIZES[size])
    assert len({one.name for one in found}) == len(found)
    for experiment in found:
        assert len({setting.label for setting in experiment.settings}) == len(experiment.settings)
        assert len({setting.key for setting in experiment.settings}) == len(experiment.settings)
        for setting in experiment.settings:
            if isinstance(setting.run, Run):
                setting.run.recipe.checked()
            assert Asked.of(setting.run.asked) is not None


def test_settings_with_the_same_recipe_and_data_are_one_run() -> None:
    found = {one.name: {setting.label: setting.run.key for setting in one.settings} for one in experiments(SIZES["full"])}
    default = found["form"]["keyed-1"]
    assert default == found["rank-fixed-ratio"]["16"] == found["rare-weight"]["2"] == found["dropout"]["0.0"]
    assert found["rank-fixed-alpha"]["8"] == found["rank-fixed-ratio"]["8"] != default


def test_a_table_has_a_row_a_setting_and_the_epochs_of_long_runs() -> None:
    epochs = [{"epoch": n, "train_loss": 0.5 / (n + 1), "validation_loss": held, "best": n < 2} for n, held in enumerate((0.4, 0.3, None))]
    epochs[1]["validation_accuracy"] = 0.875
    outcome = {"steps": 12, "tokens": 6000, "seconds": 3.0, "wall_seconds": 90.0, "memory": 2**31, "trainable": 2_442_240, "epochs": epochs}
    half = {"value": 0.5, "low": 0.25, "high": 0.75}
    overall = {"field_accuracy": half, "guide_accuracy": half, "end_to_end": {"value": None}, "rare_f1": {"value": 1.0}}
    (experiment,) = (one for one in experiments(SIZES["full"]) if one.name == "epochs")
    seen = {"field_accuracy": {"value": 0.75, "low": None, "high": None}, "end_to_end": half}
    told = table(experiment, [Result(outcome, overall, 4_900_000, seen, {"field_accuracy": {"value": 0.25}})])
    measured = "| 4 epochs | 50.0 (25.0–75.0) | 50.0 (25.0–75.0) | - | 100.0 | 75.0 | 50.0 (25.0–75.0) | 25.0 | - "
    assert f"{measured}| 12 | 1.5 | 2000 | 2.0 | 2,442,240 | 4.9 |" in told
    assert "| 2 | 0.2500 | 0.3000 | 87.5 | yes |" in told
    assert "| 3 | 0.1667 |  |  |  |" in told


def test_what_trains_nothing_took_nothing() -> None:
    (experiment,) = (one for one in experiments(SIZES["tiny"]) if one.name == "labels-template")
    result = Result({}, {name: {"value": 0.5} for name in ("field_accuracy", "guide_accuracy", "end_to_end", "rare_f1")}, 0)
    told = table(experiment, [result] * len(experiment.settings))
    assert told.count("| 50.0 | 50.0 | 50.0 | 50.0 | - | - | - | - | - | - | - | - | - | - |") == len(experiment.settings)


def test_curves_begin_without_a_labeled_document_and_share_their_points() -> None:
    size = SIZES["full"]
    found = {one.name: one.settings for one in experiments(size)}
    for name in ("labels", "labels-retrieval", "labels-template"):
        assert [setting.label for setting in found[name]] == ["0", *(str(count) for count in size.labels)]
    examples = {setting.label: setting for setting in found["examples"]}
    assert examples["base"].key == found["labels"][0].key
    shown = [setting.run.key for label, setting in examples.items() if label.startswith("adapter of examples")]
    assert len(set(shown)) == 1, "one training run, asked three times"


@pytest.mark.slow
def test_a_base_and_its_templates_are_measured_without_training(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    base = write_tiny_base(tmp_path / "base")
    workshop = Workshop(tmp_path / "out", tmp_path / "models", base)
    (labels,) = (one for one in experiments(SIZES["tiny"]) if one.name == "labels-template")
    data = labels.settings[0].run.data
    runs = [Frozen(data, "4"), Frozen(data, "shown-1", "rows-1", 16_000), Frozen(data, "labeled-4", "rows-1", 16_000)]
    results = [workshop.result(run) for run in runs]
    assert all(result.outcome == {} and result.gap.keys() >= {"field_accuracy", "end_to_end"} for result in results)
    assert capfd.readouterr().out.count("$ python") == 1 + 2 * len(runs)


@pytest.mark.slow
def test_a_run_is_made_once_from_data_to_evaluation(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    base = write_tiny_base(tmp_path / "base")
    workshop = Workshop(tmp_path / "out", tmp_path / "models", base)
    (experiment,) = (one for one in experiments(SIZES["tiny"]) if one.name == "rare-weight")
    one = Experiment("once", "what it takes", (Setting("first", experiment.settings[0].run),))
    first = workshop.result(one.settings[0].run)
    made = capfd.readouterr().out.count("$ python")
    assert made == 7
    assert set(workshop.times()) == {"build-dataset", "train", "pack", "read", "evaluate"}
    assert workshop.result(one.settings[0].run) == first
    assert "$ python" not in capfd.readouterr().out
    assert "| first |" in table(one, [first])
