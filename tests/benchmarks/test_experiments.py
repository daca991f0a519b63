"""The experiments: sound recipes, settings that differ, runs that are shared, and tables that hold what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.experiments.plan import SIZES, Experiment, Frozen, Run, Setting, experiments
from benchmarks.experiments.running import Result, Workshop
from benchmarks.experiments.tables import table
from mlcore.documents import DocumentText, GoldExample
from mlcore.evaluation.asked_of_models import Asked
from mlcore.evaluation.bootstrap import Resampling
from mlcore.evaluation.case import Case
from mlcore.evaluation.metrics import evaluate
from mlcore.evaluation.scores import Estimate, Evaluation
from mlcore.schema import InvoiceRecord
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


def _evaluation(right: Sequence[bool], seen: bool = False) -> Evaluation:
    """Documents of one value each, of two vendors in turn."""
    cases = []
    for number, one in enumerate(right):
        expected = InvoiceRecord(invoice_number=f"N{number}")
        gold = GoldExample(DocumentText(()), expected, f"vendor{number % 2}", label_fields=frozenset({"invoice_number"}))
        cases.append(Case.of(f"d{number}", gold, expected if one else InvoiceRecord(), seen=seen))
    return evaluate(cases, Resampling(200))


EPOCHS = [{"epoch": n, "train_loss": 0.5 / (n + 1), "validation_loss": held, "best": n < 2} for n, held in enumerate((0.4, 0.3, None))]
OUTCOME = {
    "steps": 12,
    "tokens": 6000,
    "seconds": 3.0,
    "wall_seconds": 90.0,
    "memory": 2**31,
    "trainable": 2_442_240,
    "documents": 48,
    "epochs": [EPOCHS[0], {**EPOCHS[1], "validation_accuracy": 0.875}, EPOCHS[2]],
}
COSTS = "12 | 1.5 | 2000 | 2.0 | 2,442,240 | 4.9 |"


def _named(name: str, size: str = "full") -> Experiment:
    (experiment,) = (one for one in experiments(SIZES[size]) if one.name == name)
    return experiment


def test_a_table_has_a_row_a_setting_and_the_epochs_of_long_runs() -> None:
    seen = _evaluation([True] * 15 + [False] * 5, seen=True)
    told = table(_named("epochs"), [Result(OUTCOME, _evaluation([True, False] * 2), 4_900_000, seen, {"field_accuracy": Estimate(0.25)})])
    assert "| setting | trained on | tested on | fields | guide | end to end | rare F1 | seen: fields |" in told
    half, known = "50.0 (0.0–100.0)", "75.0 (70.0–80.0)"
    assert f"| 4 epochs | 48 | 4 | {half} | {half} | {half} | - | {known} | {known} | 25.0 | - | {COSTS}" in told
    assert "| 2 | 0.2500 | 0.3000 | 87.5 | yes |" in told
    assert "| 3 | 0.1667 |  |  |  |" in told


def test_a_table_compares_each_setting_with_the_first_on_the_documents_of_both() -> None:
    first, more, fewer = [True, False, False, False], [True, True, True, False], [True, True]
    results = [Result(OUTCOME, _evaluation(right), noisy=_evaluation([True] * 4)) for right in (first, more, fewer)]
    told = table(_named("rare-weight"), results).splitlines()
    assert told[3].startswith(
        "| setting | trained on | tested on | fields | more than the first | guide | end to end | rare F1 "
        "| noisy: fields | noisy: rare F1 | steps |"
    )
    assert told[5].startswith("| 1 | 48 | 4 | 25.0 (0.0–50.0) | - |")
    assert told[6].startswith("| 2 | 48 | 4 | 75.0 (50.0–100.0) | 50.0 (50.0–50.0) |")
    assert told[7].startswith("| 5 | 48 | 2 | 100.0 (100.0–100.0) | 50.0 (0.0–100.0) |"), "of the two documents that both have"


def test_few_documents_of_known_vendors_are_not_told() -> None:
    told = table(_named("epochs"), [Result(OUTCOME, _evaluation([True]), seen=_evaluation([True] * 19, seen=True))])
    assert "seen" not in told


def test_what_trains_nothing_took_nothing() -> None:
    experiment = _named("labels-template", "tiny")
    told = table(experiment, [Result({}, _evaluation([True, False]))] * len(experiment.settings))
    assert told.count("| - | - | - | - | - | - |\n") == len(experiment.settings)


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


@pytest.mark.slow
def test_what_is_told_the_beginning_is_not_read(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    base = write_tiny_base(tmp_path / "base")
    workshop = Workshop(tmp_path / "out", tmp_path / "models", base, teacher_forced=True)
    run = _named("rare-weight", "tiny").settings[0].run
    found = workshop.result(run)
    assert set(workshop.times()) == {"build-dataset", "train", "pack", "evaluate"}
    assert found.noisy is not None
    assert {one.id for one in found.noisy.documents} == {one.id for one in found.tested.documents}
    assert "noisy: fields" in table(Experiment("once", "what it takes", (Setting("first", run),)), [found])
    read = Workshop(tmp_path / "out", tmp_path / "models", base).result(run)
    assert read.noisy is None, "what is read is kept beside it"
    capfd.readouterr()
